"""Finds what can ever happen, and tells of each obstacle once: behind it everything is then taken as possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shouwen.core.expression import Expression
from shouwen.core.language.check import actions, fields, follow, steps, tasks, triggers
from shouwen.core.language.check.circles import circles
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Action, Notice, Task, Trigger

__all__ = ["grow"]

Acting = Action | Task | Trigger | Notice


def grow(x: Examination) -> None:
    """Until nothing more is possible and every obstacle has been told."""
    follow.grow(x.reach)
    while any(stage(x) for stage in _STAGES):
        follow.grow(x.reach)


def _contradictions(x: Examination) -> bool:
    """Rules that contradict themselves, whatever else is possible."""
    with x.reach.everything():
        found = [rule for rule in _blocked(x) if _contradicts_itself(x, rule)]
        for rule in found:
            _tell(x, rule)
    return _granted(x, found)


def _contradicts_itself(x: Examination, rule: Acting) -> bool:
    match rule:
        case Action():
            able = x.reach.able(rule.who, rule.flow)
            return not able or not x.reach.can_hold(rule.when, rule.flow) or x.reach.contradiction(rule)
        case Task():
            return not x.reach.owed(rule)
        case Trigger() | Notice():
            return not x.reach.can_hold(rule.when, rule.flow)


def _obstacles(x: Examination) -> bool:
    """Rules that wait for what never comes, the first ones of each chain; those that wait for a step come later."""
    everything = list(_blocked(x))
    later = {_event(rule) for rule in everything if _awaits_step(x, rule)}
    blocked = [rule for rule in everything if _event(rule) not in later and not later & set(_sources(x, rule))]
    ids = {_event(rule) for rule in blocked}
    first = [rule for rule in blocked if not ids & set(_sources(x, rule)) - {_event(rule)}]
    if blocked and not first:
        return _in_circle(x, blocked)
    for rule in first:
        _tell(x, rule)
    return _granted(x, first)


def _in_circle(x: Examination, blocked: Iterable[Acting]) -> bool:
    """Rules of which each waits for the next."""
    rules = {_event(rule): rule for rule in blocked}
    found = next(circles({name: [s for s in _sources(x, rule) if s in rules] for name, rule in rules.items()}))
    circle = [rules[name] for name in found]
    chain = " → ".join(f"“{rule.name}”" for rule in (*circle, circle[0]))
    x.found.problem(
        "wait-in-circle",
        circle[0].place,
        f"这几条规则互相等待，哪一条也不会先发生：{chain}",
        "去掉其中一条的 needs、when 或 from，让它不必等下一条",
        also=[rule.place for rule in circle[1:]],
    )
    return _granted(x, circle)


def _awaits_step(x: Examination, rule: Acting) -> bool:
    """Whether a rule waits for a step that is not reached so far, or for an act that is done only there."""
    reached = {step for _, step in x.reach.steps}
    lost = {step for flow in x.procedure.flows.values() for step in flow.steps} - reached
    for condition in _conditions(rule):
        if "case.step" in condition.names and any(f"'{step}'" in condition.source for step in lost):
            return True
    for source in _sources(x, rule):
        kind, _, name = source.partition(".")
        action = x.procedure.actions.get(name) if kind == "act" else None
        if action and not action.opens and not x.reach.may(action) and not x.reach.steps_of(action):
            return True
        if kind == "step" and name.rpartition(".")[0] in lost:
            return True
    return False


def _blocked(x: Examination) -> Iterator[Acting]:
    """Rules whose case and step come, and which never act all the same."""
    procedure = x.procedure
    for action in procedure.actions.values():
        offered = action.opens or (action.flow in x.reach.flows and x.reach.steps_of(action))
        if offered and not x.reach.may(action):
            yield action
    standing: tuple[Acting, ...] = (
        *procedure.tasks.values(),
        *procedure.triggers.values(),
        *procedure.notices.values(),
    )
    yield from (rule for rule in standing if rule.flow in x.reach.flows and not x.reach.may(rule))


def _sources(x: Examination, rule: Acting) -> Iterator[str]:
    """The events that a rule waits for in vain."""
    awaited = rule.since if isinstance(rule, Task) else () if isinstance(rule, Action) else rule.after
    yield from _owners(event for event in awaited if event not in x.reach.events)
    for event in awaited:
        kind, _, rest = event.partition(".")
        if kind == "authority" and event not in x.reach.events:
            yield from (f"act.{name}" for name in x.procedure.authorities[rest.partition(".")[0]].over)
    for condition in _conditions(rule):
        for name in condition.names:
            yield from _behind(x, name)


def _conditions(rule: Acting) -> Iterator[Expression]:
    """The conditions that must come true before a rule acts."""
    found = [rule.when]
    match rule:
        case Action():
            found += [*(c for n in rule.needs for c in (n.that, n.when)), *(party.when for party in rule.who)]
        case Task():
            found.append(rule.holds)
        case Trigger() | Notice():
            pass
    yield from (condition for condition in found if condition)


def _owners(events: Iterable[str]) -> Iterator[str]:
    """The act, task, trigger or notice that each event belongs to, as the event by which it begins."""
    for event in events:
        kind, _, rest = event.partition(".")
        target = rest.rpartition(".")[0]
        yield {"task": f"task.{target}.begun", "notice": f"notice.{target}.sent"}.get(kind, event)


def _behind(x: Examination, name: str) -> Iterator[str]:
    named = x.procedure.names.get(name)
    if named is None:
        return
    if named.kind in ("happened", "count"):
        yield from (f"act.{named.target}", f"trigger.{named.target}")
    if named.kind.startswith("task_"):
        yield f"task.{named.target}.begun"
    if named.kind in ("field", "filled", "from", "until", "before"):
        yield from x.fillers.get(named.target, ())
    if named.kind.startswith("table") and named.target in x.procedure.tables:
        for other in x.procedure.tables[named.target].reads:
            yield from _behind(x, other)


def _event(rule: Acting) -> str:
    match rule:
        case Action():
            return f"act.{rule.id}"
        case Task():
            return f"task.{rule.id}.begun"
        case Trigger():
            return f"trigger.{rule.id}"
        case Notice():
            return f"notice.{rule.id}.sent"


def _tell(x: Examination, rule: Acting) -> None:
    match rule:
        case Action():
            actions.impossible(x, rule)
        case Task():
            tasks.never_begins(x, rule)
        case Trigger():
            triggers.never_fires(x, rule)
        case Notice():
            triggers.never_sent(x, rule)


def _granted(x: Examination, rules: Iterable[Acting]) -> bool:
    events = [_event(rule) for rule in rules]
    x.reach.grant(events=events)
    return bool(events)


_STAGES = (
    fields.unfilled,
    _contradictions,
    steps.never_opened,
    steps.never_left,
    _obstacles,
    steps.stuck,
    steps.unreachable,
    tasks.endless,
)
