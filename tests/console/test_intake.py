"""Taking in over HTTP: what is missing, what repeats, what is opened once; nothing that was typed is lost."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.organisation.events import RowSet
from shouwen.organisation.stream import record
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
FORM = f"/intake/{office.PROCEDURE}/register/"


def typed(key: str = "k1", **changes: str) -> dict[str, str]:
    """What a browser sends for a complaint."""
    fields = {
        f"complaint_register.{name}": str(value)
        for name, value in office.complaint(**changes)["complaint_register"].items()
    }
    return {"key": key, **fields}


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_where_there_is_one_kind_of_matter_its_form_comes_at_once(come_in: ComeIn) -> None:
    answer = come_in("linjia").get("/intake/?phone=13900000001")

    assert (answer.status_code, answer["Location"]) == (302, f"{FORM}?phone=13900000001")


def test_a_complaint_is_taken_in_and_its_page_says_so(come_in: ComeIn) -> None:
    client = come_in("linjia")

    answer = client.post(FORM, typed())

    number = rows.Case.objects.get().number
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{number}/")
    assert f"已立案 {number}" in text(client.get(answer["Location"]))
    assert office.proved() == 1


def test_the_same_form_sent_twice_opens_one_case(come_in: ComeIn) -> None:
    client, sent = come_in("linjia"), typed()
    first = client.post(FORM, sent)

    again = client.post(FORM, sent)

    assert again["Location"] == first["Location"]
    assert rows.Case.objects.count() == 1
    assert "没有重复立案" in text(client.get(again["Location"]))


def test_each_form_has_a_key_of_its_own(come_in: ComeIn) -> None:
    client = come_in("linjia")

    keys = {found for _ in range(2) for found in re.findall(r'name="key" value="(\w+)"', text(client.get(FORM)))}

    assert len(keys) == 2


def test_all_that_is_missing_is_named_at_once_and_what_was_typed_stays(come_in: ComeIn) -> None:
    sent = typed(owner_name="", phone="", content="电梯又坏了，老人摔伤在门口")

    answer = come_in("linjia").post(FORM, sent)

    page = text(answer)
    assert answer.status_code == 422
    assert "还缺2项" in page
    assert page.count('aria-invalid="true"') == 2
    assert "电梯又坏了，老人摔伤在门口" in page
    assert rows.Case.objects.count() == 0


def test_what_cannot_be_read_is_said_at_the_field(come_in: ComeIn) -> None:
    answer = come_in("linjia").post(FORM, typed(phone="一二三"))

    page = text(answer)
    assert answer.status_code == 422
    assert 'value="一二三"' in page
    assert re.search(r'id="x-f-complaint_register-phone">.*?联系电话', page, re.S)


def test_a_repeated_matter_leads_to_the_case_that_it_belongs_to(come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post(FORM, typed("k1", room="5-1-101", phone="13900000001"))
    first = rows.Case.objects.get()

    answer = client.post(FORM, typed("k2", room="5-1-101", phone="13900000001"))

    page = text(answer)
    assert answer.status_code == 422
    assert f"/cases/{first.number}/do/" in page
    assert rows.Case.objects.count() == 1


def test_with_a_reason_the_matter_is_opened_all_the_same(come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post(FORM, typed("k1", room="5-1-101", phone="13900000001"))

    answer = client.post(FORM, {**typed("k2", room="5-1-101", phone="13900000001"), "reason": "是另一部电梯"})

    assert answer.status_code == 302
    assert rows.Case.objects.count() == 2
    assert office.proved() == 2


def test_the_caller_is_recognised_while_the_form_is_filled(come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post(FORM, typed("k1", phone="13900000001"))
    first = rows.Case.objects.get()

    known = client.post(
        f"{FORM}beside/", typed("k2", phone="139 0000 0001", matter="绿化", content="树枝挡了窗户，请修剪一下")
    )
    unknown = client.post(f"{FORM}beside/", typed("k3", phone="13900000009"))

    assert first.number in text(known)
    assert "这个号码第一次来" in text(unknown)
    assert rows.Case.objects.count() == 1


def test_a_caller_of_another_desk_is_nobody_here(come_in: ComeIn) -> None:
    come_in("linjia").post(FORM, typed("k1", phone="13900000001"))
    first = rows.Case.objects.get()

    elsewhere = come_in("wangjiang").post(f"{FORM}beside/", typed("k2", phone="13900000001"))

    assert elsewhere.status_code == 200
    assert first.number not in text(elsewhere)


def test_without_a_script_the_caller_is_looked_for_by_a_button(come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post(FORM, typed("k1", phone="13900000001"))

    answer = client.post(FORM, {**typed("k2", phone="13900000001", content=""), "look": "1"})

    assert answer.status_code == 200
    assert rows.Case.objects.get().number in text(answer)


def test_a_draft_is_there_again_and_gone_once_the_case_is_open(come_in: ComeIn) -> None:
    client = come_in("linjia")
    kept = client.post(f"{FORM}draft/", typed(content="半句话"), headers={"X-Requested-With": "fetch"})
    assert kept.status_code == 204

    back = text(client.get(FORM))
    assert "半句话" in back
    assert "没有交的草稿" in back

    client.post(FORM, typed())
    assert "没有交的草稿" not in text(client.get(FORM))
    assert rows.Draft.objects.count() == 0


def test_a_draft_is_its_writers_alone_and_may_be_thrown_away(come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post(f"{FORM}draft/", typed(content="半句话"))

    assert "半句话" not in text(come_in("chenxl").get(FORM))
    client.post(f"{FORM}draft/", {"discard": "1"})
    assert "半句话" not in text(client.get(FORM))


@pytest.mark.parametrize(
    "address",
    ["/intake/no-such/register/", f"/intake/{office.PROCEDURE}/grade/", f"/intake/{office.PROCEDURE}/no-such/"],
)
def test_what_opens_nothing_does_not_exist(come_in: ComeIn, address: str) -> None:
    assert come_in("linjia").get(address).status_code == 404


def test_who_may_not_take_in_is_told_so(come_in: ComeIn) -> None:
    from shouwen.organisation import events as o
    from shouwen.organisation.stream import record

    record(o.PersonSet(code="new", name="新人"), actor="linjia", at=office.moment("2026-01-02 08:00"))

    answer = come_in("new").get("/intake/")

    assert answer.status_code == 200
    assert "没有受理权" in text(answer)


def test_who_lives_there_stands_beside_the_form_and_fills_its_blanks(come_in: ComeIn) -> None:
    home = {
        "home_no": "ZXL-7-1-702",
        "room": "7-1-702",
        "owner_name": "顾晓彤",
        "phone": "13900007020",
        "project": "枕溪里",
    }
    set_row = RowSet(procedure=office.PROCEDURE, register="homes", key="ZXL-7-1-702", values=home)
    record(set_row, actor="linjia", at=office.moment("2026-01-02 08:00"))
    client = come_in("linjia")
    asked = {"key": "k9", "complaint_register.room": "7-1-702", "complaint_register.content": "电梯停在七楼不动"}

    seen = text(client.post(FORM, {**asked, "look": "1"}))
    filled = text(client.post(FORM, {**asked, "fill": "homes/ZXL-7-1-702"}))

    assert "业主与房屋名册" in seen
    assert "顾**" in seen
    assert "顾晓彤" not in seen
    assert re.search(r'name="complaint_register.phone"[^>]*value="13900007020"', filled)
    assert "电梯停在七楼不动" in filled
    assert rows.Case.objects.count() == 0


def test_a_repeat_at_another_desk_is_told_without_its_number(come_in: ComeIn) -> None:
    sent = typed()
    assert come_in("linjia").post(FORM, sent).status_code == 302
    number = rows.Case.objects.get().number
    stranger, colleague = come_in("wangjiang"), come_in("chenxl")
    again = {**sent, "key": "k2"}

    refused, beside = stranger.post(FORM, again), stranger.post(f"{FORM}beside/", again)

    assert refused.status_code == 422
    assert "在别的受理点，请上级查找" in text(refused)
    assert number not in text(refused) + text(beside)
    assert number in text(colleague.post(FORM, again))
