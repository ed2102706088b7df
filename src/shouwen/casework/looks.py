"""Looking at personal data that is masked otherwise: every look is written down, and lasts a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwen.casework.identity import uuid7
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["LASTS", "Look", "look", "of_case", "open_to"]

#: so long what was asked for stays unmasked for whoever asked
LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Look:
    """Who looked at which field, when."""

    person: str
    field: str
    at: datetime


def look(case_id: UUID, person: str, field: str, at: datetime) -> None:
    """Write down that somebody looks at a field now."""
    rows.Look.objects.create(look_id=uuid7(at), case_id=case_id, person=person, field=field, at=at)


def open_to(case_id: UUID, person: str, at: datetime) -> frozenset[str]:
    """The fields that stand unmasked for this person now."""
    found = read(
        "SELECT field FROM looks WHERE case_id = %(case)s::uuid AND person = %(person)s::text AND at > %(since)s",
        {"case": case_id, "person": person, "since": at - LASTS},
    )
    return frozenset(field for (field,) in found)


def of_case(case_id: UUID) -> tuple[Look, ...]:
    """Every look at a case, newest first."""
    found = read(
        "SELECT person, field, at FROM looks WHERE case_id = %(case)s::uuid ORDER BY at DESC", {"case": case_id}
    )
    return tuple(Look(*row) for row in found)
