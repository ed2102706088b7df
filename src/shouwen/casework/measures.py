"""Figures of periods: added up from what cases add to them, or as they were when the period was closed."""

from __future__ import annotations

import json
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast

from django.db.models import Count as Counted
from django.db.models import Sum

from shouwen.casework.periods import Month, Period
from shouwen.casework.procedures import Law
from shouwen.core.measure import Figure, total
from shouwen.core.procedure import Measure
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = [
    "ALWAYS",
    "Count",
    "Month",
    "Place",
    "Stamp",
    "Table",
    "added",
    "cut",
    "figure",
    "forget",
    "frozen",
    "group",
    "live",
    "of_period",
    "remembered",
    "stamp",
    "wholes",
]

#: the closing of what every regulation is asked, whose names begin so
ALWAYS = ":"

#: tables kept per process
MOST_KEPT = 400
#: a table that was dear to add up is shown again for so many times as long, even if a case has changed
PATIENCE = 20
DEAR_SECONDS = 0.3

_COUNTINGS = """
SELECT unit, splits::text, items::text FROM countings
WHERE procedure = %(procedure)s AND month = ANY(%(months)s::text[])
"""
_CLOSED = """
SELECT measure, unit, split, key, count, hits, numbers::text FROM closed_figures
WHERE procedure = %(procedure)s AND period = %(period)s AND (NOT %(whole)s::bool OR split = '')
"""

#: an item as `counting` keeps it: second, hit, number, and values of its own, if any
Item = list[Any]
#: unit, measure, what it is broken down by ('': whole), value of that
Place = tuple[str, str, str, str]


@dataclass
class Count:
    """So many items, so many of them hits, and their numbers, each with how often it came."""

    count: int = 0
    hits: int = 0
    numbers: Counter[int] = field(default_factory=Counter)

    def add(self, other: Count) -> None:
        """The items of another one too."""
        self.count += other.count
        self.hits += other.hits
        self.numbers.update(other.numbers)


@dataclass(frozen=True)
class Stamp:
    """What a month's figures stand and fall with: how many cases add to it, and how many events these have."""

    cases: int
    events: int


@dataclass(frozen=True)
class Table:
    """The figures of a period by unit, measure and what they are broken down by."""

    cells: Mapping[Place, Count]
    #: measures that stand as they were when the period was closed, with that moment (`ALWAYS`: all that begin so)
    closed: Mapping[str, datetime] = field(default_factory=dict)

    def whole(self, measure: str, units: Collection[str]) -> Count:
        """A measure over these desks."""
        found = Count()
        for unit in units:
            if cell := self.cells.get((unit, measure, "", "")):
                found.add(cell)
        return found

    def everywhere(self, measure: str) -> Count:
        """A measure over all desks."""
        return self.whole(measure, {place[0] for place in self.cells})

    def parts(self, measure: str, split: str, units: Collection[str]) -> dict[str, Count]:
        """A measure over these desks, broken down: value → count."""
        found: dict[str, Count] = {}
        for key in self.splits.get((measure, split), ()):
            whole = Count()
            for unit in units:
                if cell := self.cells.get((unit, measure, split, key)):
                    whole.add(cell)
            if whole.count:
                found[key] = whole
        return found

    @cached_property
    def splits(self) -> Mapping[tuple[str, str], Collection[str]]:
        """Measure and what it is broken down by → the values."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for _, measure, split, key in self.cells:
            found.setdefault((measure, split), {})[key] = None
        return found


Key = tuple[object, ...]
Kept = TypeVar("Kept")
_kept: OrderedDict[Key, tuple[object, float, object]] = OrderedDict()
_lock = Lock()


def figure(rule: Measure, count: Count) -> Figure:
    """What a count says of a measure."""
    return total(rule, count.count, count.hits, count.numbers)


def of_period(law: Law, period: Period) -> Table:
    """The figures of a period: of a quarter or year those of its months together, closed ones as they were closed."""
    tables = [_part(law, part) for part in period.whole]
    if len(tables) == 1:
        return tables[0]
    closed = {
        name: max(table.closed[name] for table in tables)
        for name in tables[0].closed
        if all(name in table.closed for table in tables)
    }
    return Table(_together(tables), closed)


def wholes(law: Law, periods: Iterable[Period]) -> Mapping[Period, Table]:
    """The figures of many periods, not broken down; nothing of those before anything was counted."""
    counted = rows.Counting.objects.filter(procedure=law.procedure.id)
    first = Period.read(counted.order_by("month").values_list("month", flat=True).first() or "")
    if first is None:
        return {period: Table({}) for period in periods}
    return {period: _whole(law, period) if period.last >= first.first else Table({}) for period in periods}


def group(measure: str) -> str:
    """Under which name a measure is closed."""
    return ALWAYS if measure.startswith(ALWAYS) else measure


def live(law: Law, period: Period, *, patient: bool = True) -> Table:
    """The figures of a month or week as cases stand now, closed or not; if `patient`, perhaps as a moment ago."""
    key = (law.procedure.id, law.procedure.version, str(period))
    return remembered(key, stamp(law, period), lambda: Table(_added(law, period)), patient=patient)


def remembered(key: Key, fresh: object, make: Callable[[], Kept], *, patient: bool = True) -> Kept:
    """What was made under this key, as long as `fresh` is what it was then; what was dear to make also for a while
    after (if `patient`)."""
    kept = _kept.get(key)
    if kept is not None and (kept[0] == fresh or (patient and time.monotonic() < kept[1])):
        return cast(Kept, kept[2])
    begun = time.monotonic()
    made = make()
    spent = time.monotonic() - begun
    _keep(key, fresh, begun + spent * PATIENCE if spent > DEAR_SECONDS else 0.0, made)
    return made


def frozen(law: Law, period: Period, *, whole: bool = False) -> Table:
    """The figures that were closed of a month or week; nothing of one that is not closed."""
    key = (law.procedure.id, "closed", str(period), whole)
    if (kept := _kept.get(key)) is not None:
        return cast(Table, kept[2])
    named = {"procedure": law.procedure.id, "period": str(period)}
    closed = dict(rows.Closing.objects.filter(**named).values_list("measure", "closed_at"))
    if not closed:
        return Table({})
    cells = {
        (unit, measure, split, value): Count(
            count, hits, Counter({int(n): times for n, times in json.loads(numbers).items()})
        )
        for measure, unit, split, value, count, hits, numbers in read(_CLOSED, {**named, "whole": whole})
    }
    made = Table(cells, closed)
    _keep(key, None, 0.0, made)
    return made


def stamp(law: Law, period: Period) -> Stamp:
    """What its figures stand and fall with now."""
    found = rows.Counting.objects.filter(procedure=law.procedure.id, month__in=[str(month) for month in period.months])
    counted = found.aggregate(cases=Counted("case_id"), events=Sum("version"))
    return Stamp(counted["cases"], counted["events"] or 0)


def forget(procedure: str = "") -> None:
    """Read everything anew, or what is closed of a regulation."""
    with _lock:
        for key in [key for key in _kept if not procedure or key[:2] == (procedure, "closed")]:
            del _kept[key]


def _part(law: Law, period: Period) -> Table:
    """A month or week: what is closed of it, and the rest as it stands."""
    closed = frozen(law, period)
    if closed.closed.keys() >= {ALWAYS, *law.procedure.measures}:
        return closed
    now = live(law, period)
    if not closed.closed:
        return now
    running = {place: count for place, count in now.cells.items() if group(place[1]) not in closed.closed}
    return Table({**closed.cells, **running}, closed.closed)


def _whole(law: Law, period: Period) -> Table:
    parts = []
    for part in period.whole:
        closed = frozen(law, part, whole=True)
        complete = closed.closed.keys() >= {ALWAYS, *law.procedure.measures}
        parts.append(closed if complete else _part(law, part))
    return parts[0] if len(parts) == 1 else Table(_together(parts))


def _together(tables: Iterable[Table]) -> Mapping[Place, Count]:
    found: dict[Place, Count] = {}
    for table in tables:
        for place, count in table.cells.items():
            found.setdefault(place, Count()).add(count)
    return found


def _added(law: Law, period: Period) -> Mapping[Place, Count]:
    months = [str(month) for month in period.months]
    found = read(_COUNTINGS, {"procedure": law.procedure.id, "months": months})
    return added(((unit, json.loads(splits), json.loads(items)) for unit, splits, items in found), cut(law, period))


def cut(law: Law, period: Period) -> tuple[float, float] | None:
    """Between which seconds items count that stand in whole months."""
    if period.kind != "week":
        return None
    since, until = period.period(law.procedure.zone)
    return since.timestamp(), until.timestamp()


def added(
    found: Iterable[tuple[str, Mapping[str, list[str]], Mapping[str, list[Item]]]],
    cut: tuple[float, float] | None = None,
) -> Mapping[Place, Count]:
    """What cases add to a period: unit, what they can be broken down by, and items by measure. Reports wait for this
    loop: it goes through some ten thousand items in a tenth of a second."""
    cells: dict[Place, Count] = {}
    for unit, shared, items in found:
        for measure, listed in items.items():
            for second, hit, number, *own in listed:
                if cut is not None and not cut[0] <= second < cut[1]:
                    continue
                named = {**shared, **own[0]} if own else shared
                places = [(unit, measure, "", "")]
                places += [(unit, measure, split, key) for split, keys in named.items() for key in keys]
                for place in places:
                    cell = cells.get(place)
                    if cell is None:
                        cell = cells[place] = Count()
                    cell.count += 1
                    if hit:
                        cell.hits += 1
                    if number is not None:
                        cell.numbers[number] += 1
    return cells


def _keep(key: Key, fresh: object, until: float, made: object) -> None:
    with _lock:
        _kept[key] = (fresh, until, made)
        _kept.move_to_end(key)
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
