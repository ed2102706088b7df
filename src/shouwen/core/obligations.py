"""Tasks: when they begin, are discharged, undone, moved or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shouwen.core import calendar, clock, consequences
from shouwen.core import events as e
from shouwen.core.case import Mark, TaskState
from shouwen.core.index import again
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Task
from shouwen.core.scope import Scope, holds, rows_of
from shouwen.core.sitting import Roles, Sitting, roles_of, unique
from shouwen.core.values import Value

__all__ = ["miss", "owed_by", "rederive", "settle_task"]

Rows = tuple[tuple[str, Mapping[str, Value] | None], ...]


def settle_task(sitting: Sitting, task: Task) -> None:
    """Bring one task, with all its rows, up to date with the case as it is now."""
    scope = sitting.scope()
    rows = _rows(sitting, task, scope)
    for item, row in rows:
        _settle_row(sitting, task, item, scope.on(item, row))
    states = sitting.case.tasks.get(task.id)
    if states and (gone := states.keys() - {item for item, _ in rows}):
        for state in tuple(states.values()):
            if state.state == "open" and state.item in gone and sitting.once("drop", task.id, state.item):
                _drop(sitting, task, state, phrase("该行已撤销"))


def owed_by(sitting: Sitting, task: Task, scope: Scope) -> tuple[str, ...]:
    """The roles that owe it, as role or role@unit; a receipt is owed by its recipient."""
    return _owing(sitting, task, roles_of(sitting, task.owed_by, scope), scope)


def _owing(sitting: Sitting, task: Task, roles: Roles, scope: Scope) -> tuple[str, ...]:
    if task.per_mark and scope.item.partition("@")[0] in sitting.procedure.roles:
        return (scope.item,)
    return tuple([f"{role}@{unit}" if unit else role for role, unit, _ in roles])


def rederive(sitting: Sitting, reason: str) -> None:
    """Derive the limits of all open tasks again; those that move say why. What was missed stays as it was."""
    for state in sitting.case.open_tasks():
        if state.missed is not None:
            continue
        task = sitting.procedure.tasks[state.task]
        row = dict(_rows(sitting, task, sitting.scope())).get(state.item)
        _move(sitting, task, state, sitting.scope().on(state.item, row), reason)


def _rows(sitting: Sitting, task: Task, scope: Scope) -> Rows:
    if task.per_mark:
        marks = (mark for name in task.since for mark in sitting.case.marks.get(name, ()))
        return tuple(dict.fromkeys((mark.row, None) for mark in marks))
    return rows_of(scope, task.for_each)


def _settle_row(sitting: Sitting, task: Task, item: str, scope: Scope) -> None:
    state = sitting.case.tasks.get(task.id, {}).get(item)
    owed = holds(task.when, scope) and holds(task.holds, scope)
    if state is None:
        if owed:
            _begin(sitting, task, item, scope, base=_first_base(sitting))
        return
    if state.state == "open":
        _settle_open(sitting, task, state, owed, scope)
    elif state.state == "done":
        _settle_done(sitting, task, state, owed, scope)
    elif owed:
        _begin(sitting, task, item, scope, base=max(state.base, sitting.case.round_seq))


def _first_base(sitting: Sitting) -> int:
    """A task that was never owed before a reopening begins only by what came after it."""
    return sitting.case.round_seq


def _settle_open(sitting: Sitting, task: Task, state: TaskState, owed: bool, scope: Scope) -> None:
    if task.holds is not None and not holds(task.holds, scope):
        if _discharge(sitting, task, state):
            return
        if sitting.once("drop", task.id, state.item):
            _drop(sitting, task, state, phrase("条件不再成立"))
        return
    if not _discharge(sitting, task, state):
        _move(sitting, task, state, scope, phrase("起算或依据变了"))


def _settle_done(sitting: Sitting, task: Task, state: TaskState, owed: bool, scope: Scope) -> None:
    undone = clock.undoing(sitting, task, state)
    if undone and sitting.once("undo", task.id, state.item):
        sitting.emit(
            e.TaskUndone(
                at=sitting.at,
                happened=sitting.moment,
                task=task.id,
                item=state.item,
                by=undone.actor,
                clauses=unique(task.clauses, task.cited.get("undone", ())),
            )
        )
        sitting.dirty.add(again(task.id))
        _born_late(sitting, task, sitting.case.tasks[task.id][state.item], scope)
        return
    if task.since:
        if owed:
            _begin(sitting, task, state.item, scope, base=state.ended_seq + 1)
    elif task.holds is not None:
        _again(sitting, task, state, owed, scope)


def _again(sitting: Sitting, task: Task, state: TaskState, owed: bool, scope: Scope) -> None:
    """A task without `from` is owed anew when its `while` turns true again after it was done."""
    lapsed = f"lapsed.{task.id}#{state.item}"
    if owed == (lapsed in sitting.case.holding):
        sitting.emit(e.ConditionNoted(at=sitting.at, happened=sitting.moment, rule=lapsed, holds=not owed))
        if owed:
            _begin(sitting, task, state.item, scope, base=state.ended_seq + 1)


def _begin(sitting: Sitting, task: Task, item: str, scope: Scope, base: int) -> None:
    row_mark = _row_mark(sitting, task, item)
    mark: Mark | None
    if task.since:
        mark = clock.start(sitting, task, item, base, row_mark)
        if mark is None:
            return
    else:
        mark = Mark(sitting.case.seq - 1, sitting.moment, item)
    if not sitting.once("begin", task.id, item):
        return
    found = clock.limit(sitting, task, item, mark.happened, base, scope)
    begun = max(sitting.moment, mark.happened) if task.since else sitting.moment
    roles = roles_of(sitting, task.owed_by, scope)
    sitting.emit(
        e.TaskBegun(
            at=sitting.at,
            happened=begun,
            task=task.id,
            item=item,
            owed_by=_owing(sitting, task, roles, scope),
            since=mark.happened,
            since_mark=mark.seq,
            base=base,
            due=found.moment,
            provisional=found.provisional,
            alarms=clock.alarms(sitting, task, found.moment, begun, scope),
            clauses=_begin_cites(sitting, task, roles, scope),
        )
    )
    state = sitting.case.tasks[task.id][item]
    if _discharge(sitting, task, state):
        sitting.may_again("begin", task.id, item)  # settled as it began: what starts it later in this command counts
    else:
        _born_late(sitting, task, state, scope)


def _begin_cites(sitting: Sitting, task: Task, roles: Roles, scope: Scope) -> tuple[str, ...]:
    index = sitting.index
    return unique(
        task.clauses,
        *[
            task.cited[name]
            for name in ("owed_by", "when", "while", "from", "within", "for_each")
            if name in task.cited
        ],
        *[cited for _, _, cited in roles],
        index.cited(task.when),
        index.cited(task.holds),
        clock.span_clauses(sitting, task.within, scope),
        sitting.procedure.calendar_clauses if task.has_clock else (),
    )


def _row_mark(sitting: Sitting, task: Task, item: str) -> Mark | None:
    return sitting.case.filled.get(f"{task.for_each}#{item}") if task.for_each else None


def _discharge(sitting: Sitting, task: Task, state: TaskState) -> bool:
    found = clock.discharge(sitting, task, state)
    if found is None or not sitting.once("done", task.id, state.item):
        return False
    mark, name = found
    in_time = state.due is None or not calendar.is_late(mark.happened, state.due)
    sitting.emit(
        e.TaskDone(
            at=sitting.at,
            happened=mark.happened,
            task=task.id,
            item=state.item,
            by=name,
            in_time=in_time,
            clauses=unique(task.clauses, task.cited.get("done", ())),
        )
    )
    if state.missed and in_time and state.due:
        _correct(sitting, task, state)
    return True


def _correct(sitting: Sitting, task: Task, state: TaskState) -> None:
    """The miss never was: it is corrected, and what was posted because of it is reversed."""
    assert state.due is not None
    sitting.emit(
        e.MissCorrected(
            at=sitting.at,
            happened=sitting.moment,
            task=task.id,
            item=state.item,
            due=state.due,
            clauses=unique(task.clauses, sitting.procedure.backdate_clauses),
        )
    )
    cause = f"task.{task.id}.missed#{state.item}"
    for entry in tuple(sitting.case.posted.values()):
        if entry.cause == cause:
            sitting.emit(
                e.PostingReversed(
                    at=sitting.at,
                    happened=sitting.moment,
                    posting=entry.posting,
                    key=entry.key,
                    amount=entry.amount,
                    clauses=task.clauses,
                )
            )


def _drop(sitting: Sitting, task: Task, state: TaskState, reason: str) -> None:
    sitting.emit(
        e.TaskDropped(
            at=sitting.at, happened=sitting.moment, task=task.id, item=state.item, reason=reason, clauses=task.clauses
        )
    )


def _move(sitting: Sitting, task: Task, state: TaskState, scope: Scope, reason: str) -> None:
    mark = Mark(state.since_mark, state.since, state.item)
    if task.since:
        mark = clock.start(sitting, task, state.item, state.base, _row_mark(sitting, task, state.item)) or mark
    found = clock.limit(sitting, task, state.item, mark.happened, state.base, scope)
    if found.moment == state.due and mark.seq == state.since_mark and found.provisional == state.provisional:
        return
    sitting.emit(
        e.TaskMoved(
            at=sitting.at,
            happened=sitting.moment,
            task=task.id,
            item=state.item,
            since=mark.happened,
            since_mark=mark.seq,
            due=found.moment,
            was=state.due,
            provisional=found.provisional,
            reason=reason,
            alarms=clock.alarms(sitting, task, found.moment, sitting.moment, scope),
            clauses=unique(
                task.clauses, *(task.cited.get(n, ()) for n in ("replaced_by", "pauses", "restarts", "from"))
            ),
        )
    )
    _born_late(sitting, task, sitting.case.tasks[task.id][state.item], scope)


def _born_late(sitting: Sitting, task: Task, state: TaskState, scope: Scope) -> None:
    """A limit that has passed as the task begins (or moves, or runs on) is missed there and then; of what is typed in
    late, a limit that was then still to come is missed at that limit."""
    if state.due is None or not calendar.is_late(sitting.present, state.due):
        return
    if state.missed is not None and state.due <= state.missed:
        return
    moment = sitting.moment
    late = calendar.is_late(moment, state.due)
    sitting.moment = moment if late else calendar.minute(state.due)
    miss(sitting, task, state, scope, sitting.moment, born_late=late)
    sitting.moment = moment


def miss(
    sitting: Sitting, task: Task, state: TaskState, scope: Scope, moment: datetime, *, born_late: bool = False
) -> None:
    """The limit has passed: record it once, and let its consequences follow. A task that is kept by waiting is done."""
    assert state.due is not None
    clauses = unique(task.clauses, task.cited.get("within", ()), task.cited.get("missed", ()))
    if task.expires == "done":
        sitting.emit(
            e.TaskDone(
                at=sitting.at,
                happened=state.due,
                task=task.id,
                item=state.item,
                by="expired",
                in_time=True,
                clauses=clauses,
            )
        )
        return
    sitting.emit(
        e.TaskMissed(
            at=sitting.at,
            happened=moment,
            task=task.id,
            item=state.item,
            owed_by=owed_by(sitting, task, scope),
            due=state.due,
            born_late=born_late,
            clauses=clauses,
        )
    )
    cause = f"task.{task.id}.missed#{state.item}"
    consequences.carry_out(sitting, task.missed, scope, cause, words=phrase("逾期：{name}", name=task.name))
    if task.climb:
        consequences.climb(sitting, task.climb, 0, cause)
