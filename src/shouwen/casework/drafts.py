"""What somebody has typed and not sent yet: kept by person and place, gone once it has served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwen.store import models as rows

__all__ = ["LARGEST", "Draft", "drop", "find", "keep", "of_act", "of_opening"]

#: so many characters are kept of one form; a form has no reason to hold more
LARGEST = 200_000

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Draft:
    """A form as it was left: name of a control → what stood in it."""

    values: Typed
    saved_at: datetime


def of_act(case_id: UUID, act: str) -> str:
    """The place of an act's form."""
    return f"act:{case_id}:{act}"


def of_opening(procedure: str, action: str) -> str:
    """The place of the form by which a case is opened."""
    return f"open:{procedure}:{action}"


def keep(person: str, place: str, values: Typed, at: datetime) -> bool:
    """Keep it in place of what was there; no, if it is too large."""
    typed = {name: list(texts) for name, texts in values.items() if any(texts)}
    if sum(len(name) + sum(map(len, texts)) for name, texts in typed.items()) > LARGEST:
        return False
    if not typed:
        drop(person, place)
        return True
    rows.Draft.objects.update_or_create(person=person, place=place, defaults={"values": typed, "saved_at": at})
    return True


def find(person: str, place: str) -> Draft | None:
    """What was left there."""
    row = rows.Draft.objects.filter(person=person, place=place).first()
    return Draft(row.values, row.saved_at) if row is not None else None


def drop(person: str, place: str) -> None:
    """Forget it."""
    rows.Draft.objects.filter(person=person, place=place).delete()
