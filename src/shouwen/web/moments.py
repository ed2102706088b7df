"""Moments, days and lengths of time in the words of the pages: 9月29日 周二 16:42, 今天 18:00, 余2时34分."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from shouwen.core.calendar.edition import SHANGHAI

__all__ = [
    "date_words",
    "day",
    "length",
    "limit",
    "local",
    "moment",
    "month_day",
    "near",
    "stamp",
    "time_of",
    "weekday",
    "written_day",
]

_WEEKDAYS = (_lazy("周一"), _lazy("周二"), _lazy("周三"), _lazy("周四"), _lazy("周五"), _lazy("周六"), _lazy("周日"))
_MONTHS = (
    *(_lazy("1月"), _lazy("2月"), _lazy("3月"), _lazy("4月"), _lazy("5月"), _lazy("6月")),
    *(_lazy("7月"), _lazy("8月"), _lazy("9月"), _lazy("10月"), _lazy("11月"), _lazy("12月")),
)
_NEAR = {-2: _lazy("前天"), -1: _lazy("昨天"), 0: _lazy("今天"), 1: _lazy("明天"), 2: _lazy("后天")}


def local(when: datetime) -> datetime:
    """The moment on the wall clock of the house (`datetime` with zone)."""
    return when.astimezone(SHANGHAI)


def day(when: date, *, now: date | None = None) -> str:
    """9月29日 周二; with the year if it is another than that of `now`. In English Tue 29 Sep."""
    parts = {"month": _MONTHS[when.month - 1], "day": when.day, "weekday": weekday(when)}
    if now is not None and when.year != now.year:
        return _("{year}年{month}{day}日 {weekday}").format(year=when.year, **parts)
    return _("{month}{day}日 {weekday}").format(**parts)


def date_words(when: date, *, now: date) -> str:
    """9月29日, 2027年1月4日."""
    return month_day(when) if when.year == now.year else written_day(when)


def month_day(when: date) -> str:
    """9月29日."""
    return _("{month}{day}日").format(month=_MONTHS[when.month - 1], day=when.day)


def month(number: int) -> str:
    """9月, Sep."""
    return str(_MONTHS[number - 1])


def weekday(when: date) -> str:
    """周二, Tue."""
    return str(_WEEKDAYS[when.weekday()])


def moment(when: datetime, *, now: datetime | None = None) -> str:
    """9月29日 周二 16:42."""
    here = local(when)
    return f"{day(here.date(), now=local(now).date() if now else None)} {here:%H:%M}"


def written(when: datetime) -> str:
    """2026年9月29日 16:42, as it stands on papers."""
    return f"{written_day(local(when).date())} {local(when):%H:%M}"


def written_day(when: date) -> str:
    """2026年9月29日."""
    return _("{year}年{month}{day}日").format(year=when.year, month=_MONTHS[when.month - 1], day=when.day)


def near(when: datetime, now: datetime) -> str:
    """今天 18:00, 昨天 16:42, 后天 09:00; further away the day by its date."""
    return _near(local(when).date(), f"{local(when):%H:%M}", now)


def limit(when: datetime, now: datetime) -> str:
    """As `near`, but the midnight that ends a day is that day's 24:00."""
    here = local(when)
    if (here.hour, here.minute) == (0, 0):
        return _near(here.date() - timedelta(days=1), "24:00", now)
    return near(when, now)


def time_of(when: datetime) -> str:
    """16:42."""
    return f"{local(when):%H:%M}"


def stamp(when: datetime) -> str:
    """For machines: 2026-09-29T16:42+08:00."""
    return local(when).isoformat(timespec="minutes")


def length(span: timedelta) -> str:
    """6天2时, 2时34分, 3时09分, 27分. The browser's countdown says the same (`length` in shouwen.js)."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return (_("{days}天{hours}时") if hours else _("{days}天")).format(days=days, hours=hours)
    if hours:
        return _("{hours}时{minutes}分").format(hours=hours, minutes=f"{rest:02d}")
    return _("{minutes}分").format(minutes=rest)


def _near(when: date, clock: str, now: datetime) -> str:
    today = local(now).date()
    word = _NEAR.get((when - today).days)
    return f"{word} {clock}" if word else f"{day(when, now=today)} {clock}"
