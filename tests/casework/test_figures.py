"""Figures are what the core counts over all cases; closed periods stand, and what is corrected later is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from shouwen.casework import closing, compliance, corrections, counting, filed, insight, measures, procedures
from shouwen.casework.counting import KEPT, LATE, OPENED, TASK
from shouwen.casework.measures import Count
from shouwen.casework.periods import Period, counts_weeks
from shouwen.casework.world import world
from shouwen.core.measure import evaluate
from shouwen.organisation.state import state
from shouwen.store import models as rows
from tests import office

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
AT = office.moment("2026-11-10 09:00")
BOTH = ("", "WJZ", "ZXL")
FLOW = "complaint"


@pytest.fixture
def cases(open_office: None) -> None:
    """Complaints of two months at two desks, some of them graded."""
    office.graded_major("2026-09-01 10:00")
    office.graded_major("2026-09-29 16:42")
    office.done(office.take_in("2026-09-30 23:59", matter="电梯"))
    office.done(office.take_in("2026-10-01 00:00", matter="噪音"))
    office.done(office.take_in("2026-10-09 09:00", by="wangjiang", unit="WJZ"))


def counted(period: Period, measure: str, units: tuple[str, ...] = BOTH) -> Count:
    law = office.law()
    counting.catch_up(law, state(), AT)
    return measures.of_period(law, period).whole(measure, units)


@pytest.mark.parametrize(
    "period", [SEPTEMBER, OCTOBER, Period(2025, 9), Period(2026, 3, "quarter"), Period(2026, 40, "week")]
)
def test_a_period_is_what_the_core_counts_over_all_cases(cases: None, period: Period):
    law, organisation = office.law(), state()
    every = [(filed.load(case_id)[0].case, ()) for case_id in rows.Case.objects.values_list("case_id", flat=True)]
    counting.catch_up(law, organisation, AT)

    table = measures.of_period(law, period)

    for rule in law.procedure.measures.values():
        span = period.period(law.procedure.zone)
        expected = evaluate(law.procedure, rule, every, world(law, organisation, "", AT), AT, span)
        found = measures.figure(rule, table.whole(rule.id, BOTH))
        assert (expected.count, expected.hits, expected.value, expected.mean) == (
            found.count, found.hits, found.value, found.mean,
        ), rule.id  # fmt: skip


def test_months_are_cut_at_midnight_in_shanghai(cases: None):
    assert counted(SEPTEMBER, f"{OPENED}{FLOW}").count == 3
    assert counted(OCTOBER, f"{OPENED}{FLOW}").count == 2


def test_desks_add_up_to_the_whole_and_values_to_the_desk(cases: None):
    counted(OCTOBER, "received")
    table = measures.of_period(office.law(), OCTOBER)

    assert [table.whole("received", (unit,)).count for unit in ("ZXL", "WJZ")] == [1, 1]
    channels = table.parts("received", "complaint_register.channel", BOTH)
    assert {name: count.count for name, count in channels.items()} == {"上门": 2}
    matters = table.parts(f"{OPENED}{FLOW}", "complaint_register.matter", ("ZXL",))
    assert {name: count.count for name, count in matters.items()} == {"噪音": 1}


def test_hours_of_intake_are_those_of_the_wall_clock(cases: None):
    numbers = counted(OCTOBER, f"{OPENED}{FLOW}").numbers

    # Thursday the first at midnight, Friday the ninth at nine.
    assert dict(numbers) == {3 * 24 + 0: 1, 4 * 24 + 9: 1}


def test_limits_are_counted_as_their_rows_say(cases: None):
    since, until = SEPTEMBER.period(office.ZONE)
    wanted = compliance.by_task(rows.Case.objects.all(), since, until)
    tasks = office.law().procedure.tasks

    found = {name: counted(SEPTEMBER, f"{TASK}{name}").numbers for name in wanted if tasks[name].has_clock}

    assert {name: (numbers[KEPT], numbers[LATE]) for name, numbers in found.items()} == {
        name: (kept.kept, kept.late) for name, kept in wanted.items() if tasks[name].has_clock
    }
    assert found["prejudge"][KEPT] == 2


def test_a_case_that_changes_is_counted_anew_and_only_then(cases: None):
    before = counted(OCTOBER, f"{OPENED}{FLOW}").count
    assert not rows.Uncounted.objects.filter(procedure=office.PROCEDURE).exists()

    office.done(office.take_in("2026-10-12 10:00"))

    assert rows.Uncounted.objects.filter(procedure=office.PROCEDURE).count() == 1
    assert counted(OCTOBER, f"{OPENED}{FLOW}").count == before + 1


def closed() -> None:
    law = office.law()
    counting.catch_up(law, state(), AT)
    closing.settle_all(law, state(), AT)


def test_a_month_is_closed_ten_days_after_its_end_and_not_before(cases: None):
    law = office.law()
    counting.catch_up(law, state(), AT)
    early = closing.closes_at(law, None, OCTOBER, state()) - timedelta(minutes=1)
    assert early == office.moment("2026-11-10 23:59")

    closing.settle_all(law, state(), early)
    assert set(rows.Closing.objects.values_list("period", flat=True)) == {"2026-09"}
    closing.settle_all(law, state(), early + timedelta(minutes=1))
    assert set(rows.Closing.objects.values_list("period", flat=True)) == {"2026-09", "2026-10"}

    assert closing.settle_all(law, state(), early + timedelta(minutes=2)) == 0


def test_what_is_not_counted_yet_keeps_a_month_open(cases: None):
    assert closing.settle_all(office.law(), state(), AT) == 0


def test_a_closed_month_stands_and_what_was_said_later_is_beside_it(cases: None):
    closed()
    was = counted(SEPTEMBER, f"{OPENED}{FLOW}").count
    office.done(office.take_in("2026-09-15 10:00"))
    counting.catch_up(office.law(), state(), AT)

    stands = measures.of_period(office.law(), SEPTEMBER)
    now = corrections.corrected(office.law(), SEPTEMBER, BOTH)

    assert stands.whole("received", BOTH).count == was
    assert stands.closed["received"] == AT
    assert now["received"].count == was + 1
    assert measures.of_period(office.law(), Period(2026, 3, "quarter")).whole("received", BOTH).count == was


def test_a_correction_names_the_case_and_what_was_recorded(cases: None):
    case = rows.Case.objects.get(opened_at=office.moment("2026-09-29 16:42"))
    closed()
    answer = {
        "answer_facts": "钢丝绳磨损",
        "answer_liability": "维保单位",
        "answer_plan": "已更换",
        "answer_time": "2026-11-12 09:00",
    }
    office.done(office.do(case.case_id, "answer_owner", "gaojp", "2026-11-12 09:00", complaint_sheet=answer))
    counting.catch_up(office.law(), state(), AT)

    found = corrections.corrected(office.law(), SEPTEMBER, BOTH)
    named = {name: list(corrections.corrections(office.law(), SEPTEMBER, name, BOTH, state())) for name in found}

    assert "answer_time" in found
    assert [one.number for one in named["answer_time"]] == [case.number]
    assert named["answer_time"][0].at == office.moment("2026-11-12 09:00")


def test_closed_figures_are_borne_out_by_the_records_of_before(cases: None):
    closed()
    office.done(office.take_in("2026-11-11 10:00"))

    assert list(corrections.verify(procedures.version, state())) == []


def test_what_is_counted_of_a_case_is_what_its_records_say(cases: None):
    closed()
    law = office.law()
    assert list(counting.verify(law, state(), AT)) == []

    row = rows.Counting.objects.filter(month="2026-09").first()
    assert row is not None
    rows.Counting.objects.filter(case_id=row.case_id, month="2026-09").update(items={})

    assert list(counting.verify(law, state(), AT)) == [(row.case_id, "2026-09")]


def test_a_closed_figure_that_somebody_has_changed_shows(cases: None):
    closed()
    rows.ClosedFigure.objects.filter(measure="received", split="", unit="ZXL").update(count=999)
    measures.forget()

    found = list(corrections.verify(procedures.version, state()))

    assert {(one.period, one.measure) for one in found} == {("2026-09", "received")}


def test_who_comes_again_within_three_months_is_counted(open_office: None):
    for day, matter in (("2026-05-30", "渗漏"), ("2026-08-01", "噪音"), ("2026-09-20", "停车"), ("2026-09-25", "绿化")):
        office.done(office.take_in(f"{day} 10:00", phone="13800138000", room="1-1-101", matter=matter))
    office.done(office.take_in("2026-09-26 10:00"))

    found = insight.repeats(office.law(), FLOW, SEPTEMBER, BOTH)

    assert (found.cases, found.again) == (3, 2)
    assert [one.times for one in found.named] == [3]


def test_the_cases_behind_a_figure_are_those_that_count_in_it(cases: None):
    counted(SEPTEMBER, "received")

    every = insight.behind(office.law(), SEPTEMBER, BOTH, f"{OPENED}{FLOW}")
    lifts = insight.behind(office.law(), SEPTEMBER, BOTH, "received", split="complaint_register.matter", key="电梯")
    kept = insight.behind(office.law(), SEPTEMBER, BOTH, f"{TASK}prejudge", number=KEPT)

    assert (len(every.cases), len(lifts.cases), len(kept.cases)) == (3, 3, 2)
    assert insight.behind(office.law(), SEPTEMBER, ("WJZ",), "received").cases == ()


def surge(history: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    for day, times in history.items():
        for minute in range(times):
            office.done(office.take_in(f"{day} 10:{minute:02}", matter="噪音" if day > "2026-09" else "电梯"))
    law = office.law()
    counting.catch_up(law, state(), AT)
    tables = {one: measures.of_period(law, one) for one in (SEPTEMBER.moved(-back) for back in range(4))}
    found = insight.surges(law, FLOW, SEPTEMBER, tables, BOTH, 1.0)
    return tuple((one.name, one.value, one.count) for one in found)


def test_what_comes_far_more_often_than_before_is_a_surge(open_office: None):
    found = surge({"2026-06-10": 12, "2026-07-10": 12, "2026-08-10": 12, "2026-09-10": 12})

    assert ("complaint_register.matter", "噪音", 12) in found
    assert not any(value == "上门" for _, value, _ in found)


def test_without_a_past_nobody_knows_what_is_usual(open_office: None):
    assert surge({"2026-08-10": 3, "2026-09-10": 12}) == ()


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-09", SEPTEMBER), ("2026-9", SEPTEMBER), ("2026-Q3", Period(2026, 3, "quarter")),
        ("2026", Period(2026, 0, "year")), ("2026-W53", Period(2026, 53, "week")), ("2025-W53", None),
        ("2026-13", None), ("2026-Q5", None), ("", None), ("二零-09", None), ("0001-01", None),
    ],
)  # fmt: skip
def test_a_period_is_read_or_it_is_none(text: str, period: Period | None):
    assert Period.read(text) == period
    assert period is None or Period.read(str(period)) == period


def test_periods_move_over_the_year():
    assert Period(2026, 1).moved(-1) == Period(2025, 12)
    assert Period(2026, 1, "quarter").moved(-1) == Period(2025, 4, "quarter")
    assert Period(2026, 1, "week").moved(-1) == Period(2025, 52, "week")
    assert Period(2026, 53, "week").moved(1) == Period(2027, 1, "week")
    assert Period(2026, 53, "week").year_before == Period(2025, 52, "week")
    assert Period(2026, 0, "year").months[-1] == Period(2026, 12)
    assert [str(one) for one in Period(2026, 40, "week").months] == ["2026-09", "2026-10"]


def test_weeks_are_there_where_the_regulation_counts_them(open_office: None):
    assert {law.procedure.id for law in procedures.all_current() if counts_weeks(law.procedure)} == {"work-order"}
