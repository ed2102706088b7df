"""Signing in over HTTP, on the real database."""

from __future__ import annotations

import pytest
from django.test import Client

from shouwen.accounts import access
from shouwen.accounts.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> Account:
    return access.create("li.na", "blue-teapot-9", "li-na")


def test_the_right_password_leads_in(client: Client, li: Account):
    answer = client.post("/sign-in/", {"username": " LI.NA ", "password": "blue-teapot-9"})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
