"""Moments, days and lengths of time in the words of the pages: 9月29日 周二 16:42, 今天 18:00, 余2时34分."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from shouwen.core.calendar.edition import SHANGHAI

__all__ = ["day", "length", "limit", "local", "moment", "near", "stamp", "time_of"]

_WEEKDAYS = "一二三四五六日"
_NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def local(when: datetime) -> datetime:
    """The moment on the wall clock of the house (`datetime` with zone)."""
    return when.astimezone(SHANGHAI)


def day(when: date, *, now: date | None = None) -> str:
    """9月29日 周二; with the year if it is another than that of `now`."""
    year = f"{when.year}年" if now is not None and when.year != now.year else ""
    return f"{year}{when.month}月{when.day}日 周{_WEEKDAYS[when.weekday()]}"


def moment(when: datetime, *, now: datetime | None = None) -> str:
    """9月29日 周二 16:42."""
    here = local(when)
    return f"{day(here.date(), now=local(now).date() if now else None)} {here:%H:%M}"


def written(when: datetime) -> str:
    """2026年9月29日 16:42, as it stands on papers."""
    here = local(when)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


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
    """6天2时, 2时34分, 3时09分, 27分. The browser's countdown says the same (`words` in shouwen.js)."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}天{hours}时" if hours else f"{days}天"
    return f"{hours}时{rest:02d}分" if hours else f"{rest}分"


def _near(when: date, clock: str, now: datetime) -> str:
    today = local(now).date()
    word = _NEAR.get((when - today).days)
    return f"{word} {clock}" if word else f"{day(when, now=today)} {clock}"
