"""Loading the demonstration into an empty database: the organisation, its people's log-ins, and a month of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.accounts.models import Account
from shouwen.casework import memory, procedures
from shouwen.casework.procedures import Law
from shouwen.casework.world import calendar_of
from shouwen.demo.cast import Login, founding, logins_of
from shouwen.demo.plan import Month
from shouwen.demo.play import Play
from shouwen.demo.stories import read, read_stories
from shouwen.organisation import stream
from shouwen.organisation.state import state

__all__ = ["PASSWORD", "Loaded", "NotEmpty", "found", "law_of", "load", "logins"]

#: the one password of all log-ins: a demonstration keeps no secrets
PASSWORD = "shouwen-demo"
FOLDER = Path(__file__).parent / "property"
#: the clock time at which the month ends, if only its last day is given
TEATIME = time(15, 26)

#: told now and then: how much has been done, and of how much
Progress = Callable[[int, int], None]


class NotEmpty(Exception):
    """There is an organisation already; a demonstration is not mixed with it."""


@dataclass(frozen=True)
class Loaded:
    """What has been loaded: who may sign in, and how many cases, acts and people there are."""

    logins: tuple[Login, ...]
    password: str
    cases: int
    acts: int
    people: int


def load(today: date | None = None, progress: Progress | None = None) -> Loaded:
    """Load the demonstration; its month ends now (or in the afternoon of `today`). A load that was broken off is
    cleared away first: the log-ins are made last, and without them it does not count.

    Raises `NotEmpty` if there is an organisation already.
    """
    organisation = read(FOLDER / "organisation.yaml")
    if _broken_off(organisation):
        call_command("flush", interactive=False, verbosity=0)
        memory.forget()
    if state().units:
        raise NotEmpty("库里已经有一个单位：演示数据只装进空库，不与真实数据混在一起")
    with _in_haste():
        month = found(today)
        play = Play(law_of(organisation), month)
        for left in play.run():
            if progress is not None:
                progress(play.acts, play.acts + left)
    entered = logins()
    accounts.create_all(
        (accounts.Newcomer(one.username, one.username, administers=one.administers) for one in entered), PASSWORD
    )
    return Loaded(entered, PASSWORD, cases=len(play.told), acts=play.acts, people=len(state().people))


def _broken_off(organisation: Mapping[str, object]) -> bool:
    return state().name == organisation["name"] and not Account.objects.exists()


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
    """Who may sign in to the demonstration."""
    organisation = read(FOLDER / "organisation.yaml")
    procedures.load()
    return logins_of(organisation, law_of(organisation).procedure.roles)


def found(today: date | None = None, changes: Mapping[str, object] | None = None) -> Month:
    """Found the organisation at the beginning of a month, and plan that month (by the plan with these changes)."""
    organisation = read(FOLDER / "organisation.yaml")
    procedures.load()
    law = law_of(organisation)
    until = _until(today, law)
    month = Month(
        organisation=organisation,
        plan={**read(FOLDER / "plan.yaml"), **(changes or {})},
        stories={story.name: story for story in read_stories(FOLDER / "stories")},
        calendar=calendar_of(law.procedure, state(), until.date()),
        until=until,
    )
    events = founding(organisation, until, month.begins.date())
    stream.record(*events, *month.register(), actor=str(organisation["founder"]), at=month.begins)
    return month


def law_of(organisation: Mapping[str, object]) -> Law:
    """The procedure that the organisation lives by."""
    return procedures.current(str(organisation["procedure"]))


def _until(today: date | None, law: Law) -> datetime:
    """The minute with which the month ends."""
    if today is not None:
        return datetime.combine(today, TEATIME, law.procedure.zone)
    return clock.now().astimezone(law.procedure.zone).replace(second=0, microsecond=0)
