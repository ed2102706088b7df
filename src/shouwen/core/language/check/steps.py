"""Steps: each can be reached and left, every flow comes to an end, and every way out is tried."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import NOT_TRUE, TRUE
from shouwen.core.language.check.reach import standing
from shouwen.core.procedure import Flow, Leave, Step

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """The steps of every flow."""
    for flow in x.procedure.flows.values():
        for step in _reached(x, flow):
            if _mark(flow, step) not in x.told:
                _leaves(x, flow, step)
        if not any(_mark(flow, step) in x.told for step in flow.steps.values()):
            _ends(x, flow, _reached(x, flow))


def never_opened(x: Examination) -> bool:
    """Flows of which no case can be opened."""
    found = [flow for flow in x.procedure.flows.values() if flow.id not in x.reach.flows]
    for flow in found:
        x.found.problem(
            "flow-never-opened",
            flow.place,
            f"{show.rule_name('flow', flow)}永远开不了案：没有办得成的操作或后果来开它",
            "给接案的操作写 opens，或写一条后果 open 来开它",
        )
    x.reach.grant(flows=[flow.id for flow in found])
    return bool(found)


def never_left(x: Examination) -> bool:
    """Steps whose ways out contradict themselves, whatever else is possible."""
    with x.reach.everything():
        found = [
            (flow, step)
            for flow, step in _caught(x)
            if step.leave and not any(x.reach.can_hold(leave.when, flow.id, step=step.id) for leave in step.leave)
        ]
    return _let_out(x, found)


def stuck(x: Examination) -> bool:
    """Steps that a case gets into and not out of."""
    return _let_out(x, list(_caught(x)))


def _caught(x: Examination) -> Iterator[tuple[Flow, Step]]:
    for flow in x.procedure.flows.values():
        for step in _reached(x, flow):
            if not _is_final(step) and not _exits(x, flow, step) and _mark(flow, step) not in x.told:
                yield flow, step


def _mark(flow: Flow, step: Step) -> str:
    return f"step.{flow.id}.{step.id}"


def _let_out(x: Examination, found: list[tuple[Flow, Step]]) -> bool:
    for flow, step in found:
        _without_exit(x, flow, step)
        x.told.add(_mark(flow, step))
        written = [leave.to for leave in step.leave if leave.to]
        x.reach.lead(flow.id, step.id, *(written or flow.steps))
    return bool(found)


def unreachable(x: Examination) -> bool:
    """Steps to which no way leads: the first ones of each chain."""
    for flow in x.procedure.flows.values():
        lost = [step for step in flow.steps.values() if (flow.id, step.id) not in x.reach.steps]
        led = {leave.to for step in lost for leave in step.leave if leave.to != step.id}
        first = [step for step in lost if step.id not in led] or lost[:1]
        for step in first:
            _unreachable(x, flow, step)
            x.reach.lead(flow.id, step.id, step.id)
        if first:
            return True
    return False


def _reached(x: Examination, flow: Flow) -> list[Step]:
    return [step for step in flow.steps.values() if (flow.id, step.id) in x.reach.steps]


def _is_final(step: Step) -> bool:
    return step.end or bool(step.rest)


def _exits(x: Examination, flow: Flow, step: Step) -> set[str]:
    return x.reach.ways.get((flow.id, step.id), set()) - {step.id}


def _unreachable(x: Examination, flow: Flow, step: Step) -> None:
    leading = [other.name for other in flow.steps.values() if any(leave.to == step.id for leave in other.leave)]
    tables = dict.fromkeys((leave.table or "") for other in flow.steps.values() for leave in other.leave)
    silent = [name for name in tables if name and step.id not in (x.reach.outcomes(name) or (step.id,))]
    why = f"通向它的只有{show.listed(leading)}，而那条路走不通" if leading else "没有哪个环节或后果通向它"
    if silent and not leading:
        named = [x.procedure.tables[name.partition(".")[0]] for name in silent]
        why += f"，{show.listed(show.rule_name('table', table) for table in named)}也没有一行给出它"
        x.told |= {f"table.{table.id}" for table in named}
    x.told.add(f"unreachable.{flow.id}.{step.id}")
    if not step.leave:
        x.told.add(_mark(flow, step))
    x.found.problem(
        "step-unreachable",
        step.place or flow.place,
        f"环节“{step.name}”（{step.id}）到不了：{why}",
        f"在上一个环节的 leave 里写 to: {step.id}，或删去这个环节",
        at=step.id,
    )


def _without_exit(x: Examination, flow: Flow, step: Step) -> None:
    written = [leave.when.source for leave in step.leave if leave.when]
    why = f"离开的条件都不能成立：{'；'.join(written)}" if written else "没有写 leave，也没有别的规则把工单移走"
    x.found.problem(
        "step-without-exit",
        step.place or flow.place,
        f"环节“{step.name}”（{step.id}）进得去，出不来：{why}",
        "写 leave 说明在什么情形下去哪里；终点写 end: yes；可以一直停着的写 rest: 缘由",
        at=step.id,
    )


def _ends(x: Examination, flow: Flow, reached: list[Step]) -> None:
    trapped = [step for step in reached if not _is_final(step) and not _reaches_end(x, flow, step)]
    if len(trapped) == len([step for step in reached if not _is_final(step)]) and trapped:
        x.found.problem(
            "flow-without-end",
            flow.place,
            f"{show.rule_name('flow', flow)}到不了终点：从起点走得到的环节没有一个通向终点",
            "给最后的环节写 end: yes，并让某个环节通向它；可以长期停着的环节写 rest: 缘由",
        )
        return
    for step in trapped:
        if not any(step.id in _exits(x, flow, other) for other in reached if other not in trapped):
            continue  # told where the trap is entered
        around = show.listed(flow.steps[name].name for name in sorted(x.reach.beyond(flow.id, step.id)))
        x.found.problem(
            "step-without-end",
            step.place or flow.place,
            f"进了环节“{step.name}”（{step.id}）就到不了终点：只在{around}之间走",
            "从这些环节中的一个写一条 leave 通向终点",
            at=step.id,
        )


def _reaches_end(x: Examination, flow: Flow, step: Step) -> bool:
    return any(_is_final(flow.steps[name]) for name in x.reach.beyond(flow.id, step.id))


def _leaves(x: Examination, flow: Flow, step: Step) -> None:
    if step.end and step.leave:
        x.found.problem(
            "leave-never-tried",
            step.place or flow.place,
            f"环节“{step.name}”（{step.id}）是终点，它的去路不会再试",
            "删去 leave；工单还要往前走的，删去 end",
            at="leave",
        )
        return
    for place, leave in enumerate(step.leave):
        earlier = step.leave[:place]
        always = next((other for other in earlier if other.when is None and other.table is None), None)
        if always and any(other.when is None and other.table is None for other in earlier[:-1]):
            continue  # told with the first one behind it
        if always:
            x.found.problem(
                "leave-never-tried",
                step.place or flow.place,
                f"环节“{step.name}”（{step.id}）的第 {place + 1} 条去路试不到："
                f"第 {step.leave.index(always) + 1} 条没有条件，总是先走",
                "把没有条件的那条放在最后，或给它写 when",
                at=leave.to or leave.table or step.id,
            )
        elif x.reach.can_hold(leave.when, flow.id, step=step.id):
            _covered(x, flow, step, place, leave)
        elif _exits(x, flow, step):
            source = leave.when.source if leave.when else ""
            x.found.problem(
                "leave-never-holds",
                step.place or flow.place,
                f"环节“{step.name}”（{step.id}）的第 {place + 1} 条去路永远走不到：条件 {source} 不能成立",
                "改正条件，或删去这条去路",
                at=leave.to or leave.table or step.id,
            )


def _covered(x: Examination, flow: Flow, step: Step, place: int, leave: Leave) -> None:
    """A way out that earlier ones always take first."""
    space = x.space()
    earlier = [other for other in step.leave[:place] if other.when and not other.table]
    wanted = [(space.of(leave.when), TRUE), *((space.of(other.when), NOT_TRUE) for other in earlier)]
    if not earlier or not x.searcher.find([*wanted, *standing([step.id])], flow=flow.id).none:
        return
    same = next((n for n, other in enumerate(step.leave[:place], 1) if other.when == leave.when), None)
    why = f"条件与第 {same} 条相同" if same else "它成立时，前面总有一条先成立"
    x.found.problem(
        "leave-never-tried",
        step.place or flow.place,
        f"环节“{step.name}”（{step.id}）的第 {place + 1} 条去路试不到：{why}",
        "调整次序，把窄的条件放在前面，或删去这条",
        at=leave.to or leave.table or step.id,
    )
