"""Reads the written form of spans, moments that return, and clock times."""

import re
from collections.abc import Callable
from datetime import time
from typing import Final

from shouwen.core.calendar.notation import AFTER, ENDS, SHIFTS, WEEKDAYS
from shouwen.core.calendar.pattern import Daily, Monthly, MonthlyWorkday, OnWorkdays, Pattern, Quarterly, Weekly, Yearly
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Span, Workdays, WorkTime
from shouwen.core.calendar.timeline import END_OF_DAY
from shouwen.core.phrase import phrase

_EXAMPLES: Final = phrase(
    "24 h、30 min、4 work hours、2 workdays、7 days、2 weeks、3 months、1 year、"
    "next workday 08:00、same day 18:00、18:00、after 08:00、workday end、month end、month day 5 09:00、"
    "month workday 5 18:00"
)
_COUNTED: Final = re.compile(r"(\d{1,9}) ?([a-z]+(?: [a-z]+)?)(?: end (\S+))?")
_UNITS: Final[dict[str, Callable[[int], Span]]] = {
    "min": Elapsed,
    "minute": Elapsed,
    "h": lambda count: Elapsed(count * 60),
    "hour": lambda count: Elapsed(count * 60),
    "work min": WorkTime,
    "work minute": WorkTime,
    "work hour": lambda count: WorkTime(count * 60),
    "workday": Workdays,
    "day": Days,
    "week": lambda count: Days(count * 7),
    "month": Months,
    "year": lambda count: Months(count * 12),
}
_INSTEAD: Final = {
    "个工作日": "workdays",  # zh: what people write instead
    "工作日": "workdays",  # zh: the same
    "wd": "workdays",
    "分钟": "min",  # zh: the same
    "小时": "h",  # zh: the same
    "天": "days",  # zh: the same
    "日": "days",  # zh: the same
    "周": "weeks",  # zh: the same
    "个月": "months",  # zh: the same
    "年": "years",  # zh: the same
}


def parse_span(text: str) -> Span:
    """A span from its written form; ValueError says what is wrong, why, and what to write instead."""
    words = " ".join(text.split())
    if counted := _COUNTED.fullmatch(words):
        return _counted(words, int(counted[1]), counted[2], counted[3])
    head, _, tail = words.partition(" ")
    if head == AFTER and (found := parse_pattern(tail)):
        return Point(found, strictly=True)
    shift = SHIFTS.get(head)
    if found := parse_pattern(words if shift is None else tail):
        return Point(found, shift)
    raise ValueError(_not_understood(words))


def parse_pattern(words: str) -> Pattern | None:
    """A moment that returns, from words parted by single blanks; None if it is none."""
    match words.split():
        case [clock] if ":" in clock:
            return Daily(parse_clock(clock))
        case ["workday"] | ["workday", "end"]:
            return OnWorkdays()
        case ["month", "workday", number] if number.isdecimal():
            return MonthlyWorkday(int(number))
        case [unit, "end"]:
            return ENDS.get(unit)
        case [*head, clock] if ":" in clock:
            return _clocked(head, parse_clock(clock))
    return None


def parse_clock(text: str) -> time:
    """A clock time 00:00 to 24:00; the latter is `END_OF_DAY`."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    hour, minutes = (int(found[1]), int(found[2])) if found else (99, 0)
    if (hour, minutes) == (24, 0):
        return END_OF_DAY
    if hour > 23 or minutes > 59:
        raise ValueError(phrase("时刻“{text}”不存在：请写 00:00 到 24:00，例如 09:00", text=text))
    return time(hour, minutes)


def _counted(words: str, count: int, unit: str, end: str | None) -> Span:
    make = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if make is None:
        raise ValueError(_not_understood(words))
    span = make(count)
    if end is None:
        return span
    match span:
        case Workdays(count):
            return Workdays(count, parse_clock(end))
        case Days(count):
            return Days(count, parse_clock(end))
        case Months(count):
            return Months(count, parse_clock(end))
        case Elapsed() | WorkTime() | Point():
            raise ValueError(phrase("“{words}”按小时或分钟计，没有日终时刻：请去掉 end {end}", words=words, end=end))


def _clocked(head: list[str], clock: time) -> Pattern | None:
    match head:
        case ["day"]:
            return Daily(clock)
        case ["workday"]:
            return OnWorkdays(clock)
        case ["week", weekday] if weekday in WEEKDAYS:
            return Weekly(WEEKDAYS.index(weekday) + 1, clock)
        case ["month", "day", number] if number.isdecimal():
            return Monthly(int(number), clock)
        case ["month", "workday", number] if number.isdecimal():
            return MonthlyWorkday(int(number), clock)
        case ["quarter", "day", number] if number.isdecimal():
            return Quarterly(int(number), clock)
        case ["year", on] if found := re.fullmatch(r"(\d{1,2})-(\d{1,2})", on):
            return Yearly(int(found[1]), int(found[2]), clock)
    return None


def _not_understood(words: str) -> str:
    written = re.fullmatch(r"(\d+) ?(\D+)", words)
    if written and (unit := _INSTEAD.get(written[2])):
        return phrase("看不懂的时长“{words}”：请写 {number} {unit}", words=words, number=written[1], unit=unit)
    if written and written[2] in {"s", "sec", "second", "seconds", "秒"}:  # zh: what people write
        return phrase("看不懂的时长“{words}”：时限不按秒计，请写整分钟，例如 1 min", words=words)
    if words and parse_pattern(f"{re.sub('^(same|next|previous) ', '', words)} 09:00"):
        return phrase("“{words}”缺少时刻：请写 {words} 09:00", words=words)
    return phrase("看不懂的时长“{words}”：可写 {examples}", words=words, examples=_EXAMPLES)
