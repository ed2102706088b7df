"""Tasks and their clocks: when they begin, what ends them, where their limits lie."""

import pytest

from shouwen.core.events import (
    MissCorrected,
    Posted,
    PostingReversed,
    Reminded,
    TaskBegun,
    TaskDone,
    TaskDropped,
    TaskMissed,
    TaskMoved,
    TaskUndone,
    Told,
)
from tests.builders import opened, replayed

RULES = """
action visit: {name: 上门, who: [desk, plumber], fills: {slip: [remark?]}}
action fix: {name: 修好, who: [plumber, desk], fills: {slip: [remark?]}}
action call: {name: 回访, who: desk}
action hold: {name: 等料, who: desk}
action go_on: {name: 料到, who: desk}
action raise: {name: 加急, who: boss}
action leave: {name: 撤场, who: desk}
task answer: {name: 答复, when: slip.level == '大', owed_by: boss, from: opened, within: 2 h, done: call, missed: [{tell: head}]}
task watch: {name: 看守, while: slip.level == '大', owed_by: desk, from: opened, within: 2 h, done: call, missed: []}
task by_rows: {name: 分头修, for_each: slip.depts, owed_by: {role: plumber, unit: this.item}, from: opened, within: 4 h, done: fix, missed: [{tell: boss}]}
task latest: {name: 按加急, owed_by: desk, from: [raise], start: latest, within: 1 h, done: visit, missed: []}
task first: {name: 按首次加急, owed_by: desk, from: [raise], within: 1 h, done: visit, missed: []}
task all_of: {name: 又修又访, owed_by: desk, from: raise, within: 3 h, done: {all: [visit, fix]}, missed: []}
task stays: {name: 守着, owed_by: desk, from: visit, within: 8 h, done: fix, undone: leave, missed: [], outlives: yes}
task paused: {name: 换件, owed_by: desk, from: hold, within: 4 h, done: fix, pauses: [{from: hold, until: go_on}], missed: [], outlives: yes}
task slowed: {name: 除停工, owed_by: desk, from: raise, within: 4 h, done: fix, pauses: [{from: hold, until: go_on}], missed: [], outlives: yes}
task anew: {name: 重新计, owed_by: desk, from: raise, restarts: hold, within: 1 h, done: fix, missed: [], outlives: yes}
task appointed: {name: 赴约, when: slip.visit_at.filled, owed_by: desk, by: slip.visit_at, done: visit, missed: [], outlives: yes}
task replaced: {name: 另约, owed_by: desk, from: raise, within: 1 h, replaced_by: slip.visit_at, done: fix, missed: [], outlives: yes}
task bounded: {name: 不晚于, owed_by: desk, from: raise, within: 5 h, no_later_than: [{task: slowed, minus: 30 min}], done: fix, missed: [], outlives: yes}
task kept: {name: 静候, owed_by: desk, from: raise, within: 2 h, expires: done, done: fix, missed: []}
task patient: {name: 观察, owed_by: desk, from: raise, wait: 1 h, done: call, missed: []}
task papers: {name: 留档, owed_by: desk, from: opened, within: 2 workdays, done: slip.remark, missed: [], outlives: yes}
"""


def test_a_limit_counts_from_its_event_even_if_its_condition_came_true_later():
    matter = opened(RULES).does("许志远", "write", "09-29 11:30", {"slip.level": "大"})

    assert matter.due("answer") == "09-29 12:00"


def test_what_has_long_passed_when_it_begins_is_missed_as_it_begins():
    matter = opened(RULES).does("许志远", "write", "09-29 15:00", {"slip.level": "大"})

    (miss,) = [event for event in matter.of(TaskMissed) if event.task == "answer"]
    assert (miss.born_late, miss.due.hour, miss.happened.hour) == (True, 12, 15)
    assert matter.told() == [("head",)]


def test_when_once_true_stays_owed():
    matter = opened(RULES, paths={"slip.level": "大"}).does("许志远", "write", "09-29 10:30", {"slip.level": "小"})

    assert matter.task("answer").state == "open"


def test_while_turned_false_drops_the_task():
    matter = opened(RULES, paths={"slip.level": "大"}).does("许志远", "write", "09-29 10:30", {"slip.level": "小"})

    assert [event.task for event in matter.of(TaskDropped)] == ["watch"]


def test_a_dropped_task_that_is_owed_again_counts_from_the_same_event():
    matter = opened(RULES, paths={"slip.level": "大"})

    matter.does("许志远", "write", "09-29 10:30", {"slip.level": "小"})
    matter.does("许志远", "write", "09-29 11:00", {"slip.level": "大"})

    assert (matter.task("watch").state, matter.due("watch")) == ("open", "09-29 12:00")


def test_a_recorded_miss_stays_when_the_task_is_dropped():
    matter = opened(RULES, paths={"slip.level": "大"}).waits("09-29 12:01")

    matter.does("许志远", "write", "09-29 13:00", {"slip.level": "小"})

    assert (matter.task("watch").state, matter.task("watch").missed is not None) == ("dropped", True)


def test_the_minute_of_the_limit_is_in_time():
    matter = opened(RULES, paths={"slip.level": "大"}).does("林佳", "call", "09-29 12:00")

    assert {event.task: event.in_time for event in matter.of(TaskDone)} == {"answer": True, "watch": True}


def test_one_minute_later_is_late():
    matter = opened(RULES, paths={"slip.level": "大"}).does("林佳", "call", "09-29 12:01")

    assert [event.task for event in matter.of(TaskMissed)] == ["answer", "watch"]
    assert [event.in_time for event in matter.of(TaskDone)] == [False, False]


def test_a_miss_is_dated_at_its_limit_however_late_the_clock_was_looked_at():
    matter = opened(RULES, paths={"slip.level": "大"}).waits("10-20 09:00")

    (miss,) = [event for event in matter.of(TaskMissed) if event.task == "answer"]
    assert (miss.happened.day, miss.happened.hour, miss.at.day) == (29, 12, 20)


def test_a_miss_happens_once():
    matter = opened(RULES, paths={"slip.level": "大"}).waits("09-29 12:01").waits("09-30 12:01").waits("10-30 12:01")

    assert [event.task for event in matter.of(TaskMissed)].count("answer") == 1


def test_an_act_that_comes_after_the_round_ended_begins_a_new_one():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").does("林佳", "visit", "09-29 10:20")

    matter.does("许志远", "raise", "09-29 11:00")

    assert (matter.task("first").state, matter.due("first"), len(matter.case.past)) == ("open", "09-29 12:00", 2)


def test_the_first_start_counts_unless_the_rule_says_the_latest():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").does("许志远", "raise", "09-29 10:40")

    assert (matter.due("first"), matter.due("latest")) == ("09-29 11:10", "09-29 11:40")
    (moved,) = matter.of(TaskMoved)
    assert (moved.task, moved.was.minute, moved.due.minute) == ("latest", 10, 40)


def test_what_was_done_before_the_start_discharges_nothing():
    matter = opened(RULES).does("林佳", "visit", "09-29 10:05").does("许志远", "raise", "09-29 10:10")

    assert matter.task("first").state == "open"


def test_an_act_in_the_minute_of_the_start_but_before_it_discharges_nothing():
    matter = opened(RULES).does("林佳", "visit", "09-29 10:10").does("许志远", "raise", "09-29 10:10")

    assert matter.task("first").state == "open"


def test_all_of_several_acts_discharge_in_any_order():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").does("林佳", "fix", "09-29 10:20")
    assert matter.task("all_of").state == "open"

    matter.does("林佳", "visit", "09-29 10:30")

    assert (matter.task("all_of").state, matter.task("all_of").ended.minute) == ("done", 30)


def test_each_word_of_a_list_owes_for_itself():
    matter = opened(RULES, paths={"slip.depts": ["工程", "保洁"]})

    assert [(event.item, event.owed_by) for event in matter.of(TaskBegun) if event.task == "by_rows"] == [
        ("工程", ("plumber@工程",)),
        ("保洁", ("plumber@保洁",)),
    ]


def test_a_new_row_brings_its_own_task_from_its_own_moment():
    matter = opened(RULES, paths={"slip.depts": ["工程"]})

    matter.does("林佳", "write", "09-29 12:00", {"slip.depts": ["工程", "保洁"]})

    assert (matter.due("by_rows", "工程"), matter.due("by_rows", "保洁")) == ("09-29 14:00", "09-29 16:00")


def test_a_struck_row_drops_its_task():
    matter = opened(RULES, paths={"slip.depts": ["工程", "保洁"]})

    matter.does("林佳", "write", "09-29 12:00", {"slip.depts": ["保洁"]})

    assert [(event.task, event.item) for event in matter.of(TaskDropped)] == [("by_rows", "工程")]


def test_a_row_that_comes_back_counts_from_its_return():
    matter = opened(RULES, paths={"slip.depts": ["工程", "保洁"]})

    matter.does("林佳", "write", "09-29 12:00", {"slip.depts": ["保洁"]})
    matter.does("林佳", "write", "09-29 13:00", {"slip.depts": ["保洁", "工程"]})

    assert (matter.task("by_rows", "工程").state, matter.due("by_rows", "工程")) == ("open", "09-29 17:00")


def test_an_act_without_rows_counts_for_all_rows():
    matter = opened(RULES, paths={"slip.depts": ["工程", "保洁"]}).does("林佳", "fix", "09-29 12:00")

    assert {event.item for event in matter.of(TaskDone) if event.task == "by_rows"} == {"工程", "保洁"}


def test_what_was_taken_back_runs_on_to_its_old_limit():
    matter = opened(RULES).does("林佳", "visit", "09-29 10:10").does("林佳", "fix", "09-29 11:00")

    matter.does("林佳", "leave", "09-29 12:00")

    assert (matter.task("stays").state, matter.due("stays")) == ("open", "09-29 18:10")


def test_what_was_taken_back_after_its_limit_is_missed_then():
    matter = opened(RULES).does("林佳", "visit", "09-29 10:10").does("林佳", "fix", "09-29 11:00")

    matter.does("林佳", "leave", "09-29 20:00")

    (miss,) = [event for event in matter.of(TaskMissed) if event.task == "stays"]
    assert (miss.happened.hour, miss.due.hour) == (20, 18)


def test_what_was_taken_back_is_discharged_only_anew():
    matter = opened(RULES).does("林佳", "visit", "09-29 10:10").does("林佳", "fix", "09-29 11:00")

    matter.does("林佳", "leave", "09-29 12:00").does("林佳", "fix", "09-29 13:00")

    assert (matter.task("stays").state, matter.task("stays").ended.hour) == ("done", 13)
    assert [event.task for event in matter.of(TaskUndone)] == ["stays"]


def test_the_clock_stands_still_in_a_pause():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").does("林佳", "hold", "09-29 11:10")
    assert matter.due("slowed") == ""

    matter.does("林佳", "go_on", "09-29 13:10")

    assert matter.due("slowed") == "09-29 16:10"


def test_a_pause_never_undoes_a_miss():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").waits("09-29 14:11")

    matter.does("林佳", "hold", "09-29 15:00").does("林佳", "go_on", "09-29 16:00")

    assert matter.task("slowed").missed is not None
    assert [event.task for event in matter.of(TaskMissed)].count("slowed") == 1


def test_a_restart_begins_the_clock_anew():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").does("林佳", "hold", "09-29 10:50")

    assert matter.due("anew") == "09-29 11:50"


def test_a_moment_on_the_paper_is_a_limit_and_moves_with_the_paper():
    matter = opened(RULES, paths={"slip.visit_at": "2026-09-29 15:00"})

    matter.does("林佳", "write", "09-29 11:00", {"slip.visit_at": "2026-09-30 09:00"})

    assert matter.due("appointed") == "09-30 09:00"


def test_a_moment_agreed_later_replaces_the_limit():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10")
    assert matter.due("replaced") == "09-29 11:10"

    matter.does("林佳", "write", "09-29 11:00", {"slip.visit_at": "2026-10-09 09:00"})

    assert matter.due("replaced") == "10-09 09:00"


def test_a_limit_is_never_later_than_another_less_its_span():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10")

    assert (matter.due("slowed"), matter.due("bounded")) == ("09-29 14:10", "09-29 13:40")


def test_a_bound_moves_with_the_limit_that_binds_it():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10")

    matter.does("林佳", "hold", "09-29 11:00").does("林佳", "go_on", "09-29 11:20")

    assert (matter.due("slowed"), matter.due("bounded")) == ("09-29 14:30", "09-29 14:00")


def test_the_limit_of_a_dropped_task_binds_no_other():
    beside = "task beside: {name: 同看守, owed_by: desk, from: opened, within: 5 h, no_later_than: watch, done: fix, missed: []}\n"
    matter = opened(RULES + beside).does("许志远", "write", "09-29 10:30", {"slip.level": "大"})
    bound = matter.due("beside")

    matter.does("许志远", "write", "09-29 11:00", {"slip.level": "小"})

    assert (bound, matter.due("beside")) == ("09-29 12:00", "09-29 15:00")


def test_what_is_kept_by_waiting_is_done_when_its_time_ends():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10").waits("09-29 12:11")

    (done,) = [event for event in matter.of(TaskDone) if event.task == "kept"]
    assert (done.by, done.in_time, done.happened.hour, done.happened.minute) == ("expired", True, 12, 10)


def test_a_task_that_must_wait_is_not_done_before():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10")

    refusal = matter.refuses("林佳", "call", "09-29 11:09")

    assert [reason.code for reason in refusal.reasons] == ["too-early"]
    assert matter.does("林佳", "call", "09-29 11:10").task("patient").state == "done"


def test_a_paper_that_already_stands_counts():
    matter = opened(RULES).does("林佳", "write", "09-29 11:00", {"slip.remark": "已归档"})

    assert (matter.task("papers").state, matter.task("papers").ended.hour) == ("done", 11)


def test_working_days_skip_the_holiday_and_count_the_make_up_saturday():
    matter = opened(RULES, "2026-10-09 10:00")

    assert matter.due("papers") == "10-12 18:00"


@pytest.mark.parametrize("typed, corrected", [("2026-09-29 12:00", ["answer"]), ("2026-09-29 12:01", [])])
def test_what_was_done_in_time_and_typed_in_late_corrects_the_miss(typed, corrected):
    matter = opened(RULES, paths={"slip.level": "大"}).waits("09-29 13:00")

    matter.does("林佳", "call", "09-29 14:00", happened=typed)

    assert [event.task for event in matter.of(MissCorrected) if event.task == "answer"] == corrected
    assert matter.told() == [("head",)]
    assert replayed(matter) == matter.case


REMINDED = """
action call: {name: 回访, who: desk}
action later: {name: 改期, who: desk, fills: {slip: [visit_at!]}}
authority line:
  name: 上报
  climb: [boss, {role: auditor, after: 1 h}, {role: head, after: 2 h}]
task answer:
  name: 答复
  when: slip.level.filled
  owed_by: desk
  from: opened
  within: 4 h
  replaced_by: slip.visit_at
  done: call
  remind: [{before: 1 h, tell: desk}, {before: 30 min, tell: boss, when: slip.level == '大'}]
  missed: [{tell: boss}]
  overdue: {every: workday 09:00, tell: head}
  climb: line
  outlives: yes
"""


def test_reminders_ring_once_before_the_limit():
    matter = opened(REMINDED, paths={"slip.level": "大"}).waits("09-29 13:00").waits("09-29 13:45")

    assert [(ring.alarm, ring.happened.strftime("%H:%M")) for ring in matter.of(Reminded)] == [
        ("remind.0", "13:00"),
        ("remind.1", "13:30"),
    ]


def test_a_reminder_whose_condition_does_not_hold_is_silent():
    matter = opened(REMINDED, paths={"slip.level": "小"}).waits("09-29 13:45")

    assert [ring.alarm for ring in matter.of(Reminded)] == ["remind.0"]


def test_a_reminder_comes_again_and_again_until_the_limit():
    once = "remind: [{before: 1 h, tell: desk}, {before: 30 min, tell: boss, when: slip.level == '大'}]"
    matter = opened(REMINDED.replace(once, "remind: [{every: 30 min, tell: desk}]"), paths={"slip.level": "大"})

    rung = [
        ring.happened.strftime("%H:%M") for ring in matter.waits("09-29 18:00").of(Reminded) if "remind" in ring.alarm
    ]

    assert rung == ["10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30"]


def test_a_limit_that_moves_takes_its_reminders_along():
    matter = opened(REMINDED, paths={"slip.level": "小"})

    matter.does("林佳", "later", "09-29 10:30", {"slip.visit_at": "2026-09-30 12:00"}).waits("09-30 11:30")

    assert [ring.happened.strftime("%m-%d %H:%M") for ring in matter.of(Reminded)] == ["09-30 11:00"]


def test_after_a_miss_it_is_said_every_working_morning_until_done():
    matter = opened(REMINDED, paths={"slip.level": "小"}).waits("10-09 09:30").does("林佳", "call", "10-09 10:00")

    matter.waits("10-20 10:00")

    assert [ring.happened.strftime("%m-%d") for ring in matter.of(Reminded) if ring.alarm == "overdue"] == [
        "09-30",
        "10-08",
        "10-09",
    ]


def test_after_a_miss_the_line_above_is_climbed_rung_by_rung():
    matter = opened(REMINDED, paths={"slip.level": "小"}).waits("09-29 18:00")

    climbed = [(told.happened.strftime("%H:%M"), told.to) for told in matter.of(Told) if told.text == "上报"]
    assert climbed == [("14:00", ("boss",)), ("15:00", ("auditor",)), ("17:00", ("head",))]


def test_what_is_born_late_is_not_reminded_of_days_on_which_it_was_not_owed():
    matter = opened(REMINDED).does("许志远", "write", "10-09 10:00", {"slip.level": "小"}).waits("10-09 20:00")

    moments = [event.happened for event in matter.events]
    assert moments == sorted(moments)
    assert [ring.alarm for ring in matter.of(Reminded)] == ["rung.1", "rung.2"]


def test_what_was_typed_in_after_its_limit_is_missed_at_its_limit():
    matter = opened(REMINDED, "09-29 16:00", {"slip.level": "小"}, happened="2026-09-29 10:00")

    (miss,) = matter.of(TaskMissed)
    assert (miss.happened.hour, miss.born_late) == (14, False)


BLOCKING = """
action call: {name: 回访, who: desk}
task answer: {name: 答复, owed_by: desk, from: opened, within: 2 h, done: call, missed: [], blocks: finish, clause: "4"}
"""


def test_an_open_task_blocks_what_it_must_and_says_what_to_do_first():
    matter = opened(BLOCKING)

    (reason,) = matter.refuses("林佳", "finish", "09-29 10:30").reasons

    assert (reason.code, reason.instead, reason.clauses) == ("blocked", ("call",), ("leak.4",))
    assert matter.does("林佳", "call", "09-29 10:40").does("林佳", "finish", "09-29 10:41").case.closed


FROM_THE_PAPER = """
action fix: {name: 修好, who: desk}
task meet: {name: 赴约, owed_by: desk, from: slip.visit_at, within: 1 h, done: fix, missed: [], outlives: yes}
"""


def test_a_moment_on_the_paper_starts_the_clock_at_that_moment():
    matter = opened(FROM_THE_PAPER, paths={"slip.visit_at": "2026-09-29 15:00"})

    assert matter.due("meet") == "09-29 16:00"


def test_a_moment_on_the_paper_begins_one_round_only():
    matter = opened(FROM_THE_PAPER, paths={"slip.visit_at": "2026-09-29 15:00"})

    matter.does("林佳", "fix", "09-29 15:30").does("林佳", "write", "09-29 15:40", {"slip.remark": "好"})

    assert (matter.task("meet").state, len(matter.of(TaskBegun))) == ("done", 1)


def test_a_moment_written_anew_after_it_was_done_begins_a_new_round():
    matter = opened(FROM_THE_PAPER, paths={"slip.visit_at": "2026-09-29 15:00"}).does("林佳", "fix", "09-29 15:30")

    matter.does("林佳", "write", "09-29 15:40", {"slip.visit_at": "2026-09-30 15:00"})

    assert (matter.task("meet").state, matter.due("meet")) == ("open", "09-30 16:00")


ALWAYS = """
action fix: {name: 修好, who: desk}
task clean: {name: 清场, owed_by: desk, done: fix, missed: []}
table plain: {name: 常数, rows: [{when: "!happened('fix')", is: 未修}], else: 已修}
"""


def test_what_is_owed_without_any_condition_is_owed_from_the_opening():
    matter = opened(ALWAYS)

    assert matter.task("clean").state == "open"
    assert matter.case.tables["plain"] == {"": "未修"}


FINES = """
action fix: {name: 修好, who: [plumber, desk], fills: {slip: [remark?]}}
task by_rows: {name: 分头修, for_each: slip.depts, owed_by: {role: plumber, unit: this.item}, from: opened, within: 4 h, done: fix, missed: []}
posting fine: {name: 罚款, after: task.by_rows.missed, for_each: slip.depts, debit: "{this.item}", credit: 公司, amount: fine_amount}
figure fine_amount: {name: 罚款额, value: 50 元}
"""


def test_a_miss_of_one_row_fines_that_row_only():
    matter = opened(FINES, paths={"slip.depts": ["工程"]})
    matter.does("林佳", "write", "09-29 12:00", {"slip.depts": ["工程", "保洁"]})

    matter.waits("09-29 15:00")

    assert [(entry.debit, entry.amount) for entry in matter.of(Posted)] == [("工程", 5000)]


def test_a_correction_reverses_the_fines_of_exactly_that_miss():
    matter = opened(FINES, paths={"slip.depts": ["工程"]})
    matter.does("林佳", "write", "09-29 12:00", {"slip.depts": ["工程", "保洁"]}).waits("09-29 17:00")

    matter.does("林佳", "fix", "09-29 17:30", happened="2026-09-29 15:00")

    assert [entry.debit for entry in matter.of(Posted)] == ["工程", "保洁"]
    assert [entry.key for entry in matter.of(PostingReversed)] == [matter.of(Posted)[1].key]


def test_a_round_settled_as_it_begins_does_not_hide_what_starts_the_next_in_the_same_command():
    rules = """
action send: {name: 派修, who: desk}
action fix: {name: 修好, who: desk}
action hold: {name: 暂缓, who: desk, fills: {slip: [remark!]}}
action verify: {name: 验证, who: desk, sets: {slip.remark: 返工}}
task repair: {name: 修复, owed_by: desk, while: "slip.remark != '等料'", from: [send, failed], start: latest, within: 4 h, done: fix, missed: []}
trigger failed: {name: 没通过, after: verify, do: [{note: 返工}]}
"""
    matter = (
        opened(rules).does("林佳", "write", "09-29 10:05", {"slip.remark": "派"}).does("林佳", "send", "09-29 10:10")
    )
    matter.does("林佳", "hold", "09-29 10:20", {"slip.remark": "等料"}).does("林佳", "fix", "09-29 10:30")
    matter.does("林佳", "hold", "09-29 10:40", {"slip.remark": "等料"})

    matter.does("林佳", "verify", "09-29 11:00")

    assert (matter.task("repair").state, matter.due("repair")) == ("open", "09-29 15:00")
