"""Tables: no case left open that something waits for, no overlap under `one`, no row that never hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import FALSE, TRUE, Formula, Negation, Outcome, Some, Sure
from shouwen.core.language.check.formula import tests as tests_of
from shouwen.core.language.check.search import Answer, Requirement
from shouwen.core.language.check.waiting import changeable, optional_fields, waits
from shouwen.core.procedure import Row, Table

__all__ = ["prove"]


@dataclass(frozen=True)
class _Judged:
    """A row in force with its number in the table and its condition as a formula."""

    number: int
    row: Row
    formula: Formula


def prove(x: Examination) -> None:
    """All tables, on each day on which their rows change."""
    for table in x.procedure.tables.values():
        told: set[str] = set()
        for day in _days(x, table):
            rows = _in_force(x, table, day)
            for code in (_gap(x, table, rows, day, told), _overlap(x, table, rows, told), _dead(x, table, rows, told)):
                told |= code


def _name(table: Table) -> str:
    return show.rule_name("table", table)


def _days(x: Examination, table: Table) -> tuple[date | None, ...]:
    """The first day and each later one on which a row comes into force or goes out."""
    changes = {day for row in table.rows for day in (row.since, row.until) if day}
    if not changes:
        return (None,)
    first = x.procedure.in_force
    return (first, *sorted(day for day in changes if day > first))


def _in_force(x: Examination, table: Table, day: date | None) -> list[_Judged]:
    space = x.space()
    return [
        _Judged(number, row, space.of(row.when))
        for number, row in enumerate(table.rows, 1)
        if day is None or ((row.since is None or row.since <= day) and (row.until is None or day < row.until))
    ]


def _gap(x: Examination, table: Table, rows: list[_Judged], day: date | None, told: set[str]) -> set[str]:
    """A case that no row covers, where something waits for the outcome."""
    if table.otherwise is not None or table.hit == "all" or "gap" in told or f"table.{table.id}" in x.told:
        return set()
    uncovered: list[Requirement] = [(judged.formula, FALSE) for judged in rows]
    if x.searcher.find(uncovered, flow=table.flow, filled=True).case is not None:
        _open(x, table, uncovered, frozenset(), day, "没有一行成立")
        return {"gap"}
    if table.hit in ("first", "one"):
        optional = optional_fields(x)
        unfilled = _unfilled(x, table, rows, optional)
        if x.searcher.find(unfilled, flow=table.flow, optional=optional).case is not None:
            _open(x, table, unfilled, optional, day, "有一行因为没填的栏而不能判定")
            return {"gap"}
    return set()


def _open(
    x: Examination, table: Table, gap: list[Requirement], optional: frozenset[str], day: date | None, why: str
) -> None:
    """Tell of a gap: a problem where something certainly waits, else a note."""
    decided = Outcome(tuple((judged.formula, None) for judged in _in_force(x, table, day)), None, None)
    for waiting in waits(x, table):
        answer = x.searcher.find([*gap, *waiting.wanted], flow=waiting.flow or table.flow, optional=optional)
        if answer.case is None or changeable(x, waiting, answer.case, decided):
            continue
        example, words = _shown(x, answer, day, table.id)
        code = "table-hole" if day and not _in_force(x, table, day) else "table-gap"
        x.found.problem(
            code,
            table.place,
            f"{_name(table)}有漏判的情形：{words}，这时{why}，它没有结果{waiting.why}",
            "补一行覆盖这种情形，或写 else 说明其余情形的结果",
            at=table.id,
            example=example,
        )
        return
    _, words = _shown(x, x.searcher.find(gap, flow=table.flow, optional=optional), day)
    x.found.note(
        "table-gap", table.place, f"{_name(table)}有漏判的情形：{words}，这时{why}，它没有结果，读它的条件当作还不成立"
    )


def _shown(
    x: Examination, answer: Answer, day: date | None, undecided: str = ""
) -> tuple[tuple[tuple[str, str], ...], str]:
    """A case name by name, and as one line."""
    case = {variable: worth for variable, worth in (answer.case or {}).items() if variable.subject != undecided}
    example = (*((("日期", day.isoformat()),) if day else ()), *show.case_of(x.searcher.known, case))
    return example, "，".join(f"{show.label(x.procedure, name)}：{value}" for name, value in example) or "任何情形"


def _unfilled(x: Examination, table: Table, rows: list[_Judged], optional: frozenset[str]) -> list[Requirement]:
    """That fields which may stay empty for good leave a row unknown before any row holds."""
    undecided = Outcome(tuple((judged.formula, None) for judged in rows), None, None)
    wanted: list[Requirement] = [(undecided, FALSE)]
    space = x.space()
    for subject in sorted({need.subject for test in tests_of(undecided) for need in test.needs} & optional):
        item = x.procedure.fields.get(subject)
        if item and item.needed:
            wanted.append((Some((space.filled(subject), Negation(Sure(space.of(item.needed))))), TRUE))
    for name in sorted({n for judged in rows if judged.row.when for n in judged.row.when.names}):
        named = x.procedure.names.get(name)
        if named and named.kind == "table" and space.looked_into(named.target):
            wanted.append((space.decided(named), TRUE))
    return wanted


def _overlap(x: Examination, table: Table, rows: list[_Judged], told: set[str]) -> set[str]:
    """Two rows that hold together although only one may."""
    if table.hit != "one":
        return set()
    found = [
        (one, other, answer.case)
        for one, other in _pairs(rows)
        if one.row.gives != other.row.gives and f"overlap {one.number} {other.number}" not in told
        if (answer := x.searcher.find([(one.formula, TRUE), (other.formula, TRUE)], flow=table.flow)).case is not None
    ]
    if found:
        one, other, case = found[0]
        example = show.case_of(x.searcher.known, case)
        words = "，".join(f"{show.label(x.procedure, name)}：{value}" for name, value in example)
        more = f"；这样的行共有 {len(found)} 对" if found[1:] else ""
        places = dict.fromkeys(judged.row.place for pair in found for judged in pair[:2] if judged is not other)
        x.found.problem(
            "table-overlap",
            other.row.place or table.place,
            f"{_name(table)}只许一行成立（hit: one），"
            f"而第 {one.number} 行和第 {other.number} 行会同时成立、结果不同：{words}{more}",
            "收窄其中一行的条件；次序就是先后的写 hit: first",
            also=[place for place in places if place],
            example=example,
        )
    return {f"overlap {one.number} {other.number}" for one, other, _ in found}


def _pairs(rows: list[_Judged]) -> Iterator[tuple[_Judged, _Judged]]:
    for place, other in enumerate(rows):
        yield from ((one, other) for one in rows[:place])


def _dead(x: Examination, table: Table, rows: list[_Judged], told: set[str]) -> set[str]:
    """Rows that never hit: their condition cannot hold, or earlier rows are always first."""
    found = set()
    for place, judged in enumerate(rows):
        if f"dead {judged.number}" in told or not _never_hits(x, table, rows, place):
            continue
        if _hits_elsewhere(x, table, judged):
            continue
        found.add(f"dead {judged.number}")
        why = _why_dead(x, table, rows, place)
        x.found.problem(
            "table-dead-row",
            judged.row.place or table.place,
            f"{_name(table)}的第 {judged.number} 行永远用不上：{why}",
            "调整次序，把窄的条件放在前面；确实多余的删去",
            at="" if judged.row.place else table.id,
        )
    return found


def _never_hits(x: Examination, table: Table, rows: list[_Judged], place: int) -> bool:
    wanted = [(rows[place].formula, TRUE)]
    if table.hit == "first":
        wanted += [(earlier.formula, FALSE) for earlier in rows[:place]]
    return x.searcher.find(wanted, flow=table.flow).none


def _hits_elsewhere(x: Examination, table: Table, judged: _Judged) -> bool:
    """Whether a dated row can hit on another day."""
    for day in _days(x, table):
        rows = _in_force(x, table, day)
        places = [place for place, other in enumerate(rows) if other.number == judged.number]
        if places and not _never_hits(x, table, rows, places[0]):
            return True
    return False


def _why_dead(x: Examination, table: Table, rows: list[_Judged], place: int) -> str:
    judged = rows[place]
    if x.searcher.find([(judged.formula, TRUE)], flow=table.flow).none:
        return f"条件 {judged.row.when.source if judged.row.when else ''} 不能成立"
    always = next((earlier for earlier in rows[:place] if earlier.row.when is None), None)
    if always:
        return f"第 {always.number} 行没有条件，总是先成立"
    for earlier in rows[:place]:
        if x.searcher.find([(judged.formula, TRUE), (earlier.formula, FALSE)], flow=table.flow).none:
            return f"它成立时，第 {earlier.number} 行总是先成立"
    return "它成立时，前面总有一行先成立"
