"""The path of a case through the steps of its flow."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.procedure import Flow

__all__ = ["StepView", "path_of"]


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step: gone through, present, or ahead; `end` closes the case."""

    id: str
    name: str
    state: str
    end: bool = False


def path_of(flow: Flow, current: str, entered: tuple[str, ...] = (), *, closed: bool = False) -> tuple[StepView, ...]:
    """The steps in the flow's order. Other ends than the one reached stay out; with `entered`, so do steps before the
    present one that this case never went through."""
    order = list(flow.steps)
    place = order.index(current) if current in flow.steps else 0
    found = []
    for index, step in enumerate(flow.steps.values()):
        gone = step.id in entered if entered else index < place
        if step.id == current:
            state = "done" if closed else "now"
        elif step.end and (closed or index != order.index(_last_end(flow, order))):
            continue
        elif gone:
            state = "done"
        elif index < place or closed:
            continue
        else:
            state = "ahead"
        found.append(StepView(id=step.id, name=step.name, state=state, end=step.end))
    return tuple(found)


def _last_end(flow: Flow, order: list[str]) -> str:
    """The usual end: the first one written."""
    return next((step for step in order if flow.steps[step].end), order[-1])
