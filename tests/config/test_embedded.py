"""The embedded PostgreSQL: made once, keeps what it was told, recovers from whatever happened to it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shouwen.config.embedded import Embedded, NoServer


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place) / "postgres"


def written(server: Embedded, value: int) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept(server: Embedded) -> list[int]:
    with psycopg.connect(server.url()) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY value")]


def test_a_second_start_keeps_what_was_written(folder: Path):
    with Embedded(folder).serving() as server:
        written(server, 1)
    assert not Embedded(folder).running()

    with Embedded(folder).serving() as server:
        assert kept(server) == [1]


def test_what_was_acknowledged_outlives_a_kill(folder: Path):
    server = Embedded(folder)
    server.start()
    written(server, 1)
    assert server.process
    server.process.kill()
    server.process.wait()

    with Embedded(folder).serving() as again:
        assert kept(again) == [1]


def test_nothing_that_was_acknowledged_is_only_in_memory(folder: Path):
    with Embedded(folder).serving() as server, psycopg.connect(server.url()) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        }

    assert set(shown.values()) == {("on",)}


def test_who_finds_it_running_uses_it_and_does_not_stop_it(folder: Path):
    with Embedded(folder).serving() as first:
        with Embedded(folder).serving() as second:
            written(second, 1)
            assert second.process is None

        assert kept(first) == [1]


def test_a_number_that_was_left_behind_and_belongs_to_somebody_else_now_does_not_matter(folder: Path):
    with Embedded(folder).serving() as server:
        left = (folder / "postmaster.pid").read_text()
        written(server, 1)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    place = folder / "postmaster.pid"
    place.write_text("\n".join([str(stranger.pid), *left.splitlines()[1:]]) + "\n")
    owner = folder.stat()
    os.chown(place, owner.st_uid, owner.st_gid)

    with Embedded(folder).serving() as server:
        assert kept(server) == [1]

    assert stranger.poll() is None
    stranger.communicate(b"\n")


def test_a_first_start_that_was_interrupted_is_begun_anew(folder: Path):
    half = folder.with_name(".postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    with Embedded(folder).serving() as server:
        assert server.running()


def test_a_folder_too_deep_for_a_socket_works_too(folder: Path):
    deep = folder.parent / ("深" * 30) / "postgres"

    with Embedded(deep).serving() as server:
        written(server, 1)
        assert not server.socket_folder.is_relative_to(folder.parent)
        assert server.socket_folder.stat().st_mode & 0o077 == 0


def test_a_broken_folder_says_where_to_look(folder: Path):
    with Embedded(folder).serving():
        pass
    (folder / "PG_VERSION").write_text("9\n")

    with pytest.raises(NoServer, match=r"postgres\.log"):
        Embedded(folder).start()


def test_it_goes_with_whoever_started_it_even_if_that_one_is_killed(folder: Path):
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom shouwen.config.embedded import Embedded\n"
        "server = Embedded(Path(sys.argv[1]))\nserver.start()\nprint(server.process.pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        number = int(parent.stdout.readline())
        parent.kill()

    with Embedded(folder).serving() as server:
        assert server.process
        assert server.process.pid != number
        assert not command_of(number)


def command_of(number: int) -> str:
    """The command of a process; empty: it has ended, whether or not somebody has taken notice."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return ""
