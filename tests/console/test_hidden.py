"""What a regulation hides from a role: neither the case page nor a paper that goes to it shows it."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client

from shouwen.casework import attachments, handle, procedures
from shouwen.casework.handle import Answer, Opening
from shouwen.clock import now
from shouwen.core.commands import Act, BuiltIn
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from tests import office

ComeIn = Callable[[str], Client]
BREADTH = Path(__file__).parents[1] / "language" / "breadth" / "outage-planned"
PHONE, CONTACT = "13800000001", "周晓芸"
MASKED = "138 **** 0001"
#: person → name, role: the phone is hidden from the engineers
HOUSE = {"wangg": ("王工", "engineering"), "cheng": ("陈工", "engineering"), "xiaozhou": ("小周", "admin_dept")}


@pytest.fixture
def outage(open_office: None) -> Answer:
    """A planned outage with an affected household."""
    procedures.load(BREADTH)
    positions = [
        o.PositionSet(position=f"{code}.{role}", person=code, unit="ZXL", role=role)
        for code, (_, role) in HOUSE.items()
    ]
    people = [o.PersonSet(code=code, name=name) for code, (name, _) in HOUSE.items()]
    record(*people, *positions, actor="linjia", at=office.moment("2026-09-01 08:00"))
    plan = {
        "kind": "停电",
        "reason": "更换配电柜母排",
        "outage": ["2026-09-17 09:00", "2026-09-17 12:00"],
        "crew": ["wangg", "cheng"],
        "units": [{"unit": "1502", "contact": CONTACT, "phone": PHONE, "sensitive": True, "measures": "备用电源"}],
    }
    command = Act(action="draft", actor="wangg", values={"plan": plan}, key="outage")
    law = procedures.current("outage-planned")
    opened = handle.open_case(law, Opening(command=command, unit="ZXL"), at=office.moment("2026-09-15 10:00"))
    return office.done(opened)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def printed(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    with pypdfium2.PdfDocument(answer.content) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def look(client: Client, number: str) -> None:
    client.post(f"/cases/{number}/look/", {"field": ["plan.units.phone", "plan.units.contact"]})


def test_the_case_page_shows_the_field_to_those_from_whom_it_is_not_hidden(come_in: ComeIn, outage: Answer) -> None:
    client = come_in("xiaozhou")
    assert MASKED in read(client, f"/cases/{outage.number}/")

    look(client, outage.number)

    assert PHONE in read(client, f"/cases/{outage.number}/")


def test_the_case_page_and_the_paper_show_nothing_of_it_to_those_from_whom_it_is_hidden(
    come_in: ComeIn, outage: Answer
) -> None:
    client = come_in("wangg")
    look(client, outage.number)

    for address in ("", "?only=all", "papers/plan/"):
        page = read(client, f"/cases/{outage.number}/{address}")
        assert "备用电源" in page
        assert PHONE not in page
        assert MASKED not in page
        assert ">电话<" not in page


def test_words_that_others_wrote_keep_it_back_too(come_in: ComeIn, outage: Answer) -> None:
    assert outage.case_id is not None
    note = BuiltIn(verb="note", actor="xiaozhou", values={"text": f"打{PHONE}没有人接"})
    office.done(handle.act(outage.case_id, note, at=office.moment("2026-09-15 10:30")))

    assert f"打{MASKED}没有人接" in read(come_in("xiaozhou"), f"/cases/{outage.number}/?only=all")
    assert "打＊＊＊没有人接" in read(come_in("wangg"), f"/cases/{outage.number}/?only=all")


def test_a_copy_leaves_out_columns_that_it_hides_whoever_prints_it(come_in: ComeIn, outage: Answer) -> None:
    client = come_in("xiaozhou")
    look(client, outage.number)
    whole = read(client, f"/cases/{outage.number}/papers/plan/")
    assert PHONE in whole
    assert CONTACT in whole

    copy = read(client, f"/cases/{outage.number}/papers/plan/?copy=执行联")

    assert "备用电源" in copy
    assert "1502" in copy
    assert CONTACT not in copy
    assert ">电话</th>" not in copy
    assert ">联系人</th>" not in copy


def test_the_file_of_a_copy_leaves_them_out_too(come_in: ComeIn, outage: Answer) -> None:
    client = come_in("xiaozhou")
    look(client, outage.number)
    address = f"/cases/{outage.number}/papers/plan.pdf"

    whole, copy = (printed(client, f"{address}{copy}") for copy in ("", "?copy=执行联"))

    assert CONTACT in whole
    assert PHONE in whole
    assert "备用电源" in copy
    assert CONTACT not in copy
    assert PHONE not in copy
    assert PHONE not in printed(come_in("wangg"), f"/cases/{outage.number}/papers.pdf?past=1")


def test_a_field_that_is_hidden_is_not_corrected_by_its_address(come_in: ComeIn, outage: Answer) -> None:
    assert come_in("wangg").get(f"/cases/{outage.number}/correct/plan.reason/").status_code == 200
    assert come_in("wangg").get(f"/cases/{outage.number}/correct/plan.units.phone/").status_code == 404


def test_a_file_of_a_hidden_field_does_not_exist_for_those_from_whom_it_is_hidden(
    come_in: ComeIn, outage: Answer
) -> None:
    assert outage.case_id is not None
    kept = attachments.add(outage.case_id, "名单.pdf", b"%PDF-1", person="xiaozhou", at=now(), field="plan.units.phone")
    assert isinstance(kept, attachments.Attachment)
    address = f"/cases/{outage.number}/attachments/{kept.attachment_id}/"

    assert come_in("xiaozhou").get(address).status_code == 200
    assert come_in("wangg").get(address).status_code == 404
    assert "名单.pdf" not in read(come_in("wangg"), f"/cases/{outage.number}/")
