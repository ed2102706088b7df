"""What has been corrected since a period was closed, and by what; and the proof that what was closed was so.

A closed figure stays. Beside it stands what it would be now, with the cases that make the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from shouwen.casework import counting, filed, measures
from shouwen.casework.counting import folded
from shouwen.casework.measures import Count, Place, Stamp, Table
from shouwen.casework.periods import Period
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core.case import Case, evolve
from shouwen.core.events import Event
from shouwen.organisation.state import Organisation
from shouwen.store import models as rows

__all__ = ["Closing", "Correction", "corrected", "corrections", "verify"]

#: a case may count in a month after it was closed (a paper that is dated later): so long
STRAYED = timedelta(days=400)
#: so many cases are looked at for what has corrected a closed figure
MOST_LOOKED_AT = 300

_CHANGED = """
SELECT DISTINCT c.case_id, c.number FROM cases c JOIN records r ON r.case_id = c.case_id AND r.at >= %(closed)s
WHERE c.procedure = %(procedure)s AND c.unit = ANY(%(units)s)
AND (EXISTS (SELECT FROM countings n WHERE n.case_id = c.case_id AND n.month = ANY(%(months)s))
     OR c.opened_at >= %(since)s AND c.opened_at < %(until)s)
ORDER BY c.number LIMIT %(most)s
"""


@dataclass(frozen=True)
class Closing:
    """A measure of a period that was closed."""

    procedure: str
    period: str
    measure: str
    at: datetime


@dataclass(frozen=True)
class Correction:
    """A case that counts otherwise than when the period was closed: what happened to it since, and when it was said."""

    case_id: UUID
    number: str
    at: datetime
    events: tuple[Event, ...]


def corrected(law: Law, period: Period, units: Collection[str]) -> Mapping[str, Count]:
    """Measures of a closed period that would be counted otherwise now, over these desks: as they would be."""
    found: dict[str, Count] = {}
    for part in period.whole:
        heads = rows.Closing.objects.filter(procedure=law.procedure.id, period=str(part))
        stamps = {Stamp(*one) for one in heads.values_list("cases", "events").distinct()}
        if not stamps or stamps == {measures.stamp(law, part)}:
            continue
        closed, now = measures.frozen(law, part), measures.live(law, part)
        for rule in law.procedure.measures.values():
            if rule.id in closed.closed and closed.whole(rule.id, units) != now.whole(rule.id, units):
                found[rule.id] = Count()
    if not found:
        return {}
    for part in period.whole:
        closed = measures.frozen(law, part)
        table = measures.live(law, part) if closed.closed else measures.of_period(law, part)
        for name, count in found.items():
            count.add(table.whole(name, units))
    return found


def corrections(
    law: Law, period: Period, measure: str, units: Collection[str], organisation: Organisation
) -> Iterator[Correction]:
    """The cases that make the difference, in the order of their numbers: what the record says that changed it."""
    for part in period.whole:
        head = rows.Closing.objects.filter(procedure=law.procedure.id, period=str(part), measure=measure).first()
        if head is None:
            continue
        since, until = part.period(law.procedure.zone)
        with connection.cursor() as cursor:
            cursor.execute(
                _CHANGED,
                {"closed": head.closed_at, "procedure": law.procedure.id, "units": list(units), "since": since,
                 "until": until, "months": [str(month) for month in part.months], "most": MOST_LOOKED_AT},
            )  # fmt: skip
            changed = cursor.fetchall()
        for case_id, number in changed:
            found = _correction(law, part, measure, organisation, case_id, head.closed_at)
            if found is not None:
                yield Correction(case_id, number, *found)


def _correction(
    law: Law, period: Period, measure: str, organisation: Organisation, case_id: UUID, closed_at: datetime
) -> tuple[datetime, tuple[Event, ...]] | None:
    """The last record after the closing with which what the case adds changed; None if it adds what it did then."""
    unit = rows.Case.objects.values_list("unit", flat=True).get(case_id=case_id)
    case, then, last, found = Case(), None, None, None
    for log in filed.logs(case_id):
        if log.at >= closed_at and then is None:
            then = last = _adds(law, period, measure, organisation, case, unit)
        for event in log.events:
            case = evolve(case, event)
        if log.at >= closed_at:
            now = _adds(law, period, measure, organisation, case, unit)
            if now != last:
                last, found = now, (log.at, log.events)
    return found if then != last else None


def _adds(
    law: Law, period: Period, measure: str, organisation: Organisation, case: Case, unit: str
) -> Mapping[Place, Count]:
    if case.opened is None:
        return {}
    world = world_of(law, organisation, unit, case.opened)
    months = counting.derived(law, case, world, case.opened)
    none: Mapping[str, list[str]] = {}
    found = [(unit, none, {measure: months[name].items.get(measure, [])}) for name in _names(period) if name in months]
    return measures.added(found, measures.cut(law, period))


def verify(law_of: Callable[[str, int], Law], organisation: Organisation) -> Iterator[Closing]:
    """Every closed measure of a period that the records written before its closing do not bear out."""
    heads = rows.Closing.objects.order_by("procedure", "period", "closed_at", "measure")
    groups: dict[tuple[str, str, int, datetime], list[str]] = {}
    for head in heads:
        groups.setdefault((head.procedure, head.period, head.law, head.closed_at), []).append(head.measure)
    for (procedure, text, number, at), names in groups.items():
        law, period = law_of(procedure, number), Period.read(text)
        assert period is not None
        was = _recounted(law, period, organisation, at)
        stands = measures.frozen(law, period)
        for name in names:
            if _differs(law, name, stands, was):
                yield Closing(procedure, text, name, at)


def _recounted(law: Law, period: Period, organisation: Organisation, at: datetime) -> Table:
    """The figures of a period by what was written before a moment."""
    since, _ = period.period(law.procedure.zone)
    alive = rows.Case.objects.filter(procedure=law.procedure.id, opened_at__lt=at)
    alive = alive.exclude(closed_at__lt=since - STRAYED).order_by("case_id")
    ids = list(alive.values_list("case_id", flat=True))
    adds = []
    for start in range(0, len(ids), counting.PORTION):
        for _, unit, case in folded(law.procedure.id, ids[start : start + counting.PORTION], before=at):
            months = counting.derived(law, case, world_of(law, organisation, unit, at), at)
            adds += [(unit, months[name].splits, months[name].items) for name in _names(period) if name in months]
    return Table(measures.added(adds, measures.cut(law, period)))


def _differs(law: Law, name: str, stands: Table, was: Table) -> bool:
    rule = law.procedure.measures.get(name)
    private = {path for path, field in law.procedure.fields.items() if field.private}
    places = {place for place in (*stands.cells, *was.cells) if measures.group(place[1]) == name}
    for place in places:
        if place[2] in private:
            continue
        one, other = stands.cells.get(place, Count()), was.cells.get(place, Count())
        # Erasing a person takes away what told his values apart, not how many there were.
        told_apart = rule is not None and rule.distinct is not None
        if (one.count, one.hits) != (other.count, other.hits) or (one.numbers != other.numbers and not told_apart):
            return True
    return False


def _names(period: Period) -> list[str]:
    return [str(month) for month in period.months]
