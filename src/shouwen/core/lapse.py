"""What falls due by itself: misses, reminders, ladders, recurring triggers of a case, each dated when it fell due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from shouwen.core import calendar, consequences, obligations
from shouwen.core import events as e
from shouwen.core.calendar import Elapsed
from shouwen.core.case import Case, TaskState
from shouwen.core.clock import every_of, span_of
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Procedure, Recurrence, Task
from shouwen.core.scope import Scope, rows_of
from shouwen.core.settle import fire, settle
from shouwen.core.sitting import Sitting, unique

__all__ = ["catch_up", "next_moment"]

MINUTE = timedelta(minutes=1)
#: a recurring thing is looked for so far ahead
HORIZON = timedelta(days=800)

#: when, what kind (in the order of one minute: its misses come last), and on which task or trigger
Pending = tuple[datetime, str, str, str]


def catch_up(sitting: Sitting, until: datetime, *, including: bool) -> None:
    """Let everything happen that fell due before the minute `until`, oldest first.

    `including`: reminders and recurring triggers of that very minute too (time passes, nobody acts in it).
    """
    moment = sitting.moment
    edge = until + MINUTE if including else until
    while True:
        pending = min(_pending(sitting), default=None)
        if pending is None or pending[0] >= edge or not _ripe(pending, until):
            break
        when, kind, rule, item = pending
        sitting.moment = sitting.now = when
        _begin_anew(sitting)
        _happen(sitting, when, kind, rule, item)
        settle(sitting)
    sitting.moment, sitting.now = moment, None
    _begin_anew(sitting)


def _begin_anew(sitting: Sitting) -> None:
    """What falls due is like a command of its own: nothing earlier is fresh, and each rule may act again."""
    sitting.before, sitting.wanted = sitting.case, None
    sitting.acted.clear()


def next_moment(sitting: Sitting) -> datetime | None:
    """When this case must be looked at again, None if nothing is pending. A miss is due in the minute after."""
    moments = [when + MINUTE if kind == "4miss" else when for when, kind, _, _ in _pending(sitting)]
    return min(moments, default=None)


def _ripe(pending: Pending, until: datetime) -> bool:
    return pending[1] != "4miss" or calendar.is_late(until, pending[0])


def _pending(sitting: Sitting) -> Iterator[Pending]:
    case, procedure = sitting.case, sitting.procedure
    for state in case.open_tasks():
        task = procedure.tasks[state.task]
        if state.due and (state.missed is None or state.due > state.missed):
            yield calendar.minute(state.due), "4miss", state.task, state.item
        for moment, alarm in state.alarms:
            yield moment, f"0{alarm}", state.task, state.item
        if state.missed and task.overdue:
            again = _next_overdue(sitting, task, state)
            if again:
                yield again, "1overdue", state.task, state.item
        if state.missed and task.climb:
            rung = _next_rung(sitting, task, state)
            if rung:
                yield rung, "2rung", state.task, state.item
    if case.step and not case.closed:
        yield from _recurring(case, procedure, sitting)


def _next_overdue(sitting: Sitting, task: Task, state: TaskState) -> datetime | None:
    assert task.overdue is not None
    after = max(_missed_at(sitting.case, state), state.last_overdue or state.begun)
    return _next(sitting, task.overdue.every, after)


def _next(sitting: Sitting, recurrence: Recurrence, after: datetime, move: int = 0, passed: int = 0) -> datetime | None:
    """The next time after this moment; of several that were moved into its very minute, so many have passed."""
    every = every_of(recurrence, sitting.scope())
    if every is None:
        return None
    table = sitting.world.calendar
    if move and not isinstance(every, calendar.Span):
        here = [one for one in calendar.periods(table, every, after - MINUTE, after, move) if one == after]
        if 0 < passed < len(here):
            return after
    return next(calendar.periods(table, every, after, after + HORIZON, move), None)


def _missed_at(case: Case, state: TaskState) -> datetime:
    """When the miss happened: at its limit, or later if it was born late."""
    marks = case.marks.get(f"task.{state.task}.missed", ())
    return max((mark.happened for mark in marks if mark.item == state.item), default=state.begun)


def _next_rung(sitting: Sitting, task: Task, state: TaskState) -> datetime | None:
    """When the next rung of the ladder is climbed; the waits add up from the miss."""
    rungs = sitting.procedure.authorities[task.climb or ""].climb
    place = state.rung + 1
    if place >= len(rungs):
        return None
    moment, scope = _missed_at(sitting.case, state), sitting.scope()
    for rung in rungs[1 : place + 1]:
        span = span_of(rung.after, scope) if rung.after else Elapsed(1)
        found = calendar.due(sitting.world.calendar, moment, span) if span else None
        if found is None:
            return None
        moment = found.moment
    return moment


def _recurring(case: Case, procedure: Procedure, sitting: Sitting) -> Iterator[Pending]:
    for trigger in procedure.triggers.values():
        if trigger.every is None or trigger.over is not None or trigger.flow != case.flow or case.opened is None:
            continue
        if trigger.when is not None and trigger.id not in case.holding:
            continue
        fired = case.marks.get(f"trigger.{trigger.id}", ())
        held = case.marks.get(f"trigger.{trigger.id}.held", ())
        again = case.marks.get("reopened", ())
        after = max((mark.happened for mark in (*fired, *held, *again)), default=case.opened)
        if trigger.times is not None and len(fired) >= trigger.times:
            continue
        passed = sum(mark.happened == after for mark in fired)
        found = _next(sitting, trigger.every, after, trigger.move, passed)
        if found:
            yield found, "3every", trigger.id, ""


def _happen(sitting: Sitting, when: datetime, kind: str, rule: str, item: str) -> None:
    if kind == "3every":
        fire(sitting, sitting.procedure.triggers[rule], sitting.scope())
        return
    task = sitting.procedure.tasks[rule]
    state = sitting.case.tasks[rule][item]
    row = dict(rows_of(sitting.scope(), task.for_each)).get(item)
    scope = sitting.scope().on(item, row)
    if kind == "4miss":
        obligations.miss(sitting, task, state, scope, when)
    elif kind == "1overdue":
        assert task.overdue is not None
        _ring(sitting, task, item, "overdue", task.overdue.clauses)
        consequences.tell(
            sitting,
            task.overdue.tell,
            scope,
            phrase("逾期：{name}", name=task.name),
            f"task.{task.id}.overdue",
            task.overdue.clauses,
        )
    elif kind == "2rung":
        _ring(sitting, task, item, f"rung.{state.rung + 1}", task.clauses)
        consequences.climb(sitting, task.climb or "", state.rung + 1, f"task.{task.id}.missed#{item}")
    else:
        _remind(sitting, task, item, kind[1:], scope)


def _remind(sitting: Sitting, task: Task, item: str, alarm: str, scope: Scope) -> None:
    reminder = task.remind[int(alarm.split(".")[1])]
    _ring(sitting, task, item, alarm, unique(reminder.clauses))
    text = reminder.text or phrase("临期：{name}", name=task.name)
    consequences.tell(sitting, reminder.tell, scope, text, f"task.{task.id}.{alarm}", reminder.clauses)


def _ring(sitting: Sitting, task: Task, item: str, alarm: str, clauses: tuple[str, ...]) -> None:
    sitting.emit(
        e.Reminded(at=sitting.at, happened=sitting.moment, task=task.id, item=item, alarm=alarm, clauses=clauses)
    )
