"""Proofs as people read them: every day or interval, counted or not, and why."""

from collections.abc import Sequence

import pytest

from shouwen.core.calendar import parse_span, prove
from tests.core.calendar.builders import CALENDARS, STANDARD, moment, pauses_of


def told(start: str, span: str, pauses: Sequence[str] = (), calendar_name: str = "standard") -> list[str]:
    """A proof as lines '10-08 18:00 + 计第2日 = 2': until when, counted (+) or not (-), why, and the total."""
    calendar = CALENDARS[calendar_name]
    proof = prove(calendar, moment(start), parse_span(span), pauses=pauses_of(pauses))
    return [
        f"{line.until:%m-%d %H:%M} {'+' if line.counted else '-'} {line.why} = {line.running_total}"
        if line.until
        else f"{line.since:%m-%d %H:%M} … {line.why} = {line.running_total}"
        for line in proof.lines
    ]


def test_working_days_are_counted_one_by_one() -> None:
    assert told("2026-09-29 16:42", "5 workdays") == [
        "09-30 00:00 - 起算当日不计 = 0",
        "09-30 18:00 + 计第1日 = 1",
        *(f"10-0{day} 00:00 - 法定节假日：国庆节 = 1" for day in range(2, 9)),
        "10-08 18:00 + 计第2日 = 2",
        "10-09 18:00 + 计第3日 = 3",
        "10-10 18:00 + 计第4日，调休上班 = 4",
        "10-12 00:00 - 周末 = 4",
        "10-12 18:00 + 计第5日 = 5",
    ]


def test_own_days_say_their_reason() -> None:
    assert told("2026-06-12 10:00", "2 workdays", calendar_name="own") == [
        "06-13 00:00 - 起算当日不计 = 0",
        "06-13 18:00 + 计第1日，单位上班：补司庆 = 1",
        "06-15 00:00 - 周末 = 1",
        "06-15 18:00 + 计第2日 = 2",
    ]
    assert "06-09 00:00 - 单位休息：司庆 = 0" in told("2026-06-05 10:00", "1 workday", calendar_name="own")


def test_a_paused_working_day_is_skipped_and_said_so() -> None:
    assert told("2026-03-02 10:00", "2 workdays", ["2026-03-03 15:00/2026-03-04 09:00"]) == [
        "03-03 00:00 - 起算当日不计 = 0",
        "03-04 00:00 - 暂停 = 0",
        "03-04 18:00 + 计第1日 = 1",
        "03-05 18:00 + 计第2日 = 2",
    ]


def test_hours_run_through_and_pauses_stand_between_them() -> None:
    assert told("2026-09-30 17:00", "24 h", ["2026-10-01 08:00/2026-10-01 09:30"]) == [
        "10-01 08:00 + 连续计时 = 900",
        "10-01 09:30 - 暂停 = 900",
        "10-01 18:30 + 连续计时 = 1440",
    ]


def test_work_time_is_counted_interval_by_interval() -> None:
    assert told("2026-10-09 17:00", "5 work hours", ["2026-10-10 10:00/2026-10-10 11:00"], "split") == [
        "10-09 18:00 + 工作日 = 60",
        "10-10 10:00 + 调休上班 = 120",
        "10-10 11:00 - 暂停 = 120",
        "10-10 12:00 + 调休上班 = 180",
        "10-10 15:30 + 调休上班 = 300",
    ]


def test_calendar_days_are_counted_in_runs() -> None:
    assert told("2026-09-29 16:42", "7 days", ["2026-10-02 12:00/2026-10-04 12:00"]) == [
        "09-30 00:00 - 起算当日不计 = 0",
        "10-02 00:00 + 计第1日至第2日 = 2",
        "10-04 00:00 - 暂停 = 2",
        "10-09 00:00 + 计第3日至第7日 = 7",
    ]


def test_a_fixed_moment_shows_the_days_off_before_it() -> None:
    assert told("2026-09-26 10:00", "next workday 08:00") == [
        "09-27 00:00 - 法定节假日：中秋 = 0",
        "09-28 00:00 - 法定节假日：中秋 = 0",
        "09-28 08:00 + 次一工作日08:00 = 1",
    ]


STANDING = [
    ("24 h", ["03-02 12:00 + 连续计时 = 120", "03-02 12:00 … 暂停，尚未恢复 = 120"]),
    ("4 work hours", ["03-02 12:00 + 工作日 = 120", "03-02 12:00 … 暂停，尚未恢复 = 120"]),
    ("2 workdays", ["03-03 00:00 - 起算当日不计 = 0", "03-02 12:00 … 暂停，尚未恢复 = 0"]),
    ("18:00", ["03-02 12:00 … 暂停，尚未恢复 = 0"]),
]


@pytest.mark.parametrize(("span", "lines"), STANDING)
def test_a_standing_clock_ends_its_proof_with_the_pause(span: str, lines: list[str]) -> None:
    assert lines == told("2026-03-02 10:00", span, ["2026-03-02 12:00/"])


def test_a_proof_names_the_edition_and_whether_it_is_provisional() -> None:
    sure = prove(STANDARD, moment("2026-12-30 10:00"), parse_span("1 workday"))
    open_ended = prove(STANDARD, moment("2026-12-31 10:00"), parse_span("1 workday"))

    assert "chinese_calendar" in sure.edition
    assert (sure.provisional, open_ended.provisional) == (False, True)
    assert open_ended.lines[-1].why == "计第1日，工作日（日历未公布，暂定）"
