"""Moments: cut to the minute, in time or late, never without a zone; what lies between two; a new edition."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shouwen.core.calendar import (
    Edition,
    before,
    due,
    is_late,
    minute,
    moved,
    parse_span,
    prove,
    work_minutes_between,
    workdays_between,
)
from tests.core.calendar.builders import CALENDARS, STANDARD, moment

NAIVE = datetime(2026, 5, 20, 10)  # noqa: DTZ001  # the mistake itself
START = moment("2026-12-31 10:00")


def test_an_act_in_the_minute_of_the_deadline_is_in_time_and_the_next_minute_late() -> None:
    deadline = moment("2026-10-08 18:00")

    assert not is_late(moment("2026-10-08 17:59"), deadline)
    assert not is_late(moment("2026-10-08 18:00:59.999999"), deadline)
    assert is_late(moment("2026-10-08 18:01"), deadline)
    assert is_late(moment("2026-10-08 10:01:00+00:00"), deadline)


def test_the_deadline_of_24_00_has_the_first_minute_of_the_next_day() -> None:
    found = due(STANDARD, moment("2026-09-30 10:00"), parse_span("3 days"))

    assert found is not None
    assert not is_late(moment("2026-10-04 00:00:30"), found.moment)
    assert is_late(moment("2026-10-04 00:01"), found.moment)


def test_a_moment_is_cut_in_its_own_zone() -> None:
    assert moment("2026-10-08 18:00") == minute(moment("2026-10-08 18:00:59.5"))
    assert minute(datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)).tzinfo is UTC


WITHOUT_ZONE: list[Callable[[], object]] = [
    lambda: minute(NAIVE),
    lambda: is_late(NAIVE, START),
    lambda: is_late(START, NAIVE),
    lambda: due(STANDARD, NAIVE, parse_span("24 h")),
    lambda: due(STANDARD, NAIVE, parse_span("2 workdays")),
    lambda: due(STANDARD, START, parse_span("24 h"), pauses=[(NAIVE, None)]),
    lambda: due(STANDARD, START, parse_span("2 workdays"), pauses=[(START, NAIVE)]),
    lambda: before(STANDARD, NAIVE, parse_span("4 h")),
    lambda: before(STANDARD, NAIVE, parse_span("previous workday 09:00")),
    lambda: prove(STANDARD, NAIVE, parse_span("24 h")),
    lambda: work_minutes_between(STANDARD, NAIVE, START),
    lambda: workdays_between(STANDARD, START, NAIVE),
    lambda: moved(STANDARD, STANDARD, NAIVE, parse_span("24 h")),
]


@pytest.mark.parametrize("reckon", WITHOUT_ZONE)
def test_a_moment_without_a_zone_is_refused(reckon: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="没有时区：请给出带时区的时刻"):
        reckon()


BETWEEN = [
    ("standard", "2026-09-30 17:00", "2026-10-08 10:00", 120, 0),
    ("standard", "2026-09-29 16:42", "2026-10-08 18:00", 78 + 540 * 2, 2),
    ("standard", "2026-09-29 16:42", "2026-10-08 17:59", 78 + 540 + 539, 1),
    ("standard", "2026-10-09 10:00", "2026-10-12 19:00", 480 + 540 * 2, 2),
    ("standard", "2026-10-01 00:00", "2026-10-07 23:59", 0, 0),
    ("split", "2026-03-02 11:00", "2026-03-02 14:00", 90, 0),
    ("round", "2026-03-06 23:00", "2026-03-09 01:00", 120, 0),
]


@pytest.mark.parametrize(("calendar_name", "start", "end", "minutes", "workdays"), BETWEEN)
def test_what_lies_between_two_moments(calendar_name: str, start: str, end: str, minutes: int, workdays: int) -> None:
    calendar = CALENDARS[calendar_name]

    assert minutes == work_minutes_between(calendar, moment(start), moment(end))
    assert -minutes == work_minutes_between(calendar, moment(end), moment(start))
    assert workdays == workdays_between(calendar, moment(start), moment(end))
    assert workdays_between(calendar, moment(end), moment(start)) == 0


def test_elapsed_time_is_real_time_where_clocks_are_changed() -> None:
    # In Shanghai clocks went forward on 4 May 1986 at 02:00.
    found = due(STANDARD, moment("1986-05-03 12:00"), parse_span("24 h"))

    assert found is not None
    assert moment("1986-05-04 13:00") == found.moment
    assert timedelta(hours=24) == found.moment.astimezone(UTC) - moment("1986-05-03 12:00").astimezone(UTC)


def published_2027() -> Edition:
    edition = STANDARD.edition
    return replace(edition, name="2027年版", last_year=2027, holidays={**edition.holidays, date(2027, 1, 1): "元旦"})


def test_a_new_edition_moves_a_provisional_deadline_and_says_why() -> None:
    was, now, reason = moved(STANDARD, replace(STANDARD, edition=published_2027()), START, parse_span("1 workday"))

    assert was is not None
    assert now is not None
    assert (moment("2027-01-01 18:00"), True) == (was.moment, was.provisional)
    assert (moment("2027-01-04 18:00"), False) == (now.moment, now.provisional)
    assert reason == (
        "按“2027年版”重算：期限由2027年1月1日18:00改为2027年1月4日18:00，不再是暂定；"
        "1月1日由“工作日（日历未公布，暂定）”改为“法定节假日：元旦”。"
    )


def test_a_new_edition_that_moves_nothing_says_so() -> None:
    new = replace(STANDARD, edition=published_2027())

    assert moved(STANDARD, new, START, parse_span("24 h"))[2] == "按“2027年版”重算：期限不变，仍为2027年1月1日10:00。"
    assert (
        moved(STANDARD, new, moment("2027-01-04 10:00"), parse_span("1 workday"))[2]
        == "按“2027年版”重算：期限不变，仍为2027年1月5日18:00，不再是暂定。"
    )


def test_a_new_edition_leaves_a_standing_clock_standing() -> None:
    was, now, reason = moved(STANDARD, STANDARD, START, parse_span("1 workday"), [(START, None)])

    assert (was, now) == (None, None)
    assert "时限仍在暂停，尚无到期时刻" in reason


def test_new_hours_move_a_deadline_and_say_so() -> None:
    reason = moved(STANDARD, CALENDARS["midnight"], START, parse_span("1 workday"))[2]

    assert reason.endswith("改为2027年1月2日00:00；办公时间或工作日止点变了。")
