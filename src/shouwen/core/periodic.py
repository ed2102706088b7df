"""What the calendar begins for the organisation: batches over a population, samples by recorded seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from shouwen.core import calendar
from shouwen.core.case import Case
from shouwen.core.clock import every_of
from shouwen.core.commands import Begin
from shouwen.core.facts import columns
from shouwen.core.procedure import Consequence, Population, Procedure, Trigger
from shouwen.core.sample import draw
from shouwen.core.scope import Scope, holds, worth
from shouwen.core.sitting import unique
from shouwen.core.values import Value
from shouwen.core.world import World

__all__ = ["Batch", "batches", "occurrences"]

Rows = Sequence[Mapping[str, Value]]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One batch of one occurrence: its group, its members (after the draw), the size of the population, the seed."""

    trigger: str
    moment: datetime
    group: str
    members: tuple[str, ...]
    size: int
    seed: str
    opens: tuple[Begin, ...]


def occurrences(
    procedure: Procedure, world: World, after: datetime, until: datetime
) -> Iterator[tuple[datetime, Trigger]]:
    """The moments in (after, until] at which triggers over a population fall due, in order."""
    blank = Case()
    scope = Scope(procedure, blank, world, blank, until)
    found = [
        (moment, trigger)
        for trigger in procedure.triggers.values()
        if trigger.every is not None and trigger.over is not None and (every := every_of(trigger.every, scope))
        for moment in calendar.periods(world.calendar, every, after, until)
    ]
    yield from sorted(found, key=lambda pair: (pair[0], pair[1].order))


def batches(
    procedure: Procedure,
    trigger: Trigger,
    moment: datetime,
    cases: Iterable[Case],
    world: World,
    seed: str,
    registers: Mapping[str, Rows] = MappingProxyType({}),
) -> tuple[Batch, ...]:
    """The batches of one occurrence from the cases as they stood at that moment, or from the rows of a register; a
    group without members opens nothing, except where there are no groups and no draw: then the one batch is opened
    all the same."""
    groups: dict[str, dict[str, Mapping[str, Value]]] = {}
    over = trigger.over or Population()
    for number, row, scope in _population(procedure, over, moment, cases, world, registers):
        if holds(over.where, scope):
            group = worth(over.per, scope) if over.per else ""
            groups.setdefault(str(group or ""), {})[number] = row
    if over.per is None and trigger.draw is None:
        groups.setdefault("", {})
    return tuple(
        _batch(procedure, trigger, moment, group, members, world, seed) for group, members in sorted(groups.items())
    )


def _population(
    procedure: Procedure,
    over: Population,
    moment: datetime,
    cases: Iterable[Case],
    world: World,
    registers: Mapping[str, Rows],
) -> Iterator[tuple[str, Mapping[str, Value], Scope]]:
    """Each member: its number (a row's key), its columns, and its names."""
    for case in cases:
        if case.flow == over.flow and case.opened is not None:
            yield case.number, columns(procedure, case, world), Scope(procedure, case, world, case)
    blank, key = Case(), procedure.forms[over.register].key if over.register else None
    for place, row in enumerate(registers.get(over.register or "", ())):
        number = str(row.get(key or "", place + 1))
        yield number, row, Scope(procedure, blank, world, blank, moment).on(number, row)


def _batch(
    procedure: Procedure,
    trigger: Trigger,
    moment: datetime,
    group: str,
    members: Mapping[str, Mapping[str, Value]],
    world: World,
    seed: str,
) -> Batch:
    numbers = tuple(sorted(members))
    chosen = draw(numbers, trigger.draw.share, trigger.draw.least, seed) if trigger.draw else numbers
    blank = Case()
    rows = {"members": tuple(members[number] for number in chosen)}
    scope = Scope(procedure, blank, world, blank, moment).on(group, rows)
    cause = f"{trigger.id}/{moment:%Y-%m-%dT%H:%M}/{group}"
    opens = tuple(
        Begin(
            flow=it.target,
            number="",
            key=_key(it, scope, f"{cause}/{place}"),
            cause=cause,
            trigger=trigger.id,
            values={path: value for path, term in it.values.items() if (value := worth(term, scope)) is not None},
            members=chosen,
            size=len(numbers),
            seed=seed if trigger.draw else "",
            clauses=unique(trigger.clauses, it.clauses),
        )
        for place, it in enumerate(trigger.do)
        if it.verb == "open" and holds(it.when, scope)
    )
    return Batch(
        trigger=trigger.id, moment=moment, group=group, members=chosen, size=len(numbers), seed=seed, opens=opens
    )


def _key(it: Consequence, scope: Scope, default: str) -> str:
    key = worth(it.key, scope) if it.key else None
    return str(key) if key is not None else sha256(default.encode()).hexdigest()[:32]
