"""Who may see what: every case that a page shows comes from here; what somebody may not see does not exist for him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shouwen import clock
from shouwen.casework import filed, procedures
from shouwen.casework.filed import Filed
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core.offers import labels
from shouwen.core.phrase import phrase, replaced
from shouwen.core.reason import Reason, Refusal
from shouwen.core.world import World
from shouwen.organisation.state import Organisation, Person, recent
from shouwen.store import models as rows

__all__ = ["Seen", "Viewer", "case", "case_by_id", "cases", "circle", "counts", "veiled", "viewer"]


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks, at a moment: the person, and the organisation as it stands.

    `whole`: desks all of whose cases he sees. `part`: desks of which he sees the cases that concern him.
    """

    person: Person
    organisation: Organisation
    at: datetime
    whole: frozenset[str]
    part: frozenset[str]

    @property
    def code(self) -> str:
        """The person's code, as it stands in events."""
        return self.person.code

    @property
    def desks(self) -> tuple[str, ...]:
        """The codes of all desks of which he sees anything, in order."""
        return tuple(sorted(self.whole | self.part))

    @cached_property
    def positions(self) -> tuple[tuple[str, str], ...]:
        """The (unit, role) pairs that he holds now."""
        return self.organisation.held(self.code, self.at, self.at.astimezone().date())

    @cached_property
    def desk(self) -> str:
        """The desk for which he takes cases in: that of his first position that belongs to one, or ''."""
        return next((desk for unit, _ in self.positions if (desk := self.organisation.desk(unit))), "")

    def world(self, law: Law, desk: str) -> World:
        """The world of this desk's cases now."""
        return world_of(law, self.organisation, desk, self.at)

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(procedure, desk) → the words by which this person is meant in its cases, his own code included."""
        return {
            (law.procedure.id, desk): labels(law.procedure, self.world(law, desk), self.code, self.at) | {self.code}
            for law in procedures.all_current()
            for desk in self.desks
            if self.organisation.lives_by(desk, law.procedure.id)
        }


@dataclass(frozen=True)
class Seen:
    """A case that the viewer may see: its row and the case itself, with the world it is judged in."""

    row: rows.Case
    filed: Filed
    world: World


def viewer(person: str, at: datetime | None = None) -> Viewer | None:
    """The viewer of this code; None if there is nobody of that code, or he has left."""
    organisation, at = recent(), at or clock.now()
    someone = organisation.people.get(person)
    if someone is None or not someone.active:
        return None
    whole, part = set[str](), set[str]()
    for unit, _ in organisation.held(person, at, at.astimezone().date()):
        under = {code for code in organisation.below(unit) if organisation.units[code].desk}
        if under:
            whole |= under
        else:
            part |= {desk for desk in (organisation.desk(unit),) if desk}
    # A case that a rule opened for the organisation as a whole belongs to no desk: whoever sees the top sees it.
    tops = {unit.code for unit in organisation.units.values() if not unit.parent}
    if any(unit in tops for unit, _ in organisation.held(person, at, at.astimezone().date())):
        whole.add("")
    return Viewer(someone, organisation, at, frozenset(whole), frozenset(part - whole))


def cases(who: Viewer) -> QuerySet[rows.Case]:
    """The cases that he may see."""
    seen = Q(unit__in=who.whole)
    for desk in who.part:
        seen |= Q(unit=desk, circle__overlap=circle(who, desk))
    return rows.Case.objects.filter(seen)


def circle(who: Viewer, desk: str) -> list[str]:
    """The words by which he is meant in the cases of a desk, whatever the procedure."""
    return sorted({word for (_, where), found in who.labels.items() if where == desk for word in found} | {who.code})


def counts(who: Viewer) -> Counter[str]:
    """How many cases of each procedure he may see."""
    counted = cases(who).order_by().values_list("procedure").annotate(Count("case_id"))
    return Counter(dict(counted))


def case(who: Viewer, number: str) -> Seen | None:
    """The case of this number, if it exists for him."""
    row = cases(who).filter(number=number).first()
    return _seen(who, row) if row is not None else None


def case_by_id(who: Viewer, case_id: UUID) -> Seen | None:
    """The case of this id, if it exists for him."""
    row = cases(who).filter(case_id=case_id).first()
    return _seen(who, row) if row is not None else None


def veiled(who: Viewer, refusal: Refusal) -> Refusal:
    """Why not, for his eyes: an earlier case that does not exist for him stands against the act without its number."""
    named = {reason.case for reason in refusal.reasons if reason.case}
    if not named:
        return refusal
    named -= set(cases(who).filter(number__in=named).values_list("number", flat=True))
    return replace(refusal, reasons=tuple(_nameless(one) if one.case in named else one for one in refusal.reasons))


#: in place of the number of a case that somebody may not see
_ELSEWHERE = phrase("在别的受理点，请上级查找")


def _nameless(reason: Reason) -> Reason:
    return replace(reason, text=replaced(reason.text, reason.case, _ELSEWHERE), instead=(), case="")


def _seen(who: Viewer, row: rows.Case) -> Seen:
    found, _ = filed.load(row.case_id)
    return Seen(row, found, world_of(found.law, who.organisation, found.unit, who.at))
