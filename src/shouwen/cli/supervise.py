"""Processes that belong together: one that dies is started again, all of them stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from shouwen.config.lifeline import die_with_parent

__all__ = ["Child", "Stopped", "stoppable", "supervise"]

#: seconds that a process gets to finish what it is at
PATIENCE = 10.0


class Stopped(BaseException):
    """Somebody asked the program to stop: Ctrl-C, SIGTERM, or the terminal is gone."""


@dataclass
class Child:
    """One of the processes: its name for people, and its command."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    #: when it is to be started again
    again: float | None = None
    #: how often it died soon after its start, one time after the other
    early: int = 0

    def start(self) -> None:
        # In a group of its own: Ctrl-C reaches the supervisor alone.
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, process_group=0, preexec_fn=die_with_parent(signal.SIGTERM)
        )
        self.began, self.again = time.monotonic(), None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, way: signal.Signals) -> None:
        """To the whole group: it may have children of its own."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, way)


def stoppable() -> None:
    """From here on every way to stop the program raises `Stopped`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    for way in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(way, stop)


def supervise(children: Sequence[Child], *, once: Callable[[], bool] | None = None) -> None:
    """Run until `Stopped`. `once` is asked again and again until it says that it has nothing more to do."""
    try:
        for child in children:
            child.start()
        while True:
            for child in children:
                _look_after(child)
            if once is not None and once():
                once = None
            time.sleep(0.1)
    finally:
        _stop(children)


def _look_after(child: Child) -> None:
    now = time.monotonic()
    if child.again is not None:
        if child.again <= now:
            child.start()
        return
    if child.alive() or child.process is None:
        return
    # What it has left behind would hold its port.
    child.send(signal.SIGKILL)
    child.early = child.early + 1 if now - child.began < 60 else 0
    wait = min(2**child.early / 2, 30.0)
    child.again = now + wait
    code = child.process.returncode
    print(f"shouwen: {child.name}意外结束（代码 {code}），{wait:g} 秒后重新启动", file=sys.stderr, flush=True)


def _stop(children: Sequence[Child]) -> None:
    impatient = False

    def hurry(number: int, frame: FrameType | None) -> None:
        nonlocal impatient
        impatient = True

    for way in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(way, hurry)
    for child in children:
        child.again = None
        if child.alive():
            # The first of a group passes it on to its own.
            assert child.process is not None
            child.process.terminate()
    end = time.monotonic() + PATIENCE
    while any(child.alive() for child in children) and time.monotonic() < end and not impatient:
        time.sleep(0.05)
    for child in children:
        child.send(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
