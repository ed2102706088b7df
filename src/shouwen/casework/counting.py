"""What each case adds to the figures of a month: derived some time after it has changed, so that reports only add up.

A case adds items to measures of its regulation, each with its moment, and under names that begin with a colon what
every regulation can be asked: cases opened (with their hour) and closed, and how limits were kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from shouwen.casework import codec, procedures, sealing
from shouwen.casework.periods import Period
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core.case import Case, TaskState, evolve
from shouwen.core.measure import Item, items, keys
from shouwen.core.procedure import Measure, Procedure
from shouwen.core.scope import Scope
from shouwen.core.values import Value
from shouwen.core.world import World
from shouwen.organisation.state import Organisation
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = [
    "CLOSED",
    "KEPT",
    "LATE",
    "OPEN",
    "OPENED",
    "TASK",
    "Month",
    "busy",
    "catch_up",
    "derived",
    "folded",
    "splits_of",
    "verify",
    "waiting",
]

log = logging.getLogger("shouwen.figures")

#: what every regulation is asked: cases opened and closed (by flow), limits (by task)
OPENED, CLOSED, TASK = ":opened.", ":closed.", ":task."
#: the numbers of an item of a limit
OPEN, KEPT, LATE = 0, 1, 2
#: cases counted in one transaction
PORTION = 400
#: how reading a record fails that somebody has changed
UNREADABLE = (ValueError, KeyError, TypeError, InvalidTag)
#: no case has so many events
ANY_VERSION = 2**31 - 1
#: more than so many cases are simply many
MOST_BUSY = 2000
#: names that figures are broken down by without a name of the case
_APART = ("unit", "month")

_UNCOUNTED = """
SELECT case_id FROM uncounted WHERE procedure = %(procedure)s ORDER BY case_id DESC LIMIT %(most)s
"""
_RECORDS = """
SELECT c.case_id, c.law, c.unit, s.key, r.seqs, r.ats, r.bodies, r.sealed
FROM cases c LEFT JOIN subjects s USING (subject_id)
CROSS JOIN LATERAL (
  SELECT array_agg(seq ORDER BY seq) seqs, array_agg(at ORDER BY seq) ats, array_agg(body ORDER BY seq) bodies,
         array_agg(sealed ORDER BY seq) sealed
  FROM records WHERE case_id = c.case_id AND at < %(before)s::timestamptz) r
WHERE c.case_id = ANY(%(cases)s::uuid[])
"""
_PUT = """
INSERT INTO countings (case_id, month, procedure, unit, version, splits, items)
SELECT case_id, month, procedure, unit, version, splits, items FROM json_to_recordset(%(rows)s::json)
AS r(case_id uuid, month text, procedure text, unit text, version int, splits jsonb, items jsonb)
ORDER BY case_id, month
ON CONFLICT (case_id, month) DO UPDATE
SET unit = excluded.unit, version = excluded.version, splits = excluded.splits, items = excluded.items
"""
_GONE = """
DELETE FROM countings c USING json_to_recordset(%(heads)s::json) AS h(case_id uuid, months text[])
WHERE c.case_id = h.case_id AND c.month <> ALL(h.months)
"""
#: a case that went on in the meantime stays
_DONE = """
DELETE FROM uncounted u USING json_to_recordset(%(heads)s::json) AS h(case_id uuid, version int)
WHERE u.case_id = h.case_id AND u.version <= h.version
"""

#: an item as it is kept: second, hit, number, values of its own
Kept = list[object]


@dataclass
class Month:
    """What a case adds to one month: by measure its items, with the values by which it can be broken down."""

    splits: Mapping[str, list[str]]
    items: dict[str, list[Kept]] = field(default_factory=dict)


def catch_up(law: Law, organisation: Organisation, at: datetime, most: int = PORTION) -> int:
    """Count cases of a regulation that have changed, so many at most; how many were counted."""
    done = 0
    while done < most:
        count = _portion(law, organisation, at, min(PORTION, most - done))
        done += count
        if count == 0:
            break
    return done


def verify(law: Law, organisation: Organisation, at: datetime) -> Iterator[tuple[UUID, str]]:
    """Every case and month in which something else is counted than the case's records say; cases that wait to be
    counted are passed over."""
    waits = set(rows.Uncounted.objects.filter(procedure=law.procedure.id).values_list("case_id", flat=True))
    ids = rows.Case.objects.filter(procedure=law.procedure.id).order_by("case_id").values_list("case_id", flat=True)
    every = [case_id for case_id in ids if case_id not in waits]
    for start in range(0, len(every), PORTION):
        portion = every[start : start + PORTION]
        stored = {
            (row.case_id, row.month): (row.splits, row.items)
            for row in rows.Counting.objects.filter(case_id__in=portion)
        }
        made = {
            (case_id, name): (month.splits, month.items)
            for case_id, unit, case in folded(law.procedure.id, portion)
            for name, month in derived(law, case, world_of(law, organisation, unit, at), at).items()
        }
        yield from sorted(key for key in stored.keys() | made.keys() if stored.get(key) != made.get(key))


def waiting(law: Law) -> int:
    """How many cases of a regulation have changed and are not counted yet."""
    return rows.Uncounted.objects.filter(procedure=law.procedure.id).count()


def busy(law: Law, units: Collection[str], at: datetime) -> int:
    """How many cases count this month and the last at these desks; no further than matters."""
    now = Period.of(at, law.procedure.zone)
    found = rows.Counting.objects.filter(
        procedure=law.procedure.id, month__in=[str(now), str(now.moved(-1))], unit__in=list(units)
    )
    return found[:MOST_BUSY].count()


def derived(law: Law, case: Case, world: World, at: datetime) -> Mapping[str, Month]:
    """Month → what the case adds to it, by the regulation as it counts now."""
    procedure = law.procedure
    if case.flow not in procedure.flows or case.opened is None:
        return {}
    scope = Scope(procedure, case, world, case, at)
    shared = {name: list(keys(name, scope)) for name in splits_of(procedure, case.flow)}
    found: dict[str, Month] = {}

    def add(measure: str, moment: datetime, hit: int | None, number: int | None, own: Mapping[str, list[str]]) -> None:
        month = found.setdefault(str(Period.of(moment, procedure.zone)), Month(shared))
        kept: Kept = [int(moment.timestamp()), hit, number]
        month.items.setdefault(measure, []).append([*kept, own] if own else kept)

    for name, moment, number in _always(procedure, case):
        add(name, moment, None, number, {})
    for rule in procedure.measures.values():
        for item in items(procedure, rule, scope):
            hit = None if item.hit is None else int(item.hit)
            own = {} if item.scope is scope else _own(rule, item, shared)
            add(rule.id, item.moment, hit, _number(item.number), own)
    return found


def splits_of(procedure: Procedure, flow: str) -> tuple[str, ...]:
    """The names of a case by which the figures of a flow are broken down, in the order of the document."""
    named = [name for rule in procedure.measures.values() if rule.flow == flow for name in rule.by]
    return tuple(dict.fromkeys(name for name in named if name not in _APART and not name.startswith("this.")))


def folded(procedure: str, cases: list[UUID], before: datetime | None = None) -> Iterator[tuple[UUID, str, Case]]:
    """These cases of a regulation with their desks, as their records make them (of those written before a moment). One
    whose records cannot be read stops no other: `shouwen replay` tells of it, figures go on without it."""
    given = {"cases": cases, "before": before.isoformat() if before else "infinity"}
    for case_id, number, unit, key, seqs, ats, bodies, sealed in read(_RECORDS, given):
        zone, case = procedures.version(procedure, number).procedure.zone, Case()
        try:
            for seq, at, body, data in zip(seqs or (), ats or (), bodies or (), sealed or (), strict=True):
                texts = sealing.opened(
                    bytes(key) if key is not None else None, bytes(data) if data is not None else None, case_id, seq
                )
                for event in codec.decode(body, at, texts, zone):
                    case = evolve(case, event)
        except UNREADABLE:
            log.error("案件 %s 的记录读不出来，报表先不计它；请运行 shouwen replay 查明", case_id)  # zh: the log
            continue
        yield case_id, unit, case


def _portion(law: Law, organisation: Organisation, at: datetime, most: int) -> int:
    """One transaction; another process that counts cases of this regulation is waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"counting {law.procedure.id}"])
        waiting = [case for (case,) in read(_UNCOUNTED, {"procedure": law.procedure.id, "most": most})]
        if not waiting:
            return 0
        found, heads = [], []
        for case_id, unit, case in folded(law.procedure.id, waiting):
            months = derived(law, case, world_of(law, organisation, unit, at), at)
            heads.append({"case_id": str(case_id), "version": case.seq, "months": list(months)})
            found += [
                {"case_id": str(case_id), "month": name, "procedure": law.procedure.id, "unit": unit,
                 "version": case.seq, "splits": month.splits, "items": month.items}
                for name, month in months.items()
            ]  # fmt: skip
        cursor.execute(_GONE, {"heads": json.dumps(heads)})
        cursor.execute(_PUT, {"rows": json.dumps(found, ensure_ascii=False)})
        unread = {str(case) for case in waiting} - {str(head["case_id"]) for head in heads}
        heads += [{"case_id": case_id, "version": ANY_VERSION} for case_id in sorted(unread)]
        cursor.execute(_DONE, {"heads": json.dumps(heads)})
    return len(waiting)


def _always(procedure: Procedure, case: Case) -> Iterator[tuple[str, datetime, int | None]]:
    """What every case adds: name, moment and number of each item."""
    assert case.opened is not None
    here = case.opened.astimezone(procedure.zone)
    yield f"{OPENED}{case.flow}", case.opened, here.weekday() * 24 + here.hour
    if case.closed is not None:
        yield f"{CLOSED}{case.flow}", case.closed, None
    states = [state for rounds in case.tasks.values() for state in rounds.values()]
    for state in (*states, *case.past):
        task = procedure.tasks.get(state.task)
        number = _kept(state)
        if task is not None and task.has_clock and number is not None:
            yield f"{TASK}{task.id}", state.since, number


def _kept(state: TaskState) -> int | None:
    """How a limit was kept; None: it fell away before it was late."""
    if not state.corrected and (state.missed is not None or (state.state == "done" and not state.in_time)):
        return LATE
    return {"done": KEPT, "open": OPEN}.get(state.state)


def _own(rule: Measure, item: Item, shared: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Values of an item that are not its case's: of its row, of the one of several papers that it is."""
    named = {name: list(keys(name, item.scope)) for name in rule.by if name not in _APART}
    return {name: values for name, values in named.items() if shared.get(name) != values}


def _number(value: Value | None) -> int | None:
    """A number as it is; anything else, which is only told apart, by its digest: what it says is nobody's business."""
    if value is None or isinstance(value, int):
        return value
    return int.from_bytes(blake2b(str(value).encode(), digest_size=6).digest())
