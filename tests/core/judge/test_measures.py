"""Figures against their targets, and the periods that they are compared with."""

from dataclasses import replace
from datetime import datetime

import pytest

from shouwen.core import measure
from shouwen.core.measure import Figure
from shouwen.core.procedure import Measure
from tests.builders import at, opened

RULE = Measure(id="kept", name="及时率", flow="slip", of_kind="flow", of="slip")


@pytest.mark.parametrize(
    "target, figure, expected",
    [
        (">= 98 %", Figure(50, hits=49), True),
        (">= 98 %", Figure(100, hits=97), False),
        (">= 98 %", Figure(0, hits=0), None),
        ("<= 24 h", Figure(3, value=1440), True),
        ("<= 24 h", Figure(3, value=1441), False),
        ("<= 2 days", Figure(3, value=2881), False),
        ("= 0", Figure(0), True),
        ("< 3", Figure(3), False),
        ("", Figure(3), None),
    ],
)
def test_a_figure_is_held_against_its_target(target: str, figure: Figure, expected: bool | None) -> None:
    met = measure.meets(replace(RULE, target=target), figure)

    assert met is expected


@pytest.mark.parametrize(
    "word, start, end",
    [("mom", at("02-01 00:00"), at("03-01 00:00")), ("yoy", at("2025-03-01 00:00"), at("2025-04-01 00:00"))],
)
def test_a_period_is_compared_with_the_same_days_a_month_or_a_year_before(
    word: str, start: datetime, end: datetime
) -> None:
    found = measure.earlier(replace(RULE, compare=("mom", "yoy")), (at("03-01 00:00"), at("04-01 00:00")))

    assert found[word] == (start, end)


def test_the_last_day_of_a_longer_month_is_compared_with_that_of_the_shorter() -> None:
    found = measure.earlier(replace(RULE, compare=("mom",)), (at("03-30 00:00"), at("03-31 00:00")))

    assert found["mom"] == (at("02-28 00:00"), at("02-28 00:00"))


def test_the_median_of_numbers_that_come_often_is_that_of_all_of_them() -> None:
    lapse = replace(RULE, lapse=("opened", "closed"))

    assert measure.total(lapse, 5, 0, {10: 3, 50: 2}) == Figure(5, value=10, mean=26)
    assert measure.total(lapse, 4, 0, {10: 2, 50: 2}).value == 30
    assert measure.total(lapse, 3, 0, {}) == Figure(3)


@pytest.mark.parametrize(
    "moment, month", [("10-08 00:59", "08"), ("10-09 01:00", "08"), ("10-09 18:00", "09"), ("10-31 23:59", "09")]
)
def test_a_month_is_closed_so_long_after_its_end_as_the_measure_says(moment: str, month: str) -> None:
    matter = opened("measure taken: {name: 件数, of: slip, frozen: 2 workdays}")
    rule = matter.procedure.measures["taken"]

    since, until = measure.last_closed(matter.procedure, rule, at(moment), matter.world)

    # The first seven days of October are a holiday: the second working day is the ninth.
    assert (since.day, until.day) == (1, 1)
    assert f"{since:%m}" == month


def test_a_measure_that_says_nothing_is_closed_ten_days_after_the_month() -> None:
    matter = opened("measure taken: {name: 件数, of: slip, good: low}")
    rule = matter.procedure.measures["taken"]

    before = measure.last_closed(matter.procedure, rule, at("10-10 23:59"), matter.world)
    after = measure.last_closed(matter.procedure, rule, at("10-11 00:00"), matter.world)

    assert (before[0].month, after[0].month) == (8, 9)
    assert rule.good == "low"


def test_a_time_of_a_row_is_that_of_its_own_events() -> None:
    rules = """
form letters: {name: 通知书, fields: {users: {name: 用户, type: rows, key: room, columns: {room: 单元, at: {name: 送达, type: moment, optional: yes}}}}}
action write_letters: {name: 写信, who: desk, fills: {letters: [users]}}
action deliver: {name: 送达, who: desk, each: letters.users, at: letters.users.at, fills: {letters: [users.at!]}}
task reach: {name: 送到, owed_by: desk, for_each: letters.users, within: 2 h, done: deliver, missed: [{tell: boss}]}
measure reached: {name: 送达用时, of: reach, lapse: {from: opened, until: deliver}, by: [this.room]}
"""
    matter = opened(rules).does(
        "林佳", "write_letters", "09-30 10:00", {"letters.users": [{"room": "A"}, {"room": "B"}]}
    )
    matter = matter.does("林佳", "deliver", "09-30 12:00", {"letters.users": [{"room": "A", "at": "2026-09-30 11:00"}]})
    matter = matter.does("林佳", "deliver", "09-30 13:00", {"letters.users": [{"room": "B", "at": "2026-09-30 12:30"}]})

    rule = matter.procedure.measures["reached"]
    found = measure.evaluate(matter.procedure, rule, [(matter.case, ())], matter.world, at("09-30 14:00"))

    waits = {key: part.value for key, part in found.parts}
    assert waits[("B",)] - waits[("A",)] == 90
