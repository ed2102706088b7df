"""Whether what discharges a task is still ahead wherever the task may be open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import TRUE, Test, Variable
from shouwen.core.language.check.producers import acts_behind, dischargers
from shouwen.core.language.check.reach import standing
from shouwen.core.procedure import Action, Flow, Leave, Step, Task

__all__ = ["prove"]


def prove(x: Examination, task: Task) -> None:
    """From each step in which it begins a step is ahead in which somebody can discharge it."""
    acts = dischargers(x, task)
    flow = x.procedure.flows[task.flow]
    if not acts or any(act.opens or act.flow != task.flow for act in acts):
        return
    offered = {step for act in acts for step in x.reach.steps_of(act)}
    if any(f"unreachable.{task.flow}.{step}" in x.told for step in offered):
        return
    if task.holds is not None:
        _dropped_first(x, task, acts, offered)
        return
    begun = [step for step in flow.steps if step in set(_begins_in(x, task)) and (flow.id, step) in x.reach.steps]
    for step in begun:
        if not x.reach.beyond(flow.id, step) & offered:
            _out_of_reach(x, task, acts, offered, step)
            return
    if task.outlives:
        return
    for step in begun or [flow.start]:
        if (left := _left_behind(x, task, flow, acts, offered, step)) is not None:
            _tell_left(x, task, flow, acts, *left)
            return


def _dropped_first(x: Examination, task: Task, acts: Iterable[Action], offered: set[str]) -> None:
    """A task that is owed only in steps in which none of the acts can be done."""
    steps = x.procedure.flows[task.flow].steps
    owed = [
        step
        for step in steps
        if (task.flow, step) in x.reach.steps and x.reach.can_hold(task.holds, task.flow, step=step)
    ]
    if not offered or not owed or set(owed) & offered:
        return
    x.found.problem(
        "task-out-of-reach",
        task.place,
        f"{show.rule_name('task', task)}只在{show.listed(steps[s].name for s in owed)}才有（while），而能了结它的操作"
        f"（{show.listed(act.name for act in acts)}）只在{_places(steps, offered)}能做",
        "让操作在那些环节也能做（in），或改正 while",
        at="while",
        example=tuple(("case.step", steps[step].name) for step in owed[:1]),
    )


def _begins_in(x: Examination, task: Task) -> Iterator[str]:
    """Steps in which it certainly can begin: it counts from entering them, from acts done there, from the opening."""
    for event in task.since:
        if event == "opened":
            yield x.procedure.flows[task.flow].start
        elif event.startswith("step.") and event.endswith(".entered"):
            yield event.split(".")[1]
        elif event.startswith("act."):
            for act in acts_behind(x, event) or ():
                if act.flow == task.flow and not act.opens:
                    steps = x.reach.steps_of(act)
                    yield from (step for step in steps if x.reach.can_hold(act.when, act.flow, step=step))


def _out_of_reach(x: Examination, task: Task, acts: Iterable[Action], offered: set[str], begun: str) -> None:
    steps = x.procedure.flows[task.flow].steps
    ahead = [name for name in steps if name in x.reach.beyond(task.flow, begun)]
    x.found.problem(
        "task-out-of-reach",
        task.place,
        f"{show.rule_name('task', task)}在环节“{steps[begun].name}”开始，而能了结它的操作"
        f"（{show.listed(act.name for act in acts)}）只在{_places(steps, offered)}能做，从那里已走不到",
        "让操作在后面的环节也能做（in），或让待办更早开始",
        at="done",
        example=(
            ("case.step", steps[begun].name),
            ("从那里走得到的环节", show.listed(steps[name].name for name in ahead)),
        ),
    )


def _places(steps: Mapping[str, Step], names: set[str]) -> str:
    """Steps in the order of their flow."""
    return show.listed(step.name for step in steps.values() if step.id in names)


def _left_behind(
    x: Examination, task: Task, flow: Flow, acts: tuple[Action, ...], offered: set[str], begun: str
) -> tuple[str, str, Leave] | None:
    """A way that a case can take with the task open, from where it can be discharged to where it never can."""
    for step in flow.steps:
        ahead = x.reach.beyond(flow.id, step)
        if step not in x.reach.beyond(flow.id, begun) or not ahead & offered:
            continue
        for leave in flow.steps[step].leave:
            lost = leave.to and not x.reach.beyond(flow.id, leave.to) & offered
            if leave.to and lost and not flow.steps[leave.to].end and _still_open(x, task, flow, acts, step, leave):
                return step, leave.to, leave
    return None


def _still_open(x: Examination, task: Task, flow: Flow, acts: tuple[Action, ...], step: str, leave: Leave) -> bool:
    """Whether a way out can be taken before any act that discharges the task, or that it forbids, has been done."""
    known = x.searcher.known
    never_true, never_known = known.never_true, known.never_known
    later = {*(act.id for act in acts), *task.blocks}
    done = {f"act.{name}" for name in later}
    known.never_true = never_true | {f"{kind}.{name}" for name in later for kind in ("happened", "count")}
    known.never_true |= {f"task.{task.id}.done"}
    known.never_known = never_known | {path for path, by in x.fillers.items() if set(by) <= done}
    try:
        space = x.space()
        owed = Test(Variable("truth", f"task.{task.id}.open"), "in", frozenset([True]))
        wanted = [(space.of(leave.when), TRUE), (space.of(task.when), TRUE), (owed, TRUE), *standing([step])]
        return x.searcher.find(wanted, flow=flow.id).case is not None
    finally:
        known.never_true, known.never_known = never_true, never_known


def _tell_left(
    x: Examination, task: Task, flow: Flow, acts: Iterable[Action], step: str, to: str, leave: Leave
) -> None:
    source = f"（{leave.when.source}）" if leave.when else ""
    x.found.note(
        "task-left-behind",
        task.place,
        f"{show.rule_name('task', task)}还开着时，工单可能从“{flow.steps[step].name}”"
        f"去“{flow.steps[to].name}”{source}，那以后就做不了{show.listed(act.name for act in acts)}，请确认不会这样",
        at=task.id,
    )
