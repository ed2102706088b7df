"""Who waits for the outcome of a table, and which fields may stay empty for good."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import TRUE
from shouwen.core.language.check.reach import standing
from shouwen.core.procedure import Flow, Leave, Step, Table, TableSpan

__all__ = ["Waits", "optional_fields", "waits"]


@dataclass(frozen=True)
class Waits:
    """Whether something certainly stands still without the outcome, and what."""

    certain: bool
    why: str = ""


def waits(x: Examination, table: Table) -> Waits:
    """What stands still while a table is undecided: a way out, an owner, a limit."""
    for flow in x.procedure.flows.values():
        for step in flow.steps.values():
            if (flow.id, step.id) in x.reach.steps and _stands_still(x, flow, step, table):
                return Waits(True, f"，工单停在环节“{step.name}”走不了")
    for kind, rule in walk.rules(x.procedure):
        owing = kind in ("task", "action", "notice")
        if owing and any((party.table or "").split(".")[0] == table.id for _, party in walk.parties(rule)):
            return Waits(True, f"，{show.rule_name(kind, rule)}就不知由谁")
        if any(isinstance(span, TableSpan) and span.name.split(".")[0] == table.id for span in walk.spans(rule)):
            return Waits(True, f"，{show.rule_name(kind, rule)}就没有时限")
    return Waits(False, "；读它的条件这时都当作还不成立")


def _stands_still(x: Examination, flow: Flow, step: Step, table: Table) -> bool:
    """Whether no way out of a step is open while the table is undecided, though one would be."""
    if step.end or step.rest or not any(_reads(x, leave, table) for leave in step.leave):
        return False
    if x.reach.ways.get((flow.id, step.id), set()) - _leading(x, flow, step):
        return False
    known = x.searcher.known
    never_known, never_true = known.never_known, known.never_true
    own = {name for name, named in x.procedure.names.items() if named.kind == "table" and named.target == table.id}
    filled = {name for name, n in x.procedure.names.items() if n.kind == "table_filled" and n.target == table.id}
    known.never_known, known.never_true = never_known | own, never_true | filled
    try:
        return not any(_open(x, flow, step, leave, table) for leave in step.leave)
    finally:
        known.never_known, known.never_true = never_known, never_true


def _leading(x: Examination, flow: Flow, step: Step) -> set[str]:
    found = {leave.to for leave in step.leave if leave.to}
    for leave in step.leave:
        found |= set(flow.steps) if leave.table else set()
    return found | {step.id}


def _reads(x: Examination, leave: Leave, table: Table) -> bool:
    if (leave.table or "").split(".")[0] == table.id:
        return True
    names = leave.when.names if leave.when else ()
    return any(
        x.procedure.names[name].target == table.id and x.procedure.names[name].kind.startswith("table")
        for name in names
    )


def _open(x: Examination, flow: Flow, step: Step, leave: Leave, table: Table) -> bool:
    if (leave.table or "").split(".")[0] == table.id:
        return False
    space = x.space()
    space.undecided = table.id
    wanted = [(space.of(leave.when), TRUE), *standing([step.id])]
    return not x.searcher.find(wanted, flow=flow.id).none


def optional_fields(x: Examination) -> frozenset[str]:
    """What may stay unknown for good: fields that no act must fill, facts that are passed over without an answer."""
    filled: dict[str, bool] = {}
    for action in x.reach.acts():
        for fill in action.fills:
            filled[fill.path] = filled.get(fill.path, False) or fill.needed is True
    found = {
        path
        for path, item in x.procedure.fields.items()
        if (item.optional or item.needed)
        and path in filled
        and not filled[path]
        and item.auto is None
        and not item.computed
    }
    for action in x.reach.acts():
        found -= set(action.sets)
    return frozenset(found | {f"{fact.id}.known" for fact in x.procedure.facts.values() if fact.unknown == "pass"})
