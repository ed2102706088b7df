"""What every test may rely on: reproducible examples, the --accept flag, and PostgreSQL for those that ask for it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from shouwen.config.embedded import Embedded

# The same tree gives the same answer; `--hypothesis-profile=search` looks further, with new examples each time.
settings.register_profile("check", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("check")

#: folders of tests that need no Django: asked for alone, they do not wait for it
PURE = {"cli", "core", "language", "lints", "procedures", "shared"}
HOME = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="record the messages as they are now, instead of comparing")
    parser.addoption("--pictures", action="store_true", help="write what the browser's tests see to docs/images")


@pytest.fixture(scope="session")
def accept(request: pytest.FixtureRequest) -> bool:
    """True while recorded messages are to be rewritten; a test that compares with a record asks for it."""
    return bool(request.config.getoption("--accept"))


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, with a home of its own, before the tests of the shell import their models."""
    if all(_pure(config, argument) for argument in config.args):
        return
    import django

    config.stash[HOME] = Path(tempfile.mkdtemp(prefix="shouwen-tests-"))
    os.environ["SHOUWEN_HOME"] = str(config.stash[HOME])
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwen.config.settings"
    os.environ.pop("DATABASE_URL", None)
    django.setup()
    from django.conf import settings as django_settings

    # What makes a password safe is how long it takes; a test signs in hundreds of times.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOME in config.stash:
        shutil.rmtree(config.stash[HOME], ignore_errors=True)


def _pure(config: pytest.Config, argument: str) -> bool:
    place = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
    tests = config.rootpath / "tests"
    return place != tests and place.is_relative_to(tests) and place.relative_to(tests).parts[0] in PURE


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Embedded]:
    """The embedded PostgreSQL in a temporary folder; a loss of power may cost the tests their data."""
    from shouwen.config.embedded import Embedded

    server = Embedded(
        request.config.stash[HOME] / "postgres", fsync="off", full_page_writes="off", shared_buffers="64MB"
    )
    with server.serving():
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Embedded) -> None:
    """pytest-django asks for this when the first test wants the database: then the server is started."""
    from django.db import connections

    connections["default"].settings_dict |= {"USER": "shouwen", "HOST": str(postgres.socket_folder)}


@pytest.fixture
def committed(transactional_db: None, postgres: Embedded) -> dict[str, str]:
    """For tests with several connections or processes: what they write is committed, and all tables are emptied after.

    The value is the environment with which a process of its own finds this database.
    """
    from django.db import connection

    return {**os.environ, "DATABASE_URL": postgres.url(str(connection.settings_dict["NAME"]))}


@pytest.fixture
def fresh_database(postgres: Embedded, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process with a database, still without any table, and a home of its own."""
    import psycopg

    name = f"fresh_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {**os.environ, "DATABASE_URL": postgres.url(name), "SHOUWEN_HOME": str(tmp_path)}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
