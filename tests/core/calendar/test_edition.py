"""Days: which are worked and why, from the public edition and from the organisation's own."""

import pickle
from dataclasses import replace
from datetime import date, time
from importlib.metadata import version

import chinese_calendar
import pytest

from shouwen.calendars import public_calendar, public_edition
from shouwen.core.calendar import END_OF_DAY, Calendar, Edition, day_kind, due, is_workday, parse_span
from tests.core.calendar.builders import CALENDARS, STANDARD, moment

KINDS = [
    ("standard", date(2026, 9, 30), (True, "工作日")),
    ("standard", date(2026, 10, 1), (False, "法定节假日：国庆节")),
    ("standard", date(2026, 10, 3), (False, "法定节假日：国庆节")),
    ("standard", date(2026, 10, 10), (True, "调休上班")),
    ("standard", date(2026, 10, 11), (False, "周末")),
    ("standard", date(2026, 2, 16), (False, "法定节假日：春节")),
    ("standard", date(2027, 1, 1), (True, "工作日（日历未公布，暂定）")),
    ("standard", date(2027, 1, 2), (False, "周末（日历未公布，暂定）")),
    ("own", date(2026, 6, 8), (False, "单位休息：司庆")),
    ("own", date(2026, 6, 13), (True, "单位上班：补司庆")),
    ("own", date(2026, 10, 1), (True, "单位上班：节日值守")),
    ("own", date(2026, 10, 10), (False, "单位休息：整修")),
]


@pytest.mark.parametrize(("calendar_name", "day", "kind"), KINDS)
def test_a_day_says_whether_it_is_worked_and_why(calendar_name: str, day: date, kind: tuple[bool, str]) -> None:
    assert kind == day_kind(CALENDARS[calendar_name], day)


def test_the_public_edition_agrees_with_its_library_on_every_day_since_2004() -> None:
    first, last = date(2004, 1, 1).toordinal(), date(public_edition().last_year, 12, 31).toordinal()

    for day in map(date.fromordinal, range(first, last + 1)):
        assert chinese_calendar.is_workday(day) == is_workday(public_calendar(), day), day


def test_the_public_edition_names_its_source_and_version() -> None:
    edition = public_edition()

    assert version("chinese_calendar") in edition.name
    assert "https://github.com/LKI/chinese-calendar" in edition.source
    assert (edition.first_year, edition.last_year >= 2026) == (2004, True)


def test_a_calendar_is_a_value_that_can_be_a_key_and_be_kept() -> None:
    same = Calendar(public_edition())

    assert {same: "kept"}[STANDARD] == "kept"
    assert same == pickle.loads(pickle.dumps(STANDARD))
    assert same != replace(same, closures={date(2026, 6, 8): "司庆"})


def test_a_changed_calendar_counts_anew() -> None:
    start, span = moment("2026-06-05 10:00"), parse_span("1 workday")
    assert due(STANDARD, start, span) != due(replace(STANDARD, closures={date(2026, 6, 8): "司庆"}), start, span)


WRONG_HOURS = [
    (),
    ((time(18), time(9)),),
    ((time(9), time(9)),),
    ((time(9), time(12)), (time(11), time(18))),
    ((time(13), time(18)), (time(9), time(12))),
]


@pytest.mark.parametrize("hours", WRONG_HOURS)
def test_hours_out_of_order_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="从早到晚、互不重叠"):
        Calendar(public_edition(), hours=hours)


def test_contradictory_days_and_ends_are_refused() -> None:
    day = date(2026, 6, 8)

    with pytest.raises(ValueError, match="2026-06-08 既定为单位休息又定为单位上班"):
        Calendar(public_edition(), closures={day: "休"}, openings={day: "开"})
    with pytest.raises(ValueError, match="2026-06-08 既是节假日又是调休上班日"):
        Edition("错", "测试", 2026, 2026, {day: "节"}, {day: "节"})
    with pytest.raises(ValueError, match="起止年份颠倒"):
        Edition("错", "测试", 2026, 2025, {}, {})
    with pytest.raises(ValueError, match="写 24:00"):
        Calendar(public_edition(), day_end=time(0))
    with pytest.raises(ValueError, match="请写到整分钟"):
        Calendar(public_edition(), hours=((time(9), time(18, 0, 30)),))


def test_round_the_clock_hours_are_one_whole_day() -> None:
    assert Calendar(public_edition(), hours=((time(0), END_OF_DAY),)).timetable.open_minutes == 1440
