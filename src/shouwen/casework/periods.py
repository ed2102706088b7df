"""Periods that reports are about: months, quarters, years and weeks, cut on the regulation's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouwen.core.calendar import Weekly
from shouwen.core.measure import Period as Span
from shouwen.core.procedure import Procedure

__all__ = ["KINDS", "Month", "Period", "counts_weeks"]

KINDS = ("month", "quarter", "year", "week")
_READ = re.compile(r"(\d{4})(?:-(?:(\d{1,2})|Q([1-4])|W(\d{1,2})))?")
#: months of a quarter and of a year
_LONG = {"quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """One period. `place`: the month, quarter or ISO week of its year; 0 for a year."""

    year: int
    place: int = 0
    kind: str = "month"

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo, kind: str = "month") -> Period:
        """The one in which a moment lies."""
        here = moment.astimezone(zone).date()
        if kind == "week":
            year, week, _ = here.isocalendar()
            return cls(year, week, kind)
        return cls(here.year, _place(here.month, kind), kind)

    @classmethod
    def read(cls, text: str) -> Period | None:
        """`2026-09`, `2026-Q3`, `2026` or `2026-W36`; None if it is none of them."""
        found = _READ.fullmatch(text)
        if found is None or not 1900 <= int(found[1]) < 2200:
            return None
        year, (month, quarter, week) = int(found[1]), found.groups()[1:]
        if month:
            return cls(year, int(month)) if 1 <= int(month) <= 12 else None
        if week:
            return cls(year, int(week), "week") if 1 <= int(week) <= _weeks(year) else None
        return cls(year, int(quarter), "quarter") if quarter else cls(year, 0, "year")

    def __str__(self) -> str:
        match self.kind:
            case "month":
                return f"{self.year}-{self.place:02}"
            case "quarter":
                return f"{self.year}-Q{self.place}"
            case "week":
                return f"{self.year}-W{self.place:02}"
            case _:
                return str(self.year)

    @property
    def month(self) -> int:
        """The month of its first day."""
        return self.first.month

    @property
    def first(self) -> date:
        """Its first day."""
        match self.kind:
            case "week":
                return date.fromisocalendar(self.year, self.place, 1)
            case "quarter":
                return date(self.year, self.place * 3 - 2, 1)
            case _:
                return date(self.year, self.place or 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.moved(1).first - timedelta(days=1)

    def moved(self, steps: int) -> Period:
        """So many periods later."""
        if self.kind == "week":
            year, week, _ = (self.first + timedelta(weeks=steps)).isocalendar()
            return Period(year, week, self.kind)
        if self.kind == "year":
            return Period(self.year + steps, 0, self.kind)
        each = 12 if self.kind == "month" else 4
        year, place = divmod(self.year * each + self.place - 1 + steps, each)
        return Period(year, place + 1, self.kind)

    @property
    def year_before(self) -> Period:
        """The same period of the year before; of a week that it does not have, its last one."""
        place = min(self.place, _weeks(self.year - 1)) if self.kind == "week" else self.place
        return Period(self.year - 1, place, self.kind)

    def period(self, zone: ZoneInfo) -> Span:
        """From its first moment to that of the next one."""
        return _begins(self.first, zone), _begins(self.moved(1).first, zone)

    @property
    def months(self) -> tuple[Period, ...]:
        """The months that it touches."""
        months = Period(self.first.year, self.first.month)
        count = _LONG.get(self.kind, 1)
        if self.kind == "week":
            count = 1 + (self.last.month != self.first.month)
        return tuple(months.moved(step) for step in range(count))

    @property
    def whole(self) -> tuple[Period, ...]:
        """What it is put together from: a quarter or year from its months, all else from itself."""
        return self.months if self.kind in _LONG else (self,)

    def days(self) -> Iterator[date]:
        """Its days."""
        for place in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=place)


Month = Period


def counts_weeks(procedure: Procedure) -> bool:
    """Whether a regulation counts by the week: something of it returns weekly, or draws from a week."""
    return any(
        isinstance(trigger.every, Weekly) or (trigger.over is not None and trigger.over.during == "week")
        for trigger in procedure.triggers.values()
    )


def _place(month: int, kind: str) -> int:
    return {"month": month, "quarter": (month + 2) // 3, "year": 0}[kind]


def _weeks(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
