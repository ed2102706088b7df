"""A database that the demonstration has been loaded into once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shouwen.demo import Loaded


class BrokenOff(Exception):
    """Somebody stopped the load."""


@contextmanager
def empty_database() -> Iterator[None]:
    """Nothing in the tables, nothing remembered of them: before and afterwards."""
    from django.core.management import call_command

    from shouwen.casework import memory

    call_command("flush", interactive=False, verbosity=0)
    memory.forget()
    yield
    call_command("flush", interactive=False, verbosity=0)
    memory.forget()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Loaded]:
    """The demonstration whose month ends on a Thursday, loaded after a first load had been broken off."""
    from datetime import date

    from shouwen import demo

    def stop(done: int, whole: int) -> None:
        if done > 40:
            raise BrokenOff(f"{done} of {whole}")

    with django_db_blocker.unblock(), empty_database():  # type: ignore[attr-defined]  # pytest-django's own
        with pytest.raises(BrokenOff):
            demo.load(date(2026, 11, 26), stop)
        yield demo.load(date(2026, 11, 26))
