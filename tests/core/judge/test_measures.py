"""Figures against their targets, and the periods that they are compared with."""

from dataclasses import replace
from datetime import datetime

import pytest

from shouwen.core import measure
from shouwen.core.measure import Figure
from shouwen.core.procedure import Measure
from tests.builders import at

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
