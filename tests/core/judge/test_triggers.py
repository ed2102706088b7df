"""What begins without a hand: after events, when a condition turns true, by the calendar; notices and their words."""

from shouwen.core.events import ConditionNoted, Noted, Reminded, TaskMissed, Told, TriggerFired
from tests.builders import opened

RULES = """
action call: {name: 来电, who: desk}
action raise: {name: 升级, who: [boss, desk], fills: {slip: [level?]}}
trigger after_call: {name: 来电即告, after: call, when: slip.level == '大', do: [{tell: boss, text: "{slip.room} 又来电，{slip.remark}"}]}
trigger thrice: {name: 三次来电, when: "count('call') >= 3", do: [{note: 已三次}]}
trigger turned: {name: 升为大, when: slip.level == '大' && slip.level.before != '大', do: [{note: 升级}]}
trigger by_head: {name: 前台代升, after: raise, when: actor.role == 'desk', do: [{note: "{actor.id} 代升"}]}
trigger per_level: {name: 每级一次, after: call, once_per: slip.level, do: [{note: 首次}]}
trigger twice: {name: 至多两次, after: call, times: 2, do: [{note: 计数}]}
trigger morning: {name: 每日, every: "workday 09:00", when: slip.level == '大', do: [{tell: head}]}
trigger monthly: {name: 每月, every: "month day 1 00:00", do: [{note: 月结}]}
trigger late: {name: 逾期, after: [task.one.missed, task.two.missed], when: task.one.missed, do: [{note: 逾期了}]}
task one: {name: 其一, when: slip.cost.filled, owed_by: desk, from: opened, within: 1 h, done: call, missed: []}
task two: {name: 其二, when: slip.cost.filled, owed_by: desk, from: opened, within: 2 h, done: call, missed: []}
task three: {name: 其三, when: slip.cost.filled, owed_by: desk, from: opened, within: 3 h, done: call, missed: []}
notice each: {name: 分送, after: raise, for_each: slip.depts, to: {role: plumber, unit: this.item}, text: "{this.item}请到场"}
notice only: {name: 大事, after: raise, when: slip.level == '大', to: [boss, auditor], as: desk, by: [短信]}
"""


def notes(matter, **more):
    return [event.text for event in matter.of(Noted, **more)]


def fired(matter, trigger):
    return [event.happened.strftime("%m-%d %H:%M") for event in matter.of(TriggerFired) if event.trigger == trigger]


def test_after_an_event_and_only_if():
    matter = opened(RULES).does("林佳", "call", "09-29 10:10")
    assert matter.told() == []

    matter.does("许志远", "raise", "09-29 10:20", {"slip.level": "大"}).does("林佳", "call", "09-29 10:30")

    assert [event.text for event in matter.of(Told, last=True)] == ["3-2-1502 又来电，……"]


def test_a_condition_fires_as_it_turns_true_and_not_while_it_stays_true():
    matter = opened(RULES)

    for minute in range(10, 16):
        matter.does("林佳", "call", f"09-29 10:{minute}")

    assert fired(matter, "thrice") == ["09-29 10:12"]


def test_what_compares_with_before_turns_false_with_the_next_command():
    matter = opened(RULES, paths={"slip.level": "小"}).does("许志远", "raise", "09-29 10:10", {"slip.level": "大"})

    matter.does("林佳", "write", "09-29 10:20", {"slip.level": "小"}).does(
        "许志远", "raise", "09-29 10:30", {"slip.level": "大"}
    )

    assert fired(matter, "turned") == ["09-29 10:10", "09-29 10:30"]


def test_who_acted_is_known_to_what_follows_from_the_act():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10")
    assert fired(matter, "by_head") == []

    matter.does("林佳", "raise", "09-29 10:20")

    assert notes(matter, last=True) == ["林佳 代升"]


def test_once_for_each_value_ever():
    matter = opened(RULES)
    assert fired(matter.does("林佳", "call", "09-29 10:10"), "per_level") == []

    for minute, level in ((20, "小"), (30, "大"), (40, "小")):
        matter.does("林佳", "write", f"09-29 10:{minute}", {"slip.level": level}).does(
            "林佳", "call", f"09-29 10:{minute}"
        )

    assert fired(matter, "per_level") == ["09-29 10:20", "09-29 10:30"]


def test_at_most_so_often():
    matter = opened(RULES)

    for minute in range(10, 16):
        matter.does("林佳", "call", f"09-29 10:{minute}")

    assert len(fired(matter, "twice")) == 2


def test_every_working_morning_while_it_holds_however_late_anybody_looks():
    matter = opened(RULES, paths={"slip.level": "大"}).waits("10-09 09:00")
    matter.does("许志远", "write", "10-09 12:00", {"slip.level": "小"}).waits("10-20 12:00")

    assert fired(matter, "morning") == ["09-30 09:00", "10-08 09:00", "10-09 09:00"]


def test_a_closed_case_is_left_in_peace_also_after_it_was_reopened():
    matter = opened(RULES).waits("10-02 12:00").does("林佳", "finish", "10-08 11:00").waits("12-20 12:00")

    matter.does("林佳", "again", "12-20 13:00").waits("2027-01-02 12:00")

    assert fired(matter, "monthly") == ["10-01 00:00", "01-01 00:00"]


def test_two_misses_looked_at_late_are_two_happenings():
    late, at_once = opened(RULES, paths={"slip.cost": "1"}), opened(RULES, paths={"slip.cost": "1"})

    late.waits("09-29 15:00")
    for minute in ("11:01", "12:01", "13:01"):
        at_once.waits(f"09-29 {minute}")

    assert fired(late, "late") == fired(at_once, "late") == ["09-29 11:00", "09-29 12:00"]
    assert [event.happened for event in late.events] == [event.happened for event in at_once.events]


def test_a_rows_notice_goes_to_the_row():
    matter = opened(RULES, paths={"slip.depts": ["工程", "保洁"]}).does("许志远", "raise", "09-29 10:10")

    told = [(event.item, event.to, event.people, event.text) for event in matter.of(Told) if event.notice == "each"]
    assert told == [
        ("工程", ("plumber@工程",), ("工程甲", "工程乙"), "工程请到场"),
        ("保洁", ("plumber@保洁",), ("保洁甲",), "保洁请到场"),
    ]


def test_a_notice_names_its_sender_its_channel_and_its_clauses():
    matter = opened(RULES).does("许志远", "raise", "09-29 10:10", {"slip.level": "大"})

    (first, second) = [event for event in matter.of(Told) if event.notice == "only"]
    assert (first.to, second.to, first.sender, first.by) == (("boss",), ("auditor",), "desk", ("短信",))
    assert "leak.7" in first.clauses


def test_a_role_that_nobody_holds_is_reported():
    rules = "role nobody: {name: 空缺}\naction call: {name: 来电, who: desk, do: [{tell: [nobody, boss]}]}\n"

    (told,) = opened(rules).does("林佳", "call", "09-29 10:10").of(Told)

    assert (told.to, told.people, told.unheld) == (
        ("nobody", "boss"),
        ("许志远", "双岗", "代经理", "替班"),
        ("nobody",),
    )


SAME_MINUTE = """
trigger nine: {name: 九点, every: "workday 09:00", do: [{set: {slip.remark: 已查}}]}
task checked: {name: 查, owed_by: desk, from: opened, by: slip.visit_at, done: slip.remark, missed: []}
task warned: {name: 提醒, owed_by: desk, from: opened, by: slip.visit_at, done: finish, remind: [{before: 1 min, tell: desk}], missed: []}
"""


def test_what_happens_by_itself_in_the_minute_of_a_limit_is_in_time():
    late = opened(SAME_MINUTE, paths={"slip.visit_at": "2026-09-30 09:00"}).waits("09-30 10:00")
    at_once = opened(SAME_MINUTE, paths={"slip.visit_at": "2026-09-30 09:00"}).waits("09-30 09:00").waits("09-30 09:01")

    assert (
        [event.task for event in late.of(TaskMissed)] == [event.task for event in at_once.of(TaskMissed)] == ["warned"]
    )
    assert (late.task("checked").state, len(late.of(Reminded))) == ("done", 1)


def test_a_condition_that_fell_and_rose_again_is_noted():
    matter = opened(RULES, paths={"slip.level": "大"}).does("林佳", "write", "09-29 10:10", {"slip.level": "小"})

    assert [event.holds for event in matter.of(ConditionNoted) if event.rule == "morning"] == [True, False]
