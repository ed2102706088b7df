"""Cases among cases: what stands before an opening, keys, another calendar, batches and samples, figures for managers."""

from dataclasses import replace
from datetime import date

import pytest

from shouwen.calendars import public_calendar
from shouwen.core import measure, periodic
from shouwen.core.case import Case
from shouwen.core.commands import Begin, Recalendar
from shouwen.core.decide import wakes_at
from shouwen.core.events import (
    ActDone,
    CalendarChanged,
    CaseLinked,
    CaseOpened,
    Requested,
    TaskDone,
    TaskMissed,
    TaskMoved,
)
from shouwen.core.offers import deadlines
from shouwen.core.procedure import Dated
from shouwen.core.sample import draw
from shouwen.core.world import World
from tests.builders import CAST, OPENING, SLIP, WORLD, Matter, at, compiled, opened

RULES = """
fact same: {name: 同处未结, shape: last, of: leak, match: {room: slip.room}, gives: {found: bool, case: text}, unknown: pass}
also flow leak:
  columns: {room: slip.room, level: slip.level}
  before_opening: [{when: same.found, do: join, case: same.case, as: add, or: 同一处已有未结的报修, clause: "4"}]
action add: {name: 补充, who: desk}
action split: {name: 分案, who: desk, do: [{open: leak, with: {slip.room: =slip.room, slip.what: 另案处理}}]}
task visit: {name: 上门, owed_by: desk, from: opened, within: 5 workdays, done: add, missed: [{tell: boss}], outlives: yes}
task soon: {name: 回电, owed_by: desk, from: opened, within: 1 h, done: add, missed: [], outlives: yes}
flow audit: {name: 抽查, steps: {look: {name: 查}, over: {name: 完, end: yes}}, links: {members: leak}}
form sheet: {name: 抽查表, fields: {cases: {name: 案件, type: list, optional: yes}}}
action open_audit: {name: 抽查立案, flow: audit, opens: audit, who: boss}
trigger sample:
  name: 每月抽查
  every: month day 1 09:00
  over: {flow: leak, where: slip.level == '大'}
  draw: {share: 30 %, least: 2}
  do: [{open: audit}]
measure all: {name: 件数, of: leak}
measure large: {name: 大的占比, of: leak, share: slip.level == '大', by: month}
measure paid: {name: 费用, of: leak, sum: slip.cost}
measure timely: {name: 及时率, of: soon, share: "!task.soon.missed"}
measure rooms: {name: 户数, of: leak, distinct: slip.room}
measure middle: {name: 中位, of: leak, median: slip.cost}
measure adds: {name: 补充次数, of: add}
"""


def test_an_earlier_case_stands_before_a_new_one_and_says_what_to_do_instead():
    blank = Matter(compiled(RULES))

    (reason,) = blank.refuses(
        "林佳", "open leak", OPENING, SLIP, answers={"same": {"found": True, "case": "7"}}
    ).reasons

    assert (reason.code, reason.instead, reason.text) == ("join-first", ("add",), "同一处已有未结的报修（7）")


def test_a_person_may_insist_with_a_reason_that_is_kept():
    blank = Matter(compiled(RULES))

    blank.does("林佳", "open leak", OPENING, SLIP, answers={"same": {"found": True, "case": "7"}}, reason="另一处漏点")

    assert [event.excused for event in blank.of(ActDone)] == [("同一处已有未结的报修：另一处漏点",)]


def test_a_key_belongs_to_one_command():
    matter = opened(RULES).does("林佳", "add", "09-29 10:10", key="k")

    assert [reason.code for reason in matter.refuses("林佳", "split", "09-29 10:20", key="k").reasons] == ["key-used"]


def test_a_case_that_opens_another_asks_once_with_a_key_of_its_own():
    matter = opened(RULES).does("林佳", "split", "09-29 10:10").does("林佳", "split", "09-29 10:20")

    first, second = matter.of(Requested)
    assert (first.verb, first.values) == ("open", {"slip.room": "3-2-1502", "slip.what": "另案处理"})
    assert first.key != second.key


def test_a_case_begun_by_a_rule_has_no_first_contact_and_its_members_with_it():
    matter = Matter(compiled(RULES))

    matter.takes(Begin(flow="audit", number="A-1", key="b", cause="sample", members=("1", "2")), OPENING)

    assert [event.first_contact for event in matter.of(CaseOpened)] == [""]
    assert [event.number for event in matter.of(CaseLinked)] == ["1", "2"]
    assert (
        matter.takes(Begin(flow="audit", number="A-1", key="c", cause="sample"), OPENING).reasons[0].code
        == "already-open"
    )


def test_another_calendar_moves_open_limits_and_says_why():
    matter = opened(RULES).waits("09-30 09:00")
    assert matter.due("visit") == "10-12 18:00"

    matter.world = closed_on(date(2026, 10, 9))
    matter.takes(Recalendar(reason="停业一天"), "09-30 09:00")

    (moved,) = matter.of(TaskMoved)
    assert (moved.task, moved.due.day, matter.of(CalendarChanged)[0].reason) == ("visit", 13, "停业一天")
    assert "停业一天" in moved.reason


@pytest.mark.parametrize("met", [True, False])
def test_another_calendar_leaves_alone_what_was_met_or_missed(met):
    matter = opened(RULES)
    if met:
        matter.does("林佳", "add", "09-29 10:10")
    matter.waits("10-12 18:01")
    before = (matter.of(TaskDone), matter.of(TaskMissed))

    matter.world = closed_on(date(2026, 10, 9))
    matter.takes(Recalendar(reason="停业一天"), "10-12 19:00")

    assert (matter.of(TaskMoved), (matter.of(TaskDone), matter.of(TaskMissed))) == ([], before)


def test_a_limit_beyond_the_published_calendar_is_provisional():
    edition = replace(WORLD.calendar.edition, last_year=2025)
    matter = opened(RULES, world=replace(WORLD, calendar=replace(WORLD.calendar, edition=edition)))

    assert matter.task("visit").provisional


def closed_on(day):
    return replace(WORLD, calendar=replace(WORLD.calendar, closures={day: "停业"}))


def test_a_limit_proves_itself():
    matter = opened(RULES)

    (visit, _) = deadlines(matter.procedure, matter.case, WORLD, at("09-29 10:00"))

    assert (visit.due, visit.proof is not None, visit.owed_by) == (matter.task("visit").due, True, ("desk",))


def test_a_case_is_looked_at_again_in_the_minute_after_its_next_limit():
    matter = opened(RULES)

    assert wakes_at(matter.procedure, matter.case, WORLD, at("09-29 10:00")) == at("09-29 11:01")
    assert wakes_at(matter.procedure, matter.waits("12-01 00:00").case, WORLD, at("12-01 00:00")) is None


@pytest.mark.parametrize(
    "share, least, size, drawn",
    [
        ((3, 10), 2, 10, 3),
        ((3, 10), 2, 11, 4),
        ((3, 10), 2, 5, 2),
        ((3, 10), 2, 1, 1),
        ((1, 10), 0, 1, 1),
        ((1, 1), 0, 7, 7),
        ((1, 3), 0, 0, 0),
    ],
)
def test_a_sample_is_exactly_its_share_rounded_up_and_at_least_its_least(share, least, size, drawn):
    population = tuple(f"{place:03}" for place in range(size))

    found = draw(population, share, least, "种子")

    assert (len(found), set(found) <= set(population), len(set(found))) == (drawn, True, drawn)


def test_a_sample_is_drawn_again_by_its_seed_in_whatever_order_the_population_comes():
    population = tuple(f"{place:03}" for place in range(40))

    assert draw(population, (1, 4), 0, "一月") == draw(population[::-1], (1, 4), 0, "一月")
    assert draw(population, (1, 4), 0, "一月") != draw(population, (1, 4), 0, "二月")


def filed(number, when, **slip):
    matter = Matter(compiled(RULES))
    paths = {**SLIP, **{f"slip.{name}": value for name, value in slip.items()}}
    return matter.does("林佳", "register", when, paths, number=number)


def test_the_calendar_draws_its_sample_from_those_that_belong():
    cases = [filed(f"{place}", "09-29 10:00", level="大" if place < 8 else "小").case for place in range(12)]
    procedure = compiled(RULES)

    (occurrence,) = periodic.occurrences(procedure, WORLD, at("09-30 00:00"), at("10-02 00:00"))
    (batch,) = periodic.batches(procedure, occurrence, cases, WORLD)

    assert (batch.size, len(batch.members), {int(one) < 8 for one in batch.members}) == (8, 3, {True})
    assert [begin.flow for begin in batch.opens] == ["audit"]


def test_the_share_of_a_sample_is_the_organisation_s_to_set_where_a_figure_gives_it():
    procedure = compiled(RULES.replace("share: 30 %", "share: sampled") + "figure sampled: {name: 比例, value: 30 %}\n")
    cases = [filed(f"{place}", "09-29 10:00", level="大").case for place in range(8)]
    half = World(public_calendar(), CAST, figures={"sampled": (Dated(since=None, value=5000),)})

    def drawn(world):
        (occurrence,) = periodic.occurrences(procedure, world, at("09-30 00:00"), at("10-02 00:00"))
        (batch,) = periodic.batches(procedure, occurrence, cases, world)
        return len(batch.members)

    assert (drawn(WORLD), drawn(half)) == (3, 4)


FIGURES = [
    ("all", 4, None, None),
    ("large", 4, 2, None),
    ("paid", 4, None, 600),
    ("timely", 4, 3, None),
    ("rooms", 4, None, 2),
    ("middle", 4, None, 200),
    ("adds", 3, None, None),
]


@pytest.mark.parametrize("name, count, hits, value", FIGURES)
def test_figures_are_counted_from_cases_and_their_events(name, count, hits, value):
    matters = [
        filed("1", "09-29 10:00", level="大", cost="1").does("林佳", "add", "09-29 10:30"),
        filed("2", "09-29 10:00", level="大", cost="2", room="1").does("林佳", "add", "09-29 11:00"),
        filed("3", "10-09 10:00", level="小", cost="3").does("林佳", "add", "10-09 11:01"),
        filed("4", "10-09 10:00", room="1"),
    ]
    procedure = compiled(RULES)

    found = measure.evaluate(
        procedure,
        procedure.measures[name],
        [(one.case, tuple(one.events)) for one in matters],
        WORLD,
        at("10-09 11:00"),
    )

    assert (found.count, found.hits, found.value) == (count, hits, value)


def test_a_figure_is_broken_down_by_month_and_kept_to_its_period():
    procedure, matters = compiled(RULES), [filed("1", "09-29 10:00", level="大"), filed("2", "10-09 10:00", level="小")]
    cases = [(one.case, tuple(one.events)) for one in matters]

    whole = measure.evaluate(procedure, procedure.measures["large"], cases, WORLD, at("11-01 00:00"))
    part = measure.evaluate(
        procedure, procedure.measures["large"], cases, WORLD, at("11-01 00:00"), (at("10-01 00:00"), at("11-01 00:00"))
    )

    assert [(key, figure.hits, figure.count) for key, figure in whole.parts] == [
        (("2026-09",), 1, 1),
        (("2026-10",), 0, 1),
    ]
    assert (part.hits, part.count) == (0, 1)


def test_a_blank_case_and_the_passing_of_time_make_nothing():
    matter = Matter(compiled(RULES)).waits("12-01 00:00")

    assert (matter.events, matter.case) == ([], Case())
    assert matter.takes(Recalendar(reason="新历"), "12-01 00:00").reasons[0].code == "no-case"
