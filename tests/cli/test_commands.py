"""The command line as people use it: check, try, show, and what it says when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouwen.cli import main

SLICE = """
procedure: property-complaint
cast: {林佳: [front_desk], 许志远: [cs_manager], 高建平: [service_center_manager]}
steps:
  - {at: 2026-09-29 16:42, by: 林佳, do: open complaint, with: {complaint_register: {channel: 电话, owner_name: 周敏华, room: 3-2-1502, phone: "13800002716", content: 三栋客梯困人，老人受伤}}}
  - {at: 2026-09-29 16:50, by: 林佳, do: grade, with: {complaint_sheet: {class: 重大}}, expect: {refused: [4.3.6-1]}}
  - {at: 2026-09-29 17:02, by: 许志远, do: grade, with: {complaint_sheet: {validity: 有效, class_ground: [人身伤害]}}, expect: {values: {grade: 重大}, due: {answer_major: 2026-10-08 18:00, solve_major: 2026-10-14 18:00}}}
  - {at: 2026-10-08 18:01, expect: {missed: [answer_major], told: [general_manager, quality_dept, service_center_manager]}}
"""  # one step a line, as scripts are written


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "slice.yaml"
    path.write_text(SLICE, encoding="utf-8")
    return path


def test_try_prints_each_step_with_its_limits_and_their_proof(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["try", "property-complaint", str(script), "--json"])

    steps = json.loads(capsys.readouterr().out)["steps"]
    answer = next(task for task in steps[2]["tasks"] if task["id"] == "answer_major")
    assert code == 0
    assert answer["due"] == "2026-10-08 18:00"
    assert any("国庆" in line["why"] for line in answer["proof"]["lines"])
    assert "property-complaint.4.3.6-1" in steps[1]["refusal"]["clauses"]
    assert "answer_major" in steps[3]["missed"]


def test_try_answers_one_when_something_is_not_as_expected(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script.write_text(SLICE.replace("2026-10-14 18:00", "2026-10-13 18:00"), encoding="utf-8")

    code = main(["try", "property-complaint", str(script)])

    assert code == 1
    assert "solve_major 的时限应为 2026-10-13 18:00，实为 2026-10-14 18:00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "脚本应写作"),
        ("steps: 3", "steps"),
        ("steps: [{by: 林佳}]", "缺 at"),
        ("steps: [{at: 昨天}]", "看不懂"),
        ("a: [", "YAML"),
        ("steps: []\nwhat: 1", "不认识“what”"),
        ("procedure: other\nsteps: []", "other"),
        ("figures: {nothing: 3}\nsteps: []", "nothing"),
    ],
)
def test_a_script_that_cannot_be_played_is_told_in_one_line(
    text: str, said: str, script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.write_text(text, encoding="utf-8")

    code = main(["try", "property-complaint", str(script)])

    said_so = capsys.readouterr().err
    assert code == 2
    assert said in said_so
    assert "Traceback" not in said_so


def test_what_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "no-such-procedure"]) == 2
    assert "no-such-procedure" in capsys.readouterr().err


def test_check_names_every_clause_and_how_it_is_carried(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "--json"])

    found = {report["procedure"]: report for report in json.loads(capsys.readouterr().out)["procedures"]}
    clauses = found["property-complaint"]["clauses"]
    assert code == 0
    assert clauses["property-complaint.4.4.1c.i-1"] == "rule"
    assert set(clauses.values()) <= {"rule", "shown"}


def test_check_shows_a_problem_with_place_excerpt_code_and_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "bad.md"
    document.write_text(
        "---\nprocedure: bad\ntitle: 坏\nin_force: 2026-01-01\n---\n\n## 一 {1}\n\n```rule\nrole a: {nam: x}\n```\n"
    )

    code = main(["check", str(document), "--json"])

    problem = json.loads(capsys.readouterr().out)["procedures"][0]["problems"][0]
    assert code == 1
    assert problem["code"] == "unknown-attribute"
    assert problem["place"].endswith("bad.md:10:10")
    assert problem["excerpt"].strip() == "role a: {nam: x}"
    assert problem["advice"]


def test_show_lists_the_actions_with_clauses_roles_steps_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["show", "property-complaint", "--json"])

    grade = json.loads(capsys.readouterr().out)["actions"]["grade"]
    assert code == 0
    assert "property-complaint.4.3.6-1" in grade["clauses"]
    assert grade["who"] == ["cs_manager"]
    assert grade["fills"]["complaint_sheet.validity"]["words"] == ["有效", "无效"]


def test_show_assembles_one_rule_with_a_clause_beside_each_entry(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["show", "property-complaint", "task", "answer_major", "--json"])

    entries = json.loads(capsys.readouterr().out)
    reminder = next(entry for entry in entries if entry["attribute"] == "remind")
    assert code == 0
    assert reminder["clauses"] == ["property-complaint.def-3"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xd1\x00\xff")

    code = main(["try", "property-complaint", str(binary)])

    assert code == 2
    assert "binary.yaml 不是 UTF-8 文本" in capsys.readouterr().err
