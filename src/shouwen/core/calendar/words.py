"""Spans and moments in words, for people to read."""

from datetime import time
from typing import Final

from shouwen.core.calendar.notation import ENDS, clock_text
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
from shouwen.core.phrase import counted, phrase

_WEEKDAYS: Final = (
    *(phrase("周一"), phrase("周二"), phrase("周三"), phrase("周四"), phrase("周五"), phrase("周六"), phrase("周日")),
)
_ENDS: Final[dict[Pattern, str]] = {
    OnWorkdays(): phrase("当个工作日下班时"),
    ENDS["day"]: phrase("当日24:00"),
    ENDS["week"]: phrase("本周日24:00"),
    ENDS["month"]: phrase("本月末24:00"),
    ENDS["quarter"]: phrase("本季末24:00"),
    ENDS["year"]: phrase("本年末24:00"),
}


def span_words(span: Span) -> str:
    match span:
        case Elapsed(minutes):
            return counted("{n}分钟", n=minutes) if minutes % 60 else counted("{n}小时", n=minutes // 60)
        case WorkTime(minutes):
            return counted("{n}个工作分钟", n=minutes) if minutes % 60 else counted("{n}个工作小时", n=minutes // 60)
        case Workdays(count, end):
            return counted("{n}个工作日", n=count) + ("" if end is None else _until(end))
        case Days(count, end):
            return counted("{n}天", n=count) + _other_end(end)
        case Months(count, end):
            length = counted("{n}个月", n=count) if count % 12 else counted("{n}年", n=count // 12)
            return length + _other_end(end)
        case Point(pattern, shift, strictly):
            return _point(pattern, shift) + (phrase("（恰在起算之时的取再后一个）") if strictly else "")


def pattern_words(pattern: Pattern) -> str:
    """The moment that returns, as 每日09:00, 每月第5个工作日18:00."""
    match pattern:
        case Daily():
            return phrase("每日{moment}", moment=_moment(pattern))
        case OnWorkdays():
            return phrase("每个{moment}", moment=_moment(pattern))
        case Weekly():
            return phrase("每{moment}", moment=_moment(pattern))
        case Monthly() | MonthlyWorkday():
            return phrase("每月{moment}", moment=_moment(pattern))
        case Quarterly():
            return phrase("每季{moment}", moment=_moment(pattern))
        case Yearly():
            return phrase("每年{moment}", moment=_moment(pattern))


def _point(pattern: Pattern, shift: int | None) -> str:
    if shift is not None:
        return _shifted(pattern, shift)
    if pattern in _ENDS:
        return _ENDS[pattern]
    match pattern:
        case MonthlyWorkday():
            return phrase("其后首个月度{moment}", moment=_moment(pattern))
        case Quarterly():
            return phrase("其后首个季度{moment}", moment=_moment(pattern))
        case _:
            return phrase("其后首个{moment}", moment=_moment(pattern))


def _shifted(pattern: Pattern, shift: int) -> str:
    moment = _moment(pattern)
    match pattern:
        case Daily() if shift == 0:
            return phrase("当日{moment}", moment=moment)
        case Daily():
            return phrase("前日{moment}", moment=moment) if shift < 0 else phrase("次日{moment}", moment=moment)
        case OnWorkdays():
            return phrase("前一{moment}", moment=moment) if shift < 0 else phrase("次一{moment}", moment=moment)
        case Weekly():
            return phrase("下{moment}", moment=moment)
        case Monthly() | MonthlyWorkday():
            return phrase("次月{moment}", moment=moment)
        case Quarterly():
            return phrase("下季{moment}", moment=moment)
        case Yearly():
            return phrase("次年{moment}", moment=moment)


def _moment(pattern: Pattern) -> str:
    match pattern:
        case Daily(clock):
            return clock_text(clock)
        case OnWorkdays(clock):
            return phrase("工作日{clock}", clock=_closing(clock))
        case Weekly(weekday, clock):
            return phrase("{weekday}{clock}", weekday=_WEEKDAYS[weekday - 1], clock=clock_text(clock))
        case Monthly(day, clock):
            return (
                _at_end(clock) if day == LAST_OF_MONTH else phrase("{day}日{clock}", day=day, clock=clock_text(clock))
            )
        case MonthlyWorkday(number, clock):
            return phrase("第{number}个工作日{clock}", number=number, clock=_closing(clock))
        case Quarterly(day, clock):
            if day == LAST_OF_QUARTER:
                return _at_end(clock)
            return phrase("第{day}天{clock}", day=day, clock=clock_text(clock))
        case Yearly(month, day, clock):
            return phrase("{month}月{day}日{clock}", month=month, day=day, clock=clock_text(clock))


def _at_end(clock: time) -> str:
    return phrase("末{clock}", clock=clock_text(clock))


def _closing(clock: time | None) -> str:
    return phrase("下班时") if clock is None else clock_text(clock)


def _other_end(end: time) -> str:
    return "" if end == END_OF_DAY else _until(end)


def _until(end: time) -> str:
    return phrase("（止于{clock}）", clock=clock_text(end))
