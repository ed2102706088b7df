"""The town stands for every test of the portal; whoever comes has no account."""

from collections.abc import Callable

import pytest
from django.test import Client

PASSWORD = "blue-teapot-9"


@pytest.fixture
def town(db: None) -> None:
    """The three houses on a database of their own, rolled back afterwards."""
    # The town imports models, which Django must have been set up for: inside the fixture it is.
    from tests.portal import town as built

    built.found()


@pytest.fixture
def phone(town: None) -> Client:
    """A browser that nobody knows."""
    return Client()


@pytest.fixture
def come_in(town: None) -> Callable[[str], Client]:
    """Signs a member of staff in, in a browser of his own."""
    from shouwen.accounts import access

    def signed_in(person: str) -> Client:
        access.create(person, PASSWORD, person)
        client = Client()
        answer = client.post("/sign-in/", {"username": person, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signed_in
