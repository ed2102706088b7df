"""Authorities: acts that wait for somebody's yes, and what the yes will cover."""

from __future__ import annotations

from shouwen.core import events as e
from shouwen.core import persons
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Authority, Level
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import Actor, Scope, holds
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting, unique

__all__ = ["ask", "done", "must_ask", "next_level", "passed"]


def must_ask(
    sitting: Sitting, action: Action, scope: Scope, actor: Actor | None, *, after: Authority | None = None
) -> Authority | None:
    """The first authority (`after` one that has agreed) that this act needs now, if the actor may not do it alone."""
    rules = list(sitting.procedure.authorities.values())
    for rule in rules[rules.index(after) + 1 if after else 0 :]:
        if action.id not in rule.over or not holds(rule.when, scope) or actor is None:
            continue
        if persons.standing(sitting, actor.person, rule.alone, scope) is None:
            return rule
    return None


def passed(sitting: Sitting, action: Action, scope: Scope, actor: Actor | None) -> list[str]:
    """The clauses by which nobody need be asked: the condition does not hold, or the actor may do it alone."""
    found: list[str] = []
    for rule in sitting.procedure.authorities.values():
        if action.id in rule.over and actor is not None:
            right = persons.standing(sitting, actor.person, rule.alone, scope)
            read = [sitting.index.cited(term) for term in (rule.when, *(party.when for party in rule.alone))]
            found += unique(rule.clauses, right.clauses if right else (), *read)
    return found


def ask(
    sitting: Sitting,
    rule: Authority,
    action: Action,
    event: e.ActDone,
    scope: Scope,
    clauses: list[str],
    excused: tuple[str, ...],
) -> Refusal | None:
    """The act waits for its authority; nothing of it takes effect yet. `scope`: the names as they would be after it."""
    if rule.id in sitting.case.approvals:
        text = phrase("“{name}”已在等待“{name2}”的审批", name=action.name, name2=rule.name)
        return Refusal(reasons=(Reason(code="already-asked", text=text, clauses=rule.clauses),))
    level = next_level(sitting, rule, None, scope)
    if level is None:
        text = phrase("“{name}”超出您的权限，也没有可以审批的人", name=action.name)
        return Refusal(reasons=(Reason(code="nobody-decides", text=text, clauses=rule.clauses),))
    sealed = {path: value for path in rule.seals if (value := sitting.scope().field(path)) is not None}
    sitting.emit(
        e.ApprovalAsked(
            at=sitting.at,
            happened=sitting.moment,
            authority=rule.id,
            action=action.id,
            actor=event.actor,
            role=event.role,
            values=event.values,
            rows=event.rows,
            items=event.items,
            present=event.present,
            excused=excused,
            level=level.id,
            sealed={path: value for path, value in sealed.items() if path not in event.values},
            clauses=unique(
                rule.clauses,
                sitting.index.cited(rule.when),
                level.party.clauses,
                sitting.index.cited(level.party.when),
                action.clauses,
                tuple(clauses),
            ),
        )
    )
    settle(sitting)
    return None


def done(sitting: Sitting, asked: e.ApprovalAsked) -> e.ActDone:
    """The act that waits, as the event that it will be."""
    return e.ActDone(
        at=sitting.at,
        happened=sitting.moment,
        action=asked.action,
        actor=asked.actor,
        role=asked.role,
        values=asked.values,
        rows=asked.rows,
        items=asked.items,
        present=asked.present,
        excused=asked.excused,
        clauses=asked.clauses,
    )


def next_level(sitting: Sitting, rule: Authority, past: Level | None, scope: Scope) -> Level | None:
    """The next level that decides, levels whose condition does not hold left out."""
    start = rule.levels.index(past) + 1 if past else 0
    return next((level for level in rule.levels[start:] if holds(level.party.when, scope)), None)
