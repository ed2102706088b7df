"""Moments as stories write them."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from shouwen.calendars import public_calendar
from shouwen.demo.moments import NotUnderstood, Reckoning

ZONE = ZoneInfo("Asia/Shanghai")
#: Tuesday; 1 to 7 October are a holiday
OPENED = datetime(2026, 9, 29, 16, 42, tzinfo=ZONE)


def moment(text: str, before: datetime = OPENED) -> str:
    found = Reckoning(public_calendar(), OPENED, Random(1)).moment(text, before)
    return f"{found:%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("+20 min", "09-29 17:02"),
        ("-2 h", "09-29 14:42"),
        ("+3 days", "10-02 16:42"),
        ("day+1 10:00", "09-30 10:00"),
        ("workday+2 09:30", "10-08 09:30"),
        ("workday-1 09:30", "09-28 09:30"),
        ("next day 08:00", "09-30 08:00"),
        ("next workday 08:00", "09-30 08:00"),
        ("-10 h awake", "09-28 19:12"),
        ("-3 h open", "09-29 13:42"),
        ("-20 h open", "09-24 14:42"),
        ("next 08:00|14:00 +12 min", "09-30 08:12"),
        ("next 16:42|18:00 +0 min", "09-29 18:00"),
    ],
)
def test_a_moment_is_reckoned_from_the_step_before_or_from_the_opening(text: str, expected: str) -> None:
    assert moment(text) == expected


def test_a_range_is_drawn_to_the_minute() -> None:
    drawn = {Reckoning(public_calendar(), OPENED, Random(seed)).moment("+20..24 min", OPENED) for seed in range(60)}

    assert sorted(f"{at:%H:%M}" for at in drawn) == ["17:02", "17:03", "17:04", "17:05", "17:06"]


def test_closed_hours_put_a_step_off_to_the_next_opening() -> None:
    evening = datetime(2026, 9, 30, 17, 50, tzinfo=ZONE)

    assert "10-08 09:03" <= moment("+20 min open", evening) <= "10-08 09:45"
    assert moment("+5 min open", evening) == "09-30 17:55"


def test_at_night_nobody_rings_a_bell() -> None:
    late = datetime(2026, 9, 29, 20, 20, tzinfo=ZONE)

    assert "09-30 08:10" <= moment("+20 min awake", late) <= "09-30 08:50"


def test_a_moment_that_nobody_can_read_is_shown_with_one_that_can_be_read() -> None:
    with pytest.raises(NotUnderstood, match="时刻“改天”看不懂：写作"):
        moment("改天")
