"""Who may: roles and units, deputies, persons kept apart, people who must be there, and who answers for the case."""

from dataclasses import replace

import pytest

from shouwen.core.events import ActDone, Told, TransferAnswered
from shouwen.core.offers import offers
from tests.builders import WORLD, at, opened

RULES = """
role worker: {name: 承办人, named_by: slip.worker, otherwise: boss}
role chief: {name: 值班负责人, first_of: [dispatcher, boss]}
role dispatcher: {name: 调度}
role anyone: {name: 内部审核, any_of: [auditor, boss]}
role checker: {name: 核对, any_of: [desk, boss], apart: boss}
action grade: {name: 定级, who: boss, fills: {slip: [level!]}}
action check: {name: 核对, who: checker}
action audit: {name: 审计, who: auditor}
action review: {name: 复核, who: anyone}
action sign: {name: 签字, who: boss, personally: yes}
action second: {name: 二审, who: boss, not: grade}
action fix: {name: 修, who: {role: plumber, unit: this.item}, each: slip.parts, fills: {slip: [parts.fixed!]}}
action clean: {name: 保洁, who: {role: plumber, unit: "'保洁'"}}
action work: {name: 承办, who: worker}
action lead: {name: 带班, who: chief}
action inspect: {name: 会勘, who: desk, together: [boss, {role: plumber, unit: "'工程'", when: slip.level == '大'}]}
action either: {name: 改期, who: [desk, boss]}
action send: {name: 派工, who: desk, fills: {slip: [worker!]}, do: [{tell: boss, text: "{slip.room}由{slip.worker}去"}]}
"""


def codes(refusal):
    return [reason.code for reason in refusal.reasons]


def test_whoever_does_not_hold_the_role_is_told_who_does():
    (reason,) = opened(RULES).refuses("林佳", "grade", "09-29 10:10", {"slip.level": "小"}).reasons

    assert (reason.code, reason.who, reason.clauses) == ("not-yours", ("boss",), ("leak.7",))


@pytest.mark.parametrize(
    "person, action, may",
    [
        ("代经理", "grade", True),
        ("替班", "grade", False),
        ("审计", "audit", True),
        ("代审计", "audit", False),
        ("代审计", "review", False),
        ("替班", "review", False),
        ("代经理", "review", True),
        ("许志远", "sign", True),
        ("代经理", "sign", False),
        ("替班", "work", False),
        ("代经理", "lead", True),
        ("替班", "lead", False),
    ],
)
def test_who_may_stand_in_is_said_by_the_role(person, action, may):
    values = {"slip.level": "小"} if action == "grade" else {}
    matter = opened(RULES)

    if may:
        assert matter.does(person, action, "09-29 10:10", values).of(ActDone, last=True)[0].actor == person
    else:
        assert codes(matter.refuses(person, action, "09-29 10:10", values)) == ["not-yours"]


def test_who_acts_as_a_deputy_is_on_record():
    matter = opened(RULES).does("代经理", "grade", "09-29 10:10", {"slip.level": "小"})

    assert matter.of(ActDone, last=True)[0].deputy


def test_a_deputy_is_told_that_it_must_be_done_in_person():
    (reason,) = opened(RULES).refuses("代经理", "sign", "09-29 10:10").reasons

    assert reason.text == "“签字”须经理本人亲自办，不得代理"


def test_persons_are_kept_apart_not_positions():
    matter = opened(RULES).does("双岗", "grade", "09-29 10:10", {"slip.level": "小"})

    assert codes(matter.refuses("双岗", "check", "09-29 10:20")) == ["roles-apart"]
    assert matter.does("林佳", "check", "09-29 10:21").last


def test_whoever_did_the_one_does_not_do_the_other():
    matter = opened(RULES).does("许志远", "grade", "09-29 10:10", {"slip.level": "小"})

    assert codes(matter.refuses("许志远", "second", "09-29 10:20")) == ["same-person"]
    assert matter.does("代经理", "second", "09-29 10:21").last


def test_a_unit_does_only_its_own():
    matter = opened(RULES)

    assert codes(matter.refuses("工程甲", "clean", "09-29 10:10")) == ["not-yours"]
    assert matter.does("保洁甲", "clean", "09-29 10:11").last


def test_rows_of_another_unit_are_refused_row_by_row():
    matter = opened(RULES, paths={"slip.parts": [{"kind": "工程"}, {"kind": "保洁"}]})
    mine, theirs = {"kind": "工程", "fixed": "yes"}, {"kind": "保洁", "fixed": "yes"}

    assert len(matter.refuses("工程甲", "fix", "09-29 10:10", {"slip.parts": [mine, theirs]}).reasons) == 1
    assert matter.does("工程甲", "fix", "09-29 10:11", {"slip.parts": [mine]}).of(ActDone)[-1].items == ("工程",)


def test_offers_name_the_rows_that_are_somebodys_own():
    matter = opened(RULES, paths={"slip.parts": [{"kind": "工程"}, {"kind": "保洁"}]})

    found = {one.action: one.items for one in offers(matter.procedure, matter.case, "工程甲", at("09-29 10:10"), WORLD)}

    assert found["fix"] == ("工程",)


def test_the_person_whom_the_paper_names_stands_for_the_role():
    matter = opened(RULES)
    assert matter.does("许志远", "work", "09-29 10:10").last

    matter.does("林佳", "write", "09-29 10:20", {"slip.worker": "工程甲"})

    assert codes(matter.refuses("许志远", "work", "09-29 10:30")) == ["not-yours"]
    assert matter.does("工程甲", "work", "09-29 10:31").last


def test_whoever_must_be_there_too_is_named():
    matter = opened(RULES, paths={"slip.level": "大"})

    assert codes(matter.refuses("林佳", "inspect", "09-29 10:10", present=("代经理", "工程甲"))) == ["not-present"]
    assert matter.does("林佳", "inspect", "09-29 10:11", present=("许志远", "工程甲")).last


def test_whoever_holds_several_roles_may_name_the_one_he_acts_in():
    matter = opened(RULES).does("双岗", "either", "09-29 10:10", role="boss")

    assert matter.of(ActDone, last=True)[0].role == "boss"
    assert codes(matter.refuses("林佳", "either", "09-29 10:11", role="boss")) == ["not-yours"]


def test_first_contact_stays_whoever_answers_for_the_case():
    matter = opened(RULES, paths={"slip.room": "1"})

    matter.does("林佳", "transfer", "09-29 10:10", {"to": "许志远"}, reason="休假")
    assert matter.case.answers == "desk"
    matter.does("许志远", "accept", "09-29 10:20")

    assert (matter.case.first_contact, matter.case.answers) == ("林佳", "许志远")


def test_a_transfer_is_refused_with_a_reason_and_changes_nothing():
    matter = opened(RULES).does("林佳", "transfer", "09-29 10:10", {"to": "许志远"}, reason="休假")
    assert codes(matter.refuses("许志远", "refuse_transfer", "09-29 10:20")) == ["reason-needed"]

    matter.does("许志远", "refuse_transfer", "09-29 10:21", reason="不归我管")

    assert (matter.case.answers, matter.case.transfer, len(matter.of(TransferAnswered))) == ("desk", None, 1)


@pytest.mark.parametrize(
    "person, to, code", [("工程甲", "许志远", "not-yours"), ("林佳", "林佳", "nobody"), ("林佳", "路人", "nobody")]
)
def test_only_whoever_answers_for_the_case_hands_it_to_somebody_with_a_post(person, to, code):
    assert codes(opened(RULES).refuses(person, "transfer", "09-29 10:10", {"to": to})) == [code]


def test_nobody_accepts_what_was_not_offered_to_him():
    matter = opened(RULES).does("林佳", "transfer", "09-29 10:10", {"to": "许志远"})

    assert codes(matter.refuses("代经理", "accept", "09-29 10:20")) == ["nothing-asked"]
    assert codes(matter.refuses("林佳", "transfer", "09-29 10:21", {"to": "工程甲"})) == ["already-asked"]


UNITS = """
notice call_out:
  name: 派工通知
  after: send
  to: [{role: plumber, unit: "'工程'"}, {role: plumber, unit: "'保洁'"}]
  receipt: read
  within: 2 h
  missed: [{tell: boss}]
action send: {name: 派工, who: desk, do: [{assign: {role: plumber, unit: "'工程'"}}]}
"""


def test_each_recipient_has_a_receipt_with_a_clock_of_its_own():
    matter = opened(UNITS).does("林佳", "send", "09-29 10:10").does("保洁甲", "read call_out", "09-29 11:00")

    matter.waits("09-29 13:00")

    states = {
        state.item: (state.state, state.missed is not None) for state in matter.case.tasks["call_out.receipt"].values()
    }
    assert states == {"plumber@工程": ("open", True), "plumber@保洁": ("done", False)}
    assert matter.told(last=True) == [("boss",)]


def test_what_was_sent_to_others_is_not_read_by_me():
    matter = opened(UNITS).does("林佳", "send", "09-29 10:10")

    assert codes(matter.refuses("林佳", "read call_out", "09-29 10:20")) == ["not-yours"]


def test_a_unit_that_answers_hands_over_and_no_other():
    matter = opened(UNITS).does("林佳", "send", "09-29 10:10")
    assert matter.case.answers == "plumber@工程"

    assert codes(matter.refuses("保洁甲", "transfer", "09-29 10:20", {"to": "林佳"})) == ["not-yours"]
    assert matter.does("工程乙", "transfer", "09-29 10:21", {"to": "林佳"}).case.transfer is not None


def test_whoever_is_named_must_hold_the_role_in_the_unit_that_is_asked_for():
    rules = """
form order: {name: 派工, fields: {unit: {name: 单位}, worker: {name: 水工, type: person, holds: plumber, unit_of: order.unit}}}
action choose: {name: 定单位, who: desk, fills: {order: [unit!]}}
action send: {name: 派人, who: desk, fills: {order: [worker!]}}
"""
    matter = opened(rules).does("林佳", "choose", "09-29 10:10", {"order.unit": "工程"})

    (reason,) = matter.refuses("林佳", "send", "09-29 10:20", {"order.worker": "保洁甲"}).reasons

    assert "保洁甲不是" in reason.text
    assert matter.does("林佳", "send", "09-29 10:21", {"order.worker": "工程乙"})


def test_people_stand_in_texts_by_name():
    matter = opened(RULES)
    matter.world = replace(WORLD, names={"工程甲": "丁立"})

    matter.does("林佳", "send", "09-29 10:10", {"slip.worker": "工程甲"})

    assert [event.text for event in matter.last if isinstance(event, Told)] == ["3-2-1502由丁立去"]
