"""Which acts bring an event about, and why an event or an act is impossible."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Action, Procedure, Task

__all__ = ["acts_behind", "dischargers", "why_never", "why_not_taken"]


def acts_behind(x: Examination, event: str) -> tuple[Action, ...] | None:
    """The actions that bring an event about, or None if it can come from elsewhere."""
    procedure = x.procedure
    if event.startswith("act."):
        return (procedure.actions[event.removeprefix("act.")],)
    if event.startswith("field."):
        path = event.removeprefix("field.")
        path = path if path in procedure.fields else path.rpartition(".")[0]
        return _actions(procedure, x.fillers.get(path, ()))
    if event.startswith("form.") and event.endswith(".issued"):
        form = event.split(".")[1]
        return _actions(procedure, tuple(_issuers(x, form)))
    return None


def dischargers(x: Examination, task: Task) -> tuple[Action, ...] | None:
    """The actions that can discharge a task, or None if something else can."""
    if task.per_mark or (task.expires == "done" and task.has_clock):
        return None
    found: list[Action] = []
    for event in (*task.done_any, *task.done_all):
        acts = acts_behind(x, event)
        if acts is None:
            return None
        found += [action for action in acts if x.reach.may(action)]
    return tuple({action.id: action for action in found}.values())


def _issuers(x: Examination, form: str) -> Iterator[str]:
    for kind, rule in walk.rules(x.procedure):
        if any(c.verb == "issue" and c.target == form for c in walk.consequences(x.things(rule))):
            yield f"act.{rule.id}" if kind == "action" else f"{kind}.{rule.id}"


def _actions(procedure: Procedure, by: tuple[str, ...]) -> tuple[Action, ...] | None:
    if any(not name.startswith("act.") for name in by):
        return None
    return tuple(procedure.actions[name.removeprefix("act.")] for name in by)


def why_never(x: Examination, event: str) -> str:
    """Why an event can never come about."""
    procedure = x.procedure
    kind, _, rest = event.partition(".")
    target = rest.rpartition(".")[0]
    if kind == "act":
        action = procedure.actions[rest]
        return f"操作“{action.name}”{why_not_taken(x, action)}"
    if kind == "trigger":
        return f"触发“{procedure.triggers[rest].name}”永远不会发生"
    if kind == "field":
        return f"没有操作填写“{show.label(procedure, rest)}”"
    if kind == "form":
        return f"没有后果 issue 出具《{procedure.forms[target].name}》"
    if kind == "script":
        return f"口径“{procedure.scripts[target].name}”没有显示在任何地方，没人会说"
    if kind == "guide":
        return f"向导“{procedure.guides[target].name}”没有提供在任何地方"
    if kind == "task" and event.endswith(".missed") and target in procedure.tasks:
        return f"待办“{procedure.tasks[target].name}”没有时限或不会开始，不会逾期"
    return f"{show.event(procedure, event)}不会发生"


def why_not_taken(x: Examination, action: Action) -> str:
    """Why nobody can ever take an action."""
    if not action.who:
        return "没有写谁可以办"
    if not x.reach.able(action.who, action.flow):
        return "没人能办：who 的条件不能成立"
    if not action.opens and not x.reach.steps_of(action):
        flow = x.procedure.flows[action.flow]
        steps = show.listed(flow.steps[name].name for name in action.steps)
        return f"办不到：它所在的环节（{steps}）到不了"
    if not x.reach.can_hold(action.when, action.flow):
        return f"永远不出现：条件 {action.when.source if action.when else ''} 不能成立"
    return "办不成：它的 needs 不能同时成立"
