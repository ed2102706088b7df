"""What a rule of another case asks of this one."""

from __future__ import annotations

from shouwen.core import events as e
from shouwen.core import opening, steps
from shouwen.core.commands import Begin, Effect
from shouwen.core.phrase import phrase
from shouwen.core.reason import Reason, Refusal
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting

__all__ = ["apply", "begin"]


def begin(sitting: Sitting, command: Begin) -> Refusal | None:
    """Open a case by rule; nobody took it in, so its flow says who answers."""
    if sitting.case.step:
        return Refusal(reasons=(Reason(code="already-open", text=phrase("已经立案")),))
    flow = sitting.procedure.flows.get(command.flow)
    if flow is None:
        return Refusal(reasons=(Reason(code="no-such-flow", text=phrase("没有“{flow}”这一流程", flow=command.flow)),))
    opening.opened(sitting, flow, command.number, "", command.clauses)
    values = opening.numbered_rows(sitting, opening.rows_with_keys(sitting.procedure, command.values))
    if values:
        sitting.emit(
            e.FieldsSet(
                at=sitting.at, happened=sitting.moment, values=values, cause=command.cause, clauses=command.clauses
            )
        )
    trigger = sitting.procedure.triggers.get(command.trigger)
    if trigger is not None:
        sitting.emit(
            e.TriggerFired(
                at=sitting.at,
                happened=sitting.moment,
                trigger=trigger.id,
                key=command.cause,
                seed=command.seed,
                members=command.members,
                size=command.size,
                clauses=trigger.clauses,
            )
        )
    of_cases = trigger is None or trigger.over is None or trigger.over.register is None
    for member in command.members if of_cases else ():
        sitting.emit(e.CaseLinked(at=sitting.at, happened=sitting.moment, bond="members", number=member))
    settle(sitting)
    return None


def apply(sitting: Sitting, effect: Effect) -> Refusal | None:
    """Carry it out here, judged by this case's own rules; a step that cannot be entered is refused."""
    at, moment, clauses = sitting.at, sitting.moment, effect.clauses
    flow = sitting.procedure.flows[sitting.case.flow]
    if effect.verb in ("go", "end", "reopen") and effect.target not in flow.steps:
        return Refusal(
            reasons=(
                Reason(
                    code="no-such-step", text=phrase("没有“{target}”这一环节", target=effect.target), clauses=clauses
                ),
            )
        )
    match effect.verb:
        case "go" | "end":
            if not steps.enter(sitting, effect.target, clauses):
                text = phrase("现在不能转到“{name}”", name=flow.steps[effect.target].name)
                return Refusal(reasons=(Reason(code="not-here", text=text, clauses=clauses),))
        case "reopen":
            if effect.values:
                sitting.emit(
                    e.FieldsSet(at=at, happened=moment, clauses=clauses, values=effect.values, cause=effect.cause)
                )
            steps.reopen(sitting, effect.target, clauses)
        case "set":
            sitting.emit(e.FieldsSet(at=at, happened=moment, clauses=clauses, values=effect.values, cause=effect.cause))
        case "note":
            sitting.emit(e.Noted(at=at, happened=moment, clauses=clauses, text=effect.target, actor=""))
        case "link":
            sitting.emit(e.CaseLinked(at=at, happened=moment, clauses=clauses, bond=effect.bond, number=effect.target))
        case "closed":
            sitting.emit(e.LinkClosed(at=at, happened=moment, clauses=clauses, bond=effect.bond, number=effect.target))
        case _:
            raise KeyError(effect.verb)
    settle(sitting)
    return None
