"""The building stands open for every test of the field page, its clock in the test's hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.field.hours import PASSWORD, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the whole program, standing where a test sets it."""
    from shouwen import clock as system

    turned = Clock()
    monkeypatch.setattr(system, "now", turned.now)
    return turned


@pytest.fixture
def come_in(db: None, clock: Clock) -> Callable[[str], Client]:
    """Signs a person of the building in, on a telephone of his own."""
    from tests.field import site

    site.open_site()

    def signed_in(person: str) -> Client:
        client = Client()
        answer = client.post("/sign-in/", {"username": person, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signed_in
