"""Scripts said and broken, promises, guides, notes and corrections."""

import pytest

from shouwen.core.events import (
    FieldsSet,
    GuideConcluded,
    Noted,
    QuestionAnswered,
    ScriptBroken,
    ScriptSaid,
    TaskBegun,
    TaskMoved,
)
from tests.builders import opened

RULES = """
action call_back: {name: 回电, who: desk}
script soothe:
  name: 安抚
  who: desk
  tick: yes
  do: [先道歉, 复述要点]
  never: [打断]
  say: 一小时内给您回电
  promises: {reply: {owed_by: desk, within: 1 h, done: call_back, missed: [{tell: boss}]}}
  breach: [{tell: boss}]
guide find:
  name: 判断
  who: desk
  fills: slip.level
  asks:
    wet: {ask: 湿吗, answers: {是: {go: much, set: {slip.urgent: yes}}, 否: {conclude: 小}}}
    much: {ask: 多吗, answers: {是: {conclude: 大}, 否: {conclude: 小}}}
trigger judged: {name: 判断为大, when: guide.find == '大', do: [{note: 大漏}]}
task visit: {name: 赴约, when: slip.visit_at.filled, owed_by: desk, by: slip.visit_at, done: finish, missed: []}
"""


def codes(refusal):
    return [reason.code for reason in refusal.reasons]


def test_every_point_that_must_be_made_is_ticked():
    matter = opened(RULES)

    (reason,) = matter.refuses("林佳", "say soothe", "09-29 10:10", {"items": ["先道歉"]}).reasons

    assert (reason.code, reason.text) == ("not-all-said", "还有没说到的：复述要点")
    assert matter.does("林佳", "say soothe", "09-29 10:11", {"items": ["先道歉", "复述要点"]}).of(ScriptSaid)


def test_whoever_it_is_not_for_does_not_say_it():
    assert codes(opened(RULES).refuses("工程甲", "say soothe", "09-29 10:10")) == ["not-yours"]


def test_what_was_promised_is_owed_from_the_utterance():
    matter = opened(RULES).does("林佳", "say soothe", "09-29 10:10", {"items": ["先道歉", "复述要点"]})
    matter.does("林佳", "say soothe", "09-29 10:40", {"items": ["先道歉", "复述要点"]})

    dues = sorted(event.due.strftime("%H:%M") for event in matter.of(TaskBegun))
    assert dues == ["11:10", "11:40"]
    matter.does("林佳", "call_back", "09-29 10:50")
    assert [state.state for state in matter.case.tasks["soothe.reply"].values()] == ["done", "done"]


def test_a_breach_is_a_persons_finding_about_a_person_and_a_point():
    matter = opened(RULES)
    assert codes(matter.refuses("许志远", "breach soothe", "09-29 10:10", {"item": "打断"})) == ["unclear"]

    matter.does("许志远", "breach soothe", "09-29 10:11", {"item": "打断", "person": "林佳"})

    assert [(event.item, event.person, event.actor) for event in matter.of(ScriptBroken)] == [
        ("打断", "林佳", "许志远")
    ]
    assert matter.told(last=True) == [("boss",)]


def test_a_guide_leads_from_question_to_conclusion_and_fills_the_paper():
    matter = opened(RULES).does("林佳", "answer find", "09-29 10:10", {"answer": "是"})

    matter.does("林佳", "answer find", "09-29 10:11", {"ask": "much", "answer": "是"})

    assert [(event.conclusion, event.path) for event in matter.of(GuideConcluded)] == [
        ("大", (("wet", "是"), ("much", "是")))
    ]
    assert (matter.case.values["slip.level"], matter.case.values["slip.urgent"]) == ("大", True)


def test_only_the_question_whose_turn_it_is_or_an_earlier_one_is_answered():
    matter = opened(RULES)

    assert codes(matter.refuses("林佳", "answer find", "09-29 10:10", {"ask": "much", "answer": "是"})) == ["not-asked"]
    assert codes(matter.refuses("林佳", "answer find", "09-29 10:10", {"answer": "也许"})) == ["not-an-answer"]


def test_a_changed_answer_retracts_what_followed_the_conclusion_too():
    matter = opened(RULES).does("林佳", "answer find", "09-29 10:10", {"answer": "是"})
    matter.does("林佳", "answer find", "09-29 10:11", {"answer": "是"})

    matter.does("林佳", "answer find", "09-29 10:12", {"ask": "wet", "answer": "是"})

    assert ([(one.ask, one.word) for one in matter.case.guides["find"]], matter.case.concluded) == ([("wet", "是")], {})
    matter.does("林佳", "answer find", "09-29 10:13", {"ask": "wet", "answer": "否"})
    assert (matter.case.concluded, matter.case.values["slip.level"]) == ({"find": "小"}, "小")
    assert len(matter.of(QuestionAnswered)) == 4


def test_a_note_says_something():
    matter = opened(RULES)
    assert codes(matter.refuses("林佳", "note", "09-29 10:10", {"text": " "})) == ["unclear"]

    assert [event.text for event in matter.does("林佳", "note", "09-29 10:11", {"text": "已电话"}).of(Noted)] == [
        "已电话"
    ]


def test_a_correction_needs_a_reason_and_keeps_what_it_was():
    matter = opened(RULES)
    assert codes(matter.refuses("林佳", "correct", "09-29 10:10", {"slip.room": "1"})) == ["reason-needed"]

    matter.does("林佳", "correct", "09-29 10:11", {"slip.room": "3-2-1503"}, reason="听错")

    assert (matter.case.values["slip.room"], matter.of(FieldsSet)[0].actor) == ("3-2-1503", "林佳")


@pytest.mark.parametrize(
    "person, paths, codes_",
    [
        ("林佳", {"slip.cost": "1"}, ["not-filled"]),
        ("马总", {"slip.room": "1"}, ["not-yours"]),
        ("林佳", {"slip.visit_at": "2026-09-29 16:00"}, ["decisive"]),
        ("林佳", {}, ["unclear"]),
        ("林佳", {"slip.visit_at": "2026-09-29 16:00", "slip.cost": "1"}, ["decisive", "not-filled"]),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_every_reason(person, paths, codes_):
    matter = opened(RULES, paths={"slip.visit_at": "2026-09-29 15:00"})

    assert codes(matter.refuses(person, "correct", "09-29 10:10", paths, reason="更正")) == codes_


def test_what_a_limit_hangs_on_is_changed_by_its_own_act_alone():
    matter = opened(RULES, paths={"slip.visit_at": "2026-09-29 15:00"})

    refusal = matter.refuses("林佳", "correct", "09-29 10:10", {"slip.visit_at": "2026-09-29 16:00"}, reason="听错")

    assert codes(refusal) == ["decisive"]
    assert matter.of(TaskMoved) == []


@pytest.mark.parametrize("act", ["say nothing", "breach nothing", "answer nothing", "read nothing", "approve nothing"])
def test_what_does_not_exist_is_refused(act):
    assert len(opened(RULES).refuses("林佳", act, "09-29 10:10").reasons) == 1


def test_whoever_has_no_post_does_nothing():
    assert codes(opened(RULES).refuses("路人", "note", "09-29 10:10", {"text": "x"})) == ["not-yours"]
