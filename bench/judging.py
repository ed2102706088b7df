"""Judging property complaints: compiling the document, opening a case, one command, one look at the offers; ratios in
one run."""

from __future__ import annotations

import statistics
import sys
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from shouwen.core import decide as judging
from shouwen.core.case import Case
from shouwen.core.commands import Act, Wake
from shouwen.core.decide import Decision, decide, wakes_at
from shouwen.core.facts import columns, questions
from shouwen.core.offers import deadlines, offers
from shouwen.core.procedure import Procedure
from shouwen.core.world import World
from shouwen.library import library
from shouwen.trial import play, read_script
from shouwen.trial import shell as shells


def main() -> int:
    """Print milliseconds (median, 95th percentile) and their ratio to a bare CEL condition."""
    shelf = library().shelf("property-complaint")
    assert shelf is not None
    compiling = [_timed(shelf.compile) for _ in range(5)]
    procedure = shelf.compile().procedure
    assert procedure is not None
    acts: list[float] = []
    wakes: list[float] = []
    opened: list[tuple[Act, datetime, World]] = []

    def measured(*arguments: object, **more: object) -> object:
        start = perf_counter()
        answer = decide(*arguments, **more)  # type: ignore[arg-type] # handed through
        (wakes if isinstance(arguments[2], Wake) else acts).append(perf_counter() - start)
        _, case, command, at, world = arguments
        if case == Case() and isinstance(command, Act) and isinstance(answer, Decision):
            opened.append((command, at, world))  # type: ignore[arg-type] # as `decide` took them
        return answer

    shells.decide = measured  # type: ignore[assignment] # the same function, with a stop-watch
    looks: list[float] = []
    for example in shelf.examples:
        outcome = play(procedure, read_script(example.read_text(encoding="utf-8"), procedure.zone))
        for played in outcome.steps:
            if played.case.flow and played.step.by:
                arguments = (procedure, played.case, played.step.by, played.step.at, outcome.shell.world)
                looks.append(_timed(lambda a=arguments: offers(*a)))
                looks.append(_timed(lambda a=arguments: deadlines(a[0], a[1], a[4], a[3], proofs=False)))
    shells.decide = judging.decide
    condition = next(row.when for row in procedure.tables["grade"].rows if row.when)
    bare = min(_timed(lambda: condition.program.eval(data={})) for _ in range(2000))
    openings = [_opening(procedure, *opened[place % len(opened)], place) for place in range(600)]
    for name, times in (
        ("compile", compiling),
        ("opening", openings),
        ("act", acts),
        ("time passes", wakes),
        ("offers or deadlines", looks),
    ):
        times.sort()
        middle, high = statistics.median(times) * 1000, times[int(len(times) * 0.95) - 1] * 1000
        ratio = middle / bare / 1000
        print(f"{name:20} n={len(times):5}  median {middle:8.3f} ms  p95 {high:8.3f} ms  = {ratio:8.0f} conditions")
    return 0


def _opening(procedure: Procedure, command: Act, at: datetime, world: World, place: int) -> float:
    """All that the judge is asked as a case opens, with a number and texts that it has not seen yet."""
    fields = procedure.fields
    values = {
        form: {
            name: f"{raw}，第{place}次" if fields[f"{form}.{name}"].type == "text" else raw
            for name, raw in filled.items()
        }
        for form, filled in command.values.items()
    }
    command = replace(command, values=values, number=f"{command.number}/{place}")

    def opens() -> None:
        questions(procedure, Case(), command, at, world)
        answer = decide(procedure, Case(), command, at, world)
        assert isinstance(answer, Decision)
        wakes_at(procedure, answer.case, world, at)
        columns(procedure, answer.case, world)

    return _timed(opens)  # type: ignore[no-any-return] # a stop-watch


def _timed(does):  # type: ignore[no-untyped-def] # any callable
    start = perf_counter()
    does()
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
