"""The clock of one obligation: when it starts, what pauses it, when it ends, and when it rings before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice

from shouwen.core import calendar
from shouwen.core.calendar import Daily, Days, Elapsed, Every, Months, Point, Span, Workdays
from shouwen.core.case import Case, Mark, TaskState
from shouwen.core.procedure import (
    ClockSpan,
    FieldSpan,
    FigureSpan,
    FixedSpan,
    Recurrence,
    Reminder,
    SpanSource,
    TableSpan,
    Task,
)
from shouwen.core.scope import Scope, figure, holds
from shouwen.core.sitting import Sitting

__all__ = ["Limit", "alarms", "discharge", "intervals", "limit", "span_clauses", "span_of", "start", "undoing"]


#: of one reminder that comes again and again
MOST_RINGS = 500


@dataclass(frozen=True)
class Limit:
    """A derived limit: its moment (None: none now), whether it is provisional, and the span counted, if one was."""

    moment: datetime | None
    provisional: bool = False
    span: Span | None = None
    pauses: tuple[calendar.Interval, ...] = ()


def start(sitting: Sitting, task: Task, item: str, base: int, row: Mark | None) -> Mark | None:
    """The event that starts the clock: the first (or latest) of its `since` events from `base` on, or None.

    A row's clock never starts before the row.
    """
    found = [mark for name in task.since for mark in _happenings(sitting.case, sitting, name, item, base)]
    if task.per_mark:
        found = [mark for mark in found if mark.row == item]
    if not found:
        return None
    mark = max(found, key=_order) if task.start == "latest" else min(found, key=_order)
    restarted = [
        again
        for name in task.restarts
        for again in _happenings(sitting.case, sitting, name, item, base)
        if _order(again) > _order(mark)
    ]
    mark = max((mark, *restarted), key=_order)
    if row and row.happened > mark.happened:
        return replace(mark, happened=row.happened)
    return mark


def limit(sitting: Sitting, task: Task, item: str, since: datetime, base: int, scope: Scope) -> Limit:
    """When the clock ends that started at `since`."""
    if not task.has_clock:
        return Limit(None)
    replaced = _moment(scope, task.replaced_by) if _this_round(sitting, task.replaced_by) else None
    stops = tuple(intervals(sitting, task, item, base, scope))
    if replaced:
        return _put_off(sitting, task, replaced, stops)
    ends = [end for end in (_within(sitting, task, since, stops, scope), _fixed(sitting, task, since, scope)) if end]
    for other in task.no_later_than:
        bound = _bound(sitting, other.task, other.path, item, scope)
        if bound and other.minus:
            span = span_of(other.minus, scope)
            bound = calendar.before(sitting.world.calendar, bound, span).moment if span else bound
        if bound:
            ends.append(Limit(bound))
    if any(end.moment is None for end in ends):
        return Limit(None, pauses=stops)
    return min(ends, key=lambda end: end.moment or since) if ends else Limit(None)


def _put_off(sitting: Sitting, task: Task, replaced: datetime, stops: tuple[calendar.Interval, ...]) -> Limit:
    """An agreed moment, later by the pauses that began after it was agreed."""
    mark = sitting.case.filled.get(task.replaced_by or "")
    later = tuple(stop for stop in stops if mark and stop[0] >= mark.happened)
    minutes = (calendar.minute(replaced) - calendar.minute(mark.happened)) // timedelta(minutes=1) if mark else 0
    if mark is None or not later or minutes < 1:
        return Limit(replaced)
    found = calendar.due(sitting.world.calendar, mark.happened, Elapsed(minutes), pauses=later)
    return Limit(found.moment if found else None, pauses=later)


def _this_round(sitting: Sitting, path: str | None) -> bool:
    """Whether a field was filled since the case was last opened: an earlier round's agreement binds no later clock."""
    if path is None or path not in sitting.procedure.fields:
        return True
    field = sitting.procedure.fields[path]
    mark = sitting.case.filled.get(field.same_as or path)
    return field.computed is not None or mark is None or mark.seq >= sitting.case.round_seq


def intervals(sitting: Sitting, task: Task, item: str, base: int, scope: Scope) -> Iterable[calendar.Interval]:
    """The pauses so far, each from its start to its end (None: still paused)."""
    for pause in task.pauses:
        if not holds(pause.when, scope):
            continue
        stops = sorted(_happenings(sitting.case, sitting, pause.since, item, base), key=_order)
        runs = [run for name in pause.until for run in _happenings(sitting.case, sitting, name, item, base)]
        for stop in stops:
            ends = [run.happened for run in runs if run.happened > stop.happened or run.seq > stop.seq]
            end = min(ends) if ends else None
            if end is None or end > stop.happened:
                yield stop.happened, end


def span_of(source: SpanSource, scope: Scope) -> Span | None:
    """The span that a source gives now: written, a figure in force, a table's, or a field's."""
    match source:
        case FixedSpan(span):
            return span
        case FigureSpan(name, end):
            value = scope.figure(name)
            return _ending(value, end) if isinstance(value, Span) else None
        case TableSpan(name, end):
            table, _, column = name.partition(".")
            written = scope.table(scope.case, table, column)
            return _ending(calendar.parse_span(written), end) if isinstance(written, str) else None
        case FieldSpan(path, end):
            written = scope.field(path)
            return _ending(calendar.parse_span(written), end) if isinstance(written, str) else None
        case ClockSpan(point, name):
            return _at_hour(point, scope.figure(name))


def every_of(recurrence: Recurrence, scope: Scope) -> Every | None:
    """What returns, with the figures in force now; None if a figure gives nothing that can return."""
    if not isinstance(recurrence, FigureSpan | ClockSpan):
        return recurrence
    span = span_of(recurrence, scope)
    return span.pattern if isinstance(span, Point) else span


def _at_hour(point: Point, given: object) -> Point:
    """The point at the hour that a figure gives: a clock time, or a point of each day."""
    hour = given.pattern.clock if isinstance(given, Point) and isinstance(given.pattern, Daily) else None
    if isinstance(given, str):
        hour = calendar.parse_clock(given)
    return replace(point, pattern=replace(point.pattern, clock=hour)) if hour else point


def span_clauses(sitting: Sitting, source: SpanSource | None, scope: Scope) -> tuple[str, ...]:
    """The clauses of a figure that gives a span."""
    if isinstance(source, FigureSpan | ClockSpan):
        rule = sitting.procedure.figures[source.figure]
        dated = figure(sitting.procedure, sitting.world, source.figure, scope.figure_day(source.figure))
        return tuple(dict.fromkeys((*rule.clauses, *(dated.clauses if dated else ()))))
    return ()


def discharge(sitting: Sitting, task: Task, state: TaskState) -> tuple[Mark, str] | None:
    """What discharges an open obligation: the act or document, with the event's name; None if nothing does yet."""

    def counts(name: str) -> Mark | None:
        if _is_document(name):
            standing = _standing(sitting, name, state.item)
            return standing if standing and standing.seq > state.undone_seq else None
        marks = [
            mark
            for mark in _happenings(sitting.case, sitting, name, state.item, state.base)
            if mark.seq > state.undone_seq
            and (mark.seq > state.since_mark or calendar.minute(mark.happened) > calendar.minute(state.since))
        ]
        marks = [mark for mark in marks if calendar.minute(mark.happened) >= calendar.minute(state.since)]
        return min(marks, key=_order) if marks else None

    if task.done_all:
        every = [(counts(name), name) for name in task.done_all]
        if all(mark for mark, _ in every):
            return max(((mark, name) for mark, name in every if mark), key=lambda found: _order(found[0]))
        return None
    found = [(mark, name) for name in task.done_any if (mark := counts(name))]
    return min(found, key=lambda pair: _order(pair[0])) if found else None


def undoing(sitting: Sitting, task: Task, state: TaskState) -> Mark | None:
    """The event that takes a discharge back, if one came after it."""
    found = [
        mark
        for name in task.undone
        for mark in _happenings(sitting.case, sitting, name, state.item, state.base)
        if mark.seq > state.ended_seq
    ]
    return max(found, key=_order) if found else None


def alarms(
    sitting: Sitting, task: Task, due: datetime | None, begun: datetime, scope: Scope
) -> tuple[tuple[datetime, str], ...]:
    """The moments at which reminders go off, earliest first; those before it was owed do not."""
    if due is None:
        return ()
    rings = [
        (moment, f"remind.{place}" + (f".{count}" if reminder.every else ""))
        for place, reminder in enumerate(task.remind)
        if holds(reminder.when, scope)
        for count, moment in enumerate(_rings(sitting, reminder, due, begun, scope))
    ]
    return tuple(sorted(rings))


def _rings(sitting: Sitting, reminder: Reminder, due: datetime, begun: datetime, scope: Scope) -> Iterable[datetime]:
    """When one reminder goes off: so long before, at a point, or again and again until the limit."""
    table = sitting.world.calendar
    every = every_of(reminder.every, scope) if reminder.every else None
    if every is not None:
        again = calendar.periods(table, every, begun, due)
        yield from (moment for moment in islice(again, MOST_RINGS) if moment < due)
    ahead = reminder.at or reminder.before
    span = span_of(ahead, scope) if ahead else None
    if span:
        moment = calendar.before(table, due, span).moment
        if moment >= calendar.minute(begun):
            yield moment


def _order(mark: Mark) -> tuple[datetime, int]:
    return mark.happened, mark.seq


def _happenings(case: Case, sitting: Sitting, name: str, item: str, base: int) -> list[Mark]:
    """The marks of an event from `base` on, on this row or on none; a moment field gives its own moment."""
    if name.startswith("field."):
        return _field_mark(sitting, name.removeprefix("field."), item, base)
    return [
        mark
        for mark in case.marks.get(name, ())
        if mark.seq >= base and (not item or not mark.item or mark.item == item)
    ]


def _field_mark(sitting: Sitting, path: str, item: str, base: int) -> list[Mark]:
    scope = sitting.scope()
    value = _column(scope, path, item) if path.count(".") == 2 and path not in scope.procedure.names else None
    if value is None:
        value = scope.get(path)
    written = _written(sitting, path, item)
    return [Mark(written, value, item)] if isinstance(value, datetime) and written >= base else []


def _written(sitting: Sitting, path: str, item: str) -> int:
    """The event that wrote a field last: its own, or the last of the fields that it is computed from."""
    filled = sitting.case.filled
    mark = filled.get(f"{path}#{item}") or filled.get(path)
    if mark:
        return mark.seq
    keys: set[str] = set()
    sitting.index.add_path(path, keys)
    marks = [filled[key[2:]].seq for key in keys if key[2:] in filled]
    return max(marks, default=sitting.case.round_seq)


def _column(scope: Scope, path: str, item: str) -> object:
    owner, _, column = path.rpartition(".")
    if owner not in scope.procedure.fields:
        return None
    rows = scope.field(owner)
    if isinstance(rows, tuple):
        for row in rows:
            if not isinstance(row, (str, int, bool, tuple)) and hasattr(row, "get") and row.get("#") == item:
                return row.get(column)
    return None


def _is_document(name: str) -> bool:
    return name.startswith("field.") or (name.startswith("form.") and name.endswith(".issued"))


def _standing(sitting: Sitting, name: str, item: str) -> Mark | None:
    """The mark of a document or field that stands now; None if it does not."""
    case = sitting.case
    if not name.startswith("field."):
        form = name.split(".")[1]
        return case.marks[name][-1] if form in case.issued else None
    path = name.removeprefix("field.")
    scope = sitting.scope()
    field = scope.procedure.fields[path]
    if field.same_as:
        return _standing(sitting, f"field.{field.same_as}", item)
    if path.count(".") == 2:
        return case.filled.get(f"{path}#{item}") if _column(scope, path, item) not in (None, "", ()) else None
    value = scope.field(path)
    return None if value in (None, "", ()) else case.filled.get(path)


def _within(
    sitting: Sitting, task: Task, since: datetime, stops: tuple[calendar.Interval, ...], scope: Scope
) -> Limit | None:
    if task.within is None:
        return None
    span = span_of(task.within, scope)
    if span is None:
        return None
    found = calendar.due(sitting.world.calendar, since, span, pauses=stops)
    return Limit(found.moment, found.provisional, span, stops) if found else Limit(None, False, span, stops)


def _fixed(sitting: Sitting, task: Task, since: datetime, scope: Scope) -> Limit | None:
    moment = _moment(scope, task.by_field)
    if moment:
        return Limit(moment)
    point = span_of(task.by_point, scope) if task.by_point else None
    if point:
        found = calendar.due(sitting.world.calendar, since, point)
        return Limit(found.moment, found.provisional, point) if found else None
    return None


def _bound(sitting: Sitting, task: str | None, path: str | None, item: str, scope: Scope) -> datetime | None:
    if path:
        return _moment(scope, path)
    # A dropped task owes nothing any more, so its limit binds no other.
    rows = {key: row for key, row in sitting.case.tasks.get(task or "", {}).items() if row.state != "dropped"}
    state = rows.get(item) or rows.get("")
    dues = [state.due] if state else [row.due for row in rows.values()]
    known = [due for due in dues if due]
    return min(known) if known else None


def _moment(scope: Scope, path: str | None) -> datetime | None:
    if path is None:
        return None
    if path.startswith("this."):
        value = scope.get(path)
    elif path.count(".") == 2 and path not in scope.procedure.names:
        return _column_moment(scope, path)
    else:
        value = scope.get(path)
    return value if isinstance(value, datetime) else None


def _column_moment(scope: Scope, path: str) -> datetime | None:
    value = scope.row.get(path.rpartition(".")[2]) if scope.row else None
    return value if isinstance(value, datetime) else None


def _ending(span: Span, end: time | None) -> Span:
    return replace(span, end=end) if end is not None and isinstance(span, Workdays | Days | Months) else span
