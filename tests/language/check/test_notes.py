"""What a manager is asked to confirm, and how each clause stands."""

from pathlib import Path

import pytest

from shouwen.core.language import compile_procedure
from shouwen.core.language.check import prove, search

BASE = (Path(__file__).parent / "base.md").read_text(encoding="utf-8")


def proved(*changes: tuple[str, str], **more):
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    compiled = compile_procedure({"repair.md": text})
    assert compiled.problems == ()
    return prove(compiled.procedure, documents={"repair.md": text}, **more)


def notes(code: str, *changes: tuple[str, str]) -> list[str]:
    problems, found, _ = proved(*changes)
    assert problems == ()
    return [note.message for note in found if note.code == code]


def test_every_threshold_is_the_sentence_that_it_makes():
    assert notes("threshold") == [
        "权限“超额材料”（extra）：材料费不超过材料费上限（500 元）",
        "权限“超额材料”（extra）：材料费超过材料费上限（500 元）",
        "操作“完工”（finish）：材料费不超过材料费上限（500 元）",
        "触发“重复报修”（repeated）：同处此前报修的次数达到或超过2",
    ]


def test_a_threshold_names_its_terms():
    sentences = {
        "order.cost >= most_cost": "材料费达到或超过材料费上限（500 元）",
        "most_cost < order.cost": "材料费超过材料费上限（500 元）",
        "size(order.parts) < 3": "用料的个数低于3",
        "count('finish') > 1": "“完工”的次数超过1",
        "order.cost + order.cost <= most_cost": "材料费加材料费不超过材料费上限（500 元）",
        "case.reopened >= 1": "重开次数达到或超过1",
    }

    said = notes("threshold", ("when: earlier.count >= 2", f'when: "{" && ".join(sentences)}"'))

    found = [message.split("：")[1] for message in said if message.startswith("触发“重复报修”（repeated）")]
    assert found == list(sentences.values())


def test_defaults_of_our_own_are_listed():
    said = notes("figure-default", ("value: 500 元, clause: 2.1", "value: 500 元, clause: 2.1, basis: default"))

    assert said == ["数值“材料费上限”（most_cost）是本单位的取法，不是原文：500 元，请确认"]


def test_suspicion_is_a_note():
    changes = {
        "figure-unused": ("figure most_cost:", "figure spare: {name: 备用, value: 3, clause: 2.1}\nfigure most_cost:"),
        "role-unused": ("role head: {name: 经理}", "role head: {name: 经理}\nrole guard: {name: 保安}"),
        "fact-unused": ("when: earlier.count >= 2, do", "when: slip.danger, do"),
        "field-unused": ("    water: {", "    noise: {name: 噪音, type: bool, optional: yes}\n    water: {"),
        "form-never-issued": ("  do: [{issue: order}]", "  do: [{note: 已派}]"),
        "every-late-in-month": ("every: month day 1 09:00", "every: month day 30 09:00"),
        "measure-counts": ("sum: order.cost, by", "by"),
        "retention-missing": ("  keep: {for: 3 months}\n", ""),
        "slot-unused": ("slots: {where: slip.place}", "slots: {where: slip.place, who: slip.phone}"),
        "variant-never-said": (
            "  say: 您好，{where}哪里坏了？\n",
            "  say: 您好，{where}哪里坏了？\n  variants: [{say: 您好}, {when: slip.danger, say: 请先离开}]\n",
        ),
        "text-only-carried": ("text_only: [1.3]", "text_only: [1.3, 1.4]"),
        "authority-only-asker": (
            "role: head, when: order.cost > most_cost",
            "role: lead, when: order.cost > most_cost",
        ),
        "table-gap": (
            "script greeting:",
            "table by_leak: {clause: 4.1, rows: [{when: slip.water, is: 是}]}\nscript greeting:",
        ),
    }

    problems, found, _ = proved(*changes.values())

    codes = [note.code for note in found]
    assert problems == ()
    assert {code: codes.count(code) for code in changes} == dict.fromkeys(changes, 1)


def test_a_step_that_can_be_left_with_an_open_task_is_a_note():
    out = ("      leave:\n", "      leave:\n        - {to: outside, when: slip.water}\n")
    outside = (
        "    closed: {",
        "    outside: {name: 外包中, leave: [{to: given_up, when: slip.danger}]}\n    closed: {",
    )

    said = notes("task-left-behind", out, outside)

    assert said[0] == (
        "待办“修好”（repair_it）还开着时，工单可能从“维修”去“外包中”（slip.water），那以后就做不了完工，请确认不会这样"
    )


def test_a_guarded_circle_is_a_note():
    again = "trigger one_more: {name: 再开一件, clause: 3.2, after: opened, when: slip.danger, do: [{open: repair, with: {slip.place: 同上}}]}\ntrigger monthly:"

    assert notes("trigger-circle", ("trigger monthly:", again)) == [
        "这一串规则会回到起点，靠条件或次数停住，请确认：触发“再开一件” → 触发“再开一件”"
    ]


def test_a_question_that_is_too_large_is_given_up_and_said_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "CAP", 3)

    said = notes("check-limited")

    assert len(said) == 1
    assert "不等于没有" in said[0]


def test_each_clause_is_a_rule_or_shown_or_untested_or_none():
    _, _, coverage = proved(cited={"repair.1.1", "repair.2.2"})

    assert coverage == {
        "repair.1.1": "rule", "repair.1.2": "untested", "repair.1.3": "none", "repair.1.4": "untested",
        "repair.2.1": "untested", "repair.2.2": "rule", "repair.3.1": "untested", "repair.3.2": "untested",
        "repair.4.1": "shown", "repair.4.2": "shown",
    }  # fmt: skip


def test_a_clause_that_the_document_leaves_out_is_a_problem():
    problems, _, coverage = proved(
        catalogue=["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1"]
    )

    assert [(p.code, p.message) for p in problems] == [
        ("clause-not-carried", "条款 repair.5.1 没有规则执行，也没有口径显示，文件里也没有它的标题")
    ]
    assert coverage["repair.5.1"] == "none"
