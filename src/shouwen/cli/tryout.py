"""`shouwen try`: play a script through the judge and print every step."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shouwen.cli import open as opening
from shouwen.cli import wording
from shouwen.trial import Outcome, load_script, play

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Play one script, one example, or all examples; 1 if something was not as expected."""
    shelf = opening.shelf(options.procedure)
    _, procedure = opening.compiled(shelf)
    scripts = _scripts(options, shelf.examples)
    outcomes: list[tuple[Path, Outcome]] = []
    for path in scripts:
        script = load_script(path, procedure.zone)
        if script.procedure and script.procedure != procedure.id:
            raise ValueError(f"{path.name} 是规程“{script.procedure}”的脚本，不是“{procedure.id}”的")
        outcomes.append((path, play(procedure, script)))
    if options.json:
        results = [wording.outcome_json(procedure, outcome) for _, outcome in outcomes]
        single = (
            results[0] if len(results) == 1 else {"scripts": dict(zip((p.name for p in scripts), results, strict=True))}
        )
        json.dump(single, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for path, outcome in outcomes:
            wording.print_outcome(procedure, path.name, outcome, brief=len(outcomes) > 1)
    failures = sum(len(outcome.failures) for _, outcome in outcomes)
    if len(outcomes) > 1 and not options.json:
        print(f"{len(outcomes)} 个脚本，{failures} 处不符")
    return int(failures > 0)


def _scripts(options: argparse.Namespace, examples: tuple[Path, ...]) -> list[Path]:
    if options.script is not None:
        if not options.script.is_file():
            raise FileNotFoundError(options.script)
        return [options.script]
    if options.example:
        found = [path for path in examples if path.stem == options.example]
        if not found:
            names = "、".join(path.stem for path in examples)
            raise ValueError(f"没有示例“{options.example}”；有：{names}")
        return found
    if not examples:
        raise ValueError("这个规程没有示例，请给出脚本文件")
    return list(examples)
