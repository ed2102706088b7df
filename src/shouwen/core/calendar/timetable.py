"""A calendar as numbers: working days and open minutes are counted by bisection, not by walking."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from shouwen.core.calendar.timeline import DAY

Mark = tuple[int, int]
"""A day (ordinal) and a minute of it, 0 to 1440; 1440 is its 24:00."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Working days are Monday to Friday but for `exceptions`; `shifts[i]` corrects the count before `exceptions[i]`."""

    exceptions: tuple[int, ...]
    counts: tuple[int, ...]
    shifts: tuple[int, ...]
    opening: tuple[tuple[int, int], ...]
    open_minutes: int
    close: int
    known_from: int
    known_until: int


def build(
    special: Mapping[int, bool], opening: Sequence[tuple[int, int]], close: int, known: tuple[int, int]
) -> Timetable:
    """`special` tells for day ordinals whether they are worked; `known` are the first and last day of the edition."""
    changes = {day: int(worked) - int(_is_weekday(day)) for day, worked in special.items()}
    days = sorted(day for day, change in changes.items() if change)
    shifts = tuple(accumulate((changes[day] for day in days), initial=0))
    counts = tuple(_weekdays_through(day) + shift for day, shift in zip(days, shifts[1:], strict=True))
    minutes = sum(end - begin for begin, end in opening)
    return Timetable(tuple(days), counts, shifts, tuple(opening), minutes, close, *known)


def through(table: Timetable, day: int) -> int:
    """How many working days there are up to and including this day, from an arbitrary fixed day on."""
    return _weekdays_through(day) + table.shifts[bisect_right(table.exceptions, day)]


def nth(table: Timetable, count: int) -> int:
    """The first day through which `count` working days have passed: the inverse of `through`."""
    index = bisect_left(table.counts, count)
    regular = count - table.shifts[index] - 1
    day = regular // 5 * 7 + regular % 5 + 1
    if index < len(table.exceptions):
        return min(day, table.exceptions[index])
    return day


def beside(table: Timetable, day: int, move: int) -> int:
    """The day itself if it is worked (or nothing moves), else the next (1) or previous (-1) working day."""
    passed = through(table, day)
    if move == 0 or passed > through(table, day - 1):
        return day
    return nth(table, passed + 1 if move > 0 else passed)


def worked_before(table: Timetable, day: int) -> int:
    """The working day before the last one up to this day."""
    return nth(table, through(table, day) - 1)


def ended(table: Timetable, moment: int, end: int) -> int:
    """How many working days have ended by this local moment if each ends at minute `end`."""
    day, clock = divmod(moment, DAY)
    return through(table, day if clock >= end else day - 1)


def worked(table: Timetable, moment: int) -> int:
    """How many open minutes have passed by this local moment."""
    day, clock = divmod(moment, DAY)
    index = bisect_right(table.exceptions, day)
    excepted = index > 0 and table.exceptions[index - 1] == day
    works = _is_weekday(day) != excepted
    minutes = (_weekdays_through(day) + table.shifts[index] - works) * table.open_minutes
    if not works:
        return minutes
    for begin, end in table.opening:
        if clock > begin:
            minutes += min(clock, end) - begin
    return minutes


def reached(table: Timetable, minutes: int) -> Mark:
    """The earliest moment at which that many open minutes have passed: the inverse of `worked`."""
    days, rest = divmod(minutes - 1, table.open_minutes)
    day = nth(table, days + 1)
    for begin, end in table.opening:
        if rest < end - begin:
            return day, begin + rest + 1
        rest -= end - begin
    raise AssertionError("the opening intervals are shorter than their sum")


def _is_weekday(day: int) -> bool:
    return day % 7 not in (6, 0)


def _weekdays_through(day: int) -> int:
    # Day 1 of the proleptic calendar is a Monday.
    return day // 7 * 5 + min(day % 7, 5)
