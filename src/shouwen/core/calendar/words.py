"""Spans and moments in Chinese words, for people to read."""

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

_WEEKDAYS: Final = "一二三四五六日"
_ENDS: Final[dict[Pattern, str]] = {
    OnWorkdays(): "当个工作日下班时",
    ENDS["day"]: "当日24:00",
    ENDS["week"]: "本周日24:00",
    ENDS["month"]: "本月末24:00",
    ENDS["quarter"]: "本季末24:00",
    ENDS["year"]: "本年末24:00",
}


def span_words(span: Span) -> str:
    match span:
        case Elapsed(minutes):
            return f"{minutes // 60}小时" if minutes % 60 == 0 else f"{minutes}分钟"
        case WorkTime(minutes):
            return f"{minutes // 60}个工作小时" if minutes % 60 == 0 else f"{minutes}个工作分钟"
        case Workdays(count, end):
            return f"{count}个工作日" + ("" if end is None else f"（止于{clock_text(end)}）")
        case Days(count, end):
            return f"{count}天" + _other_end(end)
        case Months(count, end):
            return (f"{count // 12}年" if count % 12 == 0 else f"{count}个月") + _other_end(end)
        case Point(pattern, shift, strictly):
            return _point(pattern, shift) + ("（恰在起算之时的取再后一个）" if strictly else "")


def pattern_words(pattern: Pattern) -> str:
    """The moment that returns, as 每日09:00, 每月第5个工作日18:00."""
    match pattern:
        case Daily():
            return f"每日{_moment(pattern)}"
        case OnWorkdays():
            return f"每个{_moment(pattern)}"
        case Weekly():
            return f"每{_moment(pattern)}"
        case Monthly() | MonthlyWorkday():
            return f"每月{_moment(pattern)}"
        case Quarterly():
            return f"每季{_moment(pattern)}"
        case Yearly():
            return f"每年{_moment(pattern)}"


def _point(pattern: Pattern, shift: int | None) -> str:
    if shift is not None:
        return _shifted(pattern, shift)
    period = "月度" if isinstance(pattern, MonthlyWorkday) else "季度" if isinstance(pattern, Quarterly) else ""
    return _ENDS.get(pattern) or f"其后首个{period}{_moment(pattern)}"


def _shifted(pattern: Pattern, shift: int) -> str:
    match pattern:
        case Daily():
            return f"{'前当次'[shift + 1]}日{_moment(pattern)}"
        case OnWorkdays():
            return f"{'前一' if shift < 0 else '次一'}{_moment(pattern)}"
        case Weekly():
            return f"下{_moment(pattern)}"
        case Monthly() | MonthlyWorkday():
            return f"次月{_moment(pattern)}"
        case Quarterly():
            return f"下季{_moment(pattern)}"
        case Yearly():
            return f"次年{_moment(pattern)}"


def _moment(pattern: Pattern) -> str:
    match pattern:
        case Daily(clock):
            return clock_text(clock)
        case OnWorkdays(clock):
            return f"工作日{_closing(clock)}"
        case Weekly(weekday, clock):
            return f"周{_WEEKDAYS[weekday - 1]}{clock_text(clock)}"
        case Monthly(day, clock):
            return f"{'末' if day == LAST_OF_MONTH else f'{day}日'}{clock_text(clock)}"
        case MonthlyWorkday(number, clock):
            return f"第{number}个工作日{_closing(clock)}"
        case Quarterly(day, clock):
            return f"{'末' if day == LAST_OF_QUARTER else f'第{day}天'}{clock_text(clock)}"
        case Yearly(month, day, clock):
            return f"{month}月{day}日{clock_text(clock)}"


def _closing(clock: time | None) -> str:
    return "下班时" if clock is None else clock_text(clock)


def _other_end(end: time) -> str:
    return "" if end == END_OF_DAY else f"（止于{clock_text(end)}）"
