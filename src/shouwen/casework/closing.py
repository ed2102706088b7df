"""Closing periods: their figures are stored as they stand and stay so; what is corrected later is shown beside.

A period is closed some time after its end (`frozen` of the measure, else ten days), by the worker or by whoever looks
first; once everything that has changed is counted, and only if anything counts in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from time import monotonic

from django.db import connection, transaction

from shouwen.casework import counting, measures, procedures
from shouwen.casework.periods import Period, counts_weeks
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core.measure import closes
from shouwen.core.procedure import Measure
from shouwen.organisation.state import Organisation, state
from shouwen.store import models as rows

__all__ = ["closes_at", "keep", "settle_all"]

#: how many closed months and weeks at most are looked back for
LOOKED_BACK = {"month": 37, "week": 60}


def keep(at: datetime, most: int = 800) -> int:
    """Keep the figures of every regulation: count what has changed, so many cases at most of each, and close what is
    to be closed. How much there was to do."""
    organisation, done = state(), 0
    for law in procedures.all_current():
        done += counting.catch_up(law, organisation, at, most)
        done += settle_all(law, organisation, at)
    return done


def closes_at(law: Law, rule: Measure | None, period: Period, organisation: Organisation) -> datetime:
    """From when on a measure (None: what every regulation is asked) of a period stands as it is."""
    end = period.period(law.procedure.zone)[1]
    return closes(law.procedure, rule, end, world_of(law, organisation, "", end))


def settle_all(law: Law, organisation: Organisation, at: datetime, seconds: float = 60.0) -> int:
    """Close every month (and week, where the regulation counts weeks) whose time has come, the newest first, for so
    long at most; how many were closed."""
    first = rows.Counting.objects.filter(procedure=law.procedure.id).order_by("month").values_list("month").first()
    if first is None or rows.Uncounted.objects.filter(procedure=law.procedure.id).exists():
        return 0
    oldest = Period.read(first[0])
    closed: dict[str, set[str]] = {}
    for text, measure in rows.Closing.objects.filter(procedure=law.procedure.id).values_list("period", "measure"):
        closed.setdefault(text, set()).add(measure)
    until, done = monotonic() + seconds, 0
    for kind in ("month", "week") if counts_weeks(law.procedure) else ("month",):
        period = Period.of(at, law.procedure.zone, kind).moved(-1)
        for _ in range(LOOKED_BACK[kind]):
            if oldest is None or period.last < oldest.first or monotonic() > until:
                break
            done += _settle(law, period, organisation, at, closed.get(str(period), set()))
            period = period.moved(-1)
    return done


def _settle(law: Law, period: Period, organisation: Organisation, at: datetime, closed: Collection[str]) -> bool:
    """Close what is due of a period and not closed yet."""
    rules: dict[str, Measure | None] = {measures.ALWAYS: None, **law.procedure.measures}
    due = {
        name for name, rule in rules.items() if name not in closed and closes_at(law, rule, period, organisation) <= at
    }
    if not due:
        return False
    before = measures.stamp(law, period)
    table = measures.live(law, period, patient=False)
    if not before.cases or measures.stamp(law, period) != before:
        return False
    heads = [
        rows.Closing(
            procedure=law.procedure.id, period=str(period), measure=name, law=law.procedure.version, closed_at=at,
            cases=before.cases, events=before.events,
        )
        for name in sorted(due)
    ]  # fmt: skip
    private = {path for path, field in law.procedure.fields.items() if field.private}
    cells = [
        rows.ClosedFigure(
            procedure=law.procedure.id, period=str(period), measure=measure, unit=unit, split=split, key=key,
            count=count.count, hits=count.hits, numbers=dict(count.numbers),
        )
        for (unit, measure, split, key), count in table.cells.items()
        if measures.group(measure) in due and split not in private
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"closing {law.procedure.id}"])
        named = {"procedure": law.procedure.id, "period": str(period)}
        if rows.Closing.objects.filter(**named, measure__in=due).exists():
            return False
        rows.Closing.objects.bulk_create(heads)
        rows.ClosedFigure.objects.bulk_create(cells, batch_size=1000)
    measures.forget(law.procedure.id)
    return True
