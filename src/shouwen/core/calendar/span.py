"""Spans: the lengths of time and fixed moments in which regulations state their limits."""

from dataclasses import dataclass
from datetime import time
from typing import Final

from shouwen.core.calendar import timeline
from shouwen.core.calendar.pattern import Daily, OnWorkdays, Pattern
from shouwen.core.calendar.timeline import DAY, END_OF_DAY
from shouwen.core.phrase import phrase

_YEARS: Final = 100


@dataclass(frozen=True)
class Elapsed:
    """Minutes of natural time, through nights and holidays."""

    minutes: int

    def __post_init__(self) -> None:
        _check_length(self.minutes, _YEARS * 366 * DAY)


@dataclass(frozen=True)
class WorkTime:
    """Minutes inside the open hours of working days."""

    minutes: int

    def __post_init__(self) -> None:
        _check_length(self.minutes, _YEARS * 366 * DAY)


@dataclass(frozen=True)
class Workdays:
    """Working days after the day of the start; the last one ends at the calendar's close, or at `end`."""

    count: int
    end: time | None = None

    def __post_init__(self) -> None:
        _check_length(self.count, _YEARS * 366)
        _check_end(self.end)


@dataclass(frozen=True)
class Days:
    """Calendar days after the day of the start, never moved for holidays."""

    count: int
    end: time = END_OF_DAY

    def __post_init__(self) -> None:
        _check_length(self.count, _YEARS * 366)
        _check_end(self.end)


@dataclass(frozen=True)
class Months:
    """Up to the same day of a later month, or that month's last day."""

    count: int
    end: time = END_OF_DAY

    def __post_init__(self) -> None:
        _check_length(self.count, _YEARS * 12)
        _check_end(self.end)


@dataclass(frozen=True)
class Point:
    """A returning moment: the next one not before the start, or in the same (0), next (1) or previous (-1) period."""

    pattern: Pattern
    shift: int | None = None
    #: after the start, not at it
    strictly: bool = False

    def __post_init__(self) -> None:
        if self.shift not in (None, -1, 0, 1):
            raise ValueError(phrase("时点只能取本期、上一期或下一期，不能相隔 {shift} 期", shift=self.shift))
        if self.shift == 0 and not isinstance(self.pattern, Daily):
            raise ValueError(phrase("same 只用于 same day，例如 same day 18:00；其余不写 same 即指其后首个"))
        if self.shift == -1 and not isinstance(self.pattern, Daily | OnWorkdays):
            raise ValueError(phrase("previous 只用于 previous day 和 previous workday，例如 previous workday 09:00"))


Span = Elapsed | WorkTime | Workdays | Days | Months | Point


def _check_length(length: int, most: int) -> None:
    if length < 1:
        raise ValueError(phrase("时长必须大于零，不能是 {length}：当日为限写 day end 或 workday end", length=length))
    if length > most:
        raise ValueError(phrase("时长 {length} 超过 {most} 年：请核对数字和单位", length=length, most=_YEARS))


def _check_end(end: time | None) -> None:
    if end is None:
        return
    if timeline.clock_minutes(end) == 0:
        raise ValueError(phrase("期限不能止于 00:00：当日结束的午夜写 24:00"))
