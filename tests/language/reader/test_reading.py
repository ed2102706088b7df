"""What is wrong with a document: each problem with its place, its words and what to do, as recorded beside it."""

from pathlib import Path

import pytest

from shouwen.core.language import Problem, compile_procedure

READING = Path(__file__).parent / "reading"
DOCUMENTS = sorted(path.stem for path in READING.glob("*.md") if "." not in path.stem)


def told(problem: Problem) -> str:
    also = "".join(f"\n  另见 {place}" for place in problem.also)
    return f"{problem.place} {problem.code}\n  {problem.excerpt}\n  {problem.message}\n  {problem.advice}{also}\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_gets_the_problems_recorded_beside_it(name: str, accept: bool) -> None:
    files = sorted(READING.glob(f"{name}.md")) + sorted(READING.glob(f"{name}.supplement.md"))
    record = READING / f"{name}.txt"

    compiled = compile_procedure({file.name: file.read_text(encoding="utf-8") for file in files})

    said = "\n".join(told(problem) for problem in compiled.problems)
    if accept:
        record.write_text(said, encoding="utf-8")
    assert record.read_text(encoding="utf-8") == said
    assert compiled.procedure is None
