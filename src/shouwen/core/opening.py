"""Opening a case: its first event, and who answers for it from then on."""

from __future__ import annotations

from collections.abc import Mapping

from shouwen.core import events as e
from shouwen.core import steps
from shouwen.core.procedure import Field, Flow, Procedure
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Value, read

__all__ = ["opened", "rows_with_keys"]


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
    """Values with every row of `rows` fields under its key ('#'), as cases keep them."""
    found: dict[str, Value] = {}
    for path, value in values.items():
        rule = procedure.fields.get(path)
        if rule is None or rule.type != "rows" or not isinstance(value, tuple):
            found[path] = value
            continue
        lines = [line if isinstance(line, Mapping) else {rule.key or "item": line} for line in value]
        found[path] = tuple(
            {"#": str(line.get(rule.key or "", place + 1)), **_typed(procedure, rule, line)}
            for place, line in enumerate(lines)
        )
    return found


def _typed(procedure: Procedure, rule: Field, line: Mapping[str, Value]) -> dict[str, Value]:
    """A row from a condition: moments come as texts there."""
    kinds = {name: column.type for name, column in rule.columns.items()}
    return {
        name: read(kinds[name], value, procedure.zone) if kinds.get(name) == "moment" else value
        for name, value in line.items()
    }
