"""Lets everything happen that can: act by act, step by step, until nothing more becomes possible."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check.reach import Reach
from shouwen.core.procedure import Action, Authority, Flow, Guide, Notice, Rule, Script, Step, Task, Trigger

__all__ = ["grow"]

#: kinds of names that are false until something makes them true
_FLAGS = {
    "happened": "act.{}",
    "count": "act.{}",
    "said": "script.{}.said",
    "issued": "form.{}.issued",
    "task_open": "task.{}.begun",
    "task_done": "task.{}.done",
    "task_missed": "task.{}.missed",
}


def grow(reach: Reach) -> None:
    """Until nothing more becomes possible."""
    size = -1
    while size != _size(reach):
        size = _size(reach)
        _learn(reach)
        for rule in _acting(reach):
            _follow(reach, rule)
        _derived(reach)


def _size(reach: Reach) -> int:
    return len(reach.events) + len(reach.fields) + len(reach.flows) + sum(map(len, reach.ways.values()))


def _learn(reach: Reach) -> None:
    """Tell the searcher what can not be so far."""
    known = reach.searcher.known
    known.never_true = {
        name
        for name, named in reach.procedure.names.items()
        if named.kind in _FLAGS and not _marked(reach, _FLAGS[named.kind].format(named.target))
    }
    known.never_known = {path for path in reach.procedure.fields if path not in reach.fields}
    known.never_known |= {
        name
        for name, named in reach.procedure.names.items()
        if (named.kind == "before" and named.target in known.never_known)
        or (
            named.kind in ("guide", "guide_cause", "guide_path")
            and f"guide.{named.target}.concluded" not in reach.events
        )
    }
    for flow in reach.procedure.flows:
        reach.searcher.words[f"case.step:{flow}"] = [s for f, s in sorted(reach.steps) if f == flow]


def _marked(reach: Reach, event: str) -> bool:
    return event in reach.events or event.replace("act.", "trigger.", 1) in reach.events


def _acting(reach: Reach) -> Iterator[Rule]:
    rules = reach.procedure
    held = (rules.flows, rules.actions, rules.triggers, rules.tasks, rules.notices, rules.scripts, rules.guides)
    for kind in (*held, rules.authorities):
        yield from kind.values()


def _follow(reach: Reach, rule: Rule) -> None:
    match rule:
        case Flow() if rule.id in reach.flows:
            _flow(reach, rule)
        case Action():
            _act(reach, rule)
        case Trigger():
            _trigger(reach, rule)
        case Task():
            _task(reach, rule)
        case Notice():
            _notice(reach, rule)
        case Script():
            _script(reach, rule)
        case Guide():
            _guide(reach, rule)
        case Authority():
            _authority(reach, rule)
        case _:
            pass


def _derived(reach: Reach) -> None:
    """Fields that fill themselves, and events that follow from filled fields and judged tables."""
    touched = {path.split(".")[0] for path in reach.fields}
    for path, item in reach.procedure.fields.items():
        own = item.computed or reach.procedure.forms[path.split(".")[0]].register
        if own or item.same_as in reach.fields or (item.auto is not None and path.split(".")[0] in touched):
            reach.fields.add(path)
    for name, table in reach.procedure.tables.items():
        if not table.decided_by or any(f"act.{act}" in reach.events for act in table.decided_by):
            reach.events.add(f"table.{name}.changed")
    reach.events |= {f"field.{path}" for path in reach.fields}
    reach.events |= {f"field.{p}.{end}" for p in reach.fields for end in ("from", "until")}


def _flow(reach: Reach, flow: Flow) -> None:
    reach.events.add("opened")
    reach.events |= {f"link.{link}.closed" for link in flow.links}
    reach.enter(flow.id, flow.start)
    for step in flow.steps.values():
        if (flow.id, step.id) in reach.steps:
            _leave(reach, flow, step)
    for earlier in flow.before_opening:
        if earlier.do == "reopen":
            reach.events.add("reopened")


def _leave(reach: Reach, flow: Flow, step: Step) -> None:
    for leave in step.leave:
        if not reach.can_hold(leave.when, flow.id, step=step.id):
            continue
        named = reach.outcomes(leave.table) if leave.table else None
        to = (leave.to,) if leave.to else tuple(flow.steps) if named is None else named
        for other in to:
            reach.way(flow.id, [step.id], other)


def _act(reach: Reach, action: Action) -> None:
    flow = reach.procedure.flows[action.flow]
    where = {reach.procedure.flows[action.opens].start} if action.opens else reach.steps_of(action)
    if not reach.may(action):
        if not (action.opens or (action.flow in reach.flows and where)):
            return
        if not reach.able(action.who, action.flow) or not reach.can_hold(action.when, action.flow):
            return
        if reach.contradiction(action):
            return
    if action.opens:
        reach.flows.add(action.opens)
    reach.events.add(f"act.{action.id}")
    for fill in action.fills:
        reach.fill(fill.path)
    for path in (*action.sets, *([action.at] if action.at else ())):
        reach.fill(path)
    reach.follow(action.do, flow, where)


def _trigger(reach: Reach, trigger: Trigger) -> None:
    begins = not trigger.after or any(event in reach.events for event in trigger.after)
    flow = reach.procedure.flows[trigger.flow]
    begins = begins and (trigger.flow in reach.flows or trigger.every is not None)
    if reach.may(trigger) or (begins and reach.can_hold(trigger.when, trigger.flow)):
        reach.events.add(f"trigger.{trigger.id}")
        reach.follow(trigger.do, flow, reach.standing_in(flow))


def _task(reach: Reach, task: Task) -> None:
    flow = reach.procedure.flows[task.flow]
    begins = not task.since or any(event in reach.events for event in task.since)
    if not (reach.may(task) or (begins and reach.owed(task))):
        return
    reach.events.add(f"task.{task.id}.begun")
    if reach.can_end(task):
        reach.events.add(f"task.{task.id}.done")
    if task.has_clock and task.expires == "missed":
        reach.events.add(f"task.{task.id}.missed")
        reach.follow(task.missed, flow, reach.standing_in(flow))


def _notice(reach: Reach, notice: Notice) -> None:
    begins = any(event in reach.events for event in notice.after) and reach.can_hold(notice.when, notice.flow)
    if reach.may(notice) or begins:
        reach.events |= {f"notice.{notice.id}.sent", f"notice.{notice.id}.received"}
        flow = reach.procedure.flows[notice.flow]
        reach.follow(notice.missed, flow, reach.standing_in(flow))


def _shown(reach: Reach, at: tuple[str, ...], flow: str) -> bool:
    """Whether one of these actions, steps, tasks or guides is ever on somebody's screen."""
    guides = reach.procedure.guides
    return any(
        (flow, place) in reach.steps
        or (place in guides and _shown(reach, guides[place].at, flow))
        or f"act.{place}" in reach.events
        or f"task.{place}.begun" in reach.events
        or (place in reach.procedure.actions and reach.procedure.actions[place].opens is not None)
        for place in at
    )


def _script(reach: Reach, script: Script) -> None:
    if _shown(reach, script.at, script.flow):
        reach.events.add(f"script.{script.id}.said")
    flow = reach.procedure.flows[script.flow]
    reach.follow(script.breach, flow, reach.standing_in(flow))


def _guide(reach: Reach, guide: Guide) -> None:
    if not _shown(reach, guide.at, guide.flow):
        return
    for ask in guide.asks.values():
        for reply in ask.ways:
            for path in reply.values:
                reach.fill(path)
    if guide.fills:
        reach.fill(guide.fills)
    reach.events.add(f"guide.{guide.id}.concluded")


def _authority(reach: Reach, authority: Authority) -> None:
    flow = reach.procedure.flows[authority.flow]
    asked = any(f"act.{action}" in reach.events for action in authority.over)
    if not asked:
        return
    ends = {"granted": authority.granted, "returned": authority.returned, "declined": authority.declined}
    for end, follow in {**ends, "lapsed": authority.missed}.items():
        if authority.levels:
            reach.events.add(f"authority.{authority.id}.{end}")
        reach.follow(follow, flow, reach.standing_in(flow))
    for level in authority.levels:
        name = f"authority.{authority.id}.{level.id}"
        reach.events |= {f"{name}.asked", f"{name}.decided"}
