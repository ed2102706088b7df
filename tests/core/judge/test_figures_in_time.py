"""Hours and recurrences that a figure gives: whoever changes the figure changes the clock."""

from datetime import date

from shouwen.calendars import public_calendar
from shouwen.core.events import Noted, Reminded, TableJudged, TaskMissed
from shouwen.core.language.figures import figure_value
from shouwen.core.procedure import Dated
from shouwen.core.world import World
from tests.builders import CAST, compiled, opened

RULES = """
figure shift_end: {name: 下班, value: "17:30"}
figure noon: {name: 午后上班, value: "14:00", type: moment}
figure cycle: {name: 周期, value: 3 days}
figure count_day: {name: 盘点日, value: month day 5 09:00}
action call: {name: 来电, who: desk}
task report: {name: 报告, owed_by: desk, from: opened, by: next workday shift_end, done: call, missed: [],
  remind: [{at: same day noon, tell: boss}]}
task reply: {name: 回复, owed_by: desk, from: opened, within: next day noon, done: call, missed: []}
trigger again: {name: 循环, every: cycle, times: 1, do: [{note: 循环}]}
trigger daily: {name: 午间, every: day noon, times: 2, do: [{note: 午间}]}
trigger monthly: {name: 盘点, every: count_day, do: [{note: 盘点}]}
"""


def moments(events):
    return [f"{event.happened:%m-%d %H:%M}" for event in events]


def changed(**figures):
    """A world in which the organisation has set figures of its own."""
    given = {name: (Dated(since=date(2026, 1, 1), value=figure_value(compiled(RULES), name, text)),)
             for name, text in figures.items()}  # fmt: skip
    return World(public_calendar(), CAST, figures=given)


def test_a_limit_ends_at_the_hour_that_the_figure_says():
    matter = opened(RULES)

    assert (matter.due("report"), matter.due("reply")) == ("09-30 17:30", "09-30 14:00")


def test_a_changed_figure_changes_limits_reminders_and_recurrences():
    matter = opened(RULES, world=changed(shift_end="16:00", noon="13:00", cycle="2 days"))
    assert (matter.due("report"), matter.due("reply")) == ("09-30 16:00", "09-30 13:00")

    matter.waits("10-03 00:00")

    assert moments(matter.of(Reminded)) == ["09-30 13:00"]
    assert [(event.text, *moments([event])) for event in matter.of(Noted)] == [
        ("午间", "09-29 13:00"),
        ("午间", "09-30 13:00"),
        ("循环", "10-02 00:00"),
    ]


def test_the_minute_is_in_time_and_the_next_is_not():
    matter = opened(RULES).waits("09-30 17:30")
    assert [event.task for event in matter.of(TaskMissed)] == ["reply"]

    matter.waits("09-30 17:31")

    assert [event.task for event in matter.of(TaskMissed)] == ["reply", "report"]


def test_what_returns_returns_by_figure():
    matter = opened(RULES).waits("10-05 10:00")

    assert [(event.text, *moments([event])) for event in matter.of(Noted)] == [
        ("午间", "09-29 14:00"),
        ("午间", "09-30 14:00"),
        ("循环", "10-03 00:00"),
        ("盘点", "10-05 09:00"),
    ]


PROMISE = """
figure promise_urgent: {name: 急修承诺, value: 30 min, clause: "3"}
figure promise_normal: {name: 一般承诺, value: 4 h, clause: "4"}
table promise: {gives: span, rows: [{when: slip.level == '大', is: promise_urgent}], else: promise_normal}
task come: {name: 到场, owed_by: desk, from: opened, within: promise, done: finish, missed: []}
"""


def test_a_table_gives_the_span_of_a_figure():
    urgent, normal = opened(PROMISE, paths={"slip.level": "大"}), opened(PROMISE, paths={"slip.level": "小"})

    assert (urgent.due("come"), normal.due("come")) == ("09-29 10:30", "09-29 14:00")
    (judged,) = urgent.of(TableJudged)
    assert (judged.columns, judged.clauses) == ({"": "30 min"}, ("leak.7", "leak.3"))


def test_the_figures_of_the_organisation_count_in_tables_too():
    given = {"promise_urgent": (Dated(since=None, value=figure_value(compiled(PROMISE), "promise_urgent", "45 min")),)}
    world = World(public_calendar(), CAST, figures=given)

    assert opened(PROMISE, paths={"slip.level": "大"}, world=world).due("come") == "09-29 10:45"
