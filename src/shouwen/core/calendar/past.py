"""Calendar periods that are over: the week, month or year before a moment."""

from datetime import date, timedelta
from typing import Final

from shouwen.core.phrase import phrase

PERIODS: Final = ("day", "week", "month", "quarter", "year")


def period_before(day: date, unit: str) -> tuple[date, date]:
    """The first day of the period before the one in which this day lies, and the first day after it."""
    end = _first(day, unit)
    return _first(end - timedelta(days=1), unit), end


def _first(day: date, unit: str) -> date:
    """The first day of the period in which this day lies."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            raise ValueError(phrase("没有“{unit}”这种日历期间", unit=unit))
