"""Processes that are killed: nothing that was acknowledged is lost, nothing happens twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from shouwen import worker
from shouwen.casework import filed, memory
from shouwen.config.embedded import Embedded
from shouwen.store import models as rows
from tests import office

#: opens one complaint after the other and says each number once it is acknowledged
WRITER = """
import django; django.setup()
from tests import office
while True:
    print(office.done(office.take_in()).number, flush=True)
"""
#: lets time pass until it is killed
WORKER = """
import django; django.setup()
from shouwen import worker
from tests import office
print("ready", flush=True)
while worker.turn(office.moment("{at}")):
    pass
"""


@contextmanager
def running(script: str, environment: Mapping[str, str]) -> "Iterator[subprocess.Popen[str]]":
    """A process of its own on this database."""
    env = {**environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def acknowledged(process: "subprocess.Popen[str]", most: int) -> list[str]:
    """The numbers that it has said so far, at least so many."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(most)]


def test_a_writer_that_is_killed_has_lost_nothing_that_it_acknowledged(committed_office: dict[str, str]) -> None:
    with running(WRITER, committed_office) as writer:
        said = acknowledged(writer, 15)

        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split()

    known = set(rows.Case.objects.values_list("number", flat=True))
    assert {*said, *rest} <= known
    assert office.proved() == len(known)


def test_a_worker_that_is_killed_leaves_nothing_half_and_another_goes_on(committed_office: dict[str, str]) -> None:
    cases = [office.graded_major() for _ in range(6)]
    late = "2026-10-12 10:00"
    with running(WORKER.format(at=late), committed_office) as killed:
        acknowledged(killed, 1)
        time.sleep(0.15)

        killed.send_signal(signal.SIGKILL)
        killed.wait()
    filed.forget()
    while worker.turn(office.moment(late)):
        pass

    for case in cases:
        missed = list(rows.Task.objects.filter(case_id=case.case_id, missed_at__isnull=False))
        assert "answer_major" in {row.task for row in missed}
        assert case.case_id is not None
        events = [event for log in filed.logs(case.case_id) for event in log.events]
        fallen_due = [(type(e).__name__, e.task, e.item, e.happened) for e in events if hasattr(e, "born_late")]
        assert len(fallen_due) == len(set(fallen_due))
    assert office.proved() == 6


@pytest.mark.usefixtures("db")
def test_a_database_that_is_killed_comes_back_with_everything_acknowledged(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "postgres", shared_buffers="32MB")
    with server.serving():
        environment = {**os.environ, "DATABASE_URL": server.url(), "SHOUWEN_HOME": str(tmp_path)}
        furnish = "import django; django.setup()\nfrom django.core.management import call_command\ncall_command('migrate', verbosity=0)\nfrom tests import office; office.open_office()\n"
        with running(furnish, environment) as furnishing:
            assert furnishing.wait() == 0
        with running(WRITER, environment) as writer:
            said = acknowledged(writer, 10)

            os.kill(int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            said += writer.communicate()[0].split()

    count = (
        "import django; django.setup()\nfrom shouwen.store import models as rows\nfrom tests import office\n"
        "office.proved()\nprint(*rows.Case.objects.values_list('number', flat=True))\n"
    )
    again = Embedded(tmp_path / "postgres", shared_buffers="32MB")
    with again.serving(), running(count, {**environment, "DATABASE_URL": again.url()}) as process:
        known = set(process.communicate()[0].split())
    assert process.returncode == 0
    assert set(said) <= known
    memory.forget()
