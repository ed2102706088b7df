"""Acts: what they need, what is refused, and with which reasons; strange input is refused, never an error."""

import pytest

from shouwen.core.commands import Act
from shouwen.core.events import ActDone, AttemptRecorded, CommandTaken, FactLearned, Told
from shouwen.core.reason import Refusal
from tests.builders import SLIP, Matter, at, compiled, opened, replayed

RULES = """
fact earlier: {name: 此前, shape: tally, of: leak, match: {room: slip.room}, asked: [ban, pass_on]}
action settle:
  name: 结算
  who: boss
  needs:
    - {that: slip.cost.filled, or: 先估费用, clause: "3", instead: write}
    - {that: "slip.level == '小' || slip.cost >= big", or: 大的须满额, clause: "4"}
    - {that: "slip.remark != '停'", or: 已叫停, when: slip.remark.filled, clause: "5"}
  fills: {slip: [cost?, worker!, times?]}
action urge: {name: 催, who: desk, needs: [{that: "count('urge') <= 2", or: 已催两次, else: reason}]}
action skip: {name: 略过, who: desk, needs: [{that: "slip.level != '大'", or: 程度为大, else: warn}]}
action ban: {name: 拒收, who: desk, needs: [{that: earlier.count < 3, or: 三次以上不得拒收, else: record, tell: head}]}
action pass_on: {name: 转出, who: desk, when: slip.level.filled}
action twice: {name: 复核, who: desk, times: 2}
action report: {name: 补报, who: desk, reports: yes, needs: [{that: "slip.level == '大'"}], fills: {slip: [remark!]}}
action sign_in: {name: 到场, who: desk, at: slip.visit_at, fills: {slip: [visit_at!]}}
action before: {name: 改级, who: desk, fills: {slip: [level!]}, needs: [{that: "slip.level != slip.level.before", when: "count('before') > 1"}]}
figure big: {name: 大额, value: 1000 元}
form bill: {name: 账单, fields: {parts_total: {name: 合计, type: money, computed: "share(slip.cost, '0.0005')"}, room: {name: 房号, from: slip.room}}}
action bill_it: {name: 开账单, who: desk, fills: {bill: [parts_total?]}}
"""


def codes(refusal: Refusal) -> list[str]:
    return [reason.code for reason in refusal.reasons]


def test_all_failures_come_back_together_each_with_its_clause():
    matter = opened(RULES, paths={"slip.level": "大", "slip.cost": "5"})
    matter.does("林佳", "write", "09-29 10:05", {"slip.remark": "停"})

    refusal = matter.refuses("林佳", "settle", "09-29 10:10", {"slip.times": "10", "slip.nothing": "x"})

    assert codes(refusal) == ["not-yours", "not-allowed", "no-such-field", "need", "need"]
    assert [reason.text for reason in refusal.reasons[-2:]] == ["大的须满额", "已叫停"]
    assert [field.path for field in refusal.missing] == ["slip.worker"]
    assert [reason.clauses for reason in refusal.reasons[-2:]] == [("leak.4", "leak.7"), ("leak.5",)]


def test_a_missing_field_comes_with_its_place_on_the_paper():
    (field,) = opened(RULES, paths={"slip.cost": "2000"}).refuses("许志远", "settle", "09-29 10:10").missing

    assert (field.path, field.name, field.place) == ("slip.worker", "派工", "《报修单》“派工”栏")


def test_a_need_that_is_not_known_is_a_missing_field_not_a_failure():
    refusal = opened(RULES, paths={"slip.cost": "5"}).refuses("许志远", "settle", "09-29 10:10", {"slip.worker": "甲"})

    assert ([field.path for field in refusal.missing], refusal.reasons) == (["slip.level"], ())


def test_a_refusal_says_what_may_be_done_instead():
    refusal = opened(RULES, paths={"slip.level": "小"}).refuses(
        "许志远", "settle", "09-29 10:10", {"slip.worker": "甲"}
    )

    assert [(reason.text, reason.instead) for reason in refusal.reasons] == [("先估费用", ("write",))]


def test_a_value_that_cannot_be_read_is_told_once_and_not_also_missing():
    refusal = opened(RULES, paths={"slip.level": "小"}).refuses(
        "许志远", "settle", "09-29 10:10", {"slip.worker": "甲", "slip.cost": "很多"}
    )

    assert codes(refusal) == ["not-readable", "need"]


def test_needs_are_judged_on_the_case_as_it_would_be_after_the_act():
    matter = opened(RULES, paths={"slip.level": "小"})

    matter.does("许志远", "settle", "09-29 10:10", {"slip.worker": "甲", "slip.cost": "5"})

    assert matter.of(ActDone, last=True)[0].clauses[-2:] == ("leak.3", "leak.4")


def test_a_reason_passes_what_may_be_passed_with_one_and_is_kept():
    matter = opened(RULES).does("林佳", "urge", "09-29 10:10").does("林佳", "urge", "09-29 10:20")
    assert codes(matter.refuses("林佳", "urge", "09-29 10:30")) == ["reason-needed"]

    matter.does("林佳", "urge", "09-29 10:31", reason="业主又来电")

    assert matter.of(ActDone, last=True)[0].excused == ("已催两次：业主又来电",)


def test_a_warning_must_be_seen():
    matter = opened(RULES, paths={"slip.level": "大"})
    assert codes(matter.refuses("林佳", "skip", "09-29 10:10")) == ["to-be-seen"]

    matter.does("林佳", "skip", "09-29 10:11", seen=True)

    assert matter.of(ActDone, last=True)[0].excused == ("已阅：程度为大",)


def test_a_refused_attempt_that_must_be_on_record_is_told_and_changes_nothing_else():
    matter = opened(RULES)

    refusal = matter.refuses("林佳", "ban", "09-29 10:10", answers={"earlier": {"count": 3}})

    assert [type(event) for event in refusal.record] == [AttemptRecorded, Told]
    assert refusal.record[1].people == ("马总",)


def test_a_fact_enters_as_an_event_and_stays_what_it_was():
    matter = opened(RULES).does("林佳", "ban", "09-29 10:10", answers={"earlier": {"count": 2}})

    assert [(event.fact, event.columns) for event in matter.of(FactLearned)] == [("earlier", {"count": 2})]


def test_without_an_answer_from_outside_an_act_that_needs_it_is_refused():
    assert codes(opened(RULES).refuses("林佳", "ban", "09-29 10:10")) == ["cannot-ask"]


def test_what_is_not_needed_now_is_refused():
    assert codes(opened(RULES).refuses("林佳", "pass_on", "09-29 10:10")) == ["not-now"]


def test_an_act_that_may_be_done_twice_is_refused_the_third_time():
    matter = opened(RULES).does("林佳", "twice", "09-29 10:10").does("林佳", "twice", "09-29 10:11")

    assert codes(matter.refuses("林佳", "twice", "09-29 10:12")) == ["too-often"]


def test_what_has_happened_against_the_rules_can_be_recorded():
    matter = opened(RULES, paths={"slip.level": "小"}).does(
        "林佳", "report", "09-29 10:10", {"slip.remark": "越权答应"}
    )

    assert matter.case.values["slip.remark"] == "越权答应"


def test_a_record_is_refused_for_being_unclear():
    refusal = opened(RULES).refuses("林佳", "report", "09-29 10:10")

    assert [field.path for field in refusal.missing] == ["slip.remark"]


def test_what_it_was_before_the_act_is_known_in_the_act():
    matter = opened(RULES).does("林佳", "before", "09-29 10:10", {"slip.level": "小"})

    assert codes(matter.refuses("林佳", "before", "09-29 10:11", {"slip.level": "小"})) == ["need"]


def test_the_moment_on_the_paper_tells_when_it_happened():
    matter = opened(RULES).does("林佳", "sign_in", "09-29 12:00", {"slip.visit_at": "2026-09-29 11:00"})

    assert matter.of(ActDone, last=True)[0].happened == at("09-29 11:00")
    assert codes(matter.refuses("林佳", "sign_in", "09-29 12:00", {"slip.visit_at": "2026-09-29 12:01"})) == [
        "in-the-future"
    ]


def test_a_computed_field_entered_otherwise_is_refused_with_what_it_must_be():
    matter = opened(RULES, paths={"slip.cost": "1010"})

    refusal = matter.refuses("林佳", "bill_it", "09-29 10:10", {"bill.parts_total": "0.50"})

    assert [reason.text for reason in refusal.reasons] == ["“合计”按规程应为“51”，不能填“50”"]
    assert matter.does("林佳", "bill_it", "09-29 10:11", {"bill.parts_total": "0.51"}).last


BACKDATED = [
    ("林佳", "2026-09-29 10:00", []),
    ("许志远", "2026-09-29 10:20", ["may-not-backdate"]),
    ("林佳", "2026-09-29 09:59", ["before-opening"]),
    ("林佳", "2026-09-30 10:31", ["in-the-future"]),
]


@pytest.mark.parametrize("person, happened, against", BACKDATED)
def test_typing_in_late_is_a_right_of_its_own_with_a_cap(person, happened, against):
    matter = opened(RULES)

    answer = matter.takes(Act(action="write", actor=person, happened=at(happened[5:])), "09-29 10:30")

    assert (codes(answer) if isinstance(answer, Refusal) else []) == against


def test_after_the_cap_it_is_too_late_to_record():
    matter = opened(RULES)
    assert matter.does("林佳", "write", "09-30 10:30", happened="2026-09-29 10:30").last

    assert codes(matter.refuses("林佳", "write", "09-30 10:31", happened="2026-09-29 10:30")) == ["too-late-to-record"]


def test_a_repeated_key_changes_nothing():
    matter = opened(RULES).does("林佳", "twice", "09-29 10:10", key="k")

    matter.does("林佳", "twice", "09-29 11:10", key="k")

    assert (matter.last, len(matter.of(CommandTaken))) == ((), 1)


def test_the_key_of_a_refused_command_is_free():
    matter = opened(RULES)
    matter.refuses("林佳", "pass_on", "09-29 10:10", key="k")

    matter.does("林佳", "write", "09-29 10:11", {"slip.level": "小"}).does("林佳", "pass_on", "09-29 10:12", key="k")

    assert [event.action for event in matter.of(ActDone, last=True)] == ["pass_on"]


def test_a_refusal_changes_nothing_not_even_by_what_fell_due():
    matter = opened(RULES)
    before = matter.case

    matter.refuses("林佳", "pass_on", "10-29 10:10")

    assert (matter.case, matter.last == tuple(matter.events)) == (before, True)


STRANGE = [
    {"slip": {"room": None, "what": ""}},
    {"slip": {"level": "很大"}},
    {"slip": {"level": ["小"]}},
    {"slip": {"level": {"小": 1}}},
    {"slip": {"cost": "12.345"}},
    {"slip": {"cost": "nan"}},
    {"slip": {"cost": "9e999999"}},
    {"slip": {"cost": "1e99999999999999999999"}},
    {"slip": {"cost": "100.0000000000000000000000000000000001"}},
    {"slip": {"cost": [1, 2]}},
    {"slip": {"times": "9" * 100_000}},
    {"slip": {"times": 0}},
    {"slip": {"times": 1.5}},
    {"slip": {"urgent": "maybe"}},
    {"slip": {"visit_at": "明天"}},
    {"slip": {"visit_at": "2026-02-30 10:00"}},
    {"slip": {"visit_at": "0001-01-01 00:00"}},
    {"slip": {"visit_at": "9999-12-31 23:59"}},
    {"slip": {"visit_at": "2026-10-01"}},
    {"slip": {"depts": ["工程", ["保洁"]]}},
    {"slip": {"depts": "绿化"}},
    {"slip": {"depts": 3}},
    {"slip": {"remark": "\ud800"}},
    {"slip": {"remark": "a\0b"}},
    {"slip": {"remark": {"deep": {"deep": []}}}},
    {"slip": {"parts": "管"}},
    {"slip": {"parts": ["管"]}},
    {"slip": {"parts": [{"price": "3"}]}},
    {"slip": {"parts": [{"kind": None, "price": "3"}]}},
    {"slip": {"parts": [{"kind": ["管"], "price": "3"}]}},
    {"slip": {"parts": [{"kind": "管", "colour": "红"}]}},
    {"slip": {"parts": [{"kind": "管", "price": {"a": 1}}]}},
    {"slip": {"parts": {"kind": " ", "price": "3"}}},
    {"slip": {"number": "1"}},
    {"slip": ["room"]},
    {"slip": "room"},
    {"slip": None},
    {"paper": {"room": "1"}},
    {"": {"": ""}},
    {"slip.room.deep": 1, "slip": {"x": 1}},
    {3: {"room": "x"}},
]


@pytest.mark.parametrize("entered", STRANGE, ids=[repr(entered)[:50] for entered in STRANGE])
def test_strange_input_is_refused_in_words(entered):
    matter = Matter(compiled(RULES))
    values = (
        {**entered, "slip": {**SLIP_VALUES, **entered["slip"]}} if isinstance(entered.get("slip"), dict) else entered
    )

    answer = matter.takes(Act(action="register", actor="林佳", values=values), "09-29 10:00")

    if entered == STRANGE[0]:
        assert [field.path for field in answer.missing] == ["slip.room", "slip.what"]
    else:
        assert isinstance(answer, Refusal)
        assert all(reason.text and len(reason.text) < 200 for reason in answer.reasons)


SLIP_VALUES = {path.partition(".")[2]: value for path, value in SLIP.items()}


def test_a_huge_text_is_kept_as_it_is():
    matter = opened(RULES, paths={"slip.what": "漏" * 200_000})

    assert (len(matter.case.values["slip.what"]), replayed(matter)) == (200_000, matter.case)


@pytest.mark.parametrize(
    "written, fen", [("0.07", 7), ("1,234.5", 123450), ("5000 元", 500000), ("-0.01", -1), (3, 300)]
)
def test_money_is_exact_to_the_fen(written, fen):
    assert opened(RULES, paths={"slip.cost": written}).case.values["slip.cost"] == fen


def test_no_such_act_and_no_such_case_are_refused():
    blank = Matter(compiled(RULES))

    assert codes(blank.refuses("林佳", "nothing", "09-29 10:00")) == ["no-such-act"]
    assert codes(blank.refuses("林佳", "settle", "09-29 10:00")) == ["no-case"]
    assert codes(blank.refuses("林佳", "note", "09-29 10:00")) == ["no-case"]
    assert codes(opened(RULES).refuses("林佳", "register", "09-29 10:00")) == ["already-open"]


def test_rows_are_changed_by_their_key():
    matter = opened(RULES, paths={"slip.parts": [{"kind": "管", "price": "3"}, {"kind": "阀"}]})

    matter.does("林佳", "write", "09-29 10:10", {"slip.parts": [{"kind": " 阀 ", "price": "5"}, {"kind": "胶"}]})

    assert [(row["#"], row["kind"], row.get("price")) for row in matter.case.values["slip.parts"]] == [
        ("管", "管", 300),
        ("阀", "阀", 500),
        ("胶", "胶", None),
    ]


DIVIDING = """
action divide: {name: 摊, who: desk, fills: {slip: [times!]}, needs: [{that: "6 / (slip.times - 1) > 2", or: 摊不开}]}
trigger split: {name: 分, when: "6 / (slip.times - 1) > 2", do: [{tell: boss}]}
"""


def test_what_cannot_be_computed_is_not_known_and_stops_nobody():
    matter = opened(DIVIDING)

    refusal = matter.refuses("林佳", "divide", "09-29 10:10", {"slip.times": 1})

    assert codes(refusal) == ["need"]
    assert matter.does("林佳", "write", "09-29 10:20", {"slip.times": 1}).told() == []
