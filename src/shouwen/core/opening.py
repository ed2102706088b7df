"""Opening a case: its first event, and who answers for it from then on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shouwen.core import events as e
from shouwen.core import steps
from shouwen.core.procedure import Field, Flow, Procedure
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Value, fitted, read

__all__ = ["numbered", "numbered_rows", "opened", "rows_with_keys"]


def opened(sitting: Sitting, flow: Flow, number: str, actor: str, clauses: tuple[str, ...]) -> None:
    """The case exists: whoever took it in stays its first contact for good."""
    start = flow.steps[flow.start]
    sitting.emit(
        e.CaseOpened(
            at=sitting.at,
            happened=sitting.moment,
            flow=flow.id,
            step=flow.start,
            number=number or "1",
            version=sitting.procedure.version,
            first_contact=actor,
            answers=actor,
            edition=sitting.world.calendar.edition.name,
            clauses=unique(flow.clauses, start.clauses, clauses),
        )
    )
    answers, cited = steps.answering(sitting, start.answers or flow.answers)
    if answers:
        sitting.emit(e.Assigned(at=sitting.at, happened=sitting.moment, to=answers, cause="opened", clauses=cited))


def rows_with_keys(procedure: Procedure, values: Mapping[str, Value]) -> dict[str, Value]:
    """Values as cases keep them: every row of `rows` fields under its key ('#'), of a date the day."""
    found: dict[str, Value] = {}
    for path, value in values.items():
        rule = procedure.fields.get(path)
        if rule is None or rule.type != "rows" or not isinstance(value, tuple):
            found[path] = fitted(rule.type, value, procedure.zone) if rule else value
            continue
        lines = [line if isinstance(line, Mapping) else {rule.key or "item": line} for line in value]
        found[path] = tuple(
            {"#": str(line.get(rule.key or "", place + 1)), **_typed(procedure, rule, line)}
            for place, line in enumerate(lines)
        )
    return found


def numbered(sitting: Sitting, path: str, lines: Mapping[str, Mapping[str, Value]]) -> dict[str, Mapping[str, Value]]:
    """Lines by key with a number of their own where a column has `auto: number`: that of the paper, -1, -2 …"""
    rule = sitting.procedure.fields[path]
    columns = [name for name, column in rule.columns.items() if column.auto == "number"]
    if not columns:
        return dict(lines)
    known = sitting.case.values.get(path, ())
    standing = {str(row["#"]): row for row in known if isinstance(row, Mapping)} if isinstance(known, tuple) else {}
    found: dict[str, Mapping[str, Value]] = {}
    for place, (item, line) in enumerate(lines.items()):
        own = standing.get(item, {})
        fresh = {name: own.get(name) or _number(sitting, path, place) for name in columns if not line.get(name)}
        found[item] = {**line, **fresh}
    return found


def numbered_rows(sitting: Sitting, values: Mapping[str, Value]) -> dict[str, Value]:
    """Whole rows with the numbers of their lines."""
    found = dict(values)
    for path, value in values.items():
        rule = sitting.procedure.fields.get(path)
        if rule is not None and rule.type == "rows" and isinstance(value, tuple):
            lines = {str(row["#"]): row for row in value if isinstance(row, Mapping)}
            found[path] = tuple(numbered(sitting, path, lines).values())
    return found


def _number(sitting: Sitting, path: str, place: int) -> str:
    base = sitting.world.numbers.get(path.partition(".")[0], sitting.case.number or sitting.number)
    return f"{base}-{place + 1}"


def _typed(procedure: Procedure, rule: Field, line: Mapping[str, Value]) -> dict[str, Value]:
    """A row from a condition or a population, with the columns that the field has: moments and days come as texts."""
    kinds = {"#": "text", **{name: column.type for name, column in rule.columns.items()}}
    return {
        name: _read(kinds[name], value, procedure) if isinstance(value, str) else value
        for name, value in line.items()
        if name in kinds
    }


def _read(kind: str, text: str, procedure: Procedure) -> Value:
    if kind == "date" and "T" in text:  # a day is the midnight that begins it, in UTC
        return date.fromisoformat(text.partition("T")[0])
    return read(kind, text, procedure.zone) if kind in ("moment", "date") else text
