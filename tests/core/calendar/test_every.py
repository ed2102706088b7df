"""What returns: occurrences against a table worked out by hand, and the edges of the stretch asked for."""

from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
import yaml

from shouwen.core.calendar import parse_every, periods
from tests.core.calendar.builders import STANDARD, moment

TABLE = yaml.load((Path(__file__).parent / "periods.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case['every']} after {case['after']}")
def test_occurrences_are_those_worked_out_by_hand(case: dict[str, str]) -> None:
    found = periods(STANDARD, parse_every(case["every"]), moment(case["after"]), moment(case["until"]))

    assert [moment(text) for text in case["at"]] == list(found)


def test_nothing_returns_in_an_empty_or_inverted_stretch() -> None:
    noon, eleven = moment("2026-05-20 12:00"), moment("2026-05-20 11:00")

    assert list(periods(STANDARD, parse_every("30 min"), noon, noon)) == []
    assert list(periods(STANDARD, parse_every("day 11:30"), noon, eleven)) == []


def test_a_far_end_costs_nothing_until_it_is_asked_for() -> None:
    found = periods(STANDARD, parse_every("workday 09:00"), moment("2026-09-30 12:00"), moment("9000-01-01 00:00"))

    assert [moment("2026-10-08 09:00"), moment("2026-10-09 09:00")] == list(islice(found, 2))


def test_a_stretch_without_a_zone_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(ValueError, match="没有时区"):
        periods(STANDARD, parse_every("day 09:00"), datetime(2026, 5, 20), moment("2026-05-21 00:00"))  # noqa: DTZ001  # the mistake itself
