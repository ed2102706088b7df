"""The customer as somebody who looks and acts: in the case that is his, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from shouwen import clock
from shouwen.casework import filed, procedures
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.procedures import Law
from shouwen.casework.world import world
from shouwen.core.case import Case
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Flow, Procedure, Role
from shouwen.core.world import CUSTOMER
from shouwen.organisation.state import Organisation, Person, Unit, recent
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["Customer", "houses", "laws", "of_case", "of_house", "openings", "roles", "told"]

_SOMEBODY = Person(CUSTOMER, "", "", "", True)


@dataclass(frozen=True)
class Customer(Viewer):
    """A customer at a house. Of the lists of cases he sees nothing: his own case is handed to him."""

    unit: str

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """By which words he is meant in his own case."""
        return {
            (law.procedure.id, self.unit): roles(law.procedure) | {CUSTOMER}
            for law in laws(self.organisation, self.unit)
        }


def roles(procedure: Procedure) -> frozenset[str]:
    """The roles in which a customer stands in his own case."""
    return frozenset(role.id for role in procedure.roles.values() if _means_him(procedure, role))


def houses(organisation: Organisation) -> tuple[Unit, ...]:
    """The units to which a customer may turn: those that take cases in, with something that may be brought there."""
    return tuple(unit for unit in organisation.units.values() if unit.desk and laws(organisation, unit.code))


def laws(organisation: Organisation, unit: str) -> tuple[Law, ...]:
    """The regulations by which a unit lives, as they are in force, if a customer has any part in them."""
    found = (law for law in procedures.all_current() if organisation.lives_by(unit, law.procedure.id))
    return tuple(law for law in found if roles(law.procedure))


def of_house(unit: str, at: datetime | None = None) -> Customer:
    """A customer before he has a case, at the door of a house."""
    return Customer(_SOMEBODY, recent(), at or clock.now(), frozenset(), frozenset(), unit)


def of_case(case_id: UUID, at: datetime | None = None) -> tuple[Customer, Seen] | None:
    """The customer of this case in it. Whoever calls has made sure that it is he."""
    row = rows.Case.objects.filter(case_id=case_id).first()
    if row is None:
        return None
    viewer = of_house(row.unit, at)
    found, _ = filed.load(case_id)
    return viewer, Seen(row, found, viewer.world(found.law, found.unit))


def openings(viewer: Viewer, law: Law, unit: str) -> tuple[tuple[Flow, Offer], ...]:
    """The acts by which a customer may open a case himself, with the kind of case."""
    procedure = law.procedure
    found = offers(procedure, Case(), CUSTOMER, viewer.at, world(law, viewer.organisation, unit, viewer.at))
    return tuple(
        (procedure.flows[opens], one)
        for one in found
        if not one.builtin and (opens := procedure.actions[one.action].opens)
    )


def told(case_id: UUID) -> tuple[tuple[datetime, str, str, str, str], ...]:
    """Word that was sent to the customer about his case: when, what, under which notice and row, which receipt is
    wanted ('' none, or given)."""
    return tuple(read(_TOLD, {"case": case_id, "person": CUSTOMER}))


_TOLD = """
SELECT at, text, notice, item, CASE WHEN read_at IS NULL AND receipt <> 'none' THEN receipt ELSE '' END
FROM messages WHERE case_id = %(case)s::uuid AND person = %(person)s::text ORDER BY at, seq
"""


def _means_him(procedure: Procedure, role: Role) -> bool:
    others = (*role.any_of, *role.first_of)
    return role.customer or any(_means_him(procedure, procedure.roles[other]) for other in others)
