"""Steps lead: how a case moves, waits to close, closes and is reopened."""

from shouwen.core.commands import Effect
from shouwen.core.events import Assigned, CaseClosed, CaseReopened, RetentionSet, StepEntered, TaskBegun, TaskMissed
from tests.builders import OPENING, Matter, compiled, opened

RULES = """
also flow leak:
  steps:
    aside: {name: 搁置, answers: boss, leave: [{to: work, when: happened('resume')}]}
    gone: {name: 撤销, end: yes}
  keep: [{for: 2 months}, {for: 3 years, when: slip.level == '大'}]
action park: {name: 搁置, who: desk, in: work, do: [{go: aside}]}
action resume: {name: 恢复, who: boss, in: aside}
action drop: {name: 撤销, who: desk, do: [{end: gone}]}
action settle: {name: 谈妥, who: desk}
action call: {name: 回访, who: desk, in: done}
action back: {name: 退回经理, who: desk, in: done, do: [{reopen: aside}]}
action urge: {name: 催办, who: desk, in: [work, done]}
task owed: {name: 谈妥, when: slip.level.filled, owed_by: desk, from: opened, within: 2 workdays, done: settle, missed: []}
task dropping: {name: 撤销说明, when: slip.level.filled, owed_by: desk, from: opened, within: 2 workdays, done: [drop, settle], missed: []}
task after: {name: 回访, owed_by: desk, from: closed, within: 1 workday, done: call, missed: [], outlives: yes}
task watch: {name: 看守, while: "slip.cost.filled && (!slip.remark.filled || slip.remark != '停')", owed_by: desk, from: urge, within: 1 h, done: settle, missed: [], outlives: yes}
"""


def test_an_act_changes_the_state_and_the_step_follows():
    matter = opened(RULES).does("林佳", "finish", "09-29 11:00")

    assert [(event.left, event.step) for event in matter.of(StepEntered)] == [("work", "done")]
    assert matter.case.closed is not None


def test_a_case_waits_to_close_until_nothing_is_owed():
    matter = opened(RULES, paths={"slip.level": "小"}).does("林佳", "finish", "09-29 11:00")
    assert matter.case.step == "work"

    matter.does("林佳", "settle", "09-29 12:00")

    assert (matter.case.step, len(matter.of(CaseClosed))) == ("done", 1)


def test_the_act_that_settles_the_last_debt_may_also_close():
    matter = opened(RULES, paths={"slip.level": "小"}).does("林佳", "settle", "09-29 10:30")

    matter.does("林佳", "finish", "09-29 11:00")

    assert matter.case.step == "done"


def test_an_end_that_an_act_names_waits_for_what_that_act_settles():
    settled = opened(RULES, paths={"slip.level": "小"}).does("林佳", "settle", "09-29 10:30")
    again = opened(
        RULES.replace("task owed", "task owed_not").replace(
            "when: slip.level.filled, owed_by: desk, from: opened, within: 2 workdays, done: settle",
            "when: slip.cost.filled, owed_by: desk, from: opened, within: 2 workdays, done: settle",
        ),
        paths={"slip.level": "小"},
    )

    assert settled.does("林佳", "drop", "09-29 11:00").case.step == "gone"
    assert again.does("林佳", "drop", "09-29 11:00").case.step == "gone"


def test_leaving_a_step_cancels_nothing():
    matter = opened(RULES, paths={"slip.level": "小"}).does("林佳", "park", "09-29 10:30")

    assert (matter.case.step, matter.task("owed").state) == ("aside", "open")


def test_who_answers_in_a_step_answers_from_its_entering():
    matter = opened(RULES).does("林佳", "park", "09-29 10:30")

    assert (matter.case.answers, matter.case.first_contact) == ("boss", "林佳")


def test_an_act_of_another_step_is_refused_with_what_is_owed_here():
    matter = opened(RULES, paths={"slip.level": "小"}).does("林佳", "park", "09-29 10:30")

    (reason,) = matter.refuses("林佳", "park", "09-29 10:40").reasons

    assert (reason.code, reason.instead) == ("not-here", ("drop", "settle"))


def test_a_debt_that_outlives_the_case_is_owed_after_it_and_missed_after_it():
    matter = opened(RULES).does("林佳", "finish", "09-29 11:00").waits("09-30 18:01")

    assert ([event.task for event in matter.of(TaskMissed)], matter.due("after")) == (["after"], "09-30 18:00")
    assert matter.does("林佳", "call", "10-08 10:00").task("after").state == "done"


def test_a_reopened_case_keeps_its_history_and_counts_anew():
    matter = (
        opened(RULES, paths={"slip.level": "小"})
        .does("林佳", "settle", "09-29 10:30")
        .does("林佳", "finish", "09-29 11:00")
    )

    matter.does("林佳", "again", "09-29 12:00")

    assert (matter.case.step, matter.case.closed, matter.case.reopened) == ("work", None, 1)
    assert matter.case.opened.hour == 10
    assert len(matter.of(CaseReopened)) == 1


def test_after_a_reopening_only_later_events_start_tasks():
    matter = (
        opened(RULES, paths={"slip.level": "小"})
        .does("林佳", "settle", "09-29 10:30")
        .does("林佳", "finish", "09-29 11:00")
    )

    matter.does("林佳", "again", "09-29 12:00").does("许志远", "write", "09-29 12:30", {"slip.level": "大"})

    assert [event.task for event in matter.of(TaskBegun)].count("owed") == 1


def test_a_task_dropped_before_the_reopening_is_not_owed_by_what_came_before():
    matter = opened(RULES, paths={"slip.cost": "1"}).does("林佳", "urge", "09-29 10:10")
    matter.does("林佳", "write", "09-29 10:20", {"slip.remark": "停"}).does("林佳", "finish", "09-29 11:00")

    matter.does("林佳", "again", "09-29 12:00").does("林佳", "write", "09-29 12:10", {"slip.remark": "续"})
    assert matter.task("watch").state == "dropped"
    matter.does("林佳", "urge", "09-29 12:20")

    assert (matter.task("watch").state, matter.due("watch")) == ("open", "09-29 13:20")


def test_what_closed_the_case_before_does_not_close_it_again():
    matter = opened(RULES).does("林佳", "finish", "09-29 11:00").does("林佳", "again", "09-29 12:00")

    matter.does("林佳", "write", "09-29 12:10", {"slip.remark": "查"})

    assert matter.case.step == "work"
    assert matter.does("林佳", "finish", "09-29 12:20").case.step == "done"


def test_who_answers_in_the_step_of_reopening_answers_again():
    matter = opened(RULES).does("林佳", "finish", "09-29 11:00").does("林佳", "back", "09-29 12:00")

    assert (matter.case.step, matter.case.answers) == ("aside", "boss")
    assert matter.of(Assigned, last=True)[0].clauses


def test_the_longest_retention_that_applies_is_set_at_closing():
    small, large = opened(RULES), opened(RULES)

    small.does("林佳", "finish", "09-29 11:00")
    large.does("许志远", "write", "09-29 10:30", {"slip.level": "大"}).does("林佳", "settle", "09-29 10:40")
    large.does("林佳", "finish", "09-29 11:00")

    assert [event.until.strftime("%Y-%m-%d") for event in small.of(RetentionSet)] == ["2026-11-30"]
    assert [event.until.strftime("%Y-%m-%d") for event in large.of(RetentionSet)] == ["2029-09-30"]


def test_a_request_of_another_case_is_judged_by_this_ones_own_rules():
    matter = opened(RULES, paths={"slip.level": "小"})

    refused = matter.takes(Effect(verb="end", target="gone", key="a", cause="2"), "09-29 10:10")
    matter.does("林佳", "settle", "09-29 10:20")
    matter.takes(Effect(verb="end", target="gone", key="b", cause="2"), "09-29 10:30")

    assert (refused.reasons[0].code, matter.case.step) == ("not-here", "gone")


def test_a_request_is_carried_out_once_per_key():
    matter = opened(RULES)

    matter.takes(Effect(verb="note", target="并案", key="a", cause="2"), "09-29 10:10")
    matter.takes(Effect(verb="note", target="并案", key="a", cause="2"), "09-29 10:20")

    assert matter.last == ()


def test_a_request_to_a_case_that_is_not_there_is_refused():
    blank = Matter(compiled(RULES))

    blank.takes(Effect(verb="note", target="并案", key="a", cause="2"), OPENING)
    unknown = opened(RULES)
    unknown.takes(Effect(verb="go", target="nowhere", key="a", cause="2"), "09-29 10:10")

    assert [blank.refusal.reasons[0].code, unknown.refusal.reasons[0].code] == ["no-case", "no-such-step"]


def test_an_end_that_something_still_owed_holds_up_comes_once_it_is_settled():
    rules = """
action call: {name: 来电, who: desk}
action drop: {name: 撤销, who: desk, do: [{end: done}]}
task reply: {name: 回电, owed_by: desk, from: opened, within: 1 h, done: call, missed: []}
"""
    matter = opened(rules).does("林佳", "drop", "09-29 10:10")
    assert matter.case.step == "work"

    matter.does("林佳", "call", "09-29 10:20")

    assert (matter.case.step, matter.case.holding) == ("done", frozenset())


def test_a_case_that_moves_on_is_no_longer_about_to_end():
    rules = """
also flow leak:
  steps:
    aside: {name: 搁置, leave: [{to: work, when: count('back') > 0}]}
action call: {name: 来电, who: desk}
action drop: {name: 撤销, who: desk, do: [{end: done}]}
action put: {name: 搁置, who: desk, do: [{go: aside}]}
action back: {name: 取回, who: desk, do: [{go: work}]}
task reply: {name: 回电, owed_by: desk, from: opened, within: 1 h, done: call, missed: []}
"""
    matter = opened(rules).does("林佳", "drop", "09-29 10:10").does("林佳", "put", "09-29 10:20")

    matter.does("林佳", "call", "09-29 10:30").does("林佳", "back", "09-29 10:40")

    assert matter.case.step == "work"
