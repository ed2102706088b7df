"""Deciding what waits for an authority: yes level by level, back, no, or withdrawn."""

from __future__ import annotations

from shouwen.core import authority, circumstances, consequences, judge, needs, persons
from shouwen.core import events as e
from shouwen.core.commands import Act
from shouwen.core.judged import Judged
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Authority
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import Actor, Scope
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting, unique

__all__ = ["decide"]


def decide(sitting: Sitting, verb: str, name: str, actor: str, reason: str) -> Refusal | None:
    """approve, return, decline or withdraw what waits for an authority."""
    rule = sitting.procedure.authorities.get(name)
    waiting = sitting.case.approvals.get(name)
    if rule is None or waiting is None:
        return Refusal(reasons=(Reason(code="nothing-asked", text=phrase("没有等待审批的事项")),))
    if verb == "withdraw":
        if actor != waiting.asked.actor:
            text = phrase("只有提请的人可以撤回")
            return Refusal(reasons=(Reason(code="not-yours", text=text, clauses=rule.clauses),))
        _end(sitting, rule, "withdrawn", actor, reason, ())
        settle(sitting)
        return None
    refusal = _may_decide(sitting, rule, actor)
    if refusal is not None:
        return refusal
    if verb == "approve":
        return _approve(sitting, rule, actor)
    if not reason:
        text = phrase("退回或不同意须写明理由")
        return Refusal(reasons=(Reason(code="reason-needed", text=text, clauses=rule.clauses),))
    outcome = "returned" if verb == "return" else "declined"
    _end(sitting, rule, outcome, actor, reason, ())
    consequences.carry_out(
        sitting, rule.returned if verb == "return" else rule.declined, sitting.scope(), f"authority.{rule.id}.{outcome}"
    )
    settle(sitting)
    return None


def _may_decide(sitting: Sitting, rule: Authority, actor: str) -> Refusal | None:
    waiting = sitting.case.approvals[rule.id]
    level = next(level for level in rule.levels if level.id == waiting.level)
    scope, _ = _trial(sitting, waiting.asked)
    right = persons.standing(sitting, actor, (level.party,), scope)
    clauses = unique(level.party.clauses, rule.clauses)
    if right is None:
        roles = persons.role_names(sitting, (level.party,), scope)
        names = joined(sitting.procedure.roles[role].name for role in roles)
        return Refusal(
            reasons=(
                Reason(
                    code="not-yours",
                    text=phrase("“{name}”由{names}审批", name=rule.name, names=names),
                    clauses=clauses,
                    who=roles,
                ),
            )
        )
    if actor == waiting.asked.actor:
        text = phrase("提请的人不能审批自己的事项")
        return Refusal(reasons=(Reason(code="own-request", text=text, clauses=clauses),))
    for action in rule.excluded:
        if any(mark.actor == actor for mark in sitting.case.marks.get(f"act.{action}", ())):
            text = phrase("办过“{name}”的人不能审批", name=sitting.procedure.actions[action].name)
            return Refusal(reasons=(Reason(code="same-person", text=text, clauses=clauses),))
    apart = persons.apart(sitting, actor, right.role)
    return Refusal(reasons=tuple(apart)) if apart else None


def _approve(sitting: Sitting, rule: Authority, actor: str) -> Refusal | None:
    """One more yes; after the last the act is judged again and takes effect, or the approval lapses."""
    waiting = sitting.case.approvals[rule.id]
    asked = waiting.asked
    level = next(level for level in rule.levels if level.id == waiting.level)
    if any(sitting.scope().field(path) != value for path, value in asked.sealed.items()):
        _end(sitting, rule, "lapsed", "", phrase("所批内容已变"), ())
        settle(sitting)
        return None
    scope, stands = _trial(sitting, asked)
    if not stands:
        _end(sitting, rule, "lapsed", "", phrase("情况已变，所批之事现在不能办"), ())
        settle(sitting)
        return None
    following = authority.next_level(sitting, rule, level, scope)
    clauses = unique(rule.clauses, level.party.clauses)
    sitting.emit(
        e.LevelDecided(
            at=sitting.at,
            happened=sitting.moment,
            authority=rule.id,
            level=level.id,
            actor=actor,
            next=following.id if following else "",
            clauses=clauses,
        )
    )
    if following:
        settle(sitting)
        return None
    return _grant(sitting, rule, asked, actor, scope)


def _grant(sitting: Sitting, rule: Authority, asked: e.ApprovalAsked, actor: str, scope: Scope) -> Refusal | None:
    """The act takes effect, unless one more authority must agree. `scope`: the names as they would be after it."""
    action = sitting.procedure.actions[asked.action]
    sitting.actor = Actor(asked.actor, asked.role, asked.present)
    _end(sitting, rule, "granted", actor, "", ())
    further = authority.must_ask(sitting, action, scope, sitting.actor, after=rule)
    if further is not None:
        consequences.carry_out(sitting, rule.granted, sitting.scope(acting=True), f"authority.{rule.id}.granted")
        done = authority.done(sitting, asked)
        return authority.ask(sitting, further, action, done, scope, [], asked.excused)
    judge.take_effect(sitting, action, authority.done(sitting, asked))
    consequences.carry_out(sitting, rule.granted, sitting.scope(acting=True), f"authority.{rule.id}.granted")
    judge.finish(sitting, action)
    return None


def _trial(sitting: Sitting, asked: e.ApprovalAsked) -> tuple[Scope, bool]:
    """The names as they would be after the act that waits, and whether it could still be done now."""
    action = sitting.procedure.actions[asked.action]
    kept, actor = sitting.kept(), sitting.actor
    sitting.actor = Actor(asked.actor, asked.role, asked.present)
    judged = Judged()
    command = Act(action=action.id, actor=asked.actor, reason=phrase("已批"), seen=True)
    circumstances.circumstances(sitting, action, command, judged)
    judge.take_effect(sitting, action, authority.done(sitting, asked))
    scope = sitting.scope(acting=True)
    if not action.reports:
        needs.failing(sitting, action, command, scope, judged)
    sitting.actor = actor
    sitting.back_to(kept)
    return scope, judged.passed


def _end(sitting: Sitting, rule: Authority, outcome: str, actor: str, reason: str, clauses: tuple[str, ...]) -> None:
    level = sitting.case.approvals[rule.id].level
    sitting.emit(
        e.ApprovalEnded(
            at=sitting.at,
            happened=sitting.moment,
            authority=rule.id,
            outcome=outcome,
            actor=actor,
            level=level,
            reason=reason,
            clauses=unique(rule.clauses, clauses),
        )
    )
