"""The canonical written form of spans, moments that return, and clock times; the grammar reads it back."""

from datetime import time
from typing import Final

from shouwen.core.calendar.pattern import (
    LAST_OF_MONTH,
    LAST_OF_QUARTER,
    Daily,
    Monthly,
    MonthlyWorkday,
    OnWorkdays,
    Pattern,
    Quarterly,
    Weekly,
    Yearly,
)
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Span, Workdays, WorkTime
from shouwen.core.calendar.timeline import END_OF_DAY

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: a point that comes after the start, never at it
AFTER: Final = "after"
SHIFTS: Final = {"same": 0, "next": 1, "previous": -1}
ENDS: Final[dict[str, Pattern]] = {
    "day": Daily(END_OF_DAY),
    "week": Weekly(7, END_OF_DAY),
    "month": Monthly(LAST_OF_MONTH, END_OF_DAY),
    "quarter": Quarterly(LAST_OF_QUARTER, END_OF_DAY),
    "year": Yearly(12, 31, END_OF_DAY),
}
_END_UNITS: Final[dict[Pattern, str]] = {OnWorkdays(): "workday"} | {end: unit for unit, end in ENDS.items()}


def span_text(span: Span) -> str:
    """The canonical written form; `parse_span` reads it back."""
    match span:
        case Elapsed(minutes):
            return _plural(minutes // 60, "h") if minutes % 60 == 0 else f"{minutes} min"
        case WorkTime(minutes):
            return _plural(minutes // 60, "work hour") if minutes % 60 == 0 else f"{minutes} work min"
        case Workdays(count, end):
            return _plural(count, "workday") + ("" if end is None else f" end {clock_text(end)}")
        case Days(count, end):
            return _plural(count, "day") + _other_end(end)
        case Months(count, end):
            return (_plural(count // 12, "year") if count % 12 == 0 else _plural(count, "month")) + _other_end(end)
        case Point(pattern, shift, strictly):
            return (f"{AFTER} " if strictly else "") + _point_text(pattern, shift)


def pattern_text(pattern: Pattern) -> str:
    """The canonical written form; `parse_pattern` reads it back."""
    if unit := _END_UNITS.get(pattern):
        return f"{unit} end"
    match pattern:
        case Daily(clock):
            return f"day {clock_text(clock)}"
        case OnWorkdays(clock):
            return _closing("workday", clock)
        case Weekly(weekday, clock):
            return f"week {WEEKDAYS[weekday - 1]} {clock_text(clock)}"
        case Monthly(day, clock):
            return f"month day {day} {clock_text(clock)}"
        case MonthlyWorkday(number, clock):
            return _closing(f"month workday {number}", clock)
        case Quarterly(day, clock):
            return f"quarter day {day} {clock_text(clock)}"
        case Yearly(month, day, clock):
            return f"year {month:02}-{day:02} {clock_text(clock)}"


def clock_text(clock: time) -> str:
    return "24:00" if clock == END_OF_DAY else f"{clock:%H:%M}"


def _point_text(pattern: Pattern, shift: int | None) -> str:
    if shift is None:
        return clock_text(pattern.clock) if _is_bare(pattern) and pattern.clock else pattern_text(pattern)
    head = next(word for word, value in SHIFTS.items() if value == shift)
    return f"{head} {pattern_text(pattern).removesuffix(' end') if pattern == OnWorkdays() else pattern_text(pattern)}"


def _is_bare(pattern: Pattern) -> bool:
    return isinstance(pattern, Daily) and pattern.clock != END_OF_DAY


def _closing(words: str, clock: time | None) -> str:
    return words if clock is None else f"{words} {clock_text(clock)}"


def _other_end(end: time) -> str:
    return "" if end == END_OF_DAY else f" end {clock_text(end)}"


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 or unit == "h" else f"{count} {unit}s"
