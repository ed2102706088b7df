"""What the calendar begins for the organisation: batches over a population, samples by recorded seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from types import MappingProxyType

from shouwen.core import calendar
from shouwen.core.calendar import Elapsed, Every, Span
from shouwen.core.case import Case
from shouwen.core.clock import every_of
from shouwen.core.commands import Begin
from shouwen.core.facts import columns
from shouwen.core.procedure import Consequence, Draw, Population, Procedure, Trigger
from shouwen.core.sample import draw, permuted
from shouwen.core.scope import Scope, holds, moment_of, worth
from shouwen.core.sitting import unique
from shouwen.core.values import Value
from shouwen.core.world import World

__all__ = ["Batch", "Occurrence", "batches", "occurrences"]

Rows = Sequence[Mapping[str, Value]]
#: its first day, and the first day after it
Period = tuple[date, date]


@dataclass(frozen=True)
class Occurrence:
    """A trigger that falls due: when, and when it would have if no day off had moved it. The nominal moment names it:
    it is its period's, and its seed and keys come from it, so that it begins once ever."""

    moment: datetime
    nominal: datetime
    trigger: Trigger

    @property
    def seed(self) -> str:
        """The seed of its sample."""
        return f"{self.trigger.id}/{self.nominal:%Y-%m-%d}"


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


def occurrences(procedure: Procedure, world: World, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """What falls due in (after, until] of the triggers over a population, in order."""
    blank = Case()
    scope = Scope(procedure, blank, world, blank, until)
    found = [
        Occurrence(moment, nominal, trigger)
        for trigger in procedure.triggers.values()
        if trigger.every is not None and trigger.over is not None and (every := every_of(trigger.every, scope))
        for moment, nominal in calendar.occasions(
            world.calendar, every, _counted_from(procedure, every, after), until, trigger.move
        )
        if moment > after
    ]
    yield from sorted(found, key=lambda one: (one.moment, one.trigger.order, one.nominal))


def _counted_from(procedure: Procedure, every: Every, after: datetime) -> datetime:
    """Spans are counted from the first day of force, however often anybody looks; of short ones not each is counted."""
    begin = datetime.combine(procedure.in_force, time(), procedure.zone)
    if not isinstance(every, Span) or after <= begin:
        return after
    if isinstance(every, Elapsed):
        length = timedelta(minutes=every.minutes)
        return (begin.astimezone(UTC) + (after - begin) // length * length).astimezone(procedure.zone)
    return begin


def batches(
    procedure: Procedure,
    occurrence: Occurrence,
    cases: Iterable[Case],
    world: World,
    registers: Mapping[str, Rows] = MappingProxyType({}),
) -> tuple[Batch, ...]:
    """The batches of one occurrence from the cases as they stood at that moment, or from the rows of a register; a
    group without members opens nothing, except where there are no groups and no draw: then the one batch is opened
    all the same."""
    groups: dict[str, dict[str, Mapping[str, Value]]] = {}
    trigger = occurrence.trigger
    over = trigger.over or Population()
    period = _period(procedure, over, occurrence.nominal)
    for number, row, scope in _population(procedure, over, occurrence.moment, cases, world, registers):
        if holds(over.where, scope) and _within(over, scope, period):
            group = worth(over.per, scope) if over.per else ""
            groups.setdefault(str(group or ""), {})[number] = row
    if over.per is None and trigger.draw is None:
        groups.setdefault("", {})
    return tuple(
        _batch(procedure, occurrence, group, members, world, period) for group, members in sorted(groups.items())
    )


def _period(procedure: Procedure, over: Population, nominal: datetime) -> Period | None:
    """The period of the members: its first day, and the first day after it."""
    if over.during is None:
        return None
    return calendar.period_before(nominal.astimezone(procedure.zone).date(), over.during)


def _within(over: Population, scope: Scope, period: Period | None) -> bool:
    moment = moment_of(over.dated, scope) if period else None
    return period is None or (
        moment is not None and period[0] <= moment.astimezone(scope.procedure.zone).date() < period[1]
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
    occurrence: Occurrence,
    group: str,
    members: Mapping[str, Mapping[str, Value]],
    world: World,
    period: Period | None,
) -> Batch:
    trigger, moment, seed = occurrence.trigger, occurrence.moment, occurrence.seed
    numbers = tuple(sorted(members))
    blank = Case()
    scope = Scope(procedure, blank, world, blank, moment)
    chosen = draw(numbers, _share(trigger.draw, scope), trigger.draw.least, seed) if trigger.draw else numbers
    reserve = permuted(numbers, seed)[len(chosen) :]
    this: dict[str, Value] = {
        "members": tuple(members[number] for number in chosen),
        "reserve": tuple(members[number] for number in reserve),
    }
    if period:
        this |= {"from": period[0], "until": period[1] - timedelta(days=1)}
    scope = scope.on(group, this)
    cause = f"{trigger.id}/{occurrence.nominal:%Y-%m-%dT%H:%M}/{group}"
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


def _share(rule: Draw, scope: Scope) -> tuple[int, int]:
    """The share that is drawn: as written, or the figure in force, in ten-thousandths."""
    value = scope.figure(rule.figure) if rule.figure else None
    return (min(value, 10000), 10000) if isinstance(value, int) and value > 0 else rule.share


def _key(it: Consequence, scope: Scope, default: str) -> str:
    key = worth(it.key, scope) if it.key else None
    return str(key) if key is not None else sha256(default.encode()).hexdigest()[:32]
