"""Measures of a month equal what the core counts over all cases; kept counts give way when a case changes."""

from __future__ import annotations

import pytest

from shouwen.casework import compliance, filed, measures
from shouwen.casework.measures import Month
from shouwen.casework.world import world
from shouwen.core.measure import evaluate
from shouwen.organisation.state import state
from shouwen.store import models as rows
from tests import office

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
AT = office.moment("2026-11-10 09:00")


@pytest.fixture
def cases(open_office: None) -> None:
    """Complaints of two months at two desks, some of them graded."""
    office.graded_major("2026-09-01 10:00")
    office.graded_major("2026-09-29 16:42")
    office.done(office.take_in("2026-09-30 23:50"))
    office.done(office.take_in("2026-10-01 00:10"))
    office.done(office.take_in("2026-10-09 09:00", by="wangjiang", unit="WJZ"))


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER, Month(2025, 9)])
def test_a_month_is_what_the_core_counts_over_all_cases(cases: None, month: Month):
    law, organisation = office.law(), state()
    every = [(filed.load(case_id)[0].case, ()) for case_id in rows.Case.objects.values_list("case_id", flat=True)]

    counted = measures.of_month(law, month, ("ZXL", "WJZ", ""), organisation, AT)

    for rule in law.procedure.measures.values():
        expected = evaluate(
            law.procedure, rule, every, world(law, organisation, "", AT), AT, month.period(law.procedure.zone)
        )
        whole = counted[rule.id].whole
        assert (expected.count, expected.hits, expected.value) == (whole.count, whole.hits, whole.value), rule.id


def test_desks_add_up_to_the_whole(cases: None):
    counted = measures.of_month(office.law(), OCTOBER, ("ZXL", "WJZ"), state(), AT)

    received = counted["received"]
    assert (received.whole.count, received.desks["ZXL"].count, received.desks["WJZ"].count) == (2, 1, 1)


def test_what_was_counted_is_counted_anew_after_a_case_has_changed(cases: None):
    law, organisation = office.law(), state()
    before = measures.of_month(law, OCTOBER, ("ZXL",), organisation, AT)["received"].whole.count

    office.done(office.take_in("2026-10-12 10:00"))

    assert measures.of_month(law, OCTOBER, ("ZXL",), organisation, AT)["received"].whole.count == before + 1


def test_a_break_down_holds_every_case_once(cases: None):
    law = office.law()
    rule = law.procedure.measures["received"]

    parts = measures.split(law, rule, "complaint_register.channel", SEPTEMBER, ("ZXL",), state(), AT)

    assert [(name, figure.count) for name, figure in parts] == [("上门", 3)]


def test_limits_are_counted_as_kept_late_or_open(cases: None):
    since, until = SEPTEMBER.period(office.ZONE)

    counted = compliance.by_task(rows.Case.objects.all(), since, until)

    tasks = rows.Task.objects.filter(since_at__gte=since, since_at__lt=until).exclude(state="dropped", missed_at=None)
    assert sum(kept.applied for kept in counted.values()) == tasks.count()
    assert counted["prejudge"].kept == 2


@pytest.mark.parametrize(
    ("text", "month"), [("2026-09", SEPTEMBER), ("2026-9", SEPTEMBER), ("2026-13", None), ("", None), ("二零-09", None)]
)
def test_a_month_is_read_or_it_is_none(text: str, month: Month | None):
    assert Month.read(text) == month


def test_months_move_over_the_year(open_office: None):
    assert Month(2026, 1).moved(-1) == Month(2025, 12)
    assert Month(2025, 12).moved(13) == Month(2027, 1)
