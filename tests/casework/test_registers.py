"""Registers that rules read and write, and papers of which a case has several, as the store keeps them."""

from pathlib import Path

import pytest

from shouwen.casework import filed, handle, papers, procedures, registers
from shouwen.casework.handle import Opening
from shouwen.core.commands import Act
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from shouwen.store import models as rows
from tests import office

METERS = Path(__file__).parents[1] / "language/breadth/meter-billing"
ROOMS = (("1-101", "一层", "周敏华"), ("1-102", "一层", "马志远"), ("2-201", "二层", "何静"))


@pytest.fixture
def opened(open_office: None) -> handle.Answer:
    """A supply taken in, with the users of its floor taken over from the register."""
    procedures.load(METERS)
    law = procedures.current("meter-billing")
    record(
        o.PositionSet(position="reader", person="linjia", unit="ZXL", role="reader"),
        o.PositionSet(position="head", person="xuzy", unit="ZXL", role="head"),
        actor="linjia",
        at=office.moment("2026-01-01 08:00"),
    )
    form = law.procedure.forms["tariff_card"]
    for room, floor, owner in ROOMS:
        typed = {"room": room, "floor": floor, "owner": owner}
        registers.put_row(law, form, typed, actor="linjia", at=office.moment("2026-01-02 08:00"))
    command = Act(action="start", actor="linjia", values={"delivery": {"floors": ["一层"]}}, key="start")
    answer = handle.open_case(law, Opening(command=command, unit="ZXL"), at=office.moment("2026-06-20 10:00"))
    return office.done(answer)


def bill(opened: handle.Answer, month: str, until: str, at: str, key: str = "") -> handle.Answer:
    return office.do(opened, "bill", "linjia", at, key=key, bill={"month": month, "until": until, "used": "100"})


def test_lines_of_a_register_come_into_the_case_numbered_and_its_people_are_sealed(opened: handle.Answer) -> None:
    lines = opened.case.values["delivery.users"]

    assert [(line["room"], line["owner"]) for line in lines] == [("1-101", "周敏华"), ("1-102", "马志远")]
    numbers = [line["no"] for line in lines]
    assert len({number.rpartition("-")[0] for number in numbers}) == 1
    assert [number.rpartition("-")[2] for number in numbers] == ["1", "2"]
    assert not any("周敏华" in str(one.body) for one in rows.Record.objects.all())
    assert office.proved() == 1


def test_the_next_paper_has_another_number(opened: handle.Answer) -> None:
    law = procedures.current("meter-billing")
    command = Act(action="start", actor="linjia", values={"delivery": {"floors": ["二层"]}}, key="second")
    second = office.done(
        handle.open_case(law, Opening(command=command, unit="ZXL"), at=office.moment("2026-06-21 10:00"))
    )

    first, other = (one.case.values["delivery.users"][0]["no"] for one in (opened, second))
    assert first.rpartition("-")[0] != other.rpartition("-")[0]


def test_each_bill_keeps_what_stood_on_it_and_the_register_gets_a_row_once(opened: handle.Answer) -> None:
    office.done(bill(opened, "6月", "2026-06-30", "2026-06-30 17:00", key="june"))
    office.done(bill(opened, "7月", "2026-07-31", "2026-07-31 17:00", key="july"))
    bill(opened, "7月", "2026-07-31", "2026-07-31 17:00", key="july")

    found, _ = filed.load(opened.case_id)
    (paper,) = [one for one in papers.papers(found, found.case.values) if one.form.id == "bill"]
    assert [(one.values or {}).get("bill.amount") for one in paper.numbered] == [12500, 12000]
    procedure = procedures.current("meter-billing").procedure
    day = office.moment("2026-08-01 10:00").date()
    written = registers.rows_of(procedure, procedure.forms["meter_book"], day)
    assert sorted(row.cells for row in written) == [("6月", "100", "120.00"), ("7月", "100", "125.00")]
    assert not rows.Request.objects.exists()
    assert office.proved() == 1
