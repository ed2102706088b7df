"""What a person may do now: each act with its clauses, its form, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shouwen.core import calendar, circumstances, entries, guides, lapse, needs, persons, rights
from shouwen.core.case import Case, TaskState
from shouwen.core.clock import intervals, span_of
from shouwen.core.commands import Act
from shouwen.core.judged import Judged
from shouwen.core.obligations import owed_by
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Ask, Guide, Procedure
from shouwen.core.reason import Missing, Reason
from shouwen.core.scope import Actor, Scope, rows_of, truth
from shouwen.core.sitting import Sitting, unique
from shouwen.core.world import World

__all__ = ["Deadline", "Offer", "against_answer", "deadlines", "labels", "offers", "owing"]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An act that this person may do now. `unmet` are needs that do not hold yet, whatever is entered; `fills` the
    fields of its form, `missing` those that it still wants; `items` the rows that he may do it for, or the answers that
    a guide's question takes."""

    action: str
    name: str
    role: str
    clauses: tuple[str, ...]
    fills: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    unmet: tuple[Reason, ...] = ()
    items: tuple[str, ...] = ()
    builtin: bool = False


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A task with its clock. `state`: open, done, dropped; `missed`: the limit that passed; `proof`: how the limit is
    counted (None: no span is counted)."""

    task: str
    item: str
    name: str
    owed_by: tuple[str, ...]
    since: datetime
    due: datetime | None
    provisional: bool
    state: str
    missed: datetime | None
    ended: datetime | None
    in_time: bool
    clauses: tuple[str, ...]
    proof: calendar.Proof | None


def offers(procedure: Procedure, case: Case, actor: str, at: datetime, world: World) -> tuple[Offer, ...]:
    """What `actor` may do with the case at this moment, in document order. By who, in and when `decide` refuses all
    else; what needs say about values that are not entered yet is not judged here."""
    sitting = _sitting(procedure, case, at, world)
    sitting.actor = Actor(actor)
    scope = sitting.scope(acting=True)
    found = [
        offer
        for action in procedure.actions.values()
        if _possible(sitting, action) and (offer := _offer(sitting, action, actor, scope))
    ]
    return (*found, *_builtin(sitting, actor), *_guides(sitting, actor))


def deadlines(
    procedure: Procedure, case: Case, world: World, at: datetime, *, proofs: bool = True
) -> tuple[Deadline, ...]:
    """Every task of the case in its latest round, in document order, with the proof of its limit."""
    sitting = _sitting(procedure, case, at, world)
    found = []
    for task in procedure.tasks.values():
        for state in case.tasks.get(task.id, {}).values():
            row = dict(rows_of(sitting.scope(), task.for_each)).get(state.item)
            scope = sitting.scope().on(state.item, row)
            length = task.within or task.by_point
            span = span_of(length, scope) if length else None
            stops = tuple(intervals(sitting, task, state.item, state.base, scope))
            counted = calendar.due(world.calendar, state.since, span, pauses=stops) if span and proofs else None
            proof = None
            if counted and span and counted.moment == state.due:
                proof = calendar.prove(world.calendar, state.since, span, pauses=stops)
            found.append(
                Deadline(
                    task=task.id,
                    item=state.item,
                    name=task.name,
                    owed_by=owed_by(sitting, task, scope),
                    since=state.since,
                    due=state.due,
                    provisional=state.provisional,
                    state=state.state,
                    missed=state.missed,
                    ended=state.ended,
                    in_time=state.in_time,
                    clauses=task.clauses,
                    proof=proof,
                )
            )
    return tuple(found)


def owing(
    procedure: Procedure, case: Case, world: World, at: datetime, states: Iterable[TaskState]
) -> Iterator[tuple[str, ...]]:
    """Who owes each of these tasks now: persons whom a field names, else role or role@unit."""
    sitting = _sitting(procedure, case, at, world)
    scope = sitting.scope()
    for state in states:
        task = procedure.tasks[state.task]
        row = dict(rows_of(scope, task.for_each)).get(state.item) if task.for_each else None
        found: dict[str, None] = {}
        for label in owed_by(sitting, task, scope.on(state.item, row)):
            role = procedure.roles.get(label.partition("@")[0])
            named = scope.field(role.named_by) if role is not None and role.named_by else None
            people = named if isinstance(named, tuple) else (named,) if named else ()
            found.update(dict.fromkeys(str(person) for person in people) if people else {label: None})
        yield tuple(found)


def labels(procedure: Procedure, world: World, person: str, at: datetime) -> frozenset[str]:
    """By which words a person is meant in every case of a unit: each role, and role@unit, that he holds or that falls
    to him; a role that is not held per unit he holds for all of it, in whichever of its units he does. Roles that a
    field of the case names stand by the person himself and are left out."""
    sitting = _sitting(procedure, Case(), at, world)
    scope = sitting.scope()
    units = {holding.unit for holding in world.held_by(person)}
    found = {
        f"{role.id}@{unit}" if unit else role.id
        for role in procedure.roles.values()
        for unit in (units if role.per_unit or role.named_by or not units else {*units, None})
        if persons.meant(sitting, person, f"{role.id}@{unit}" if unit else role.id, scope)
    }
    return frozenset(found)


def against_answer(
    procedure: Procedure, case: Case, guide: Guide, ask: Ask, person: str, at: datetime, world: World
) -> guides.Against:
    """What stands against a person's answer to a question of a guide now."""
    return guides.against(_sitting(procedure, case, at, world), guide, ask, person)


def next_moment(procedure: Procedure, case: Case, at: datetime, world: World) -> datetime | None:
    """When the case must be looked at again, or None."""
    return lapse.next_moment(_sitting(procedure, case, at, world))


def _sitting(procedure: Procedure, case: Case, at: datetime, world: World) -> Sitting:
    local = at.astimezone(procedure.zone)
    return Sitting(procedure, world, case, case, local, local)


def _possible(sitting: Sitting, action: Action) -> bool:
    """Whether the step alone lets it be done."""
    case = sitting.case
    if not case.step:
        return bool(action.opens)
    if action.opens or action.flow != case.flow:
        return False
    return case.step in action.steps if action.steps else not case.closed


def _offer(sitting: Sitting, action: Action, actor: str, scope: Scope) -> Offer | None:
    judged = Judged()
    right = rights.right(sitting, action, Act(action=action.id, actor=actor), scope)
    if right is None or persons.reasons_against(sitting, action, actor, right):
        return None
    sitting.actor = Actor(actor, right.role)
    circumstances.circumstances(sitting, action, Act(action=action.id, actor=actor), judged)
    if judged.reasons:
        return None
    scope = sitting.scope(acting=True)
    wanted = entries.missing(sitting, action, entries.Entry(), scope)
    return Offer(
        action=action.id,
        name=action.name,
        role=right.role,
        clauses=unique(action.clauses, right.clauses),
        fills=tuple(fill.path for fill in action.fills),
        missing=tuple(wanted),
        unmet=_unmet(sitting, action, scope),
        items=_items(sitting, action, actor, scope),
    )


def _unmet(sitting: Sitting, action: Action, scope: Scope) -> tuple[Reason, ...]:
    """Needs that do not hold now and read nothing that this act fills."""
    filled = {fill.path for fill in action.fills}
    found = []
    for need in action.needs:
        keys = sitting.index.keys(need.that.names)
        if any(f"f:{path}" in keys or f"f:{path.rpartition('.')[0]}" in keys for path in filled):
            continue
        if any(name == "present" or name.startswith("this.") for name in need.that.names):
            continue
        if (
            truth(need.when, scope) is True
            and needs.holds(sitting, need, scope) is False
            and need.otherwise == "refuse"
        ):
            found.append(Reason(code="need", text=need.says, clauses=need.clauses, instead=need.instead))
    return tuple(found)


def _items(sitting: Sitting, action: Action, actor: str, scope: Scope) -> tuple[str, ...]:
    if not action.each:
        return ()
    return tuple(
        item
        for item, row in rows_of(scope, action.each)
        if persons.allowed(sitting, action, actor, scope.on(item, row), None)
    )


def _builtin(sitting: Sitting, actor: str) -> list[Offer]:
    """Decisions that wait for this person, and transfers."""
    found = []
    for name, waiting in sitting.case.approvals.items():
        rule = sitting.procedure.authorities[name]
        level = next(level for level in rule.levels if level.id == waiting.level)
        right = persons.standing(sitting, actor, (level.party,), sitting.scope())
        if right and actor != waiting.asked.actor:
            found += [
                Offer(
                    action=f"{verb} {name}",
                    name=phrase("{word}：{name}", word=word, name=rule.name),
                    role=right.role,
                    clauses=rule.clauses,
                    builtin=True,
                )
                for verb, word in (
                    ("approve", phrase("同意")),
                    ("return", phrase("退回")),
                    ("decline", phrase("不同意")),
                )
            ]
        if actor == waiting.asked.actor:
            found.append(
                Offer(
                    action=f"withdraw {name}",
                    name=phrase("撤回：{name}", name=rule.name),
                    role="",
                    clauses=rule.clauses,
                    builtin=True,
                )
            )
    if sitting.case.transfer and sitting.case.transfer.to == actor:
        found.append(Offer(action="accept", name=phrase("接办"), role="", clauses=(), builtin=True))
        found.append(Offer(action="refuse_transfer", name=phrase("不接办"), role="", clauses=(), builtin=True))
    return found


def _guides(sitting: Sitting, actor: str) -> Iterator[Offer]:
    """The questions that this person may answer now; what stops them stands in `unmet`."""
    case, procedure = sitting.case, sitting.procedure
    acts = [action.id for action in procedure.actions.values() if case.step and _possible(sitting, action)]
    for guide in guides.beside(procedure, case, acts):
        ask = guides.turn(guide, case)
        found = guides.against(sitting, guide, ask, actor) if ask else None
        if ask is None or found is None or found.here or found.who:
            continue
        yield Offer(
            action=f"answer {guide.id}",
            name=phrase("{name}：{text}", name=guide.name, text=ask.text),
            role="",
            clauses=ask.clauses or guide.clauses,
            unmet=(*found.stops, *found.first),
            items=tuple(way.word for way in ask.ways),
            builtin=True,
        )
