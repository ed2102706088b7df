"""The calendars of these tests, and moments as people write them."""

from collections.abc import Sequence
from datetime import date, datetime, time

from shouwen.calendars import public_edition
from shouwen.core.calendar import END_OF_DAY, Calendar, Interval

STANDARD = Calendar(public_edition())

CALENDARS = {
    "standard": STANDARD,
    "split": Calendar(public_edition(), hours=((time(9), time(12)), (time(13, 30), time(18)))),
    "midnight": Calendar(public_edition(), day_end=END_OF_DAY),
    "own": Calendar(
        public_edition(),
        closures={date(2026, 6, 8): "司庆", date(2026, 10, 10): "整修"},
        openings={date(2026, 6, 13): "补司庆", date(2026, 10, 1): "节日值守"},
    ),
    "hall": Calendar(public_edition(), hours=((time(8, 30), time(20)),)),
    "round": Calendar(public_edition(), hours=((time(0), END_OF_DAY),)),
}


def moment(text: str, calendar: Calendar = STANDARD) -> datetime:
    """'2026-09-29 16:42' on the calendar's clock, unless the text names another offset."""
    written = datetime.fromisoformat(text)
    return written if written.tzinfo else written.replace(tzinfo=calendar.zone)


def pauses_of(texts: Sequence[str], calendar: Calendar = STANDARD) -> list[Interval]:
    """'start/end' for each pause; nothing after the stroke while it runs."""
    intervals = []
    for text in texts:
        begin, _, end = text.partition("/")
        intervals.append((moment(begin, calendar), moment(end, calendar) if end else None))
    return intervals
