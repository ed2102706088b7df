"""A thousand generated cases of a regulation, each until it ends, rests or gets stuck: nobody may get stuck.

python bench/walking.py work-order [--flow work_order] [--cases 1000] [--processes 2] [--most 2000]
    [--figure tariff=1.20元]
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from shouwen.core.procedure import Procedure
from shouwen.library import library
from shouwen.trial.walk import walk


@dataclass(frozen=True)
class Walked:
    """One case: whether it ended, where it stood, how many acts it took, and how it got stuck, if it did."""

    ended: bool
    step: str
    acts: int
    stuck: str = ""


@cache
def procedure(name: str) -> Procedure:
    """A bundled procedure."""
    shelf = library().shelf(name)
    found = shelf.compile().procedure if shelf else None
    assert found is not None, f"no procedure {name} that compiles"
    return found


def walked(name: str, flow: str, most: int, figures: dict[str, str], seed: int) -> Walked:
    """The case of one seed."""
    law = procedure(name)
    start = datetime(2026, 9, 1, 9, tzinfo=law.zone)
    found = walk(law, flow, seed, start, most=most, figures=figures)
    case = found.shell.cases.get(found.number)
    stuck = found.dead_end
    words = f"{stuck.step}: {'、'.join(stuck.owed)} after {' → '.join(stuck.path)}" if stuck else ""
    return Walked(found.ended, case.case.step if case else "（没有立案）", len(found.acts), words)


def main() -> None:
    """Walk the cases of every flow of a procedure and print how they went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("procedure")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--flow", help="this flow only")
    parser.add_argument("--most", type=int, default=2000, help="acts and waits a case at most")
    parser.add_argument("--figure", action="append", default=[], help="a figure of the organisation: name=value")
    options = parser.parse_args()
    figures = dict(one.split("=", 1) for one in options.figure)
    flows = [options.flow] if options.flow else procedure(options.procedure).flows
    for flow in flows:
        with ProcessPoolExecutor(options.processes) as pool:
            one = partial(walked, options.procedure, flow, options.most, figures)
            cases = list(pool.map(one, range(options.cases), chunksize=10))
        steps = Counter(case.step for case in cases if not case.ended)
        ended, acts = sum(case.ended for case in cases), sum(case.acts for case in cases)
        print(f"{flow}: {len(cases)} cases, {acts} acts, {ended} ended, others stand in {dict(steps)}")
        for case in cases:
            if case.stuck:
                print(f"  stuck in {case.stuck}")


if __name__ == "__main__":
    main()
