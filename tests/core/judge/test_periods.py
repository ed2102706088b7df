"""What the calendar begins over a population: of which period, moved off days off, with a sample and its reserve."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from shouwen.calendars import public_calendar
from shouwen.core import periodic, sample
from shouwen.core.case import Case
from shouwen.core.decide import decide
from shouwen.core.events import Noted
from tests.builders import WORLD, at, compiled, opened

FLOWS = """
form sheet: {name: 回访单, fields: {drawn: {name: 抽中, type: rows, key: no, columns: {no: {name: 案号}, room: {name: 房号}, cost: {name: 费用, type: money}, visit_at: {name: 约定, type: moment}}}, reserve: {name: 备选, type: rows, key: no, columns: {no: {name: 案号}, room: {name: 房号}}}, from_day: {name: 起, type: date}, until_day: {name: 止, type: date}}}
flow visit: {name: 回访, steps: {open: {name: 待访, rest: 备查}}}
also flow leak: {columns: {room: slip.room, cost: slip.cost, visit_at: slip.visit_at}}
"""
WEEKLY = (
    FLOWS
    + """
trigger weekly: {name: 每周抽样, every: week monday 09:00, moved: next workday, over: {flow: leak, where: slip.cost.filled, dated: slip.visit_at, during: previous week}, draw: {share: 50 %, least: 1}, do: [{open: visit, with: {sheet.drawn: "=this.members", sheet.reserve: "=this.reserve", sheet.from_day: "=this.from", sheet.until_day: "=this.until"}}]}
"""
)


def times(rules, after, until):
    """The occurrences in between: nominal and true moment."""
    found = periodic.occurrences(compiled(rules), WORLD, at(after), at(until))
    return [(f"{one.nominal:%m-%d %H:%M}", f"{one.moment:%m-%d %H:%M}") for one in found]


def batch(rules, moment, cases):
    """The batch of what falls due at this minute."""
    (occurrence,) = periodic.occurrences(compiled(rules), WORLD, at(moment) - timedelta(minutes=1), at(moment))
    (found,) = periodic.batches(compiled(rules), occurrence, cases, WORLD)
    return found


def case(number, visit_at, **more):
    """A case with this number and this moment on its slip."""
    taken = opened(WEEKLY, paths={"slip.visit_at": visit_at, "slip.cost": "12.50", **more}).case
    return replace(taken, number=number)


def test_a_monday_off_comes_on_the_next_working_day_at_the_same_hour():
    assert times(WEEKLY, "2026-09-22 00:00", "2026-10-13 00:00") == [
        ("09-28 09:00", "09-28 09:00"),
        ("10-05 09:00", "10-08 09:00"),
        ("10-12 09:00", "10-12 09:00"),
    ]


def test_the_previous_working_day_is_looked_for_backwards():
    rules = WEEKLY.replace("next workday", "previous workday")

    assert times(rules, "2026-09-29 00:00", "2026-10-11 00:00") == [("10-05 09:00", "09-30 09:00")]


def test_days_moved_into_one_are_as_many_and_however_often_anybody_looks_each_comes_once():
    rules = WEEKLY.replace("week monday 09:00", "day 09:00")
    looks = [at("2026-09-30 10:00"), at("2026-10-04 12:00"), at("2026-10-08 08:59"), at("2026-10-08 09:00")]
    looks.append(at("2026-10-12 12:00"))

    found = [
        (f"{one.nominal:%m-%d}", f"{one.moment:%m-%d}")
        for since, until in pairwise(looks)
        for one in periodic.occurrences(compiled(rules), WORLD, since, until)
    ]

    holiday = [(f"10-0{day}", "10-08") for day in range(1, 9)]
    assert found == [*holiday, ("10-09", "10-09"), ("10-10", "10-10"), ("10-11", "10-12"), ("10-12", "10-12")]


def test_two_mondays_moved_to_one_day_draw_with_seeds_of_their_own():
    closed = {date(2026, 10, day): "停业" for day in (8, 9, 10, 12, 13)}
    world = replace(WORLD, calendar=replace(public_calendar(), closures=closed))

    found = list(periodic.occurrences(compiled(WEEKLY), world, at("2026-09-29 00:00"), at("2026-10-14 09:00")))

    assert [one.seed for one in found] == ["weekly/2026-10-05", "weekly/2026-10-12"]
    assert {one.moment for one in found} == {at("2026-10-14 09:00")}
    members = [case("A", "2026-09-30 10:00"), case("B", "2026-10-06 10:00")]
    drawn = [b for one in found for b in periodic.batches(compiled(WEEKLY), one, members, world)]
    assert [one.members for one in drawn] == [("A",), ("B",)]
    assert len({begin.key for one in drawn for begin in one.opens}) == 2


def test_the_week_before_the_nominal_monday_begin_included_end_excluded():
    members = [
        case("before", "2026-09-27 23:59"),
        case("first", "2026-09-28 00:00"),
        case("last", "2026-10-04 23:59"),
        case("after", "2026-10-05 00:00"),
    ]

    found = batch(WEEKLY, "2026-10-08 09:00", members)

    assert found.size == 2
    assert set(found.members) <= {"first", "last"}
    values = found.opens[0].values
    assert {row["no"] for path in ("sheet.drawn", "sheet.reserve") for row in values[path]} == {"first", "last"}


@pytest.mark.parametrize(
    ("during", "every", "moment", "inside", "outside"),
    [
        ("day", "day 08:00", "2026-10-01 08:00", "2026-09-30 23:59", "2026-10-01 00:00"),
        ("month", "month day 1 00:00", "2026-11-01 00:00", "2026-10-01 00:00", "2026-09-30 23:59"),
        ("quarter", "quarter day 1 09:00", "2027-01-01 09:00", "2026-10-01 00:00", "2026-09-30 23:59"),
        ("year", "year 01-05 09:00", "2027-01-05 09:00", "2026-12-31 23:59", "2027-01-01 00:00"),
    ],
)
def test_other_periods(during, every, moment, inside, outside):
    rules = WEEKLY.replace("previous week", f"previous {during}").replace("week monday 09:00", every)
    rules = rules.replace(", moved: next workday", "")

    found = batch(rules, moment, [case("in", inside), case("out", outside)])

    assert found.members == ("in",)


def test_without_a_moment_nobody_is_in_a_period_and_opened_needs_no_field():
    rules = WEEKLY.replace("dated: slip.visit_at, ", "")
    taken = replace(opened(WEEKLY, when="2026-10-02 10:00", paths={"slip.cost": "1"}).case, number="C")

    found = batch(rules, "2026-10-08 09:00", [taken])

    assert (found.members, found.size) == (("C",), 1)


def test_the_reserve_is_the_rest_in_drawn_order_and_fills_a_paper():
    members = [case(f"L{place}", "2026-09-30 10:00", **{"slip.room": f"3-{place}"}) for place in range(7)]
    found = batch(WEEKLY, "2026-10-08 09:00", members)
    (begin,) = found.opens

    made = decide(compiled(WEEKLY), Case(), replace(begin, number="V1"), at("2026-10-08 09:00"), WORLD)

    values = made.case.values
    drawn, reserve = values["sheet.drawn"], values["sheet.reserve"]
    assert [len(drawn), len(reserve)] == [4, 3]
    assert tuple(row["no"] for row in drawn) == found.members
    assert [row["no"] for row in (*drawn, *reserve)] == list(
        sample.permuted(tuple(one.number for one in members), "weekly/2026-10-05")
    )
    assert dict(drawn[0]) == {
        "#": found.members[0],
        "no": found.members[0],
        "room": f"3-{found.members[0][1:]}",
        "cost": 1250,
        "visit_at": at("2026-09-30 10:00"),
    }
    assert set(reserve[0]) == {"#", "no", "room"}
    assert (values["sheet.from_day"], values["sheet.until_day"]) == (date(2026, 9, 28), date(2026, 10, 4))


DAILY = "trigger daily: {name: 每日, every: day 09:00, moved: next workday, do: [{note: 到点}]}"


@pytest.mark.parametrize("looks", [("10-09 12:00",), ("10-03 12:00", "10-08 09:00", "10-08 09:30", "10-09 12:00")])
def test_a_case_s_own_recurrence_is_moved_too_and_none_is_lost(looks):
    matter = opened(DAILY, when="2026-09-30 10:00")

    for look in looks:
        matter.waits(look)

    assert [f"{event.happened:%m-%d %H:%M}" for event in matter.of(Noted)] == ["10-08 09:00"] * 8 + ["10-09 09:00"]


def test_spans_are_counted_from_the_first_day_of_force_however_often_anybody_looks():
    days = WEEKLY.replace("week monday 09:00, moved: next workday", "10 days")
    hours = WEEKLY.replace("week monday 09:00, moved: next workday", "36 h")

    whole, halves = times(days, "2026-01-01 00:00", "2026-02-01 00:00"), [("2026-01-01 00:00", "2026-01-15 12:00")]
    halves.append(("2026-01-15 12:00", "2026-02-01 00:00"))

    assert [nominal for nominal, _ in whole] == ["01-12 00:00", "01-22 00:00", "02-01 00:00"]
    assert [one for since, until in halves for one in times(days, since, until)] == whole
    assert times(hours, "2026-01-03 13:00", "2026-01-05 12:00") == [("01-04 00:00",) * 2, ("01-05 12:00",) * 2]
