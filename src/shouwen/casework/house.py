"""The house itself: its name, its own days, the public calendar, and whether all its records hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection

from shouwen import calendars
from shouwen.casework.figures import Faulty
from shouwen.core.calendar import day_kind
from shouwen.core.calendar.edition import Calendar
from shouwen.core.phrase import counted, phrase
from shouwen.organisation import events as oe
from shouwen.organisation import stream
from shouwen.organisation.state import Organisation
from shouwen.store import models as rows

__all__ = ["Day", "Finding", "calendar", "findings", "name", "put_day", "year"]


@dataclass(frozen=True)
class Day:
    """A day of the calendar: worked or not, why, and whose word it is: public, own, or ''."""

    day: date
    works: bool
    why: str
    whose: str


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice`: what to do; empty: it is well."""

    what: str
    state: str
    advice: str = ""


def name(text: str, *, actor: str, at: datetime) -> None:
    """The organisation's name. Raises `Faulty`."""
    if not text.strip() or len(text.strip()) > 60:
        raise Faulty({"name": phrase("请填单位名称，至多 60 个字")})
    stream.record(oe.Named(name=text.strip()), actor=actor, at=at)


def put_day(day: str, until: str, what: str, kind: str, *, actor: str, at: datetime) -> tuple[date, date]:
    """Days on which the house rests or works otherwise than the public calendar says, or follows it again. Only days
    to come: those that are past have been counted. Raises `Faulty`."""
    faults = dict[str, str]()
    first, last = _day(day, "day", faults), _day(until or day, "until", faults)
    today = at.astimezone(calendars.public_calendar().zone).date()
    works = {"closed": False, "open": True, "public": None}
    if kind not in works:
        faults["kind"] = phrase("请选休息、上班或照公历")
    if first and first < today:
        faults["day"] = phrase("只能改今天和以后的日子：过去的日子已经算进时限")
    if first and last and not first <= last <= first + timedelta(days=60):
        faults["until"] = phrase("止日应在起日之后，一次至多六十天")
    if kind != "public" and not what.strip():
        faults["name"] = phrase("请写事由，如 年会、盘点")
    if faults or first is None or last is None:
        raise Faulty(faults)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    stream.record(*(oe.DaySet(day=one, name=what.strip(), works=works[kind]) for one in days), actor=actor, at=at)
    return first, last


def calendar(organisation: Organisation) -> Calendar:
    """The public calendar with the organisation's own days."""
    closures = {day: named for day, (named, works) in organisation.days.items() if not works}
    openings = {day: named for day, (named, works) in organisation.days.items() if works}
    return Calendar(calendars.public_edition(), closures=closures, openings=openings)


def year(organisation: Organisation, number: int) -> tuple[tuple[Day, ...], ...]:
    """The twelve months of a year, day by day."""
    here, edition = calendar(organisation), calendars.public_edition()

    def one(day: date) -> Day:
        works, why = day_kind(here, day)
        public = day in edition.holidays or day in edition.makeup_days
        return Day(day, works, why, "own" if day in organisation.days else "public" if public else "")

    days = [date(number, 1, 1) + timedelta(days=count) for count in range(366)]
    return tuple(tuple(one(day) for day in days if (day.year, day.month) == (number, month)) for month in range(1, 13))


def findings(organisation: Organisation, at: datetime) -> Iterator[Finding]:
    """Whether everything is in order, thing by thing."""
    edition = calendars.public_edition()
    ahead = edition.last_year >= at.year + (at.month >= 12)
    yield Finding(
        phrase("公历"),
        edition.name,
        ""
        if ahead
        else phrase("已公布的节假日到 {last_year} 年，此后的时限是暂定的：请升级程序", last_year=edition.last_year),
    )
    yield _server()
    yield _chain(organisation.seq)
    waiting = rows.Request.objects.filter(failed="").count()
    failed = rows.Request.objects.exclude(failed="").count()
    yield Finding(
        phrase("案件之间的请求"),
        phrase("{waiting} 件待送", waiting=waiting),
        phrase("{failed} 件没有送成：shouwen replay --verify 查原因", failed=failed) if failed else "",
    )
    late = rows.Case.objects.filter(wake_at__lt=at - timedelta(minutes=10)).count()
    yield Finding(
        phrase("定时"),
        phrase("没有积压") if not late else phrase("{late} 件案件早该再看", late=late),
        "" if not late else phrase("请看后台程序 shouwen worker 是否在运行"),
    )
    mail = settings.EMAIL_HOST
    yield Finding(
        phrase("邮件"),
        phrase("经 {mail}:{port} 外发", mail=mail, port=settings.EMAIL_PORT)
        if mail
        else phrase("未开，通知只在系统内看（设 SHOUWEN_MAIL 开启）"),
    )
    people = sum(one.active for one in organisation.people.values())
    yield Finding(phrase("人员"), counted("{people} 人在职，{n} 个单位", n=len(organisation.units), people=people))


def _server() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        version, size = cursor.fetchone()
    return Finding(phrase("数据库"), phrase("PostgreSQL {version}，{size}", version=version, size=size))


@lru_cache(1)
def _chain(seq: int) -> Finding:
    try:
        count = stream.verify()
    except stream.Broken as broken:
        return Finding(phrase("单位记录"), broken.args[0], phrase("有人绕过程序改过记录：请用备份核对"))
    return Finding(phrase("单位记录"), counted("{n} 条，逐条相扣", n=count))


def _day(text: str, name: str, faults: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults[name] = phrase("请选日期")
        return None
