"""One Chromium for all tests of this folder, a server beside it, the office on a database, and a clock to turn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import PASSWORD, Clock, Window, open_house
from tests.browser.pictures import DESK, compare, take, take_pdf

#: patience with a crowded machine; on a quiet one nothing comes near it
PATIENCE = 30_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        # Playwright drives its loop in this thread; the database is asked from here only between two of its calls.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            env={**os.environ, "LANGUAGE": "zh_CN"},
            args=["--lang=zh-CN", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
        )
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the whole program, standing where a test sets it."""
    from shouwen import clock as system

    turned = Clock()
    monkeypatch.setattr(system, "now", turned.now)
    return turned


@pytest.fixture
def house(transactional_db: None, clock: Clock) -> None:
    """The office with all who take part in a story, each with an account."""
    open_house()


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Window]]:
    """Opens a browser window of its own; what is not said is a desk's screen in light colours."""
    opened: list[BrowserContext] = []

    def open_window(**options: object) -> Window:
        settings = {"viewport": DESK, "color_scheme": "light", "locale": "zh-CN"}
        context = chromium.new_context(
            base_url=live_server.url, timezone_id="Asia/Shanghai", reduced_motion="reduce", **{**settings, **options}
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        context.clock.set_fixed_time(0)  # the server's clock stands still, so the countdowns do
        return Window(context.new_page())

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def come_in(window: Callable[..., Window], house: None) -> Callable[..., Window]:
    """Signs a person of the office in by the door, in a window of his own."""

    def signed_in(person: str, **options: object) -> Window:
        own = window(**options)
        own.sign_in(person, PASSWORD)
        return own

    return signed_in


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Holds what a page shows against its picture in docs/images; with `pytest tests/browser --pictures` takes it anew."""
    return take if request.config.getoption("--pictures") else compare


@pytest.fixture
def pdf_picture(request: pytest.FixtureRequest) -> Callable[[bytes, str], None]:
    """The same of a PDF's first page."""
    return take_pdf if request.config.getoption("--pictures") else lambda pdf, name: None
