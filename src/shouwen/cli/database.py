"""The database of a command: the one that DATABASE_URL names, else the embedded one, started for as long as needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shouwen.config.home import home

__all__ = ["Database", "connected", "opened"]


@dataclass(frozen=True)
class Database:
    """Where it is, and who serves it."""

    url: str
    #: served by the program itself
    embedded: bool


@contextmanager
def opened() -> Iterator[Database]:
    """The database answers; Django is not touched. One that was started here is stopped on leaving."""
    if os.environ.get("DATABASE_URL"):
        yield Database(os.environ["DATABASE_URL"], embedded=False)
        return
    from shouwen.config.embedded import Embedded, NoServer

    try:
        with Embedded(home() / "postgres").serving() as server:
            os.environ["DATABASE_URL"] = server.url()
            try:
                yield Database(server.url(), embedded=True)
            finally:
                del os.environ["DATABASE_URL"]
    except NoServer as error:
        sys.exit(f"shouwen: {error}")


@contextmanager
def connected() -> Iterator[Database]:
    """The database answers, and Django is set up to use it."""
    with opened() as database:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
        import django
        from django.db import OperationalError, connection

        django.setup()
        try:
            connection.ensure_connection()
        except OperationalError as error:
            sys.exit(f"shouwen: 连不上数据库：{error}\n请查对 DATABASE_URL，形如 postgresql://用户:密码@主机:5432/库名")
        try:
            yield database
        finally:
            connection.close()
