"""The needs of an act: judged on the case as it would be after it, all of them, passes cited and failures collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shouwen.core import calendar, consequences, entries
from shouwen.core import events as e
from shouwen.core.clock import span_clauses, span_of
from shouwen.core.commands import Act
from shouwen.core.judged import Judged
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Need
from shouwen.core.reason import Reason
from shouwen.core.scope import Scope, rows_of, truth, worth
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Unknown

__all__ = ["before_opening", "failing", "holds", "rows_done"]


def failing(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """Judge all needs of an act, per row if it is done per row; failures are collected, passes are cited."""
    rows = rows_of(scope, action.each) if action.each else ()
    items = [(item, row) for item, row in rows if item in _items(sitting, action)] or [("", None)]
    for need in action.needs:
        for item, row in items:
            here = scope.on(item, row) if action.each else scope
            if truth(need.when, here) is True and not _need(sitting, action, need, command, here, judged):
                break


def holds(sitting: Sitting, need: Need, scope: Scope) -> bool | Unknown:
    """Whether a need holds; where it asks for a lead, whether the act comes so long before the moment."""
    found = truth(need.that, scope)
    if found is not True or need.by is None or need.minus is None:
        return found
    moment, span = worth(need.by, scope), span_of(need.minus, scope)
    if not isinstance(moment, datetime) or span is None or scope.at is None:
        return Unknown(need.by.names)
    return not calendar.is_late(scope.at, calendar.before(sitting.world.calendar, moment, span).moment)


def before_opening(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """What stands against a new case: an earlier one to join or reopen. A person may insist, with a reason."""
    flow = sitting.procedure.flows.get(action.opens or "")
    for rule in flow.before_opening if flow else ():
        if truth(rule.when, scope) is not True:
            continue
        cited = unique(rule.clauses, sitting.index.cited(rule.when))
        if command.reason or (rule.do == "warn" and command.seen):
            judged.excused.append(phrase("{says}：{reason}", says=rule.says, reason=command.reason or phrase("已阅")))
            judged.clauses += cited
            continue
        number = rule.case.evaluate(scope) if rule.case else ""
        other = number if isinstance(number, str) else ""
        text = rule.says or phrase("已有同一事项的案件")
        if other:
            text = phrase("{text}（{other}）", text=text, other=other)
        instead = (rule.act,) if rule.act else ()
        judged.reasons.append(Reason(code=f"{rule.do}-first", text=text, clauses=cited, instead=instead, case=other))


def _need(sitting: Sitting, action: Action, need: Need, command: Act, scope: Scope, judged: Judged) -> bool:
    held = holds(sitting, need, scope)
    cited = unique(need.clauses, sitting.index.cited(need.that), sitting.index.cited(need.when))
    cited = unique(cited, span_clauses(sitting, need.minus, scope))
    if held is True:
        judged.clauses += cited
        return True
    lost = entries.unknown_fields(sitting, held) if isinstance(held, Unknown) else []
    if lost:
        known = {field.path for field in judged.missing}
        judged.missing += [
            replace(field, clauses=unique(need.clauses, field.clauses)) for field in lost if field.path not in known
        ]
        return False
    if isinstance(held, Unknown) and "actor.role" in held.names:
        return False  # who acts has no right to, and is told so
    if isinstance(held, Unknown) and _asks(sitting, held):
        judged.reasons.append(
            Reason(code="cannot-ask", text=phrase("需要的外部情况现在查不到，请稍后再办"), clauses=cited)
        )
        return False
    return _against(sitting, action, need, command, scope, judged, cited)


def _against(
    sitting: Sitting, action: Action, need: Need, command: Act, scope: Scope, judged: Judged, cited: tuple[str, ...]
) -> bool:
    """A need that does not hold: refuse, or pass with a reason, once seen, or record the attempt."""
    text = need.says or phrase("不符合“{name}”的条件", name=action.name)
    if need.otherwise == "reason" and command.reason:
        judged.excused.append(phrase("{text}：{reason}", text=text, reason=command.reason))
        judged.clauses += cited
        return True
    if need.otherwise == "warn" and command.seen:
        judged.excused.append(phrase("已阅：{text}", text=text))
        judged.clauses += cited
        return True
    code = {"refuse": "need", "reason": "reason-needed", "warn": "to-be-seen", "record": "need"}[need.otherwise]
    judged.reasons.append(Reason(code=code, text=text, clauses=cited, instead=need.instead))
    if need.otherwise == "record":
        _record(sitting, action, need, command, scope, judged, text, cited)
    return False


def _record(
    sitting: Sitting,
    action: Action,
    need: Need,
    command: Act,
    scope: Scope,
    judged: Judged,
    text: str,
    cited: tuple[str, ...],
) -> None:
    judged.record.append(
        e.AttemptRecorded(
            at=sitting.at,
            happened=sitting.moment,
            action=action.id,
            actor=command.actor,
            reasons=(text,),
            clauses=cited,
        )
    )
    if need.tell:
        mark = len(sitting.events)
        consequences.tell(sitting, need.tell, scope, text, f"act.{action.id}.refused", need.clauses)
        judged.record += [event for event in sitting.events[mark:] if isinstance(event, e.Told)]


def _asks(sitting: Sitting, unknown: Unknown) -> bool:
    for name in unknown.names:
        named = sitting.procedure.names.get(name)
        if named and named.kind == "fact" and sitting.procedure.facts[named.target].unknown == "refuse":
            return True
    return False


def rows_done(sitting: Sitting, action: Action) -> list[Scope]:
    """The names of each row that the act is about; of the case, if it is not done per row."""
    scope = sitting.scope(acting=True)
    rows = dict(rows_of(scope, action.each)) if action.each else {}
    return [scope.on(item, rows.get(item)) for item in _items(sitting, action)] if action.each else [scope]


def _items(sitting: Sitting, action: Action) -> tuple[str, ...]:
    marks = sitting.case.marks.get(f"act.{action.id}", ())
    return tuple(mark.item for mark in marks if mark.seq >= sitting.before.seq)
