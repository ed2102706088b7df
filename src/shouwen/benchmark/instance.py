"""An instance of its own for a benchmark: a database, an office, a web server; gone when it is over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from shouwen.config.embedded import Embedded

__all__ = ["Instance", "instance"]

PASSWORD = "bench-only-7319"
WEB_PROCESSES = 2


@dataclass(frozen=True)
class Instance:
    """Where it listens, its database, what is to be typed, and who signs in."""

    host: str
    port: int
    database: str
    typed: Mapping[str, Any]
    username: str
    password: str


@contextmanager
def instance() -> Iterator[Instance]:
    """Start it, wait until it answers, and clear it away afterwards. Raises RuntimeError if it does not come up."""
    typed = yaml.safe_load((Path(__file__).parent / "office.yaml").read_text(encoding="utf-8"))
    with TemporaryDirectory(prefix="shouwen-bench-") as folder:
        home = Path(folder)
        with Embedded(home / "postgres").serving() as server:
            os.environ |= {
                "DATABASE_URL": server.url(),
                "SHOUWEN_HOME": folder,
                "DJANGO_SETTINGS_MODULE": "shouwen.config.settings",
            }
            _furnish(typed)
            port = _free_port()
            web = subprocess.Popen(
                [sys.executable, "-m", "shouwen.cli", "serve", "--port", str(port), "--workers", str(WEB_PROCESSES)],
                env=os.environ,
                process_group=0,
            )
            try:
                _wait(f"http://127.0.0.1:{port}/health/", web)
                yield Instance("127.0.0.1", port, server.url(), typed, typed["by"], PASSWORD)
            finally:
                os.killpg(web.pid, signal.SIGTERM)
                web.wait(timeout=15)


def _furnish(typed: Mapping[str, Any]) -> None:
    """Tables, procedures, people and one account."""
    import django

    django.setup()
    from django.db import connection

    from shouwen import clock
    from shouwen.accounts import access
    from shouwen.config import tables
    from shouwen.organisation import events as o
    from shouwen.organisation.stream import record

    tables.migrate()
    tables.load_procedures()
    office = typed["organisation"]
    people = office["people"]
    record(
        o.Named(name=office["name"]),
        *(o.UnitSet(**unit) for unit in office["units"]),
        *(o.PersonSet(code=person["code"], name=person["name"]) for person in people),
        *(
            o.PositionSet(position=f"{person['code']}.{role}", person=person["code"], unit=person["unit"], role=role)
            for person in people
            for role in person["roles"]
        ),
        actor=typed["by"],
        at=clock.now(),
    )
    access.create(typed["by"], PASSWORD, typed["by"])
    connection.close()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(address: str, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and web.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("测速用的网页进程没有启动起来")
