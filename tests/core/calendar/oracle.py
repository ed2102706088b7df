"""The same deadlines, slowly and obviously: walking minute by minute or day by day, sharing no code with the core.

Only the values (spans, patterns, calendars) are the core's; whether a public day is worked is asked of the library.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from shouwen.core.calendar import (
    Calendar,
    Daily,
    Days,
    Elapsed,
    Interval,
    Monthly,
    MonthlyWorkday,
    Months,
    OnWorkdays,
    Pattern,
    Point,
    Quarterly,
    Span,
    Weekly,
    Workdays,
    WorkTime,
    Yearly,
)

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


def due(calendar: Calendar, start: datetime, span: Span, pauses: Sequence[Interval] = ()) -> datetime | None:
    start = start.astimezone(calendar.zone).replace(second=0, microsecond=0)
    pauses = [(_cut(begin), end and _cut(end)) for begin, end in pauses]
    match span:
        case Elapsed(minutes):
            return _walk_minutes(start, minutes, pauses)
        case WorkTime(minutes):
            return _walk_open_minutes(calendar, start, minutes, pauses)
        case Workdays(count, end):
            return _walk_days(calendar, start, count, end, pauses, lambda day: is_workday(calendar, day))
        case Days(count, end):
            return _walk_days(calendar, start, count, end, pauses, lambda day: True)
        case Months(count, end):
            days = (_months_later(start.date(), count) - start.date()).days
            return _walk_days(calendar, start, days, end, pauses, lambda day: True)
        case Point(pattern, shift, strictly):
            return _walk_to_point(calendar, start + MINUTE if strictly else start, pattern, shift, pauses)


def before(calendar: Calendar, moment: datetime, span: Span) -> datetime:
    moment = moment.astimezone(calendar.zone).replace(second=0, microsecond=0)
    day = (moment - MINUTE).date()
    match span:
        case Elapsed(minutes):
            return (moment.astimezone(UTC) - minutes * MINUTE).astimezone(calendar.zone)
        case WorkTime(minutes):
            return _walk_open_minutes_back(calendar, moment, minutes)
        case Workdays(count, end):
            while count:
                day -= ONE_DAY
                count -= is_workday(calendar, day)
            return clock_on(calendar, day, end)
        case Days(count, end):
            return clock_on(calendar, day - count * ONE_DAY, end)
        case Months(count, end):
            return clock_on(calendar, _months_later(day, -count), end)
        case Point(pattern, shift):
            if shift is not None:
                return _shifted(calendar, day, pattern, shift)
            days = (day - offset * ONE_DAY for offset in range(5000))
            return next(found for found in _moments(calendar, pattern, days) if found <= moment)


def periods(calendar: Calendar, pattern: Pattern, after: datetime, until: datetime) -> list[datetime]:
    after, until = (_cut(moment).astimezone(calendar.zone) for moment in (after, until))
    days = (after.date() - ONE_DAY + offset * ONE_DAY for offset in range((until - after).days + 3))
    return [moment for moment in _moments(calendar, pattern, days) if after < moment <= until]


def work_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    moment, until = (_cut(moment).astimezone(calendar.zone) for moment in (start, end))
    days = (moment.date() + offset * ONE_DAY for offset in range((until - moment).days + 2))
    return sum(moment <= opened < until for day in days for opened in _open_minutes(calendar, day))


def is_workday(calendar: Calendar, day: date) -> bool:
    if day in calendar.openings or day in calendar.closures:
        return day in calendar.openings
    if "chinese_calendar" in calendar.edition.name and day.year <= calendar.edition.last_year:
        return bool(chinese_calendar.is_workday(day))
    return day in calendar.edition.makeup_days or (day.weekday() < 5 and day not in calendar.edition.holidays)


def is_paused(moment: datetime, pauses: Sequence[Interval]) -> bool:
    return any(begin <= moment and (end is None or moment < end) for begin, end in pauses)


def clock_on(calendar: Calendar, day: date, clock: time | None) -> datetime:
    clock = calendar.day_end or calendar.hours[-1][1] if clock is None else clock
    if clock == time.max:
        day, clock = day + ONE_DAY, time(0)
    return datetime.combine(day, clock, calendar.zone)


def _walk_minutes(start: datetime, minutes: int, pauses: Sequence[Interval]) -> datetime | None:
    moment = start.astimezone(UTC)
    while minutes:
        if _stands_for_good(moment, pauses):
            return None
        minutes -= not is_paused(moment, pauses)
        moment += MINUTE
    return moment.astimezone(start.tzinfo)


def _walk_open_minutes(
    calendar: Calendar, start: datetime, minutes: int, pauses: Sequence[Interval]
) -> datetime | None:
    day = start.date()
    while True:
        for moment in _open_minutes(calendar, day):
            if _stands_for_good(moment, pauses):
                return None
            minutes -= moment >= start and not is_paused(moment, pauses)
            if not minutes:
                return moment + MINUTE
        day += ONE_DAY


def _walk_open_minutes_back(calendar: Calendar, event: datetime, minutes: int) -> datetime:
    day = event.date()
    while True:
        for moment in reversed(list(_open_minutes(calendar, day))):
            minutes -= moment < event
            if not minutes:
                return moment
        day -= ONE_DAY


def _open_minutes(calendar: Calendar, day: date) -> Iterator[datetime]:
    for begin, end in calendar.hours if is_workday(calendar, day) else ():
        moment = clock_on(calendar, day, begin)
        while moment < clock_on(calendar, day, end):
            yield moment
            moment += MINUTE


def _walk_days(
    calendar: Calendar,
    start: datetime,
    count: int,
    end: time | None,
    pauses: Sequence[Interval],
    counts: Callable[[date], bool],
) -> datetime | None:
    day = start.date()
    while count:
        day += ONE_DAY
        last_minute = clock_on(calendar, day, end) - MINUTE
        if _stands_for_good(last_minute, pauses):
            return None
        count -= counts(day) and not is_paused(last_minute, pauses)
    return clock_on(calendar, day, end)


def _walk_to_point(
    calendar: Calendar, start: datetime, pattern: Pattern, shift: int | None, pauses: Sequence[Interval]
) -> datetime | None:
    moment = _point(calendar, start, pattern, shift)
    while _falls_into_pause(moment, start, pauses):
        resumed = moment if moment == start else moment - MINUTE
        while is_paused(resumed, pauses):
            if _stands_for_good(resumed, pauses):
                return None
            resumed += MINUTE
        start, moment = resumed, _point(calendar, resumed, pattern, None)
    return moment


def _falls_into_pause(moment: datetime, start: datetime, pauses: Sequence[Interval]) -> bool:
    if moment == start:
        return is_paused(start, pauses)
    return moment > start and is_paused(moment - MINUTE, pauses)


def _point(calendar: Calendar, start: datetime, pattern: Pattern, shift: int | None) -> datetime:
    if shift is not None:
        return _shifted(calendar, start.date(), pattern, shift)
    days = (start.date() + offset * ONE_DAY for offset in range(5000))
    return next(moment for moment in _moments(calendar, pattern, days) if moment >= start)


def _shifted(calendar: Calendar, day: date, pattern: Pattern, shift: int) -> datetime:
    if isinstance(pattern, Daily):
        return clock_on(calendar, day + shift * ONE_DAY, pattern.clock)
    first, step = day + shift * ONE_DAY, shift * ONE_DAY
    if not isinstance(pattern, OnWorkdays):
        while _period(pattern, first) == _period(pattern, day):
            first += ONE_DAY
        step = ONE_DAY
    return next(_moments(calendar, pattern, (first + offset * step for offset in range(5000))))


def _moments(calendar: Calendar, pattern: Pattern, days: Iterator[date]) -> Iterator[datetime]:
    return (clock_on(calendar, day, pattern.clock) for day in days if _falls_on(calendar, pattern, day))


def _falls_on(calendar: Calendar, pattern: Pattern, day: date) -> bool:
    match pattern:
        case Daily():
            return True
        case OnWorkdays():
            return is_workday(calendar, day)
        case Weekly(weekday):
            return day.isoweekday() == weekday
        case Monthly(number):
            return day.day == number or (day.day < number and _ends_period(pattern, day))
        case MonthlyWorkday(number):
            days = [day.replace(day=1) + offset * ONE_DAY for offset in range(31)]
            workdays = [other for other in days if other.month == day.month and is_workday(calendar, other)]
            return day in workdays[number - 1 : number] or (len(workdays) < number and day in workdays[-1:])
        case Quarterly(number):
            nth = (day - day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)).days + 1
            return nth == number or (nth < number and _ends_period(pattern, day))
        case Yearly(month, number):
            if (day.month, day.day) == (month, number):
                return True
            return (day.month, month, day.day, number) == (2, 2, 28, 29) and (day + ONE_DAY).month == 3


def _ends_period(pattern: Pattern, day: date) -> bool:
    return _period(pattern, day) != _period(pattern, day + ONE_DAY)


def _period(pattern: Pattern, day: date) -> tuple[int, int]:
    match pattern:
        case Daily() | OnWorkdays():
            return day.year, day.timetuple().tm_yday
        case Weekly():
            return day.isocalendar().year, day.isocalendar().week
        case Monthly() | MonthlyWorkday():
            return day.year, day.month
        case Quarterly():
            return day.year, (day.month - 1) // 3
        case Yearly():
            return day.year, 0


def _months_later(day: date, months: int) -> date:
    """Walks month by month from the first, then takes the day or the last one."""
    first, leap = day.replace(day=1), 31 if months > 0 else -1
    for _ in range(abs(months)):
        first = (first + leap * ONE_DAY).replace(day=1)
    while first.day < day.day and (first + ONE_DAY).day != 1:
        first += ONE_DAY
    return first


def _stands_for_good(moment: datetime, pauses: Sequence[Interval]) -> bool:
    return any(end is None and begin <= moment for begin, end in pauses)


def _cut(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
