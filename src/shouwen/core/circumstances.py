"""What stands against an act whoever does it: the step, its condition, other tasks, how often, how late."""

from __future__ import annotations

from datetime import datetime

from shouwen.core import calendar, clock, rights
from shouwen.core.commands import Act
from shouwen.core.judged import Judged
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action
from shouwen.core.reason import Reason
from shouwen.core.scope import truth
from shouwen.core.sitting import Sitting, unique

__all__ = ["circumstances", "late"]


def circumstances(sitting: Sitting, action: Action, command: Act, judged: Judged) -> None:
    """What stands against the act whoever does it: the step, its condition, other tasks, how often, how late."""
    _where(sitting, action, judged)
    if not action.reports:
        _blocked(sitting, action, command, judged)
        _too_early(sitting, action, judged)
    _when(sitting, action, command, judged)


def _where(sitting: Sitting, action: Action, judged: Judged) -> None:
    case, procedure = sitting.case, sitting.procedure
    if action.opens or (action.reports and not case.closed):
        return
    flow = procedure.flows[case.flow]
    if action.flow != case.flow:
        judged.reasons.append(
            Reason(code="other-flow", text=phrase("“{name}”不属于“{name2}”", name=action.name, name2=flow.name))
        )
    elif case.step not in action.steps if action.steps else flow.steps[case.step].end:
        where = joined(flow.steps[step].name for step in action.steps if step in flow.steps)
        text = phrase("现在是“{name}”，不能“{name2}”", name=flow.steps[case.step].name, name2=action.name) + (
            phrase("（在“{where}”才可以）", where=where) if where else ""
        )
        judged.reasons.append(
            Reason(code="not-here", text=text, clauses=action.clauses, instead=_settling_here(sitting))
        )


def _blocked(sitting: Sitting, action: Action, command: Act, judged: Judged) -> None:
    """Tasks that must be settled first; an act on rows is blocked by the same rows only."""
    for task in sitting.index.blockers.get(action.id, ()):
        rows = sitting.case.tasks.get(task.id, {}).values()
        same = (action.each and task.for_each and rights.keys(sitting, action, command)) or None
        if any(state.state == "open" and (same is None or state.item in same) for state in rows):
            judged.reasons.append(
                Reason(
                    code="blocked",
                    text=phrase("先办“{name}”，才能“{name2}”", name=task.name, name2=action.name),
                    clauses=unique(task.cited.get("blocks", ()), task.clauses),
                    instead=tuple(name.removeprefix("act.") for name in task.done_any if name.startswith("act.")),
                )
            )


def _too_early(sitting: Sitting, action: Action, judged: Judged) -> None:
    """A task that must wait is not discharged before its wait is over."""
    for task in sitting.index.waits.get(action.id, ()):
        span = clock.span_of(task.wait, sitting.scope()) if task.wait else None
        for state in sitting.case.tasks.get(task.id, {}).values():
            found = calendar.due(sitting.world.calendar, state.since, span) if span else None
            if state.state == "open" and found and calendar.minute(sitting.moment) < found.moment:
                text = phrase(
                    "“{name}”须到 {moment} 才可以办", name=action.name, moment=format(found.moment, "%Y-%m-%d %H:%M")
                )
                clauses = unique(task.cited.get("wait", ()), task.clauses)
                judged.reasons.append(Reason(code="too-early", text=text, clauses=clauses))


def _when(sitting: Sitting, action: Action, command: Act, judged: Judged) -> None:
    """The condition of the act, how often, and how late it may be recorded."""
    scope = sitting.scope(acting=True)
    if sitting.case.step and truth(action.when, scope) is not True:
        judged.reasons.append(
            Reason(code="not-now", text=phrase("现在不需要“{name}”", name=action.name), clauses=action.clauses)
        )
    if action.times is not None and len(sitting.case.since_opening(f"act.{action.id}")) >= action.times:
        text = phrase("“{name}”已办过 {times} 次，不得再办", name=action.name, times=action.times)
        judged.reasons.append(Reason(code="too-often", text=text, clauses=action.clauses))
    if command.happened is not None:
        judged.reasons += late(sitting, action, command.happened, command.actor)


def late(sitting: Sitting, action: Action, happened: datetime, actor: str) -> list[Reason]:
    """Why something that happened at `happened` may not be recorded now."""
    procedure, source = sitting.procedure, action.backdate or sitting.procedure.backdate
    clauses = procedure.backdate_clauses or action.clauses
    if calendar.minute(happened) > calendar.minute(sitting.at):
        return [Reason(code="in-the-future", text=phrase("发生时间不能晚于现在"), clauses=clauses)]
    if calendar.minute(happened) == calendar.minute(sitting.at):
        return []
    opened = sitting.case.opened
    if opened is not None and calendar.minute(happened) < calendar.minute(opened):
        return [Reason(code="before-opening", text=phrase("发生时间不能早于立案"), clauses=clauses)]
    if source is None:
        return [Reason(code="no-backdating", text=phrase("本规程不许补录"), clauses=clauses)]
    span = clock.span_of(source, sitting.scope())
    found = calendar.due(sitting.world.calendar, happened, span) if span else None
    if found is None or calendar.is_late(sitting.at, found.moment):
        return [Reason(code="too-late-to-record", text=phrase("补录超过允许的期限"), clauses=clauses)]
    roles = {holding.role for holding in sitting.world.held_by(actor)}
    if procedure.backdate_who and not roles & set(procedure.backdate_who):
        return [
            Reason(code="may-not-backdate", text=phrase("您没有补录权"), clauses=clauses, who=procedure.backdate_who)
        ]
    return []


def _settling_here(sitting: Sitting) -> tuple[str, ...]:
    """The acts of this step that would settle something owed."""
    case = sitting.case
    owed = {
        name.removeprefix("act.")
        for state in case.open_tasks()
        for name in (*sitting.procedure.tasks[state.task].done_any, *sitting.procedure.tasks[state.task].done_all)
        if name.startswith("act.")
    }
    return tuple(action for action in sitting.procedure.actions if action in owed and _stands_in(sitting, action))


def _stands_in(sitting: Sitting, action: str) -> bool:
    steps = sitting.procedure.actions[action].steps
    return not steps or sitting.case.step in steps
