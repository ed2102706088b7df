"""The parts are wired together as they should be."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import get_resolver

from shouwen.config import settings


@pytest.mark.django_db
def test_every_table_has_its_migration():
    said = io.StringIO()

    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(f"a model has changed: shouwen django makemigrations\n{said.getvalue()}")


@pytest.mark.django_db
def test_the_tables_are_on_postgresql_15_or_newer():
    assert connection.vendor == "postgresql"
    assert connection.pg_version >= 150000


def test_django_finds_nothing_to_object_to():
    call_command("check", "--fail-level", "WARNING")


def test_the_whole_address_book_can_be_read():
    assert get_resolver().url_patterns


@pytest.mark.parametrize(
    "url, expected",
    [
        ("postgresql://li:p%40ss@db.example:6432/shouwen?sslmode=require",
         {"NAME": "shouwen", "USER": "li", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": 6432, "OPTIONS": {"sslmode": "require"}}),
        ("postgresql://shouwen@/shouwen?host=/var/lib/%E9%A6%96%E9%97%AE",
         {"NAME": "shouwen", "USER": "shouwen", "PASSWORD": "", "HOST": "/var/lib/首问", "PORT": "", "OPTIONS": {}}),
        ("postgresql:///shouwen", {"NAME": "shouwen", "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}),
    ],
)  # fmt: skip
def test_an_address_of_a_database_is_read_in_full(url: str, expected: dict[str, object]):
    found = settings._database(url)

    assert {name: found[name] for name in expected} == expected
