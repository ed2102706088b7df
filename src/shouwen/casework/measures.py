"""Measures of a regulation for a month: evaluated over the cases that the month can concern, kept while those stand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum

from shouwen.casework import codec, procedures, sealing
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core.case import Case, evolve
from shouwen.core.measure import Figure, Period, evaluate
from shouwen.core.procedure import Measure, Procedure
from shouwen.organisation.state import Organisation
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["Counted", "Month", "concerned", "folded", "forget", "of_month", "split"]

#: cases folded and months counted that are kept, per process
MOST_CASES, MOST_MONTHS = 4000, 400
#: cases read in one round trip
PORTION = 400


@dataclass(frozen=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> Month:
        """The month in which a moment lies."""
        here = moment.astimezone(zone)
        return cls(here.year, here.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """`2026-09`, None if it is not one."""
        year, dash, month = text.partition("-")
        if not (dash and year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) <= 2):
            return None
        return cls(int(year), int(month)) if 1 <= int(month) <= 12 and int(year) >= 1900 else None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def moved(self, months: int) -> Month:
        """So many months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def period(self, zone: ZoneInfo) -> Period:
        """From its first moment to that of the next one."""
        after = self.moved(1)
        return datetime(self.year, self.month, 1, tzinfo=zone), datetime(after.year, after.month, 1, tzinfo=zone)


@dataclass(frozen=True)
class Counted:
    """A measure for a month: over all desks, and desk by desk."""

    whole: Figure
    desks: Mapping[str, Figure]


Key = tuple[object, ...]
Kept = TypeVar("Kept")

_months: OrderedDict[Key, Mapping[str, Counted]] = OrderedDict()
_splits: OrderedDict[Key, tuple[tuple[str, Figure], ...]] = OrderedDict()
_cases: OrderedDict[tuple[UUID, int], Case] = OrderedDict()
_lock = Lock()

_RECORDS = """
SELECT c.case_id, c.procedure, c.law, s.key, r.seqs, r.ats, r.bodies, r.sealed
FROM cases c LEFT JOIN subjects s USING (subject_id)
CROSS JOIN LATERAL (
  SELECT array_agg(seq ORDER BY seq) seqs, array_agg(at ORDER BY seq) ats, array_agg(body ORDER BY seq) bodies,
         array_agg(sealed ORDER BY seq) sealed
  FROM records WHERE case_id = c.case_id) r
WHERE c.case_id = ANY(%(cases)s::uuid[])
"""


def of_month(
    law: Law, month: Month, desks: Iterable[str], organisation: Organisation, at: datetime
) -> Mapping[str, Counted]:
    """Every measure of the regulation for a month, over the cases of these desks."""
    key, found = _asked(law, month, desks, organisation, at)
    period, chosen = month.period(law.procedure.zone), tuple(sorted(desks))
    return _kept_or(_months, key, lambda: _counted(law, period, chosen, organisation, at, found))


def split(
    law: Law, rule: Measure, by: str, month: Month, desks: Iterable[str], organisation: Organisation, at: datetime
) -> tuple[tuple[str, Figure], ...]:
    """A measure broken down by one name."""
    key, found = _asked(law, month, desks, organisation, at)

    def made() -> tuple[tuple[str, Figure], ...]:
        cases = ((case, ()) for case, _ in folded(found).values())
        narrowed, world = replace(rule, by=(by,)), world_of(law, organisation, "", at)
        figure = evaluate(law.procedure, narrowed, cases, world, at, month.period(law.procedure.zone))
        return tuple((key[0], part) for key, part in figure.parts)

    return _kept_or(_splits, (*key, rule.id, by), made)


def forget() -> None:
    """Count everything anew."""
    with _lock:
        _months.clear()
        _splits.clear()
        _cases.clear()


def concerned(procedure: Procedure, period: Period, desks: tuple[str, ...]) -> QuerySet[rows.Case]:
    """The cases that can count in a period: opened before its end and alive in it, or with a limit that falls into it.
    Where a measure goes by a date on a form, which may lie anywhere, all opened before the end."""
    since, until = period
    found = rows.Case.objects.filter(procedure=procedure.id, unit__in=desks, opened_at__lt=until)
    if any(rule.dated.startswith("field.") for rule in procedure.measures.values()):
        return rows.Case.objects.filter(procedure=procedure.id, unit__in=desks)
    owing = rows.Task.objects.filter(due_at__gte=since, due_at__lt=until).values("case_id")
    return found.filter(Q(opened_at__gte=since) | Q(changed_at__gte=since) | Q(case_id__in=owing))


def folded(cases: QuerySet[rows.Case]) -> Mapping[UUID, tuple[Case, str]]:
    """The cases themselves, each with its desk; a few hundred at a time."""
    heads = list(cases.order_by("opened_at", "case_id").values_list("case_id", "version", "unit"))
    found: dict[UUID, Case] = {}
    for case_id, version, _ in heads:
        if (kept := _cases.get((case_id, version))) is not None:
            found[case_id] = kept
    asked = [(case_id, version) for case_id, version, _ in heads if case_id not in found]
    for start in range(0, len(asked), PORTION):
        found.update(_read(asked[start : start + PORTION]))
    return {case_id: (found[case_id], unit) for case_id, _, unit in heads if case_id in found}


def _asked(
    law: Law, month: Month, desks: Iterable[str], organisation: Organisation, at: datetime
) -> tuple[Key, QuerySet[rows.Case]]:
    """The cases that a month concerns, and what its counts stand and fall with."""
    procedure, chosen = law.procedure, tuple(sorted(desks))
    period = month.period(procedure.zone)
    found = concerned(procedure, period, chosen)
    stamp = found.aggregate(count=Count("case_id"), changed=Max("changed_at"), events=Sum("version"))
    return (procedure.id, procedure.version, month, chosen, organisation.seq, at >= period[1], *stamp.values()), found


def _kept_or(kept: OrderedDict[Key, Kept], key: Key, made: Callable[[], Kept]) -> Kept:
    with _lock:
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    fresh = made()
    with _lock:
        kept[key] = fresh
        if len(kept) > MOST_MONTHS:
            kept.popitem(last=False)
    return fresh


def _read(asked: list[tuple[UUID, int]]) -> Mapping[UUID, Case]:
    found: dict[UUID, Case] = {}
    for case_id, procedure, number, key, seqs, ats, bodies, sealed in read(_RECORDS, {"cases": [c for c, _ in asked]}):
        zone, case = procedures.version(procedure, number).procedure.zone, Case()
        for seq, at, body, data in zip(seqs or (), ats or (), bodies or (), sealed or (), strict=True):
            texts = sealing.opened(
                bytes(key) if key is not None else None, bytes(data) if data is not None else None, case_id, seq
            )
            for event in codec.decode(body, at, texts, zone):
                case = evolve(case, event)
        found[case_id] = case
        with _lock:
            _cases[case_id, case.seq] = case
            if len(_cases) > MOST_CASES:
                _cases.popitem(last=False)
    return found


def _counted(
    law: Law,
    period: Period,
    desks: tuple[str, ...],
    organisation: Organisation,
    at: datetime,
    found: QuerySet[rows.Case],
) -> Mapping[str, Counted]:
    cases = list(folded(found).values())
    made = {}
    for rule in law.procedure.measures.values():
        bare = replace(rule, by=())
        of_flow = [(case, unit) for case, unit in cases if case.flow == rule.flow]
        world = world_of(law, organisation, "", at)
        whole = evaluate(law.procedure, bare, ((case, ()) for case, _ in of_flow), world, at, period)
        made[rule.id] = Counted(
            whole,
            {
                desk: evaluate(
                    law.procedure,
                    bare,
                    ((case, ()) for case, unit in of_flow if unit == desk),
                    world_of(law, organisation, desk, at),
                    at,
                    period,
                )
                for desk in desks
            }
            if len(desks) > 1
            else dict.fromkeys(desks, whole),
        )
    return made
