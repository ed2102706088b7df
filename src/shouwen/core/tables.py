"""Judging tables: which row holds, and what follows from the unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from shouwen.core import events as e
from shouwen.core.procedure import Row, Table
from shouwen.core.scope import Scope, truth, worth
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Unknown, Value

__all__ = ["Outcome", "judge", "judge_tables"]

Columns = Mapping[str, Value]
Outcome = tuple[Columns, tuple[str, ...]]


def judge_tables(sitting: Sitting, *also: str) -> None:
    """Judge again every table that reads what was touched since the last time, or a key of `also`; each after those
    that it reads."""
    keys = {*sitting.unjudged, *also}
    for table, reads in sitting.index.tables_of(sitting.case.flow):
        if reads.isdisjoint(keys) and not sitting.thorough:
            continue
        columns, clauses = judge(table, sitting.scope(), sitting)
        if columns != sitting.case.tables.get(table.id, {}):
            sitting.emit(
                e.TableJudged(
                    at=sitting.at,
                    happened=sitting.moment,
                    table=table.id,
                    columns=columns,
                    clauses=unique(clauses, table.clauses) if columns else (),
                )
            )
            keys.add(f"t:{table.id}")
    sitting.unjudged = set()


def judge(table: Table, scope: Scope, sitting: Sitting) -> Outcome:
    """The outcome of a table ({}: undecided) and the clauses of the rows that hit.

    An unknown row before a hit leaves `first`, `one` and `strictest` undecided; under `all` it is not in yet.
    """
    hits: list[Row] = []
    for row in table.rows:
        if not _in_force(row, table, scope):
            continue
        held = truth(row.when, scope)
        if held is True:
            hits.append(row)
            if table.hit == "first":
                break
        elif isinstance(held, Unknown) and not _settled_without(table, hits):
            return {}, ()
    if not hits:
        return _otherwise(table, scope, sitting)
    if table.hit == "all":
        return _all(hits, scope, sitting)
    row = max(hits, key=lambda hit: _rank(table, hit, scope)) if table.hit == "strictest" else hits[0]
    return _gives(row, scope), _cited(row, sitting)


def _cited(row: Row, sitting: Sitting) -> tuple[str, ...]:
    """The clauses of a row that hit: its own, those of what its condition reads, of the figures that it gives."""
    cited = sitting.index.cited
    return unique(row.clauses, cited(row.when), *(cited(term) for term in row.gives.values()))


def _settled_without(table: Table, hits: list[Row]) -> bool:
    """Whether a row that is not known yet can no longer change the outcome."""
    return table.hit == "all" or (table.hit == "one" and bool(hits))


def _otherwise(table: Table, scope: Scope, sitting: Sitting) -> Outcome:
    if table.otherwise is None:
        return {}, ()
    values = {column: worth(term, scope) for column, term in table.otherwise.items()}
    clauses = unique(table.clauses, *(sitting.index.cited(term) for term in table.otherwise.values()))
    return ({} if None in values.values() else {c: v for c, v in values.items() if v is not None}), clauses


def _gives(row: Row, scope: Scope) -> Columns:
    values = {column: worth(term, scope) for column, term in row.gives.items()}
    return {column: value for column, value in values.items() if value is not None}


def _all(hits: list[Row], scope: Scope, sitting: Sitting) -> Outcome:
    columns: dict[str, list[Value]] = {}
    for row in hits:
        for column, value in _gives(row, scope).items():
            columns.setdefault(column, []).append(value)
    clauses = unique(*(_cited(row, sitting) for row in hits))
    return {column: tuple(dict.fromkeys(values)) for column, values in columns.items()}, clauses


def _rank(table: Table, row: Row, scope: Scope) -> int:
    catalog = scope.procedure.catalogs.get(table.gives.get("", ""))
    value = _gives(row, scope).get("")
    if isinstance(value, int):
        return value
    words = [entry.word for entry in catalog.entries] if catalog else []
    return words.index(str(value)) if value in words else -1


def _in_force(row: Row, table: Table, scope: Scope) -> bool:
    if row.since is None and row.until is None:
        return True
    day = _day(table, scope)
    return (row.since is None or row.since <= day) and (row.until is None or day < row.until)


def _day(table: Table, scope: Scope) -> date:
    value = scope.field(table.dated) if table.dated else None
    if isinstance(value, datetime):
        return value.astimezone(scope.procedure.zone).date()
    return value if isinstance(value, date) else scope.day()
