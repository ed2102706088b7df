"""Authorities: who decides alone, level by level, what an approval covers and when it lapses."""

from shouwen.core.events import ActDone, ApprovalAsked, ApprovalEnded, Posted, TaskDone, TaskMissed
from tests.builders import opened

RULES = """
role finance: {name: 财务, any_of: [auditor]}
action pay:
  name: 赔付
  who: [desk, boss]
  fills: {slip: [cost!, level?]}
  needs: [{that: "slip.remark != '停'", when: slip.remark.filled, or: 已叫停}]
  do: [{post: refund}]
posting refund: {name: 赔付款, debit: 公司, credit: 业主, amount: slip.cost}
table bulk: {name: 大小, rows: [{when: slip.cost > small, is: 大额}], else: 小额}
figure small: {name: 小额, value: 500 元}
figure huge: {name: 巨额, value: 5000 元}
fact spent: {name: 已赔, shape: tally, of: leak, match: {room: slip.room}, asked: pay, unknown: pass}
authority paying:
  name: 赔付审批
  over: pay
  when: bulk == '大额' || spent.count > 2
  alone: [{role: boss, when: slip.cost <= huge}]
  levels: {manager: boss, top: {role: head, when: slip.cost > huge}}
  seals: [slip.level]
  not: inspect
  within: 4 h
  missed: [{tell: head}]
  returned: [{tell: desk}]
  declined: [{tell: desk}, {set: {slip.remark: 未批}}]
  granted: [{tell: auditor}]
action inspect: {name: 查勘, who: [desk, boss]}
"""


def codes(refusal):
    return [reason.code for reason in refusal.reasons]


def asked(cost="600", **more):
    return opened(RULES, paths={"slip.level": "小"}).does("林佳", "pay", "09-29 10:10", {"slip.cost": cost}, **more)


def outcomes(matter):
    return [event.outcome for event in matter.of(ApprovalEnded)]


def test_what_is_within_ones_power_takes_effect_at_once():
    matter = asked("500")

    assert ([entry.amount for entry in matter.of(Posted)], matter.case.approvals) == ([50000], {})


def test_what_is_beyond_it_waits_and_nothing_of_it_takes_effect():
    matter = asked()

    assert (len(matter.of(ApprovalAsked)), matter.of(Posted), "slip.cost" in matter.case.values) == (1, [], False)
    assert matter.due("paying.manager") == "09-29 14:10"


def test_whoever_may_decide_alone_need_not_ask():
    matter = opened(RULES).does("许志远", "pay", "09-29 10:10", {"slip.cost": "5000"})

    assert [entry.amount for entry in matter.of(Posted)] == [500000]


def test_the_yes_makes_the_act_happen_in_the_name_of_whoever_asked():
    matter = asked().does("许志远", "approve paying", "09-29 11:00")

    (act,) = [event for event in matter.of(ActDone) if event.action == "pay"]
    assert (act.actor, act.happened.hour, outcomes(matter)) == ("林佳", 11, ["granted"])
    assert ([entry.amount for entry in matter.of(Posted)], matter.told(last=True)) == ([60000], [("auditor",)])


def test_levels_decide_in_order_and_those_that_need_not_are_passed_over():
    matter = asked("6000").does("许志远", "approve paying", "09-29 11:00")
    assert (matter.of(Posted), matter.case.approvals["paying"].level) == ([], "top")

    matter.does("马总", "approve paying", "09-29 12:00")

    assert [entry.amount for entry in matter.of(Posted)] == [600000]


def test_a_level_is_not_decided_by_another():
    refusal = asked("6000").refuses("马总", "approve paying", "09-29 11:00")

    assert (codes(refusal), refusal.reasons[0].who) == (["not-yours"], ("boss",))


def test_whoever_asks_never_decides_even_in_another_post():
    matter = opened(RULES).does("双岗", "pay", "09-29 10:10", {"slip.cost": "6000"}, role="desk")

    assert codes(matter.refuses("双岗", "approve paying", "09-29 11:00")) == ["own-request"]


def test_whoever_had_a_hand_in_it_does_not_decide():
    matter = (
        opened(RULES).does("许志远", "inspect", "09-29 10:05").does("林佳", "pay", "09-29 10:10", {"slip.cost": "600"})
    )

    assert codes(matter.refuses("许志远", "approve paying", "09-29 11:00")) == ["same-person"]
    assert outcomes(matter.does("代经理", "approve paying", "09-29 11:01")) == ["granted"]


def test_a_level_that_does_not_decide_in_time_is_a_miss():
    matter = asked().waits("09-29 14:11")

    assert ([event.task for event in matter.of(TaskMissed)], matter.told()) == (["paying.manager"], [("head",)])


def test_the_decision_settles_the_level():
    matter = asked().does("许志远", "approve paying", "09-29 14:10")

    assert [(event.task, event.in_time) for event in matter.of(TaskDone)] == [("paying.manager", True)]


def test_a_sealed_value_that_changes_lets_it_lapse():
    matter = asked().does("林佳", "write", "09-29 10:30", {"slip.level": "大"})

    assert (outcomes(matter), codes(matter.refuses("许志远", "approve paying", "09-29 11:00"))) == (
        ["lapsed"],
        ["nothing-asked"],
    )


def test_what_is_not_sealed_may_change():
    matter = asked().does("林佳", "write", "09-29 10:30", {"slip.times": 3})

    assert outcomes(matter.does("许志远", "approve paying", "09-29 11:00")) == ["granted"]


def test_what_must_no_longer_be_done_lapses_at_the_decision():
    matter = asked("6000").does("林佳", "write", "09-29 10:30", {"slip.remark": "停"})

    matter.does("许志远", "approve paying", "09-29 11:00")

    assert (outcomes(matter), matter.of(Posted)) == (["lapsed"], [])


def test_withdrawn_before_the_effect_it_is_void():
    matter = asked()
    assert codes(matter.refuses("许志远", "withdraw paying", "09-29 10:20")) == ["not-yours"]

    matter.does("林佳", "withdraw paying", "09-29 10:30")

    assert (outcomes(matter), matter.task("paying.manager").state) == (["withdrawn"], "done")


def test_no_and_back_need_a_reason():
    matter = asked()

    assert codes(matter.refuses("许志远", "decline paying", "09-29 11:00")) == ["reason-needed"]
    assert codes(matter.refuses("许志远", "return paying", "09-29 11:00")) == ["reason-needed"]


def test_sent_back_it_may_be_asked_again():
    matter = asked().does("许志远", "return paying", "09-29 11:00", reason="附发票")

    matter.does("林佳", "pay", "09-29 12:00", {"slip.cost": "700"})

    assert (outcomes(matter), matter.due("paying.manager")) == (["returned"], "09-29 16:00")


def test_declined_its_own_consequences_follow():
    matter = asked().does("许志远", "decline paying", "09-29 11:00", reason="不属实")

    assert (matter.case.values["slip.remark"], matter.told(last=True)) == ("未批", [("desk",)])


def test_one_request_at_a_time():
    assert codes(asked().refuses("周接待", "pay", "09-29 10:20", {"slip.cost": "900"})) == ["already-asked"]


def test_an_authority_may_hang_on_what_was_asked_outside():
    matter = asked("100", answers={"spent": {"count": 3}})

    assert (len(matter.of(ApprovalAsked)), matter.case.facts["spent"]) == (1, {"count": 3})
    assert outcomes(matter.does("许志远", "approve paying", "09-29 11:00")) == ["granted"]


def test_a_case_does_not_close_over_a_request():
    matter = asked().does("林佳", "finish", "09-29 10:30")
    assert matter.case.step == "work"

    matter.does("许志远", "approve paying", "09-29 11:00")

    assert matter.case.closed is not None
