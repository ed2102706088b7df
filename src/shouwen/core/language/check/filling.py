"""What must be filled so that names of conditions are known."""

from __future__ import annotations

from collections.abc import Iterable

from shouwen.core.language.check.formula import Variable
from shouwen.core.procedure import Field, NamedValue, Procedure

__all__ = ["field_of", "needs"]


def field_of(procedure: Procedure, named: NamedValue) -> Field:
    """The field behind a name, on the paper where it is entered."""
    path = named.target
    if named.kind == "customer":
        flows = (flow for flow in procedure.flows.values() if named.target in flow.customer)
        path = next(flows).customer[named.target]
    item = procedure.fields[path]
    while item.same_as:
        item = procedure.fields[item.same_as]
    return item


def needs(procedure: Procedure, names: Iterable[str]) -> tuple[Variable, ...]:
    """What must be filled so that these names are known."""
    found = (_need(procedure, name) for name in names)
    return tuple(dict.fromkeys(variable for variable in found if variable))


def _need(procedure: Procedure, name: str) -> Variable | None:
    named = procedure.names.get(name)
    subject = ""
    match named.kind if named else "":
        case "field" | "from" | "until" | "customer":
            assert named is not None
            item = field_of(procedure, named)
            subject = "" if item.type in ("rows", "list") else item.path
        case "fact":
            subject = f"{named.target}.known" if named else ""
        case "before" | "table" | "table_before" | "task_due" | "guide" | "guide_cause" | "guide_path" | "this":
            subject = name
        case _:
            pass
    return Variable("filled", subject, names=(subject,)) if subject else None
