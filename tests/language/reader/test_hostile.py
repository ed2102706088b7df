"""Whatever is handed in, reading ends with a procedure or with problems, never with an error."""

import random
from pathlib import Path

import pytest

from shouwen.core.language import compile_procedure

GOOD = (Path(__file__).parent / "good" / "repair.md").read_text(encoding="utf-8")
HEAD = "---\nprocedure: t\ntitle: 试\nin_force: 2026-01-01\n---\n"


def block(text: str) -> str:
    return f"{HEAD}\n## 一 {{1}}\n\n```rule\n{text}\n```\n"


NONSENSE = [
    "\x00\x01\x02binary\xff", "\ud800", "---", "---\n---", "---\n- a\n---", "---\n{\n---\n", "```rule", "## {",
    block("[" * 5000), block("- " * 5000), block("role a: " + "{a: " * 500), block("? [a]: b"), block("--- a"),
    block("role a: {null: x, : y}"), block("also\namend\nalso also role a:"), block("%YAML 1.2"),
    block("role a: |\n  text"), block("figure a: {value: [[a], {b: c}]}"), block("form f: {fields: [[a], {b: c}]}"),
    block("form f: {fields: {a: {from: f.a}, b: {type: rows, columns: {c: {type: rows, columns: {d: {}}}}}}}"),
    block("flow f: {steps: {a: {leave: {to: a}}}, start: {}}\naction a: {who: {}, each: f.x, fills: {f: [{}, a]}}"),
    block("table t: {rows: []}\ntable u: {gives: {}, rows: {}}"),
    block("table t: {rows: [{when: t == '\\', is: ='}]}"), block("figure " + "a" * 100_000 + ": {value: 1}"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_is_answered_with_problems_that_have_a_place_and_advice(number: int) -> None:
    compiled = compile_procedure({"a.md": NONSENSE[number]})

    assert compiled.procedure is None
    assert compiled.problems
    assert all(problem.message and problem.advice and problem.place.line >= 1 for problem in compiled.problems)


def test_nothing_at_all_is_a_problem() -> None:
    assert [problem.code for problem in compile_procedure({}).problems] == ["no-document"]


@pytest.mark.parametrize(("name", "change"), [("\r\n", "\n"), ("\r", "\n")])
def test_line_ends_of_any_kind_are_read_alike(name: str, change: str) -> None:
    compiled = compile_procedure({"a.md": GOOD.replace(change, name)})

    assert compiled.problems == ()


def test_line_breaks_that_only_yaml_knows_do_not_move_the_lines() -> None:
    compiled = compile_procedure({"a.md": block("role a: {name: \u2028 b\x85 c}\nrole b: {nam: 乙}")})

    assert [str(problem.place) for problem in compiled.problems] == ["a.md:11:10"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert compile_procedure({"a.md": "\ufeff" + GOOD}).problems == ()


def test_a_huge_file_is_refused_at_once() -> None:
    compiled = compile_procedure({"a.md": HEAD + "字" * 2_000_001})

    assert "not-text" in [problem.code for problem in compiled.problems]


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_document_is_answered_with_problems(seed: int) -> None:
    chance = random.Random(seed)
    text = GOOD
    for _ in range(4):
        start = chance.randrange(len(text))
        text = text[:start] + chance.choice("{}[]:,'\"#-&*!|\t\n =") + text[start + chance.randrange(30) :]

    compiled = compile_procedure({"a.md": text})

    assert (compiled.procedure is None) == bool(compiled.problems)


def test_a_long_document_is_compiled_within_a_second() -> None:
    lines = [
        f"task t{number}: {{owed_by: manager, when: order.loss > large_loss, done: plan, missed: []}}"
        for number in range(500)
    ]
    long = GOOD + "\n## 附 {9}\n\n```rule\n" + "\n".join(lines) + "\n```\n"

    compiled = compile_procedure({"a.md": long})

    assert compiled.problems == ()
