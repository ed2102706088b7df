"""`shouwen check`: problems with place, excerpt, code and advice; every clause and how it is carried."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from shouwen.core.language.check import prove
from shouwen.core.language.problems import Note, Place, Problem
from shouwen.library import Shelf, library, shown
from shouwen.trial import load_script, play
from shouwen.trial.script import ScriptError

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Check every procedure under the path; 1 if any has a problem."""
    catalogue = _catalogue(options.catalogue) if options.catalogue else None
    reports = [_report(shelf, catalogue) for shelf in library(options.path).shelves]
    if options.json:
        json.dump({"procedures": [_as_json(report) for report in reports]}, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for report in reports:
            _print(report)
    return int(any(report.problems for report in reports))


class Report:
    """What was found of one procedure."""

    def __init__(self, name: str) -> None:
        self.name, self.version = name, 0
        self.problems: list[Problem] = []
        self.failures: list[str] = []
        self.notes: list[Note] = []
        self.clauses: dict[str, str] = {}
        self.compiled = False


def _report(shelf: Shelf, catalogue: frozenset[str] | None) -> Report:
    compiled = shelf.compile()
    report = Report(shelf.name)
    report.problems += compiled.problems
    report.notes += compiled.notes
    report.clauses = dict.fromkeys(compiled.clauses, "none")
    procedure = compiled.procedure
    if procedure is None:
        report.name, report.version = _header(shelf)
        return report
    report.name, report.version, report.compiled = procedure.id, procedure.version, True
    cited: set[str] = set()
    for example in shelf.examples:
        try:
            outcome = play(procedure, load_script(example, procedure.zone))
        except ScriptError as error:
            report.failures.append(f"{example.name}：{error}")
            continue
        cited |= outcome.cited
        report.failures += [f"{example.name} {failure}" for failure in outcome.failures[:1]]
    problems, notes, coverage = prove(procedure, catalogue=catalogue, cited=cited, documents=shelf.texts())
    report.problems += problems
    report.problems += [_failed(shelf, failure) for failure in report.failures]
    report.notes += notes
    report.clauses = dict(coverage)
    return report


def _header(shelf: Shelf) -> tuple[str, int]:
    """Name and version of a document that does not compile, as its front matter has them."""
    text = next(iter(shelf.texts().values()), "")
    name = re.search(r"^procedure: *(\S+)", text, re.MULTILINE)
    version = re.search(r"^version: *(\d+)", text, re.MULTILINE)
    return name.group(1) if name else shelf.name, int(version.group(1)) if version else 1


def _failed(shelf: Shelf, failure: str) -> Problem:
    name, _, text = failure.partition(" ")
    place = Place(shown(shelf.documents[0].parent / "examples" / name), 1)
    return Problem("example-failed", place, text or failure, "改示例，或改规程：示例说的和规程做的要一致")


def _catalogue(path: Path) -> frozenset[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".yaml", ".yml"):
        return frozenset(re.findall(r"^  - id: ([a-z-]+\.\S+)$", text, re.MULTILINE))
    return frozenset(line.strip() for line in text.splitlines() if line.strip())


def _as_json(report: Report) -> dict[str, object]:
    return {
        "procedure": report.name,
        "version": report.version,
        "clauses": report.clauses,
        "problems": [
            {
                "code": p.code,
                "place": str(p.place),
                "message": p.message,
                "advice": p.advice,
                "excerpt": p.excerpt,
                "example": dict(p.example),
            }
            for p in report.problems
        ],
        "notes": [{"code": n.code, "place": str(n.place), "message": n.message} for n in report.notes],
    }


def _print(report: Report) -> None:
    carried = sum(value in ("rule", "shown") for value in report.clauses.values())
    coverage = f"{carried} 条有规则或已展示，" if report.compiled else "还不能运行，"
    found = f"{len(report.problems)} 个问题，{len(report.notes)} 处待确认"
    print(f"{report.name} 第 {report.version} 版：{len(report.clauses)} 条款，{coverage}{found}")
    for problem in report.problems:
        print(f"\n{problem.place}: {problem.code}\n  {problem.message}")
        if problem.excerpt:
            print(f"  | {problem.excerpt.strip()}")
        if problem.example:
            print("  反例：" + "，".join(f"{name} = {value}" for name, value in problem.example))
        print(f"  → {problem.advice}")
    for note in report.notes:
        print(f"{note.place}: {note.code}: {note.message}")
    lost = [clause for clause, value in report.clauses.items() if value in ("none", "untested")]
    if lost and report.compiled:
        print("未落实或无示例：" + "、".join(lost))
