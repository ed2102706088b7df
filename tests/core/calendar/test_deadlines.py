"""Deadlines against answers worked out by hand, and against the walking oracle."""

from pathlib import Path

import pytest
import yaml

from shouwen.core.calendar import before, due, parse_span, prove
from tests.core.calendar import oracle
from tests.core.calendar.builders import CALENDARS, moment, pauses_of

Case = dict[str, str]


def cases(name: str) -> list[object]:
    """Every line of a table, with its calendar, under a name that says what it is."""
    groups = yaml.load((Path(__file__).parent / name).read_text(encoding="utf-8"), yaml.BaseLoader)
    return [
        pytest.param(
            group["calendar"], case, id=f"{group['title']}: {case.get('start', case.get('moment'))} {case['span']}"
        )
        for group in groups
        for case in group["cases"]
    ]


@pytest.mark.parametrize(("calendar_name", "case"), cases("deadlines.yaml"))
def test_a_deadline_is_the_one_worked_out_by_hand_and_by_walking(calendar_name: str, case: Case) -> None:
    calendar = CALENDARS[calendar_name]
    start, span, pauses = (
        moment(case["start"], calendar),
        parse_span(case["span"]),
        pauses_of(case.get("pauses", []), calendar),
    )

    found = due(calendar, start, span, pauses=pauses)

    by_hand = None if case["due"] == "none" else moment(case["due"], calendar)
    assert by_hand == oracle.due(calendar, start, span, pauses)
    assert by_hand == (found.moment if found else None)
    assert (case.get("provisional") == "yes") == (found is not None and found.provisional)


@pytest.mark.parametrize(("calendar_name", "case"), cases("deadlines.yaml"))
def test_a_deadline_proves_itself(calendar_name: str, case: Case) -> None:
    calendar = CALENDARS[calendar_name]
    start, span, pauses = (
        moment(case["start"], calendar),
        parse_span(case["span"]),
        pauses_of(case.get("pauses", []), calendar),
    )

    proof = prove(calendar, start, span, pauses=pauses)

    assert proof.due == (None if case["due"] == "none" else moment(case["due"], calendar))
    assert proof.lines[-1].until == proof.due
    assert proof.lines[-1].counted == (proof.due is not None)


@pytest.mark.parametrize(("calendar_name", "case"), cases("before.yaml"))
def test_a_moment_counted_back_is_the_one_worked_out_by_hand_and_by_walking(calendar_name: str, case: Case) -> None:
    calendar = CALENDARS[calendar_name]
    event, span = moment(case["moment"], calendar), parse_span(case["span"])

    found = before(calendar, event, span)

    assert moment(case["before"], calendar) == oracle.before(calendar, event, span)
    assert moment(case["before"], calendar) == found.moment
