"""What the tests of the browser share: the clock they turn, the people who take part, and a window to look through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

PASSWORD = "blue-teapot-9"
MORNING = "2026-09-29 16:40"
#: those of the office who take part, and two more: person → name, unit, roles
ALSO: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "taomin": ("陶敏", "ZXL", ("project_manager",)),
    "suhe": ("苏禾", "ZXL", ("archivist",)),
}


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


def people() -> Mapping[str, str]:
    """Name → code, of everybody who has an account."""
    from tests import office

    return {name: code for code, (name, _, _) in {**office.CAST, **ALSO}.items()}


def open_house() -> None:
    """The office, the two more, and an account for each."""
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
    for code, (name, unit, roles) in ALSO.items():
        posts = [o.PositionSet(position=f"{code}.{role}", person=code, unit=unit, role=role) for role in roles]
        record(o.PersonSet(code=code, name=name), *posts, actor="gaojp", at=at)
    access.create_all([access.Newcomer(username=code, person=code) for code in people().values()], PASSWORD)


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
