"""The ledger page: both sides equal, corrections beside what they correct, statements, and nothing of other desks."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook

from shouwen.casework import handle, procedures
from shouwen.casework.handle import Opening
from shouwen.core.commands import Act
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from tests import office

ComeIn = Callable[[str], Client]
POWER = Path(__file__).parents[1] / "language/breadth/temporary-power"
APPLICATION = {
    "org": "东方装饰公司", "place": "5层", "load": "2.5", "voltage": "380V", "phase": "三相",
    "time": "2026-09-12 00:00..2026-10-20 00:00", "own_meter": "yes",
}  # fmt: skip


@pytest.fixture
def metered(open_office: None) -> handle.Answer:
    """Temporary power with a meter: read wrongly once, put right, removed in October."""
    procedures.load(POWER)
    posts = {"gaojp": "engineering", "luoht": "technician", "xuzy": "billing", "linjia": "user"}
    record(
        *(o.PositionSet(position=role, person=person, unit="ZXL", role=role) for person, role in posts.items()),
        actor="linjia",
        at=office.moment("2026-01-01 08:00"),
    )
    command = Act(action="apply", actor="linjia", values={"application": APPLICATION}, key="apply")
    law = procedures.current("temporary-power")
    opened = handle.open_case(law, Opening(command=command, unit="ZXL"), at=office.moment("2026-09-10 10:05"))
    case = office.done(opened)
    office.done(office.do(case, "approve", "gaojp", "2026-09-10 11:00"))
    office.done(office.do(case, "inspect", "gaojp", "2026-09-11 10:10", inspection={"result": "合格"}))
    reading = {"reading": "10.0", "both_signed": "林佳"}
    office.done(office.do(case, "energise", "gaojp", "2026-09-12 09:00", present=("linjia",), meter=reading))
    office.done(office.do(case, "read_meter", "xuzy", "2026-10-08 09:10", meter={"reading": "246.7"}))
    office.done(office.do(case, "reread", "xuzy", "2026-10-08 09:20", meter={"reading": "200.7", "last": "10.0"}))
    return case


def test_both_sides_are_equal_and_what_was_taken_back_stands_beside_it(come_in: ComeIn, metered: handle.Answer) -> None:
    page = come_in("xuzy").get("/ledger/?month=2026-10").content.decode()

    assert "借方 796.92 元，贷方 796.92 元，相等" in page
    assert page.count("冲回</span>") == 1
    assert metered.number in page


def test_an_account_is_read_alone_and_as_a_statement(come_in: ComeIn, metered: handle.Answer) -> None:
    client = come_in("xuzy")
    book = load_workbook(BytesIO(client.get("/ledger/?month=2026-10&as=xlsx").content))
    balances = {row[0]: row[4] for row in book["余额"].iter_rows(min_row=2, values_only=True)}
    (debtor,) = [name for name in balances if "东方装饰公司" in name]
    assert balances[debtor] == "228.84"

    answer = client.get("/ledger/statement.pdf", {"month": "2026-10", "account": debtor})

    with pypdfium2.PdfDocument(answer.content) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "对账单" in text
    assert "228.84" in text
    assert "284.04" in text


def test_the_month_after_begins_with_what_stood(come_in: ComeIn, metered: handle.Answer) -> None:
    page = come_in("xuzy").get("/ledger/?month=2026-11").content.decode()

    assert "228.84" in page
    assert "没有分录" in page


def test_another_desk_s_money_does_not_exist(come_in: ComeIn, metered: handle.Answer) -> None:
    client = come_in("wangjiang")

    assert "东方装饰公司" not in client.get("/ledger/?month=2026-10").content.decode()
    assert client.get("/ledger/statement.pdf", {"month": "2026-10", "account": "东方装饰公司"}).status_code == 404


@pytest.mark.parametrize("query", ["month=0", "month=2026-13", "month=3000-01", "account=%00", "account=x&as=xlsx"])
def test_odd_addresses_get_a_page(come_in: ComeIn, query: str) -> None:
    assert come_in("xuzy").get(f"/ledger/?{query}").status_code == 200
