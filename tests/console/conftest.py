"""The office stands open for every test of the console, and its people come in by the door."""

from collections.abc import Callable

import pytest
from django.test import Client

PASSWORD = "blue-teapot-9"


@pytest.fixture
def open_office(db: None) -> None:
    """The company on a database of its own, rolled back afterwards."""
    # The office imports models, which Django must have been set up for: inside the fixture it is.
    from tests import office

    office.open_office()


@pytest.fixture
def come_in(open_office: None) -> Callable[[str], Client]:
    """Signs a person of the office in, in a browser of his own."""
    from shouwen.accounts import access
    from shouwen.accounts.models import Account

    def signed_in(person: str) -> Client:
        if not Account.objects.filter(username=person).exists():
            access.create(person, PASSWORD, person)
        client = Client()
        answer = client.post("/sign-in/", {"username": person, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signed_in
