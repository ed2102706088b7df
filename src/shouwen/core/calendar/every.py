"""What returns: the moments of a pattern, or of a span counted again and again."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, takewhile

from shouwen.core.calendar import pattern, reckon, timeline, timetable
from shouwen.core.calendar.edition import Calendar
from shouwen.core.calendar.grammar import parse_pattern, parse_span
from shouwen.core.calendar.notation import pattern_text, span_text
from shouwen.core.calendar.pattern import Pattern
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Workdays, WorkTime
from shouwen.core.calendar.timeline import DAY
from shouwen.core.calendar.words import pattern_words, span_words
from shouwen.core.phrase import phrase

Repeated = Elapsed | WorkTime | Workdays | Days | Months
Every = Pattern | Repeated

_EXAMPLES = phrase(
    "day 09:00、workday 09:00、week monday 09:00、month day 1 00:00、month workday 5 18:00、month end、"
    "quarter day 1 09:00、year 12-01 09:00、30 min、3 workdays"
)


def parse_every(text: str) -> Every:
    """A period from its written form; ValueError says what is wrong and what to write instead."""
    words = " ".join(text.split())
    if found := parse_pattern(words):
        return found
    if not words[:1].isdecimal():
        raise ValueError(phrase("看不懂的周期“{words}”：可写 {examples}", words=words, examples=_EXAMPLES))
    span = parse_span(words)
    assert not isinstance(span, Point), "no point begins with a number"
    return span


def periods(calendar: Calendar, every: Every, after: datetime, until: datetime, move: int = 0) -> Iterator[datetime]:
    """Its moments in (after, until], in order. A span is counted from `after`: once, twice, three times …

    `move`: a pattern's moment on a day off comes on the next (1) or previous (-1) working day at the same hour.
    """
    return (moment for moment, _ in occasions(calendar, every, after, until, move))


def occasions(
    calendar: Calendar, every: Every, after: datetime, until: datetime, move: int = 0
) -> Iterator[tuple[datetime, datetime]]:
    """As `periods`, each moment with its nominal one: where it would be if nothing moved it. Nothing is lost by the
    move: two that fall on one moment are two."""
    begin, end = timeline.local(after, calendar.zone), timeline.local(until, calendar.zone)
    if isinstance(every, Repeated):
        counted = takewhile(lambda moment: not timeline.is_late(moment, until), _repeated(calendar, every, after))
        return ((moment, moment) for moment in counted)
    return _recurring(calendar, every, begin, end, move)


def every_text(every: Every) -> str:
    """The canonical written form; `parse_every` reads it back."""
    return span_text(every) if isinstance(every, Repeated) else pattern_text(every)


def every_words(every: Every) -> str:
    """In Chinese words for readers: 每月1日00:00, 每30分钟."""
    return phrase("每{span}", span=span_words(every)) if isinstance(every, Repeated) else pattern_words(every)


def _recurring(
    calendar: Calendar, recurring: Pattern, after: int, until: int, move: int
) -> Iterator[tuple[datetime, datetime]]:
    table = calendar.timetable
    # What is moved on to this day was nominally after the working day before it.
    first = timetable.worked_before(table, after // DAY) if move > 0 else after // DAY
    for period in count(pattern.period_of(table, recurring, first)):
        mark = pattern.occurrence(table, recurring, period)
        if mark is None:
            continue
        day, clock = mark
        moment = timetable.beside(table, day, move) * DAY + clock
        if moment > until:
            return
        if moment > after:
            yield timeline.at_local(moment, calendar.zone), timeline.at_local(day * DAY + clock, calendar.zone)


def _repeated(calendar: Calendar, span: Repeated, after: datetime) -> Iterator[datetime]:
    for times in count(1):
        found = reckon.due(calendar, after, _times(span, times))
        assert found is not None, "nothing stops a clock without pauses"
        yield found.moment


def _times(span: Repeated, times: int) -> Repeated:
    match span:
        case Elapsed(minutes):
            return Elapsed(minutes * times)
        case WorkTime(minutes):
            return WorkTime(minutes * times)
        case Workdays(counted, end):
            return Workdays(counted * times, end)
        case Days(counted, end):
            return Days(counted * times, end)
        case Months(counted, end):
            return Months(counted * times, end)
