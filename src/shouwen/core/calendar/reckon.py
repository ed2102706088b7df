"""Deadlines: a moment and a span make the moment at which the span has run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwen.core.calendar import pattern, pauses, timeline, timetable
from shouwen.core.calendar.edition import Calendar
from shouwen.core.calendar.pattern import Pattern
from shouwen.core.calendar.pauses import Interval, Stop
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Span, Workdays, WorkTime
from shouwen.core.calendar.timeline import DAY
from shouwen.core.calendar.timetable import Mark, Timetable


@dataclass(frozen=True, slots=True)
class Due:
    """A moment in the calendar's zone; provisional if working days outside the edition's years were counted."""

    moment: datetime
    provisional: bool


def due(calendar: Calendar, start: datetime, span: Span, *, pauses: Sequence[Interval] = ()) -> Due | None:
    """When the span has run; None while a pause without end keeps it from running. Seconds are cut."""
    if isinstance(span, Elapsed):
        return _elapsed(calendar, start, span.minutes, pauses)
    since = timeline.local(start, calendar.zone)
    mark = _reached(calendar.timetable, since, span, _stops(calendar, since, pauses))
    return None if mark is None else _due(calendar, span, since // DAY, mark)


def before(calendar: Calendar, moment: datetime, span: Span) -> Due:
    """The span counted back from a moment; 00:00 counts as the 24:00 of the day before."""
    if isinstance(span, Elapsed):
        return Due(timeline.at_instant(timeline.instant(moment) - span.minutes, calendar.zone), False)
    until = timeline.local(moment, calendar.zone)
    return _due(calendar, span, timeline.ending_day(until), _back(calendar.timetable, until, span))


def work_minutes_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Open minutes from start to end; negative if end comes first."""
    begin, until = (timeline.local(moment, calendar.zone) for moment in (start, end))
    return timetable.worked(calendar.timetable, until) - timetable.worked(calendar.timetable, begin)


def workdays_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working days that have ended at their close by `end`, the start's own day not counted; never negative."""
    begin, until = (timeline.local(moment, calendar.zone) for moment in (start, end))
    table = calendar.timetable
    return max(0, timetable.ended(table, until, table.close) - timetable.through(table, begin // DAY))


def reads_workdays(span: Span) -> bool:
    """Whether the span depends on which days are worked."""
    match span:
        case WorkTime() | Workdays():
            return True
        case Point(pattern.OnWorkdays() | pattern.MonthlyWorkday()):
            return True
        case Elapsed() | Days() | Months() | Point():
            return False


def day_count(day: int, span: Days | Months) -> int:
    """How many calendar days a span of days or months takes from this day."""
    return span.count if isinstance(span, Days) else pattern.months_on(day, span.count) - day


def _elapsed(calendar: Calendar, start: datetime, minutes: int, stopped: Sequence[Interval]) -> Due | None:
    since = timeline.instant(start)
    end = pauses.carried(since + minutes, pauses.merged(stopped, since, timeline.instant) if stopped else ())
    return None if end is None else Due(timeline.at_instant(end, calendar.zone), False)


def _stops(calendar: Calendar, since: int, stopped: Sequence[Interval]) -> Sequence[Stop]:
    if not stopped:
        return ()
    return pauses.merged(stopped, since, lambda moment: timeline.local(moment, calendar.zone))


def _due(calendar: Calendar, span: Span, from_day: int, mark: Mark) -> Due:
    table, (day, clock) = calendar.timetable, mark
    known = table.known_from <= min(from_day, day) and max(from_day, day) <= table.known_until
    provisional = not known and reads_workdays(span)
    return Due(timeline.at_local(day * DAY + clock, calendar.zone), provisional)


def _reached(
    table: Timetable, since: int, span: WorkTime | Workdays | Days | Months | Point, stops: Sequence[Stop]
) -> Mark | None:
    match span:
        case WorkTime(minutes):
            return _work_time(table, since, minutes, stops)
        case Workdays():
            return _workdays(table, since, span, stops)
        case Days() | Months():
            return _days(since, day_count(since // DAY, span), timeline.clock_minutes(span.end), stops)
        case Point():
            return _point(table, since, span, stops)


def _work_time(table: Timetable, since: int, minutes: int, stops: Sequence[Stop]) -> Mark | None:
    stopped = pauses.on_line(stops, lambda moment: timetable.worked(table, moment))
    target = pauses.carried(timetable.worked(table, since) + minutes, stopped)
    return None if target is None else timetable.reached(table, target)


def _workdays(table: Timetable, since: int, span: Workdays, stops: Sequence[Stop]) -> Mark | None:
    end = pattern.closing(table, span.end)
    first = timetable.through(table, since // DAY)
    stopped = pauses.on_line(stops, lambda moment: max(first, timetable.ended(table, moment, end)))
    target = pauses.carried(first + span.count, stopped)
    return None if target is None else (timetable.nth(table, target), end)


def _days(since: int, count: int, end: int, stops: Sequence[Stop]) -> Mark | None:
    first = since // DAY
    stopped = pauses.on_line(stops, lambda moment: max(first, (moment - end) // DAY))
    target = pauses.carried(first + count, stopped)
    return None if target is None else (target, end)


def _point(table: Timetable, since: int, point: Point, stops: Sequence[Stop]) -> Mark | None:
    """A moment that falls into a pause gives way to the first such moment after it."""
    mark = _point_from(table, since, point)
    for begin, end in stops:
        moment = _minutes(mark)
        if begin > moment or (begin == moment != since):
            break
        if end is None:
            return None
        if moment <= end:
            mark = _next(table, end, point.pattern)
    return mark


def _point_from(table: Timetable, since: int, point: Point) -> Mark:
    if point.shift is None:
        return _next(table, since + 1 if point.strictly else since, point.pattern)
    return _first(table, point.pattern, pattern.beside(table, point.pattern, since // DAY, point.shift), 1)


def _next(table: Timetable, since: int, recurring: Pattern) -> Mark:
    period = pattern.period_of(table, recurring, since // DAY)
    while _minutes(mark := _first(table, recurring, period, 1)) < since:
        period += 1
    return mark


def _back(table: Timetable, until: int, span: WorkTime | Workdays | Days | Months | Point) -> Mark:
    day = timeline.ending_day(until)
    match span:
        case WorkTime(minutes):
            # The latest moment from which so many open minutes are left is where the next one begins.
            found, clock = timetable.reached(table, timetable.worked(table, until) - minutes + 1)
            return found, clock - 1
        case Workdays(count, end):
            return timetable.nth(table, timetable.through(table, day - 1) + 1 - count), pattern.closing(table, end)
        case Days(count, end):
            return day - count, timeline.clock_minutes(end)
        case Months(count, end):
            return pattern.months_on(day, -count), timeline.clock_minutes(end)
        case Point():
            return _point_back(table, until, span)


def _point_back(table: Timetable, until: int, point: Point) -> Mark:
    day = timeline.ending_day(until)
    if point.shift is not None:
        return _first(table, point.pattern, pattern.beside(table, point.pattern, day, point.shift), 1)
    period = pattern.period_of(table, point.pattern, day)
    while _minutes(mark := _first(table, point.pattern, period, -1)) > until:
        period -= 1
    return mark


def _first(table: Timetable, recurring: Pattern, period: int, step: int) -> Mark:
    """The pattern's moment in the first period, from this one on in steps of 1 or -1, that has one."""
    while (mark := pattern.occurrence(table, recurring, period)) is None:
        period += step
    return mark


def _minutes(mark: Mark) -> int:
    return mark[0] * DAY + mark[1]
