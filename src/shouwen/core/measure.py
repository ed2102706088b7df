"""Figures for managers: counted from cases and their events, never stored."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from shouwen.core import events as e
from shouwen.core.case import Case, TaskState, holding
from shouwen.core.procedure import Measure, Procedure
from shouwen.core.scope import Scope, holds, moment_of, rows_of
from shouwen.core.values import Unknown, Value
from shouwen.core.world import World

__all__ = ["Figure", "Period", "earlier", "evaluate", "meets", "words"]

Cases = Iterable[tuple[Case, tuple[e.Event, ...]]]
#: from (included) and until (excluded)
Period = tuple[datetime, datetime]


_TARGET = re.compile(r"(>=|<=|>|<|=) ?(\d+(?:\.\d+)?) ?(%|h|min|days|元)?")
#: units of a target in those of the figure: minutes, 分
_UNITS = {"min": 1, "h": 60, "days": 24 * 60, "元": 100}


@dataclass(frozen=True)
class Figure:
    """A figure: how many were counted, and by what it asks for its hits, sum, mean, median or different values."""

    count: int
    hits: int | None = None
    value: int | None = None
    #: by the values that it is broken down by
    parts: tuple[tuple[tuple[str, ...], Figure], ...] = ()


@dataclass(frozen=True)
class _Item:
    case: Case
    scope: Scope
    moment: datetime | None
    in_time: bool = True


def evaluate(
    procedure: Procedure, rule: Measure, cases: Cases, world: World, at: datetime, period: Period | None = None
) -> Figure:
    """The figure over these cases (flow by flow as the rule says), those whose `dated` moment lies in the period."""
    items = [
        item
        for case, events in cases
        if case.flow == rule.flow
        for item in _items(procedure, rule, case, events, world, at)
        if holds(rule.where, item.scope) and _within(item.moment, period)
    ]
    groups: dict[tuple[str, ...], list[_Item]] = {}
    for item in items:
        for key in _keys(rule, item):
            groups.setdefault(key, []).append(item)
    whole = _figure(rule, items)
    parts = tuple((key, _figure(rule, group)) for key, group in sorted(groups.items())) if rule.by else ()
    return Figure(whole.count, whole.hits, whole.value, parts)


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


def earlier(rule: Measure, period: Period) -> Mapping[str, Period]:
    """The periods that a figure is compared with: `mom`, the same days a month before; `yoy`, a year before."""
    months = {"mom": 1, "yoy": 12}
    return {
        word: (_months_before(period[0], months[word]), _months_before(period[1], months[word]))
        for word in rule.compare
        if word in months
    }


def words(figure: Figure) -> str:
    """A figure in short: `3`, `2/3` (a share), or its value."""
    if figure.hits is not None:
        return f"{figure.hits}/{figure.count}"
    return str(figure.value if figure.value is not None else figure.count)


def _items(
    procedure: Procedure, rule: Measure, case: Case, events: tuple[e.Event, ...], world: World, at: datetime
) -> Iterator[_Item]:
    scope = Scope(procedure, case, world, case, at)
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
        yield _Item(case, here, {"due": state.due, "done": state.ended}.get(rule.dated, state.since), not state.missed)


def _state(state: TaskState) -> Mapping[str, Value]:
    return {
        "done": state.state == "done",
        "open": state.state == "open",
        "missed": state.missed is not None,
        "in_time": state.missed is None and state.in_time,
    }


def _within(moment: datetime | None, period: Period | None) -> bool:
    return moment is not None and (period is None or period[0] <= moment < period[1])


def _keys(rule: Measure, item: _Item) -> list[tuple[str, ...]]:
    """The groups of an item: one per combination of its values (a list counts in each of its words)."""
    keys: list[tuple[str, ...]] = [()]
    for name in rule.by:
        value: Value | None
        if name == "month":
            zone = item.scope.procedure.zone
            value = item.moment.astimezone(zone).strftime("%Y-%m") if item.moment else ""
        else:
            value = item.scope.get(name)
        options = value if isinstance(value, tuple) else (value if value is not None else "",)
        keys = [(*key, str(option)) for key in keys for option in (options or ("",))]
    return keys


def _figure(rule: Measure, items: list[_Item]) -> Figure:
    count = len(items)
    if rule.share is not None:
        return Figure(count, hits=sum(holds(rule.share, item.scope) for item in items))
    if rule.lapse is not None:
        minutes = [found for item in items if (found := _lapse(rule.lapse, item)) is not None]
        return Figure(count, value=round(median(minutes)) if minutes else None)
    for expression, put in ((rule.sum, sum), (rule.mean, _mean), (rule.median, _median)):
        if expression is not None:
            numbers = [v for item in items if isinstance(v := expression.evaluate(item.scope), int)]
            return Figure(count, value=put(numbers) if numbers else None)
    if rule.distinct is not None:
        different = {v for item in items if not isinstance(v := rule.distinct.evaluate(item.scope), Unknown | Mapping)}
        return Figure(count, value=len(different))
    return Figure(count)


def _mean(numbers: list[int]) -> int:
    return round(sum(numbers) / len(numbers))


def _median(numbers: list[int]) -> int:
    return round(median(numbers))


def _lapse(ends: tuple[str, str], item: _Item) -> int | None:
    """Minutes from the first event to the last one after it."""
    starts = item.case.marks.get(ends[0], ())
    stops = [mark for mark in item.case.marks.get(ends[1], ()) if starts and mark.happened >= starts[0].happened]
    return int((stops[-1].happened - starts[0].happened).total_seconds() // 60) if stops else None


def _worth(figure: Figure, unit: str) -> Decimal | None:
    if unit == "%":
        return Decimal(figure.hits * 100) / figure.count if figure.hits is not None and figure.count else None
    value = figure.value if figure.value is not None else figure.hits if figure.hits is not None else figure.count
    return Decimal(value)


def _months_before(moment: datetime, count: int) -> datetime:
    month = moment.year * 12 + moment.month - 1 - count
    year, month = divmod(month, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
