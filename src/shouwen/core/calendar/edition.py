"""The published calendar of a country and the organisation's own days and hours on top of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from shouwen.core.calendar import timeline, timetable
from shouwen.core.phrase import phrase

#: by their names in the edition
_HOLIDAYS: Final = {
    str(name): name
    for name in (
        *(phrase("元旦"), phrase("春节"), phrase("清明"), phrase("劳动节"), phrase("端午"), phrase("国庆节")),
        *(phrase("中秋"), phrase("抗战胜利日")),
    )
}
#: what a day is that nothing else makes something of
WORKDAY: Final = phrase("工作日")
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Edition:
    """Public holidays and make-up working days with their names, for whole years first_year to last_year."""

    name: str
    source: str
    first_year: int
    last_year: int
    holidays: Mapping[date, str] = field(hash=False)
    makeup_days: Mapping[date, str] = field(hash=False)

    def __post_init__(self) -> None:
        if self.first_year > self.last_year:
            raise ValueError(
                phrase(
                    "日历“{name}”的起止年份颠倒：{first_year} 至 {last_year}",
                    name=self.name,
                    first_year=self.first_year,
                    last_year=self.last_year,
                )
            )
        if both := self.holidays.keys() & self.makeup_days.keys():
            raise ValueError(
                phrase("日历“{name}”中 {day} 既是节假日又是调休上班日：请只留一种", name=self.name, day=str(min(both)))
            )


@dataclass(frozen=True)
class Calendar:
    """An edition with the organisation's hours, closed days and extra working days (each with its reason).

    Hours are half-open, in order, `END_OF_DAY` for 24:00. A working day ends at `day_end`, else at the last closing.
    The mappings must not be changed afterwards: counts are kept.
    """

    edition: Edition
    hours: tuple[tuple[time, time], ...] = ((time(9), time(18)),)
    closures: Mapping[date, str] = field(default_factory=dict, hash=False)
    openings: Mapping[date, str] = field(default_factory=dict, hash=False)
    zone: ZoneInfo = SHANGHAI
    day_end: time | None = None

    def __post_init__(self) -> None:
        edges = [timeline.clock_minutes(clock) for interval in self.hours for clock in interval]
        if not edges or any(begin >= end for begin, end in pairwise(edges)):
            raise ValueError(phrase("办公时间应当从早到晚、互不重叠，且至少一段：例如 09:00–12:00、13:30–18:00"))
        if self.day_end == time(0):
            raise ValueError(phrase("工作日不能止于 00:00：当日结束的午夜写 24:00"))
        if both := self.closures.keys() & self.openings.keys():
            raise ValueError(phrase("{day} 既定为单位休息又定为单位上班：请只留一种", day=str(min(both))))

    @cached_property
    def timetable(self) -> timetable.Timetable:
        """The same as numbers, counted once per calendar."""
        days = {*self.edition.holidays, *self.edition.makeup_days, *self.closures, *self.openings}
        return timetable.build(
            {day.toordinal(): is_workday(self, day) for day in days},
            [(timeline.clock_minutes(begin), timeline.clock_minutes(end)) for begin, end in self.hours],
            timeline.clock_minutes(self.day_end or self.hours[-1][1]),
            (date(self.edition.first_year, 1, 1).toordinal(), date(self.edition.last_year, 12, 31).toordinal()),
        )


def is_workday(calendar: Calendar, day: date) -> bool:
    """As `day_kind`, without its words."""
    if calendar.openings.get(day):
        return True
    if calendar.closures.get(day):
        return False
    if day in calendar.edition.makeup_days:
        return True
    return not calendar.edition.holidays.get(day) and day.weekday() < 5


def day_kind(calendar: Calendar, day: date) -> tuple[bool, str]:
    """Whether the day is worked, and why, in words. The organisation's own days come before the public ones."""
    if reason := calendar.openings.get(day):
        return True, phrase("单位上班：{reason}", reason=reason)
    if reason := calendar.closures.get(day):
        return False, phrase("单位休息：{reason}", reason=reason)
    if day in calendar.edition.makeup_days:
        return True, phrase("调休上班")
    if holiday := calendar.edition.holidays.get(day):
        return False, phrase("法定节假日：{holiday}", holiday=_HOLIDAYS.get(holiday, holiday))
    return _by_weekday(calendar.edition, day)


def _by_weekday(edition: Edition, day: date) -> tuple[bool, str]:
    if edition.first_year <= day.year <= edition.last_year:
        return (True, WORKDAY) if day.weekday() < 5 else (False, phrase("周末"))
    if day.weekday() < 5:
        return True, phrase("工作日（日历未公布，暂定）")
    return False, phrase("周末（日历未公布，暂定）")
