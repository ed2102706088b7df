"""Faults planted one by one into a sound document: each is found, with its place and case, and nothing else."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from shouwen.core.language import codes_proving, compile_procedure
from shouwen.core.language.check import prove
from shouwen.core.language.problems import Problem

HERE = Path(__file__).parent
BASE = (HERE / "base.md").read_text(encoding="utf-8")
PLANTED = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))


@cache
def problems_of(text: str, holders: tuple[tuple[str, tuple[str, ...]], ...] = (), catalogue: tuple[str, ...] = ()):
    documents = {"repair.md": text}
    compiled = compile_procedure(documents)
    if compiled.procedure is None:
        return compiled.problems
    found, _, _ = prove(
        compiled.procedure, holders=dict(holders) or None, catalogue=catalogue or None, documents=documents
    )
    return found


def planted(name: str) -> str:
    """The sound document with one fault."""
    fault, text = PLANTED[name], BASE
    for part in fault.get("put", [fault]):
        assert text.count(part["old"]) == 1, f"{name}: {part['old']!r} stands there {text.count(part['old'])} times"
        text = text.replace(part["old"], part["new"])
    return text


def told(problem: Problem) -> str:
    """A problem as it is recorded: all that a reader is shown."""
    lines = [
        f"{problem.place} {problem.code}",
        f"  {problem.message}",
        f"  改法：{problem.advice}",
        f"  原文：{problem.excerpt}",
    ]
    lines += [f"  另见：{place}" for place in problem.also]
    lines += [f"  例：{name} = {value}" for name, value in problem.example]
    return "\n".join(lines) + "\n"


def test_the_sound_document_has_no_problems():
    assert problems_of(BASE) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_the_only_one_reported(name: str, accept: bool):
    fault, text = PLANTED[name], planted(name)
    holders = tuple((role, tuple(people)) for role, people in fault.get("holders", {}).items())
    document, record = HERE / f"faults/{name}.md", HERE / f"faults/{name}.txt"

    found = problems_of(text, holders, tuple(fault.get("catalogue", ())))

    said = "".join(map(told, found))
    if accept:
        document.write_text(text, encoding="utf-8")
        record.write_text(said, encoding="utf-8")
    assert len(found) == 1, said
    assert document.read_text(encoding="utf-8") == text, "faults/ is out of date: pytest --accept"
    assert said == record.read_text(encoding="utf-8")


def test_faults_hold_nothing_that_is_not_planted():
    recorded = {path.stem for path in (HERE / "faults").iterdir()}

    assert recorded == set(PLANTED)


def test_every_problem_that_a_proof_can_find_is_planted():
    found = {path.read_text(encoding="utf-8").split()[1] for path in (HERE / "faults").glob("*.txt")}

    # an example that fails is found by playing it, not by a proof
    assert sorted(set(codes_proving.PROBLEMS) - found) == ["example-failed"]
