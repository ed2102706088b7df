"""Where a case stands: entering, leaving, closing and reopening."""

from __future__ import annotations

from datetime import date, datetime, time

from shouwen.core import calendar, clock
from shouwen.core import events as e
from shouwen.core.case import PROMISED
from shouwen.core.procedure import Party, Retention, Step
from shouwen.core.scope import Scope, holds
from shouwen.core.sitting import Sitting, persons, roles_of, unique

__all__ = ["answering", "enter", "follow", "promise", "reopen", "waits_for"]


def follow(sitting: Sitting) -> bool:
    """Leave the step by the first way that is open; whether the case moved."""
    if not sitting.case.step:
        return False
    if sitting.wanted and enter(sitting, *sitting.wanted):
        sitting.wanted = None
        return True
    for name in sorted(name for name in sitting.case.holding if name.startswith(PROMISED)):
        if enter(sitting, name.removeprefix(PROMISED), ()):
            return True
    step = sitting.procedure.flows[sitting.case.flow].steps[sitting.case.step]
    scope = sitting.scope()
    for leave in step.leave:
        if holds(leave.when, scope):
            target = leave.to or scope.outcome(leave.table)
            return bool(target) and enter(sitting, str(target), unique(leave.clauses, sitting.index.cited(leave.when)))
    return False


def enter(sitting: Sitting, target: str, clauses: tuple[str, ...]) -> bool:
    """Enter a step (at most once per command; an end step only when nothing is owed); whether it was entered."""
    case = sitting.case
    step = sitting.procedure.flows[case.flow].steps[target]
    if target == case.step or (step.end and waits_for(sitting)) or not sitting.once("enter", target):
        return False
    answers, cited = answering(sitting, step.answers)
    sitting.emit(
        e.StepEntered(
            at=sitting.at,
            happened=sitting.moment,
            step=target,
            left=case.step,
            answers=answers,
            clauses=unique(clauses, step.clauses, cited),
        )
    )
    if step.end:
        _close(sitting, step)
    return True


def promise(sitting: Sitting, target: str) -> None:
    """An end step that cannot be entered yet is entered once nothing is owed, unless the case moves before."""
    name, flow = f"{PROMISED}{target}", sitting.procedure.flows[sitting.case.flow]
    if flow.steps[target].end and waits_for(sitting) and name not in sitting.case.holding:
        sitting.emit(e.ConditionNoted(at=sitting.at, happened=sitting.moment, rule=name, holds=True))


def reopen(sitting: Sitting, target: str, clauses: tuple[str, ...]) -> None:
    """Begin a new round in this step."""
    step = sitting.procedure.flows[sitting.case.flow].steps[target]
    if sitting.once("reopen", target):
        sitting.emit(
            e.CaseReopened(at=sitting.at, happened=sitting.moment, step=target, clauses=unique(clauses, step.clauses))
        )
        answers, cited = answering(sitting, step.answers)
        if answers:
            sitting.emit(
                e.Assigned(at=sitting.at, happened=sitting.moment, to=answers, cause="reopened", clauses=cited)
            )


def waits_for(sitting: Sitting) -> tuple[str, ...]:
    """What keeps the case from closing: tasks that are open and do not outlive it, linked cases that must close."""
    owed = [state.task for state in sitting.case.open_tasks() if not sitting.procedure.tasks[state.task].outlives]
    links = sitting.procedure.flows[sitting.case.flow].links
    linked = [
        number
        for bond, rule in links.items()
        if rule.must_close
        for number in sitting.case.links.get(bond, ())
        if number not in sitting.case.links_closed
    ]
    return tuple(dict.fromkeys((*owed, *linked)))


def answering(sitting: Sitting, parties: tuple[Party, ...]) -> tuple[str, tuple[str, ...]]:
    """Who answers for the case where these parties do ('': as before), and the clauses that say so."""
    scope = sitting.scope()
    named = roles_of(sitting, parties, scope)
    if not named:
        return "", ()
    role, unit, cited = named[0]
    people = persons(sitting, role, unit, scope)
    label = f"{role}@{unit}" if unit else role
    return (people[0] if len(people) == 1 else label), cited


def _close(sitting: Sitting, step: Step) -> None:
    sitting.emit(e.CaseClosed(at=sitting.at, happened=sitting.moment, step=step.id, clauses=step.clauses))
    flow = sitting.procedure.flows[sitting.case.flow]
    _retain(sitting, flow.id, flow.keep)
    for form in sitting.procedure.forms.values():
        if form.id in sitting.case.issued:
            _retain(sitting, form.id, form.keep)


def _retain(sitting: Sitting, what: str, rules: tuple[Retention, ...]) -> None:
    """The longest retention that applies."""
    scope = sitting.scope()
    ends = [end for rule in rules if holds(rule.when, scope) and (end := _until(sitting, rule, scope))]
    if ends:
        until, clauses = max(ends)
        sitting.emit(e.RetentionSet(at=sitting.at, happened=sitting.moment, what=what, until=until, clauses=clauses))


def _until(sitting: Sitting, rule: Retention, scope: Scope) -> tuple[datetime, tuple[str, ...]] | None:
    span = clock.span_of(rule.span, scope)
    marks = sitting.case.marks.get(rule.since, ())
    written = scope.get(rule.since.removeprefix("field."))
    if isinstance(written, date) and not isinstance(written, datetime):
        written = datetime.combine(written, time(), sitting.procedure.zone)
    since = written if isinstance(written, datetime) else marks[-1].happened if marks else sitting.moment
    if span is None:
        return None
    found = calendar.due(sitting.world.calendar, since, span)
    clauses = unique(rule.clauses, clock.span_clauses(sitting, rule.span, scope))
    return (found.moment, clauses) if found else None
