"""Moments that return: each day, working day, week, month, quarter or year at a clock time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from shouwen.core.calendar import timeline, timetable
from shouwen.core.calendar.timetable import Mark, Timetable
from shouwen.core.phrase import phrase

LAST_OF_MONTH: Final = 31
LAST_OF_QUARTER: Final = 92


@dataclass(frozen=True)
class Daily:
    clock: time

    def __post_init__(self) -> None:
        timeline.clock_minutes(self.clock)


@dataclass(frozen=True)
class OnWorkdays:
    """Each working day; at its close if no clock is given."""

    clock: time | None = None

    def __post_init__(self) -> None:
        _check_clock(self.clock)


@dataclass(frozen=True)
class Weekly:
    """Each week; Monday is 1, Sunday 7."""

    weekday: int
    clock: time

    def __post_init__(self) -> None:
        _check_number(phrase("星期"), self.weekday, 7)
        _check_clock(self.clock)


@dataclass(frozen=True)
class Monthly:
    """Each month on this day; a month that is shorter has it on its last day."""

    day: int
    clock: time

    def __post_init__(self) -> None:
        _check_number(phrase("日"), self.day, LAST_OF_MONTH)
        _check_clock(self.clock)


@dataclass(frozen=True)
class MonthlyWorkday:
    """Each month on its nth working day, or its last one if it has fewer; at its close if no clock is given."""

    number: int
    clock: time | None = None

    def __post_init__(self) -> None:
        _check_number(phrase("当月第几个工作日"), self.number, 23)
        _check_clock(self.clock)


@dataclass(frozen=True)
class Quarterly:
    """Each quarter on its nth day, counted through; a quarter that is shorter has it on its last day."""

    day: int
    clock: time

    def __post_init__(self) -> None:
        _check_number(phrase("当季第几天"), self.day, LAST_OF_QUARTER)
        _check_clock(self.clock)


@dataclass(frozen=True)
class Yearly:
    """Each year on this date; 29 February is 28 February in a common year."""

    month: int
    day: int
    clock: time

    def __post_init__(self) -> None:
        _check_number(phrase("月"), self.month, 12)
        _check_number(phrase("{month} 月的日", month=self.month), self.day, monthrange(2024, self.month)[1])
        _check_clock(self.clock)


Pattern = Daily | OnWorkdays | Weekly | Monthly | MonthlyWorkday | Quarterly | Yearly


def period_of(table: Timetable, pattern: Pattern, day: int) -> int:
    """The number of the period (day, week, month …) in which this day lies; for working days, of the next one."""
    match pattern:
        case Daily():
            return day
        case OnWorkdays():
            return timetable.through(table, day - 1) + 1
        case Weekly():
            return (day - 1) // 7
        case Monthly() | MonthlyWorkday():
            return _month_of(day)
        case Quarterly():
            return _month_of(day) // 3
        case Yearly():
            return _month_of(day) // 12


def beside(table: Timetable, pattern: Pattern, day: int, shift: int) -> int:
    """The period `shift` further on; of working days, 1 is the first one after this day, be it worked or not."""
    if isinstance(pattern, OnWorkdays) and shift > 0:
        return timetable.through(table, day) + shift
    return period_of(table, pattern, day) + shift


def occurrence(table: Timetable, pattern: Pattern, period: int) -> Mark | None:
    """The pattern's moment in that period; None in a month without working days."""
    match pattern:
        case Daily(clock):
            return period, timeline.clock_minutes(clock)
        case OnWorkdays(clock):
            return timetable.nth(table, period), closing(table, clock)
        case Weekly(weekday, clock):
            return period * 7 + weekday, timeline.clock_minutes(clock)
        case Monthly(day, clock):
            return day_of_month(period, day), timeline.clock_minutes(clock)
        case MonthlyWorkday(number, clock):
            found = _workday_of_month(table, period, number)
            return None if found is None else (found, closing(table, clock))
        case Quarterly(day, clock):
            last = _first_day(period * 3 + 3) - 1
            return min(_first_day(period * 3) + day - 1, last), timeline.clock_minutes(clock)
        case Yearly(month, day, clock):
            return day_of_month(period * 12 + month - 1, day), timeline.clock_minutes(clock)


def closing(table: Timetable, clock: time | None) -> int:
    """The minute of this clock time, or of the calendar's close."""
    return table.close if clock is None else timeline.clock_minutes(clock)


def months_on(day: int, months: int) -> int:
    """The same day of the month so many months on (or back), or that month's last day."""
    return day_of_month(_month_of(day) + months, date.fromordinal(day).day)


def day_of_month(month: int, day: int) -> int:
    """That day (ordinal) of a month numbered year × 12 + month − 1, or its last day."""
    return min(_first_day(month) + day, _first_day(month + 1)) - 1


def _month_of(day: int) -> int:
    on = date.fromordinal(day)
    return on.year * 12 + on.month - 1


def _first_day(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _workday_of_month(table: Timetable, month: int, number: int) -> int | None:
    before = timetable.through(table, _first_day(month) - 1)
    last = timetable.through(table, _first_day(month + 1) - 1)
    return None if last == before else timetable.nth(table, min(before + number, last))


def _check_number(what: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise ValueError(phrase("{what}“{number}”不存在：请写 1 到 {most}", what=what, number=number, most=most))


def _check_clock(clock: time | None) -> None:
    if clock is not None:
        timeline.clock_minutes(clock)
