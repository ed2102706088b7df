"""Several processes take in the rows of one file, each its own share, so that every core has something to do."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from django.db import connections

from shouwen.channels.files import doubts
from shouwen.channels.files.intake import CHUNK, Intake, Outcome
from shouwen.channels.files.table import Line
from shouwen.core import facts
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Procedure

__all__ = ["Broken", "Crew", "shares", "together"]

#: fewer rows are not worth a process of their own
FEWEST = 400


class Broken(RuntimeError):
    """A process ended in the middle of its share; what it has written stands."""


def shares(lines: Sequence[Line], places: Sequence[int], most: int) -> list[list[Line]]:
    """The lines in at most so many shares. Lines that have the same texts at `places` stay in one share, in order."""
    count = max(1, min(most, len(lines) // FEWEST))
    found: list[list[Line]] = [[] for _ in range(count)]
    for number, line in enumerate(lines):
        same = tuple(doubts.folded(line.cells[place]) if place < len(line.cells) else "" for place in places)
        found[(hash(same) if places else number // CHUNK) % count].append(line)
    return [share for share in found if share]


def together(procedure: Procedure, action: Action) -> tuple[str, ...] | None:
    """The fields by which openings know of one another: what differs in one of them is nothing to the other. None:
    that cannot be told."""
    asked = facts.asked_by(procedure, action)
    read = [
        {name for part in fact.match.values() for name in part.names if procedure.names[name].kind == "field"}
        for fact in asked
    ]
    common = [procedure.names[name].target for name in sorted(set.intersection(*read))] if read else []
    plain = tuple(path for path in common if procedure.fields[path].computed is None)
    return plain if plain or not asked else None


@dataclass
class Crew:
    """The processes at work. Iterate over it for what has become of the rows, chunk by chunk as it comes."""

    intake: Intake
    shares: Sequence[Sequence[Line]]

    def __post_init__(self) -> None:
        self._stop: Event | None = None
        self._stopped = False

    def stop(self) -> None:
        """Nothing is begun any more; what is being written is still written, and told."""
        self._stopped = True
        if self._stop is not None:
            self._stop.set()

    def __iter__(self) -> Iterator[list[Outcome]]:
        gc.freeze()  # procedures and lines stay: nothing of them is to be found garbage, again and again
        if len(self.shares) == 1:
            for outcomes in self.intake.outcomes(self.shares[0]):
                yield outcomes
                if self._stopped:
                    return
            return
        yield from self._side_by_side()

    def _side_by_side(self) -> Iterator[list[Outcome]]:
        context = multiprocessing.get_context("fork")
        stop = self._stop = context.Event()
        # A connection cannot be shared: each process makes its own.
        connections.close_all()
        running: dict[Connection, BaseProcess] = {}
        for share in self.shares:
            ours, theirs = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(target=_work, args=(self.intake, share, theirs, stop), daemon=True)
            process.start()
            theirs.close()
            running[ours] = process
        broken = False
        try:
            while running:
                for ready in wait(list(running)):
                    assert isinstance(ready, Connection)
                    try:
                        told = ready.recv()
                    except EOFError:
                        broken, told = True, None
                    if told is None:
                        running.pop(ready).join()
                        ready.close()
                    else:
                        yield told
        finally:
            stop.set()
            for pipe, process in running.items():
                pipe.close()
                process.join()
        if broken:
            raise Broken(phrase("有一个导入进程中途结束"))


def _work(intake: Intake, share: Sequence[Line], out: Connection, stop: Event) -> None:
    # Ctrl-C reaches the whole group; the parent says when to stop, after the chunk at hand.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for outcomes in intake.outcomes(share):
            out.send(outcomes)
            if stop.is_set():
                break
        out.send(None)
    except BrokenPipeError:
        os._exit(1)
    finally:
        connections.close_all()
