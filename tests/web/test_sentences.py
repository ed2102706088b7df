"""What happened, in words: every event has its sentence, and private things stay private."""

from dataclasses import fields
from datetime import timedelta
from typing import get_args

import pytest

from shouwen.core import events as e
from shouwen.library import library
from shouwen.trial.play import play
from shouwen.trial.script import load_script
from shouwen.web.sentences import Category, in_unit, sentence
from shouwen.web.timeline import days_of, tally
from tests.web.matter import at, complaints, course, specimen

WHEN = at("2026-09-29 16:42")
BLANKS: dict[str, object] = {
    "datetime": WHEN,
    "datetime | None": WHEN,
    "int": 4850,
    "bool": True,
    "str": "gone",
    "tuple[str, ...]": (),
    "Values": {},
}


def blank(kind: type[e.Happening]) -> e.Event:
    """An event of this class about things that the procedure does not know."""
    given = {
        part.name: BLANKS.get(str(part.type), {} if str(part.type).startswith("Mapping") else ())
        for part in fields(kind)
    }
    return kind(**given)  # type: ignore[return-value] # a class of the union


@pytest.mark.parametrize("kind", get_args(e.Event), ids=lambda kind: kind.__name__)
def test_every_event_has_a_sentence_even_about_what_a_procedure_no_longer_knows(kind: type[e.Happening]) -> None:
    said = sentence(complaints(), blank(kind), {})

    assert said.text
    assert said.icon
    assert said.category in Category


def test_all_examples_can_be_told() -> None:
    shelf = library().shelf("property-complaint")
    assert shelf is not None
    for path in shelf.examples[::6]:
        outcome = play(complaints(), load_script(path, complaints().zone))
        for played in outcome.steps:
            for event in played.events:
                said = sentence(complaints(), event, {})
                assert said.plain, event
                assert "None" not in said.plain + said.note, event


def test_an_act_names_who_as_what_and_the_fields_with_their_names() -> None:
    event = e.ActDone(
        at=WHEN,
        happened=WHEN,
        clauses=("property-complaint.4.2.1c",),
        action="grade",
        actor="p7",
        role="cs_manager",
        values={"complaint_sheet.validity": "有效", "complaint_sheet.class_ground": ("人身伤害",)},
    )

    said = sentence(complaints(), event, {"p7": "许志远"})

    assert said.plain == "许志远（客服部经理）判别有效性并定级"
    assert [(detail.name, detail.text) for detail in said.details] == [
        ("有效性", "有效"),
        ("定级依据（勾选对应判据）", "人身伤害"),
    ]
    assert said.clauses == ("property-complaint.4.2.1c",)
    assert not said.hidden


def test_private_values_are_masked_unless_the_reader_has_his_purpose() -> None:
    event = e.ActDone(
        at=WHEN,
        happened=WHEN,
        action="register",
        actor="p1",
        role="front_desk",
        values={"complaint_register.owner_name": "周敏华", "complaint_register.phone": "13812342716"},
    )

    masked = [detail.text for detail in sentence(complaints(), event, {}).details]
    plain = [detail.text for detail in sentence(complaints(), event, {}, masked=False).details]

    assert masked == ["周**", "138 **** 2716"]
    assert plain == ["周敏华", "13812342716"]


def test_what_was_written_down_later_is_marked_as_such() -> None:
    event = e.Noted(at=WHEN + timedelta(hours=3), happened=WHEN, text="已电话告知", actor="p1")

    said = sentence(complaints(), event, {"p1": "林佳"})

    assert said.backdated
    assert said.note == "已电话告知"


def test_a_miss_is_late_and_done_by_time() -> None:
    outcome = course("minor-one-minute-late")
    missed = next(event for played in outcome.steps for event in played.events if isinstance(event, e.TaskMissed))

    said = sentence(complaints(), missed, {})

    assert said.text.startswith("逾期：")
    assert (said.state, said.by_time, said.category) == ("late", True, Category.TIME)


def test_the_time_line_stands_by_day_newest_first_with_the_act_above_what_it_brought() -> None:
    procedure, outcome = specimen()
    said = [sentence(procedure, event, {}) for played in outcome.steps for event in played.events]

    days = days_of(said, outcome.steps[-1].step.at)

    assert [day.label for day in days] == ["10月8日", "9月30日", "9月29日"]
    opening = [one.text for one in days[-1].sentences if one.happened == outcome.steps[0].step.at]
    assert opening[0].startswith("立案")
    assert sum(tally(said).values()) == sum(len(day.sentences) for day in days)


@pytest.mark.parametrize(
    ("unit", "role", "said"),
    [
        ("东城分公司", "分公司负责人", "东城分公司负责人"),
        ("工程部", "工程部", "工程部"),
        ("工程部", "责任人", "工程部责任人"),
        ("客户部", "部门负责人", "客户部部门负责人"),
        ("", "总经理", "总经理"),
    ],
)
def test_a_role_does_not_say_its_unit_twice(unit: str, role: str, said: str):
    assert in_unit(unit, role) == said
