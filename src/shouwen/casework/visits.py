"""Visits: the cases for which somebody goes out, by what their procedures say of who owes what to a customer.

A duty is done outside if it is owed by a role of a unit (`per: unit`) or by one that the case names (`named_by`), in a
flow that has a customer; or by whoever owes it in the stead of such a role, under a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from uuid import UUID

from shouwen.casework import access, duties, filed, lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Duty, Line
from shouwen.casework.procedures import Law
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.core.case import Case
from shouwen.core.procedure import Flow, Procedure, Role, Task
from shouwen.store import models as rows

__all__ = ["Done", "Visit", "appointment", "crew", "done_today", "goes_out", "outside", "place_paths", "visits"]

#: so many cases of a day are looked through for what somebody did in them
MOST_CASES = 60
#: words under which a flow names its customer that are no place
_NO_PLACE = frozenset({"name", "phone"})


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A case for which somebody goes out. `kind`: how urgent, one of `duties.KINDS`; `whose`: the colleague who owes
    it, '' if the viewer does."""

    kind: str
    line: Line
    duties: tuple[Duty, ...]
    whose: str = ""

    @property
    def due(self) -> datetime | None:
        """When the first of them is due."""
        return min((duty.due for duty in self.duties if duty.due), default=None)


@dataclass(frozen=True, kw_only=True)
class Done:
    """An act that somebody has done in a case today."""

    line: Line
    action: str
    happened: datetime


@lru_cache(64)
def outside(law: Law) -> Mapping[str, frozenset[str]]:
    """The tasks that are done outside, each with the roles that owe it so."""
    found = {task.id: _outside(law.procedure, task) for task in law.procedure.tasks.values()}
    return {task: roles for task, roles in found.items() if roles}


@lru_cache(64)
def _roles(law: Law) -> frozenset[str]:
    """Who goes out: those who owe what is done outside, and those to whom a role falls that no case has named yet."""
    owing = {role for roles in outside(law).values() for role in roles}
    return frozenset(owing | {other for role in owing if (other := law.procedure.roles[role].otherwise)})


def goes_out(viewer: Viewer) -> bool:
    """Whether this person has duties outside, by the roles that he holds now."""
    return bool(_posts(viewer))


def visits(viewer: Viewer) -> tuple[Visit, ...]:
    """What is to be done outside by him, the most urgent first; then what his colleagues owe."""
    own = [(law, duty) for law, duty in duties.owed(viewer)[: duties.MOST] if _outdoors(law, duty)]
    mine = {duty.case_id for _, duty in own}
    others = [(law, duty) for law, duty in _of_crew(viewer) if duty.case_id not in mine]
    cases = {line.case_id: line for line in lists.lines(dict.fromkeys(duty.case_id for _, duty in (*own, *others)))}
    return (*_sorted(own, cases, viewer, frozenset()), *_sorted(others, cases, viewer, crew(viewer)))


def crew(viewer: Viewer) -> frozenset[str]:
    """His colleagues: people who hold the same role in the same unit."""
    day, posts = viewer.at.astimezone(SHANGHAI).date(), _posts(viewer)
    held = {one.person for one in viewer.organisation.positions if (one.unit, one.role) in posts and one.on(day)}
    return frozenset(held - {viewer.code})


def done_today(viewer: Viewer) -> tuple[Done, ...]:
    """What he has done today in cases with a customer, the latest first."""
    begins = datetime.combine(viewer.at.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    found = access.cases(viewer).filter(changed_at__gte=begins, circle__contains=[viewer.code])
    ids = list(found.order_by("-changed_at").values_list("case_id", flat=True)[:MOST_CASES])
    acts = [
        Done(line=line, action=name.removeprefix("act."), happened=mark.happened)
        for line in lists.lines(ids)
        for name, marks in _customers(line.case_id).marks.items()
        for mark in marks
        if name.startswith("act.") and mark.actor == viewer.code and begins <= mark.happened <= viewer.at
    ]
    return tuple(sorted(acts, key=lambda one: one.happened, reverse=True))


def appointment(task: Task, case: Case) -> tuple[datetime | None, datetime] | None:
    """From when to when somebody is expected, if people have agreed upon it: the limit of the task is a field that they
    filled, a moment or a period."""
    for path in (task.replaced_by, task.by_field):
        agreed = case.values.get((path or "").removesuffix(".from").removesuffix(".until"))
        if isinstance(agreed, datetime):
            return None, agreed
        if isinstance(agreed, tuple) and len(agreed) == 2:
            since, until = agreed
            if isinstance(since, datetime) and isinstance(until, datetime):
                return since, until
    return None


def place_paths(flow: Flow) -> tuple[str, ...]:
    """The fields that tell where a customer is: all that the flow names of him besides his name and his number."""
    return tuple(path for word, path in flow.customer.items() if word not in _NO_PLACE)


def _outside(procedure: Procedure, task: Task) -> frozenset[str]:
    if not procedure.flows[task.flow].customer:
        return frozenset()
    own = {party.role for party in task.owed_by if party.role and _of_unit_or_case(procedure.roles[party.role])}
    instead = {party.role for party in task.owed_by if own and party.role and party.when is not None}
    return frozenset(own | instead)


def _of_unit_or_case(role: Role) -> bool:
    return not role.outside and (role.per_unit or role.named_by is not None)


def _outdoors(law: tuple[str, int], duty: Duty) -> bool:
    found = procedures.version(*law)
    roles = outside(found).get(duty.task, frozenset())
    owing = {label.partition("@")[0] for label in duty.owed_by}
    # A person who owes it is one whom the case has named.
    return bool(roles) and bool(owing & roles or owing - found.procedure.roles.keys())


def _posts(viewer: Viewer) -> frozenset[tuple[str, str]]:
    """The (unit, role) pairs by which he goes out."""
    organisation = viewer.organisation
    return frozenset(
        (unit, role)
        for unit, role in viewer.positions
        for law in procedures.all_current()
        if role in _roles(law) and organisation.lives_by(organisation.desk(unit) or unit, law.procedure.id)
    )


def _of_crew(viewer: Viewer) -> list[tuple[tuple[str, int], Duty]]:
    """The open tasks of his colleagues in cases that he may see."""
    mates = crew(viewer)
    if not mates:
        return []
    seen = access.cases(viewer).order_by().values("case_id")
    found = list(rows.Task.objects.filter(state="open", owed_by__overlap=sorted(mates), case_id__in=seen))
    laws = {line.case_id: (line.procedure, line.law) for line in lists.lines({row.case_id for row in found})}
    owed = [(laws[row.case_id], _duty(row)) for row in found if row.case_id in laws]
    return [(law, duty) for law, duty in owed if _outdoors(law, duty)]


def _duty(row: rows.Task) -> Duty:
    return Duty(
        case_id=row.case_id,
        task=row.task,
        item=row.item,
        owed_by=tuple(row.owed_by),
        since=row.since_at,
        due=row.due_at,
        provisional=row.provisional,
        missed=row.missed_at,
    )


def _sorted(
    found: list[tuple[tuple[str, int], Duty]], cases: dict[UUID, Line], viewer: Viewer, mates: frozenset[str]
) -> list[Visit]:
    """Case by case, the most urgent first."""
    together: dict[UUID, list[tuple[str, Duty]]] = {}
    for law, duty in found:
        if duty.case_id in cases:
            together.setdefault(duty.case_id, []).append((duties.kind_of(law, duty, viewer.at), duty))
    made = [
        Visit(
            kind=min((kind for kind, _ in own), key=duties.KINDS.index),
            line=cases[case_id],
            duties=tuple(duty for _, duty in own),
            whose=next((one for _, duty in own for one in duty.owed_by if one in mates), ""),
        )
        for case_id, own in together.items()
    ]
    last = datetime.max.replace(tzinfo=SHANGHAI)
    return sorted(made, key=lambda one: (duties.KINDS.index(one.kind), one.due or last, one.line.number))


def _customers(case_id: UUID) -> Case:
    """The case, empty if it is nobody's."""
    found, _ = filed.load(case_id)
    return found.case if found.law.procedure.flows[found.case.flow].customer else Case()
