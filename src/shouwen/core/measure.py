"""Figures for managers: what each case adds to them, and what the sum of that says."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from shouwen.core import calendar
from shouwen.core import events as e
from shouwen.core.case import Case, Mark, TaskState, holding
from shouwen.core.clock import span_of
from shouwen.core.procedure import Fact, Measure, Procedure
from shouwen.core.scope import Scope, holds, moment_of, rows_of
from shouwen.core.values import Unknown, Value
from shouwen.core.world import World

__all__ = [
    "Figure",
    "Item",
    "Period",
    "closes",
    "columns",
    "earlier",
    "evaluate",
    "items",
    "keys",
    "last_closed",
    "meets",
    "target",
    "total",
    "words",
]

Cases = Iterable[tuple[Case, tuple[e.Event, ...]]]
#: from (included) and until (excluded)
Period = tuple[datetime, datetime]


#: a period whose regulation says nothing else is closed so long after its end: by then most limits are decided
CLOSES = timedelta(days=10)
_TARGET = re.compile(r"(>=|<=|>|<|=) ?(\d+(?:\.\d+)?) ?(%|h|min|days|元)?")  # zh: as targets are written
#: units of a target in those of the figure: minutes, 分
_UNITS = {"min": 1, "h": 60, "days": 24 * 60, "元": 100}  # zh: as targets are written


@dataclass(frozen=True)
class Figure:
    """A figure: how many were counted, and by what it asks for its hits, sum, mean, median or different values."""

    count: int
    hits: int | None = None
    value: int | None = None
    #: by the values that it is broken down by
    parts: tuple[tuple[tuple[str, ...], Figure], ...] = ()
    #: of a time: the mean beside the median
    mean: int | None = None


@dataclass(frozen=True)
class Item:
    """One thing that a case adds to a measure: when it counts, whether it is a hit (a share), and its number (a sum,
    a time, a different value). `scope`: the names by which it can be broken down."""

    moment: datetime
    hit: bool | None
    number: Value | None
    scope: Scope = field(compare=False)


@dataclass(frozen=True)
class _Item:
    case: Case
    scope: Scope
    moment: datetime | None


def evaluate(
    procedure: Procedure, rule: Measure, cases: Cases, world: World, at: datetime, period: Period | None = None
) -> Figure:
    """The figure over these cases (flow by flow as the rule says), those whose `dated` moment lies in the period."""
    found = [
        item
        for case, _ in cases
        for item in items(procedure, rule, Scope(procedure, case, world, case, at))
        if period is None or period[0] <= item.moment < period[1]
    ]
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in found:
        for key in _keys(rule, item):
            groups.setdefault(key, []).append(item)
    whole = _figure(rule, found)
    parts = tuple((key, _figure(rule, group)) for key, group in sorted(groups.items())) if rule.by else ()
    return Figure(whole.count, whole.hits, whole.value, parts, whole.mean)


def items(procedure: Procedure, rule: Measure, scope: Scope) -> Iterator[Item]:
    """What the case of this scope adds to a measure; each as it stands by itself, whatever the period."""
    if scope.case.flow != rule.flow:
        return
    for item in _items(procedure, rule, scope):
        if item.moment is not None and holds(rule.where, item.scope):
            hit = holds(rule.share, item.scope) if rule.share is not None else None
            yield Item(item.moment, hit, _number(rule, item), item.scope)


def keys(name: str, scope: Scope) -> tuple[str, ...]:
    """Where something counts when it is broken down by a name: a list in each of its words; '' if not known."""
    value = scope.get(name)
    if isinstance(value, tuple):
        return tuple(str(one) for one in value) or ("",)
    return (str(value) if value is not None else "",)


def total(rule: Measure, count: int, hits: int, numbers: Mapping[int, int] | Mapping[Value, int]) -> Figure:
    """The figure over so many items, so many of them hits, their numbers each with how often it came."""
    if rule.share is not None:
        return Figure(count, hits=hits)
    if rule.distinct is not None:
        return Figure(count, value=len(numbers))
    known = {number: times for number, times in numbers.items() if isinstance(number, int)}
    size = sum(known.values())
    if not size or not _counts_numbers(rule):
        return Figure(count)
    whole = sum(number * times for number, times in known.items())
    if rule.sum is not None:
        return Figure(count, value=whole)
    mean = round(whole / size)
    if rule.mean is not None:
        return Figure(count, value=mean)
    return Figure(count, value=_middle(known, size), mean=mean)


def meets(rule: Measure, figure: Figure) -> bool | None:
    """Whether a figure reaches its target; None without a target, or while there is nothing to divide by.

    `>= 98 %` speaks of the share, `<= 24 h` of minutes, a bare number of the value (or of how many were counted).
    """
    found = _TARGET.fullmatch(rule.target)
    if found is None:
        return None
    sign, number, unit = found.groups()
    wanted = Decimal(number)
    have = _worth(figure, unit)
    if have is None:
        return None
    if unit in _UNITS:
        wanted *= _UNITS[unit]
    return {">=": have >= wanted, "<=": have <= wanted, ">": have > wanted, "<": have < wanted, "=": have == wanted}[
        sign
    ]


def closes(procedure: Procedure, rule: Measure | None, end: datetime, world: World) -> datetime:
    """From when on a period that ends then stands as it was counted; None: what every regulation is asked."""
    if rule is None or rule.frozen_after is None:
        return end + CLOSES
    span = span_of(rule.frozen_after, Scope(procedure, Case(), world, Case()))
    due = calendar.due(world.calendar, end, span) if span is not None else None
    return due.moment if due is not None else end + CLOSES


def last_closed(procedure: Procedure, rule: Measure, at: datetime, world: World) -> Period:
    """The newest month that is closed at a moment."""
    here = at.astimezone(procedure.zone)
    end = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while closes(procedure, rule, end, world) > at:
        end = _months_before(end, 1)
    return _months_before(end, 1), end


def target(rule: Measure) -> float | None:
    """What a measure should reach, in what it is drawn in: percent, minutes, 分 or a number."""
    found = _TARGET.fullmatch(rule.target)
    return float(found[2]) * _UNITS.get(found[3] or "", 1) if found else None


def earlier(rule: Measure, period: Period) -> Mapping[str, Period]:
    """The periods that a figure is compared with: `mom`, the same days a month before; `yoy`, a year before."""
    months = {"mom": 1, "yoy": 12}
    return {
        word: (_months_before(period[0], months[word]), _months_before(period[1], months[word]))
        for word in rule.compare
        if word in months
    }


def columns(fact: Fact, figure: Figure) -> dict[str, Value]:
    """What a fact about a measure gives: those of count, hits, value and mean that it names and that are known."""
    known = {"count": figure.count, "hits": figure.hits, "value": figure.value, "mean": figure.mean}
    return {name: number for name, number in known.items() if name in fact.gives and number is not None}


def words(figure: Figure) -> str:
    """A figure in short: `3`, `2/3` (a share), or its value."""
    if figure.hits is not None:
        return f"{figure.hits}/{figure.count}"
    return str(figure.value if figure.value is not None else figure.count)


def _items(procedure: Procedure, rule: Measure, scope: Scope) -> Iterator[_Item]:
    case, world, at = scope.case, scope.world, scope.at
    match rule.of_kind:
        case "task":
            yield from _tasks(procedure, rule, case, scope)
        case "action":
            for mark in case.marks.get(f"act.{rule.of}", ()):
                yield _Item(case, scope.on(mark.item, None), mark.happened)
        case "posting":
            for entry in case.posted.values():
                if entry.posting == rule.of:
                    row: dict[str, Value] = {
                        "amount": entry.amount,
                        "debit": entry.debit,
                        "credit": entry.credit,
                        "key": entry.key,
                    }
                    yield _Item(case, scope.on(entry.key, row), entry.happened)
        case "form":
            sheets = case.sheets.get(rule.of, ())
            for sheet in sheets:
                own = Scope(procedure, holding(case, sheet.values), world, case, at)
                moment = moment_of(rule.dated, own) if rule.dated.startswith("field.") else sheet.happened
                yield _Item(case, own, moment)
            if sheets:
                return
            if rule.of in case.issued or any(path.startswith(f"{rule.of}.") for path in case.values):
                yield _Item(case, scope, moment_of(rule.dated, scope))
        case _:
            yield _Item(case, scope, moment_of(rule.dated, scope))


def _tasks(procedure: Procedure, rule: Measure, case: Case, scope: Scope) -> Iterator[_Item]:
    task = procedure.tasks[rule.of]
    rows = dict(rows_of(scope, task.for_each))
    states = [*case.tasks.get(rule.of, {}).values(), *(state for state in case.past if state.task == rule.of)]
    for state in states:
        here = scope.on(state.item, {**(rows.get(state.item) or {}), **_state(state)})
        yield _Item(case, here, {"due": state.due, "done": state.ended}.get(rule.dated, state.since))


def _state(state: TaskState) -> Mapping[str, Value]:
    return {
        "done": state.state == "done",
        "open": state.state == "open",
        "missed": state.missed is not None,
        "in_time": state.missed is None and state.in_time,
    }


def _keys(rule: Measure, item: Item) -> list[tuple[str, ...]]:
    """The groups of an item: one per combination of its values."""
    found: list[tuple[str, ...]] = [()]
    month = item.moment.astimezone(item.scope.procedure.zone).strftime("%Y-%m")
    for name in rule.by:
        options = (month,) if name == "month" else keys(name, item.scope)
        found = [(*key, one) for key in found for one in options]
    return found


def _figure(rule: Measure, found: Sequence[Item]) -> Figure:
    numbers = Counter(item.number for item in found if item.number is not None)
    return total(rule, len(found), sum(item.hit is True for item in found), numbers)


def _number(rule: Measure, item: _Item) -> Value | None:
    """The minutes, amount, number or value of an item that its measure is about; None if it has none."""
    if rule.lapse is not None:
        return _lapse(rule.lapse, item)
    if rule.distinct is not None:
        different = rule.distinct.evaluate(item.scope)
        return None if isinstance(different, Unknown | Mapping) else different
    asked = rule.sum or rule.mean or rule.median
    number = asked.evaluate(item.scope) if asked is not None else None
    return number if isinstance(number, int) else None


def _counts_numbers(rule: Measure) -> bool:
    return any(part is not None for part in (rule.lapse, rule.sum, rule.mean, rule.median))


def _middle(numbers: Mapping[int, int], size: int) -> int:
    """The median of numbers given with how often each came."""
    places, passed = {(size - 1) // 2, size // 2}, 0
    found = []
    for number in sorted(numbers):
        found += [number for place in sorted(places) if passed <= place < passed + numbers[number]]
        passed += numbers[number]
    return round(sum(found) / len(found))


def _lapse(ends: tuple[str, str], item: _Item) -> int | None:
    """Minutes from the first event to the last one after it; of a row: of its own events, where they name rows."""
    starts = _own(item, ends[0])
    stops = [mark for mark in _own(item, ends[1]) if starts and mark.happened >= starts[0].happened]
    return int((stops[-1].happened - starts[0].happened).total_seconds() // 60) if stops else None


def _own(item: _Item, event: str) -> list[Mark]:
    marks, row = item.case.marks.get(event, ()), item.scope.item
    return [mark for mark in marks if not row or mark.item in ("", row)]


def _worth(figure: Figure, unit: str) -> Decimal | None:
    if unit == "%":
        return Decimal(figure.hits * 100) / figure.count if figure.hits is not None and figure.count else None
    value = figure.value if figure.value is not None else figure.hits if figure.hits is not None else figure.count
    return Decimal(value)


def _months_before(moment: datetime, count: int) -> datetime:
    month = moment.year * 12 + moment.month - 1 - count
    year, month = divmod(month, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
