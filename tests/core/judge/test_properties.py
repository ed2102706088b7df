"""Random small histories: what must hold of every one of them, whatever people do and whenever anybody looks."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.core.commands import Act, BuiltIn, Command, Wake
from shouwen.core.decide import wakes_at
from shouwen.core.events import CommandTaken, Event, Posted, PostingReversed, Reminded, TaskMissed, TriggerFired
from tests.builders import Matter, at, compiled, opened, replayed, values

RULES = """
action visit: {name: 上门, who: [desk, plumber]}
action hold: {name: 等料, who: desk}
action go_on: {name: 料到, who: desk}
action undo: {name: 返工, who: desk}
action pay: {name: 赔付, who: desk, fills: {slip: [cost!]}, do: [{post: refund}]}
action drop: {name: 撤销, who: boss, do: [{end: done}]}
posting refund: {name: 赔付, debit: 公司, credit: 业主, amount: slip.cost}
posting fine: {name: 罚款, after: task.rows.missed, for_each: slip.depts, debit: "{this.item}", credit: 公司, amount: fixed}
figure fixed: {name: 定额, value: 5 元}
authority paying: {name: 赔付, over: pay, when: slip.cost >= fixed, levels: {one: boss, two: {role: head, when: slip.level == '大'}}, seals: slip.level, within: 3 h, missed: [{tell: head}], declined: [{tell: desk}], returned: []}
authority line: {name: 上报, climb: [boss, {role: auditor, after: 30 min}, {role: head, after: 1 workday}]}
task answer: {name: 答复, when: slip.level == '大', owed_by: boss, from: [opened, undo], start: latest, within: 2 h, done: visit, remind: [{before: 30 min, tell: boss}], missed: [{tell: head}], overdue: {every: "workday 09:00", tell: head}, climb: line}
task rows: {name: 分修, for_each: slip.depts, owed_by: {role: plumber, unit: this.item}, from: opened, within: 4 h, done: visit, undone: undo, missed: [{tell: boss}], pauses: [{from: hold, until: go_on}], outlives: yes}
task watch: {name: 看守, while: "slip.level == '小'", owed_by: desk, from: visit, within: 1 workday, done: pay, missed: [{set: {slip.remark: 误}}], outlives: yes}
task meet: {name: 赴约, owed_by: desk, from: slip.visit_at, within: 1 h, done: visit, missed: [], outlives: yes}
task quiet: {name: 静候, owed_by: desk, from: hold, within: 3 h, expires: done, done: visit, missed: [], outlives: yes}
table grade: {name: 级, rows: [{when: slip.level == '大' && slip.cost >= fixed, is: 甲}, {when: slip.level.filled, is: 乙}], decided_by: drop}
trigger rise: {name: 升, when: slip.level == '大' && slip.level.before != '大', do: [{note: 升}]}
trigger after_miss: {name: 误后, after: [task.rows.missed, task.answer.missed], do: [{note: 误}]}
trigger nine: {name: 九点, every: "workday 09:00", when: slip.level == '大', do: [{tell: boss}]}
trigger hourly: {name: 十点, every: "day 10:00", do: [{set: {slip.times: 3}}]}
notice told: {name: 通知, after: [task.rows.missed, visit], for_each: slip.depts, to: {role: plumber, unit: this.item}, receipt: read, within: 2 h, missed: [{tell: boss}]}
"""

ACTS = [
    *(("林佳", "write", {"slip.level": level}) for level in ("大", "小")),
    *(("林佳", "write", {"slip.depts": depts}) for depts in (["工程"], ["工程", "保洁"], ["保洁"])),
    ("许志远", "write", {"slip.visit_at": "2026-09-30 09:00"}),
    *(("林佳", act, {}) for act in ("visit", "hold", "go_on", "undo", "finish", "again")),
    ("许志远", "drop", {}),
    *(("林佳", "pay", {"slip.cost": cost}) for cost in ("1", "9")),
    ("许志远", "approve paying", {}),
    ("许志远", "decline paying", {}),
    ("工程甲", "read told", {}),
]
GAPS = (0, 1, 29, 61, 239, 240, 241, 700, 1440, 5000)

histories = st.lists(
    st.tuples(st.sampled_from(GAPS), st.sampled_from(ACTS), st.sampled_from((0, 0, 0, 90))), max_size=9
)


END = at("10-10 12:00")


def few(examples: int) -> settings:
    """So many examples in every check; a search (`--hypothesis-profile=search`) decides itself."""
    most = settings().max_examples
    return settings(max_examples=examples if most <= 100 else most)


def commands(history) -> list[tuple[datetime, Command]]:
    """Each step with its moment and a key of its own; some are typed in an hour and a half late."""
    when, found = at("09-29 10:00"), []
    for place, (gap, (person, name, paths), late) in enumerate(history):
        when += timedelta(minutes=gap)
        verb, _, target = name.partition(" ")
        happened = when - timedelta(minutes=late) if late else None
        if target:
            command = BuiltIn(verb=verb, actor=person, target=target, reason="理由", key=str(place))
        else:
            command = Act(action=name, actor=person, values=values(paths), key=str(place), happened=happened)
        found.append((when, command))
    return found


def lived(history, *, watched: bool = False) -> Matter:
    """A matter that went through a history, looked at only when somebody acted, or at every moment it asked for."""
    matter, end = opened(RULES, paths={"slip.level": "大", "slip.depts": ["工程"]}), at("09-29 10:00")
    for when, command in [*commands(history), (END, Wake())]:
        while watched:
            moment = wakes_at(matter.procedure, matter.case, matter.world, end)
            if moment is None or moment >= when:
                break
            matter.takes(Wake(), moment.isoformat()[:16])
            end = moment
        matter.takes(command, when.isoformat()[:16])
        end = when
    return matter


def undated(events: list[Event]) -> list[Event]:
    return [replace(event, at=at("01-01 00:00")) for event in events]


@few(8)
@given(histories)
def test_whatever_people_do_the_history_is_sound(history):
    matter = lived(history)

    assert replayed(matter) == matter.case
    assert repetitions(matter.events) == []
    assert [one for one in matter.case.open_tasks() if one.due and one.due < END and not one.missed] == []
    for _, command in commands(history):
        if command.key in matter.case.keys:
            assert matter.takes(command, END.isoformat()[:16]).events == ()


@few(6)
@given(histories)
def test_it_does_not_matter_how_often_anybody_looks(history):
    seldom, often = lived(history), lived(history, watched=True)

    assert undated(seldom.events) == undated(often.events)


def repetitions(events: list[Event]) -> list[tuple]:
    """What has happened more often than it may: misses, alarms, periods, commands, entries."""
    found = Counter(what for event in events if (what := _once(event)))
    found.subtract(("posted", event.key) for event in events if isinstance(event, PostingReversed))
    return [what for what, count in found.items() if count > 1]


def _once(event: Event) -> tuple:
    match event:
        case TaskMissed():
            return ("missed", event.task, event.item, event.due)
        case Reminded():
            return ("reminded", event.task, event.item, event.alarm, event.happened)
        case TriggerFired() if event.trigger in ("nine", "hourly"):
            return (event.trigger, event.happened)
        case CommandTaken():
            return ("taken", event.key)
        case Posted():
            return ("posted", event.key)
        case _:
            return ()


SPANS = (
    "2 h",
    "90 min",
    "4 work hours",
    "1 workday",
    "3 workdays",
    "2 days",
    "1 month",
    "next workday 08:00",
    "day end",
)
LIMITS = "".join(
    f"task t{place}: {{name: 限, owed_by: desk, from: opened, within: {span}, done: visit, missed: [], outlives: yes}}\n"
    for place, span in enumerate(SPANS)
)
LIMITS += "action visit: {name: 上门, who: desk}\n"


@few(8)
@given(st.integers(0, 60 * 24 * 120), st.sampled_from(range(len(SPANS))))
def test_the_minute_of_a_limit_is_in_time_and_the_next_is_late(minutes, place):
    when = (at("08-01 00:00") + timedelta(minutes=minutes)).isoformat()[:16]
    matter = Matter(compiled(LIMITS)).does("林佳", "register", when, {"slip.room": "1", "slip.what": "漏水了"})
    due = matter.task(f"t{place}").due
    late = Matter(matter.procedure, matter.world, matter.case, list(matter.events))

    matter.does("林佳", "visit", due.isoformat()[:16])
    late.does("林佳", "visit", (due + timedelta(minutes=1)).isoformat()[:16])

    assert (matter.task(f"t{place}").missed, matter.task(f"t{place}").in_time) == (None, True)
    assert (late.task(f"t{place}").missed, late.task(f"t{place}").in_time) == (due, False)
