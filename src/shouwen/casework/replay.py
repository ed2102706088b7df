"""Deriving the rows of cases again from their records: to prove them equal, or to put them right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from shouwen.casework import filed, procedures, projections
from shouwen.casework.world import world as world_of
from shouwen.core.case import Case, evolve
from shouwen.organisation.state import state
from shouwen.store import append
from shouwen.store import models as rows
from shouwen.store.append import Row, Rows

__all__ = ["Difference", "rebuild", "verify", "verify_case"]


@dataclass(frozen=True)
class Difference:
    """A row that is not what the records make it: its table and key, the columns as they are and as they should be."""

    number: str
    table: str
    key: tuple[str, ...]
    stored: Mapping[str, object] = field(default_factory=dict)
    derived: Mapping[str, object] = field(default_factory=dict)


#: table → its key; what is compared
_KEYS = {
    "cases": ("case_id",),
    "case_words": ("case_id",),
    "tasks": ("case_id", "task", "item", "round"),
    "occasions": ("case_id", "key", "place"),
    "messages": ("case_id", "seq", "person"),
    "postings": ("case_id", "seq"),
    "papers": ("case_id", "form", "number"),
    "links": ("case_id", "bond", "number"),
}
#: depends on the moment at which it was written: compared by what it is derived from
_UNCOMPARED = {"cases": {"changed_at", "wake_at"}, "messages": {"read_at"}}


def verify(cases: Iterator[UUID] | None = None) -> Iterator[Difference | filed.Broken]:
    """Every row that differs from what its records make it, and every broken chain."""
    for case_id in cases if cases is not None else _all():
        try:
            yield from verify_case(case_id)
        except filed.Broken as broken:
            yield broken


def verify_case(case_id: UUID) -> list[Difference]:
    """The rows of one case that differ. Raises `filed.Broken` if its chain does not hold."""
    number, derived = _derived(case_id)
    stored = _stored(case_id)
    found = []
    for table in _KEYS:
        for key in sorted(derived[table].keys() | stored[table].keys()):
            is_, should = stored[table].get(key, {}), derived[table].get(key, {})
            names = (is_.keys() | should.keys()) - _UNCOMPARED.get(table, set())
            differing = {name for name in names if is_.get(name) != should.get(name)}
            if differing or not is_ or not should:
                found.append(
                    Difference(
                        number,
                        table,
                        key,
                        {name: is_.get(name) for name in sorted(differing)},
                        {name: should.get(name) for name in sorted(differing)},
                    )
                )
    return found


def rebuild(case_id: UUID) -> None:
    """Write the rows of a case anew from its records."""
    rows_ = _rows(case_id)
    with transaction.atomic():
        rows.Case.objects.select_for_update().get(case_id=case_id)
        for model in (rows.Task, rows.Occasion, rows.Posting, rows.Paper, rows.Link):
            model.objects.filter(case_id=case_id).delete()
        messages = rows.Message.objects.filter(case_id=case_id)
        read_at = {(seq, person): at for seq, person, at in messages.values_list("seq", "person", "read_at")}
        messages.delete()
        rows_.records, rows_.requests, rows_.closed, rows_.jobs = [], [], [], []
        append.append(rows_)
        for (seq, person), at in read_at.items():
            messages.filter(seq=seq, person=person).update(read_at=at)
    filed.forget(case_id)


def _all() -> Iterator[UUID]:
    yield from rows.Case.objects.order_by("case_id").values_list("case_id", flat=True).iterator()


def _rows(case_id: UUID) -> Rows:
    """All rows of a case as its records make them, one record after the other."""
    row = rows.Case.objects.get(case_id=case_id)
    law = procedures.version(row.procedure, row.law)
    organisation = state()
    made, case, circle = Rows(), Case(), set[str]()
    at = row.opened_at
    for log in filed.logs(case_id):
        world = world_of(law, organisation, row.unit, log.at)
        after = case
        for event in log.events:
            after = evolve(after, event)
        step = projections.derive(law, case_id, case, after, log.events, world)
        circle |= projections.circle(log.events, after, step.tasks)
        made.add(step)
        case, at = after, log.at
    head = projections.head(law, case_id, row.unit, row.subject_id, case, at, world_of(law, organisation, row.unit, at))
    head["digest"] = projections.hexadecimal(bytes(row.digest))
    head["circle"] = sorted(circle)
    made.cases, made.case_words = [head], [projections.words(head)]
    of_case = {"procedure": row.procedure, "law": row.law, "unit": row.unit}
    made.tasks = [{**task, **of_case} for task in made.tasks]
    world = world_of(law, organisation, row.unit, at)
    made.occasions = list(projections.occasion_rows(case_id, projections.occasions(law, case, world)))
    return _last(made)


def _last(made: Rows) -> Rows:
    """Of several rows of one key the last counts."""
    for table in ("tasks", "papers", "links"):
        found: dict[tuple[str, ...], Row] = {}
        for row in getattr(made, table):
            found[tuple(str(row[name]) for name in _KEYS[table])] = row
        setattr(made, table, list(found.values()))
    return made


def _derived(case_id: UUID) -> tuple[str, dict[str, dict[tuple[str, ...], Mapping[str, object]]]]:
    """Table → key → columns as PostgreSQL would show them, from the records."""
    made = _rows(case_id)
    found: dict[str, dict[tuple[str, ...], Mapping[str, object]]] = {}
    for table, key in _KEYS.items():
        shown = _as_shown(table, getattr(made, table))
        found[table] = {tuple(str(one[name]) for name in key): one for one in shown}
    return str(made.cases[0]["number"]), found


def _as_shown(table: str, given: list[Row]) -> list[dict[str, object]]:
    """Rows as the database itself would give them back: cast by the table's own types."""
    if not given:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(r)::text FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r",
            [json.dumps(given, ensure_ascii=False)],
        )
        shown = [json.loads(text) for (text,) in cursor.fetchall()]
    names = set().union(*(row.keys() for row in given))
    return [{name: value for name, value in row.items() if name in names} for row in shown]


def _stored(case_id: UUID) -> dict[str, dict[tuple[str, ...], Mapping[str, object]]]:
    found: dict[str, dict[tuple[str, ...], Mapping[str, object]]] = {}
    with connection.cursor() as cursor:
        for table, key in _KEYS.items():
            cursor.execute(f"SELECT to_jsonb(r)::text FROM {table} r WHERE case_id = %s", [case_id])
            shown = [json.loads(text) for (text,) in cursor.fetchall()]
            found[table] = {tuple(str(one[name]) for name in key): one for one in shown}
    return found
