"""What the tests of the browser share: the clock they turn, the people who take part, and a window to look through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

from shouwen.core.procedure import Procedure
from shouwen.trial.script import Script

PASSWORD = "blue-teapot-9"
MORNING = "2026-09-29 16:40"
YEAR = timedelta(days=365)


@dataclass
class Clock:
    """Stands still until it is set."""

    at: datetime | None = None

    def now(self) -> datetime:
        """What `shouwen.clock.now` says instead."""
        from tests import office

        return self.at or office.moment(MORNING)

    def set(self, at: datetime | str) -> datetime:
        """Turned forward; what is due by then happens."""
        from shouwen.worker.loop import turn
        from tests import office

        self.at = office.moment(at) if isinstance(at, str) else at
        while turn(self.at):
            pass
        return self.at


def open_house() -> None:
    """The office, and an account for each of its people."""
    from shouwen.accounts import access
    from shouwen.organisation import events as o
    from shouwen.organisation.stream import record
    from tests import office

    office.open_office()
    at = office.moment("2026-01-01 08:05")
    # "Everybody" stands for all other roles already; beside them it only makes names of posts longer.
    said_twice = [
        o.PositionEnded(position=f"{code}.all_staff", until=at.date() - timedelta(days=1)) for code in office.CAST
    ]
    record(*said_twice, actor="gaojp", at=at)
    access.create_all([access.Newcomer(username=code, person=code) for code in office.CAST], PASSWORD)


def open_stage(script: Script, procedure: Procedure, called: Mapping[str, str]) -> Mapping[str, str]:
    """The house that a story is played in, as `called`, with its cast, each with an account; name → sign-in."""
    from shouwen.accounts import access
    from shouwen.organisation import events as o
    from shouwen.organisation.stream import record

    at = script.steps[0].at - timedelta(days=1)
    desk = script.unit
    below = dict.fromkeys(one.unit for one in script.holdings if one.unit)
    units = {None: desk, **{name: f"{desk}-{place}" for place, name in enumerate(below, 1)}}
    people = {
        name: f"{desk.lower()}{place:02}"
        for place, name in enumerate(dict.fromkeys(one.person for one in script.holdings), 1)
    }
    events: list[o.Event] = [
        o.Named(name=called["name"]),
        o.UnitSet(code=desk, name=called["desk"], desk=True),
        *(o.UnitSet(code=units[name], name=name, parent=desk) for name in below),
        *(o.PersonSet(code=code, name=name) for name, code in people.items()),
    ]
    for one in script.holdings:
        person, unit = people[one.person], units[one.unit]
        events.append(o.PositionSet(position=f"{person}.{unit}.{one.role}", person=person, unit=unit, role=one.role))
    for register, rows in script.registers.items():
        key = procedure.forms[register].key or ""
        for row in rows:
            given = {name: str(value) for name, value in row.items()}
            kept = o.RowSet(
                procedure=procedure.id, register=register, key=given[key], values=given, since=at.date() - YEAR
            )
            events.append(kept)
    record(*events, actor=next(iter(people.values())), at=at)
    access.create_all([access.Newcomer(username=code, person=code) for code in people.values()], PASSWORD)
    return people


@dataclass
class Window:
    """A page, and what a careful observer would have noticed about it."""

    page: Page
    #: errors in the console, breaches of the content policy, questions to other hosts
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._asked)

    def sign_in(self, username: str, password: str) -> None:
        """By the door."""
        self.page.goto("/sign-in/")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()

    def _heard(self, message: ConsoleMessage) -> None:
        # A refusal is answered with 4xx on purpose; the browser calls that an error.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", None):
            self.troubles.append(f"asks {request.url}")
