"""The proof of a deadline: each day or interval, counted or skipped, and why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from shouwen.core.calendar import pattern, pauses, reckon, timeline
from shouwen.core.calendar.edition import WORKDAY, Calendar, day_kind
from shouwen.core.calendar.pauses import Interval, Stop
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Span, Workdays, WorkTime
from shouwen.core.calendar.timeline import DAY
from shouwen.core.calendar.words import span_words
from shouwen.core.phrase import phrase


@dataclass(frozen=True)
class Line:
    """A piece of time [since, until), counted or not; the total is in minutes for hours and minutes, else in days."""

    day: date
    since: datetime
    until: datetime | None
    counted: bool
    why: str
    running_total: int


@dataclass(frozen=True)
class Proof:
    """How the deadline came about; `edition` names the calendar's edition."""

    edition: str
    start: datetime
    due: datetime | None
    provisional: bool
    lines: tuple[Line, ...]


def prove(calendar: Calendar, start: datetime, span: Span, *, pauses: Sequence[Interval] = ()) -> Proof:
    """The same deadline as `due`, with its reasons. If the clock stands, the last line is the pause without end."""
    found = reckon.due(calendar, start, span, pauses=pauses)
    due = found.moment if found else None
    return Proof(
        calendar.edition.name,
        timeline.minute(start).astimezone(calendar.zone),
        due,
        found is not None and found.provisional,
        tuple(_lines(calendar, start, span, due, pauses)),
    )


@dataclass(frozen=True)
class _Walk:
    """The stretch to explain, on the line that the span runs on; `read` turns a place on it into a moment."""

    calendar: Calendar
    since: int
    until: int
    stops: Sequence[Stop]
    read: Callable[[int], datetime]


def _lines(
    calendar: Calendar, start: datetime, span: Span, due: datetime | None, stopped: Sequence[Interval]
) -> Iterator[Line]:
    def position(moment: datetime) -> int:
        return timeline.instant(moment) if isinstance(span, Elapsed) else timeline.local(moment, calendar.zone)

    def read(place: int) -> datetime:
        at = timeline.at_instant if isinstance(span, Elapsed) else timeline.at_local
        return at(place, calendar.zone)

    since = position(start)
    stops = pauses.merged(stopped, since, position)
    until = stops[-1][0] if due is None else position(due)
    total = 0
    for line in _explained(_Walk(calendar, since, until, stops, read), span, due is not None):
        total = line.running_total
        yield line
    if due is None:
        yield Line(read(until).date(), read(until), None, False, phrase("暂停，尚未恢复"), total)


def _explained(walk: _Walk, span: Span, arrives: bool) -> Iterator[Line]:
    match span:
        case Elapsed():
            return _elapsed(walk)
        case WorkTime():
            return _work_time(walk)
        case Workdays():
            return _workdays(walk, span)
        case Days() | Months():
            return _days(walk, span)
        case Point():
            return _point(walk, span, arrives)


def _elapsed(walk: _Walk) -> Iterator[Line]:
    total = 0
    for begin, end, paused in _pieces(walk.since, walk.until, walk.stops):
        total += 0 if paused else end - begin
        yield _line(walk, begin, end, not paused, phrase("暂停") if paused else phrase("连续计时"), total)


def _work_time(walk: _Walk) -> Iterator[Line]:
    total = 0
    for day in range(walk.since // DAY, timeline.ending_day(walk.until) + 1):
        works, why = day_kind(walk.calendar, date.fromordinal(day))
        if not works:
            yield _line(walk, day * DAY, (day + 1) * DAY, False, why, total)
            continue
        for opening, closing in walk.calendar.timetable.opening:
            first, last = max(walk.since, day * DAY + opening), min(walk.until, day * DAY + closing)
            for begin, end, paused in _pieces(first, last, walk.stops):
                total += 0 if paused else end - begin
                yield _line(walk, begin, end, not paused, phrase("暂停") if paused else why, total)


def _workdays(walk: _Walk, span: Workdays) -> Iterator[Line]:
    first, end, total = walk.since // DAY, pattern.closing(walk.calendar.timetable, span.end), 0
    yield _line(walk, walk.since, (first + 1) * DAY, False, phrase("起算当日不计"), 0)
    for day in _days_ended(walk, end):
        works, why = day_kind(walk.calendar, date.fromordinal(day))
        counted = works and not _is_paused(day * DAY + end, walk.stops)
        total += counted
        if counted:
            why = (
                phrase("计第{total}日", total=total)
                if why == WORKDAY
                else phrase("计第{total}日，{why}", total=total, why=why)
            )
        elif works:
            why = phrase("暂停")
        yield _line(walk, day * DAY, day * DAY + (end if counted else DAY), counted, why, total)


def _days(walk: _Walk, span: Days | Months) -> Iterator[Line]:
    first, end, total = walk.since // DAY, timeline.clock_minutes(span.end), 0
    yield _line(walk, walk.since, (first + 1) * DAY, False, phrase("起算当日不计"), 0)
    for paused, run in groupby(_days_ended(walk, end), lambda day: _is_paused(day * DAY + end, walk.stops)):
        days = list(run)
        why = phrase("暂停") if paused else _counted(total + 1, total + len(days))
        total += 0 if paused else len(days)
        yield _line(walk, days[0] * DAY, days[-1] * DAY + (DAY if paused else end), not paused, why, total)


def _counted(first: int, last: int) -> str:
    if first == last:
        return phrase("计第{total}日", total=first)
    return phrase("计第{first}日至第{last}日", first=first, last=last)


def _point(walk: _Walk, point: Point, arrives: bool) -> Iterator[Line]:
    for begin, end in walk.stops:
        if end is not None and begin < walk.until:
            yield _line(walk, begin, end, False, phrase("暂停"), 0)
    if not arrives:
        return
    first, last = min(walk.since, walk.until), max(walk.since, walk.until)
    for day in range(first // DAY, timeline.ending_day(last) + 1) if reckon.reads_workdays(point) else ():
        works, why = day_kind(walk.calendar, date.fromordinal(day))
        if not works:
            yield _line(walk, day * DAY, (day + 1) * DAY, False, why, 0)
    yield _line(walk, first, walk.until, True, span_words(point), 1)


def _days_ended(walk: _Walk, end: int) -> range:
    """The days after the start's own whose end, at this minute of them, lies within the walk."""
    return range(walk.since // DAY + 1, (walk.until - end) // DAY + 1)


def _pieces(begin: int, end: int, stops: Sequence[Stop]) -> Iterator[tuple[int, int, bool]]:
    """[begin, end) cut at the pauses, each piece with whether it is paused."""
    for stop, resume in stops:
        pause, resumed = max(begin, stop), end if resume is None else min(end, resume)
        if pause >= resumed:
            continue
        if begin < pause:
            yield begin, pause, False
        yield pause, resumed, True
        begin = resumed
    if begin < end:
        yield begin, end, False


def _is_paused(moment: int, stops: Sequence[Stop]) -> bool:
    """Whether the clock stands in the minute before this moment: the end of a half-open day."""
    return any(begin < moment and (end is None or moment <= end) for begin, end in stops)


def _line(walk: _Walk, since: int, until: int, counted: bool, why: str, total: int) -> Line:
    return Line(walk.read(since).date(), walk.read(since), walk.read(until), counted, why, total)
