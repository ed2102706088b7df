"""Moments, limits and private words as people read them."""

from datetime import timedelta

import pytest

from shouwen.web import moments
from shouwen.web.masked import mask, masked_name, masked_phone
from shouwen.web.shown import scaled, yuan
from tests.web.matter import at

NOW = at("2026-10-08 15:26")


@pytest.mark.parametrize(
    "when, words",
    [
        ("2026-10-08 18:00", "今天 18:00"),
        ("2026-10-07 09:12", "昨天 09:12"),
        ("2026-10-09 00:00", "明天 00:00"),
        ("2026-10-14 18:00", "10月14日 周三 18:00"),
        ("2027-01-04 18:00", "2027年1月4日 周一 18:00"),
    ],
)
def test_a_moment_is_told_by_its_distance_from_now(when: str, words: str) -> None:
    assert moments.near(at(when), NOW) == words


def test_the_midnight_that_ends_a_day_is_that_days_24_00() -> None:
    assert moments.limit(at("2026-10-09 00:00"), NOW) == "今天 24:00"
    assert moments.limit(at("2026-11-01 00:00"), NOW) == "10月31日 周六 24:00"


def test_moments_are_told_on_the_clock_of_the_house_wherever_they_come_from() -> None:
    from datetime import UTC, datetime

    assert moments.moment(datetime(2026, 9, 29, 8, 42, tzinfo=UTC)) == "9月29日 周二 16:42"


@pytest.mark.parametrize(
    "minutes, words",
    [(0, "0分"), (27, "27分"), (154, "2时34分"), (189, "3时09分"), (60, "1时00分"), (1440, "1天"), (8794, "6天2时")],
)
def test_a_length_names_days_and_hours_or_hours_and_minutes(minutes: int, words: str) -> None:
    assert moments.length(timedelta(minutes=minutes)) == words


def test_phones_and_names_are_masked_so_that_they_can_be_told_apart() -> None:
    assert masked_phone("13812342716") == "138 **** 2716"
    assert masked_phone("010-6552 1234") == "010 **** 1234"
    assert masked_phone("110") == "*10"
    assert masked_name("周敏华") == "周**"
    assert mask("11010519491231002X") == "110*************2X"
    assert mask("138 1234 2716") == "138 **** 2716"
    assert mask("一段很长很长的话，不该看出多长") == "一***"


def test_money_has_two_places_and_thousands() -> None:
    assert yuan(123450) == "1,234.50"
    assert yuan(-5) == "-0.05"
    assert scaled(1500, 2) == "15"
    assert scaled(15, 1) == "1.5"
