"""Loading the demonstration into an empty database: the organisation, its people's log-ins, and a month of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial

from django.core.management import call_command
from django.db import connection

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.accounts.models import Account
from shouwen.casework import memory, procedures
from shouwen.casework.world import calendar_of
from shouwen.demo.cast import Login, founding, logins_of
from shouwen.demo.houses import Chapter, Group, group
from shouwen.demo.plan import Month, homes, register
from shouwen.demo.play import Play
from shouwen.demo.reading import mapping
from shouwen.organisation import stream
from shouwen.organisation.state import state

__all__ = ["PASSWORD", "Loaded", "NotEmpty", "found", "load", "logins"]

#: the one password of all log-ins: a demonstration keeps no secrets
PASSWORD = "shouwen-demo"
#: the clock time at which the month ends, if only its last day is given
TEATIME = time(15, 26)
#: so many cases may begin in one chapter
MOST_CASES = 1000

#: told now and then: how much has been done, and of how much
Progress = Callable[[int, int], None]
#: what a test plans otherwise: a regulation's plan, changed
Changes = Mapping[str, Mapping[str, object]]


class NotEmpty(Exception):
    """There is an organisation already; a demonstration is not mixed with it."""


@dataclass(frozen=True)
class Loaded:
    """What has been loaded: who may sign in, how many cases, acts and people there are, and which steps of stories
    were not allowed."""

    logins: tuple[Login, ...]
    password: str
    cases: int
    acts: int
    people: int
    refused: tuple[str, ...]


def load(today: date | None = None, progress: Progress | None = None) -> Loaded:
    """Load the demonstration; its month ends now (or in the afternoon of `today`). A load that was broken off is
    cleared away first: the log-ins are made last, and without them it does not count.

    Raises `NotEmpty` if there is an organisation already.
    """
    if _broken_off(group()):
        call_command("flush", interactive=False, verbosity=0)
        memory.forget()
    if state().units:
        raise NotEmpty("库里已经有一个单位：演示数据只装进空库，不与真实数据混在一起")
    with _in_haste():
        play = Play(found(today))
        for left in play.run():
            if progress is not None:
                progress(play.acts, play.acts + left)
    entered = logins()
    administrators = {one.username for one in entered if one.administers}
    people = state().people
    accounts.create_all(
        (accounts.Newcomer(code, code, administers=code in administrators) for code in people), PASSWORD
    )
    return Loaded(entered, PASSWORD, len(play.told), play.acts, len(people), tuple(play.refused))


def _broken_off(whole: Group) -> bool:
    return state().name == whole.organisation["name"] and not Account.objects.exists()


@contextmanager
def _in_haste() -> Iterator[None]:
    """What is committed need not be on disk at once: a loss of power means to begin anew, nothing else is lost."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def logins() -> tuple[Login, ...]:
    """Who may sign in to the demonstration that is loaded: those whom to begin with."""
    return tuple(logins_of(group(), partial(procedures.role_name, state())))


def found(today: date | None = None, changes: Changes | None = None) -> tuple[Month, ...]:
    """Found the organisation at the beginning of a month, and plan that month for each house and regulation (by its
    plan with these changes)."""
    whole = group()
    procedures.load()
    until = _until(today)
    rooms = {
        house.name: homes(house, mapping(whole.organisation["names"]), f"{until:%Y-%m-%d}") for house in whole.houses
    }
    months = tuple(
        Month(
            house=house,
            chapter=_changed(chapter, changes),
            homes=rooms[house.name],
            calendar=calendar_of(procedures.current(chapter.procedure).procedure, state(), until.date()),
            until=until,
            first=place * MOST_CASES,
        )
        for place, (house, chapter) in enumerate((house, one) for house in whole.houses for one in house.chapters)
    )
    begins = min(month.begins for month in months)
    rows = [row for house in whole.houses for row in register(house, rooms[house.name])]
    events = founding(whole, until, begins.date())
    stream.record(*events, *rows, actor=str(whole.organisation["founder"]), at=begins)
    return months


def _changed(chapter: Chapter, changes: Changes | None) -> Chapter:
    return replace(chapter, plan={**chapter.plan, **(changes or {}).get(chapter.procedure, {})})


def _until(today: date | None) -> datetime:
    """The minute with which the month ends."""
    zone = procedures.all_current()[0].procedure.zone
    if today is not None:
        return datetime.combine(today, TEATIME, zone)
    return clock.now().astimezone(zone).replace(second=0, microsecond=0)
