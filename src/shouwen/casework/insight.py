"""What the figures do not say by themselves: who comes again within three months, what surges, which cases stand behind
a figure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from uuid import UUID

from shouwen.casework.counting import OPENED
from shouwen.casework.measures import Table, cut, remembered, stamp
from shouwen.casework.periods import Period
from shouwen.casework.procedures import Law
from shouwen.core.procedure import Flow, Procedure
from shouwen.store.append import read

__all__ = ["COMPARED", "Again", "Behind", "Repeats", "Surge", "behind", "places_of", "repeats", "surges"]

#: who comes again within so long, comes again (the design: three months)
AGAIN = "3 months"
#: so many are named
MOST_NAMED = 8
#: fewer are no surge, nor is what is not twice as many as before and beyond what chance does
LEAST_SURGE, FACTOR, SIGMAS = 5, 2.0, 3.0
#: so many periods before are compared with; with fewer cases than these nobody knows what is usual
COMPARED, LEAST_BEFORE = 3, 30
#: longer texts are stories, not places or products
LONGEST_PLACE = 40

_REPEATS = """
SELECT count(*), count(*) FILTER (WHERE earlier > 0) FROM (
  SELECT (SELECT count(*) FROM cases e WHERE e.subject_id = c.subject_id AND e.procedure = c.procedure
          AND e.flow = c.flow AND e.unit = ANY(%(units)s::text[])
          AND e.opened_at < c.opened_at AND e.opened_at >= c.opened_at - %(again)s::interval) earlier
  FROM cases c WHERE c.procedure = %(procedure)s AND c.flow = %(flow)s
  AND c.unit = ANY(%(units)s::text[])
  AND c.opened_at >= %(since)s::timestamptz AND c.opened_at < %(until)s::timestamptz) counted
"""
_AGAIN = """
SELECT n.number, n.title, s.times, n.opened_at FROM (
  SELECT c.subject_id, count(*) times, max(c.opened_at) FILTER (WHERE c.opened_at >= %(since)s::timestamptz) newest
  FROM cases c WHERE c.procedure = %(procedure)s AND c.flow = %(flow)s
  AND c.unit = ANY(%(units)s::text[])
  AND c.opened_at >= %(since)s::timestamptz - %(again)s::interval AND c.opened_at < %(until)s::timestamptz
  GROUP BY c.subject_id HAVING count(*) > 1 AND max(c.opened_at) >= %(since)s::timestamptz
  ORDER BY count(*) DESC, max(c.opened_at) DESC LIMIT %(most)s) s
JOIN LATERAL (SELECT number, title, opened_at FROM cases c WHERE c.subject_id = s.subject_id
  AND c.procedure = %(procedure)s AND c.flow = %(flow)s AND c.unit = ANY(%(units)s::text[])
  AND c.opened_at = s.newest LIMIT 1) n ON true
ORDER BY s.times DESC, n.opened_at DESC
"""
_PLACES = """
SELECT e.key, e.value, count(*) FILTER (WHERE c.opened_at >= %(since)s::timestamptz),
       count(*) FILTER (WHERE c.opened_at < %(since)s::timestamptz)
FROM cases c CROSS JOIN LATERAL jsonb_each_text(c.columns) e
WHERE c.procedure = %(procedure)s AND c.flow = %(flow)s AND c.unit = ANY(%(units)s::text[])
AND c.opened_at >= %(before)s::timestamptz AND c.opened_at < %(until)s::timestamptz
AND e.key = ANY(%(names)s::text[]) AND e.value <> '' AND length(e.value) <= %(longest)s
GROUP BY e.key, e.value HAVING count(*) FILTER (WHERE c.opened_at >= %(since)s::timestamptz) >= %(least)s
"""
_BEHIND = """
SELECT case_id, splits::text, (items -> %(measure)s)::text FROM countings
WHERE procedure = %(procedure)s AND month = ANY(%(months)s::text[])
AND unit = ANY(%(units)s::text[]) AND items ? %(measure)s
ORDER BY case_id DESC
"""


@dataclass(frozen=True)
class Again:
    """Somebody who came again: the newest case, and how often within the three months."""

    number: str
    title: str
    times: int
    at: datetime


@dataclass(frozen=True)
class Repeats:
    """How many cases of a period are of customers who had one within three months before; the most frequent ones."""

    cases: int
    again: int
    named: tuple[Again, ...]


@dataclass(frozen=True)
class Surge:
    """A value of a column or break-down that comes far more often than in the periods before."""

    name: str
    value: str
    count: int
    #: how many were to be expected by the periods before
    usual: float


@dataclass(frozen=True)
class Behind:
    """The cases behind a figure."""

    cases: tuple[UUID, ...]
    items: int


def repeats(law: Law, flow: str, period: Period, units: Collection[str]) -> Repeats:
    """Customers who came again within three months, at these desks."""
    key = ("repeats", law.procedure.id, flow, str(period), tuple(units))
    return remembered(key, stamp(law, period), lambda: _repeats(_given(law, flow, period, units)))


def surges(
    law: Law, flow: str, period: Period, tables: Mapping[Period, Table], units: Collection[str], passed: float
) -> tuple[Surge, ...]:
    """What comes far more often than in the three periods before; `passed`: how much of the period is over.
    `tables`: the period and those before, broken down."""
    before = [period.moved(-back) for back in range(1, COMPARED + 1)]
    opened = f"{OPENED}{flow}"
    sizes = {one: tables[one].whole(opened, units).count for one in (period, *before)}
    known = [one for one in before if sizes[one]]
    if sum(sizes[one] for one in known) < LEAST_BEFORE:
        return ()
    # Where everything has grown, what has grown with it is no surge.
    passed *= max(1.0, sizes[period] / (sum(sizes[one] for one in known) / len(known) * passed))
    found: dict[tuple[str, str], Surge] = {}
    for (measure, name), keys in tables[period].splits.items():
        if measure != opened or not name:
            continue
        earlier = [tables[one].parts(measure, name, units) for one in known]
        now = tables[period].parts(measure, name, units)
        for key in keys:
            usual = sum(part[key].count if key in part else 0 for part in earlier) / len(known)
            if key and key in now and _surges(now[key].count, usual * passed):
                found[name, key] = Surge(name, key, now[key].count, usual * passed)
    for name, key, count, earlier_count in _places(law, flow, period, units, len(known)):
        usual = earlier_count / len(known)
        if _surges(count, usual * passed) and not any(key == other for _, other in found):
            found[name, key] = Surge(name, key, count, usual * passed)
    return tuple(sorted(found.values(), key=lambda one: (one.usual - one.count, one.name)))[:MOST_NAMED]


def places_of(procedure: Procedure, flow: Flow) -> dict[str, str]:
    """Exported columns that are one field of the paper, open to whoever sees a list: column → the field's path."""
    found = {}
    for column, expression in flow.columns.items():
        named = procedure.names.get(expression.source) if expression.names == (expression.source,) else None
        field = procedure.fields.get(named.target) if named is not None and named.kind == "field" else None
        if field is not None and not field.private and field.type in ("text", "choice") and column != "no":
            found[column] = field.path
    return found


def behind(
    law: Law,
    period: Period,
    units: Collection[str],
    measure: str,
    *,
    split: str = "",
    key: str = "",
    hit: int | None = None,
    number: int | None = None,
) -> Behind:
    """The cases that count in a measure of a period now: all, those with a value of a break-down, the hits, or those
    of a number, newest first."""
    months = [str(month) for month in period.months]
    given = {"procedure": law.procedure.id, "months": months, "units": list(units), "measure": measure}
    edges, found, count = cut(law, period), dict[UUID, None](), 0
    for case_id, splits, items in read(_BEHIND, given):
        shared = json.loads(splits)
        for second, was_hit, own_number, *own in json.loads(items):
            named = {**shared, **own[0]} if own else shared
            if (
                (edges is None or edges[0] <= second < edges[1])
                and (not split or key in named.get(split, ()))
                and (hit is None or was_hit == hit)
                and (number is None or own_number == number)
            ):
                found[case_id] = None
                count += 1
    return Behind(tuple(found), count)


def _repeats(period: Mapping[str, object]) -> Repeats:
    given = {**period, "again": AGAIN, "most": MOST_NAMED}
    cases, again = read(_REPEATS, given)[0]
    return Repeats(cases, again, tuple(Again(*row) for row in read(_AGAIN, given)) if again else ())


def _places(law: Law, flow: str, period: Period, units: Collection[str], back: int) -> list[tuple[str, str, int, int]]:
    names = places_of(law.procedure, law.procedure.flows[flow])
    if not names:
        return []
    before = period.moved(-back).period(law.procedure.zone)[0]
    given = {
        **_given(law, flow, period, units),
        "before": before.isoformat(),
        "names": list(names),
        "least": LEAST_SURGE,
        "longest": LONGEST_PLACE,
    }
    key = ("places", law.procedure.id, flow, str(period), tuple(units))
    return remembered(key, stamp(law, period), lambda: read(_PLACES, given))


def _given(law: Law, flow: str, period: Period, units: Collection[str]) -> dict[str, object]:
    since, until = period.period(law.procedure.zone)
    return {
        "procedure": law.procedure.id,
        "flow": flow,
        "units": list(units),
        "since": since.isoformat(),
        "until": until.isoformat(),
    }


def _surges(count: int, usual: float) -> bool:
    return count >= LEAST_SURGE and count >= FACTOR * usual and count > usual + SIGMAS * sqrt(max(usual, 1.0))
