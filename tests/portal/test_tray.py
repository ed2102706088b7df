"""The tray: what customers brought where only staff may open, until a case goes on with it or it is answered."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from shouwen import clock
from shouwen.casework import erasing, filed, incoming
from shouwen.store import models as rows
from tests import office
from tests.portal import town
from tests.portal.town import text

ComeIn = Callable[[str], Client]
INTAKE = "/intake/property-complaint/register/"


@pytest.fixture
def number(phone: Client) -> str:
    return town.report(phone, town.COMPLAIN, {**town.complaint(), "photo": [town.photo()]})


@pytest.fixture
def waiting(number: str) -> UUID:
    return rows.Incoming.objects.get(number=number).incoming_id


def open_with(client: Client, waiting: UUID, **changes: str) -> str:
    told = {name: value for name, value in town.complaint().items() if name != "key"}
    more = {
        f"complaint_register.{name}": value for name, value in {"channel": "上门", "matter": "电梯", **changes}.items()
    }
    form = text(client.get(f"{INTAKE}?incoming={waiting}"))
    received = form.partition('name="complaint_register.received_at"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post(
        f"{INTAKE}?incoming={waiting}", {"key": "k", **told, "complaint_register.received_at": received, **more}
    )
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"]).split("/")[2]


def test_whoever_may_open_such_a_case_finds_it(come_in: ComeIn, number: str) -> None:
    page = text(come_in("linjia").get("/incoming/"))

    assert number in page
    assert "厨房吊顶漏水三天了" in page


def test_others_find_nothing(come_in: ComeIn, number: str, waiting: UUID) -> None:
    stranger, elsewhere = come_in("shentai"), come_in("wangjiang")

    pages = [text(client.get("/incoming/")) for client in (stranger, elsewhere)]
    single = [client.get(f"/incoming/{waiting}/").status_code for client in (stranger, elsewhere)]

    assert [number in page for page in pages] == [False, False]
    assert single == [404, 404]


def test_nobody_finds_it_without_signing_in(phone: Client, waiting: UUID) -> None:
    assert phone.get(f"/incoming/{waiting}/").status_code == 302


def test_the_count_stands_in_the_navigation(come_in: ComeIn, number: str) -> None:
    assert 'href="/incoming/"' in text(come_in("linjia").get("/work/"))


def test_one_click_opens_the_form_with_what_he_told_and_when(come_in: ComeIn, waiting: UUID) -> None:
    came = rows.Incoming.objects.get().came_at.astimezone(office.ZONE)

    form = text(come_in("linjia").get(f"{INTAKE}?incoming={waiting}"))

    assert "厨房吊顶漏水三天了，楼上不肯开门" in form
    assert 'value="3-1-502"' in form or ">3-1-502<" in form
    assert f'value="{came:%Y-%m-%dT%H:%M}"' in form


def test_the_case_goes_on_with_it_photos_moment_and_receipt(phone: Client, come_in: ComeIn, waiting: UUID) -> None:
    number, code = town.receipt(phone)
    came = rows.Incoming.objects.get().came_at

    case = open_with(come_in("linjia"), waiting)

    report = rows.Incoming.objects.get()
    found = filed.load(town.case_of(case))[0].case
    assert (report.state, report.case_id) == (incoming.TAKEN, town.case_of(case))
    assert rows.Attachment.objects.get().case_id == town.case_of(case)
    assert found.values["complaint_register.received_at"] == came.astimezone(office.ZONE).replace(
        second=0, microsecond=0
    )
    assert report.came_at == came
    assert phone.get(f"/portal/brought/{number}/")["Location"] == f"/portal/case/{case}/"
    assert "现场.png" in text(phone.get(f"/portal/case/{case}/"))
    other = Client()
    assert other.post("/portal/follow/", {"number": case, "code": code}).status_code == 302
    assert office.proved() == 1


def test_the_original_stays_with_the_case(come_in: ComeIn, number: str, waiting: UUID) -> None:
    client = come_in("linjia")

    case = open_with(client, waiting)

    assert f'href="/incoming/{waiting}/"' in text(client.get(f"/cases/{case}/"))
    assert "厨房吊顶漏水三天了" in text(client.get(f"/incoming/{waiting}/"))


def test_two_of_staff_open_one_case(come_in: ComeIn, waiting: UUID) -> None:
    open_with(come_in("linjia"), waiting)

    second = come_in("chenxl").get(f"{INTAKE}?incoming={waiting}")

    assert (second.status_code, second["Location"]) == (302, f"/incoming/{waiting}/")
    assert rows.Case.objects.count() == 1


def test_an_answer_is_read_by_the_customer(phone: Client, come_in: ComeIn, number: str, waiting: UUID) -> None:
    told = {"do": "answer", "reply": "这件事请找楼下居委会，电话贴在大堂。"}

    done = come_in("linjia").post(f"/incoming/{waiting}/", told)

    page = text(phone.get(f"/portal/brought/{number}/"))
    assert done.status_code == 302
    assert "这件事请找楼下居委会" in page
    assert b"\xe5\xb1\x85\xe5\xa7\x94" not in bytes(rows.Incoming.objects.get().reply or b"")


def test_declining_without_a_reason_is_not_possible(come_in: ComeIn, waiting: UUID) -> None:
    answer = come_in("linjia").post(f"/incoming/{waiting}/", {"do": "decline", "reply": " "})

    assert answer.status_code == 422
    assert rows.Incoming.objects.get().state == incoming.WAITING


def test_put_with_a_case_of_his_own_it_leads_there(phone: Client, come_in: ComeIn, number: str, waiting: UUID) -> None:
    case = office.take_in(phone="13800005566")

    come_in("linjia").post(f"/incoming/{waiting}/", {"do": "join", "number": case.number})

    assert phone.get(f"/portal/brought/{number}/")["Location"] == f"/portal/case/{case.number}/"


def test_put_with_somebody_elses_case_it_shows_nothing_of_it(
    phone: Client, come_in: ComeIn, number: str, waiting: UUID
) -> None:
    case = office.take_in(phone="13911112222")

    come_in("linjia").post(f"/incoming/{waiting}/", {"do": "join", "number": case.number})

    page = text(phone.get(f"/portal/brought/{number}/"))
    assert "同一件事已经在处理" in page
    assert case.number not in page.replace(number, "")
    assert phone.get(f"/portal/case/{case.number}/").status_code == 302
    assert rows.Attachment.objects.get().case_id == waiting


def test_put_with_a_number_that_is_not_his_to_see_is_refused(come_in: ComeIn, waiting: UUID) -> None:
    elsewhere = office.take_in(unit="WJZ", by="wangjiang")

    answer = come_in("linjia").post(f"/incoming/{waiting}/", {"do": "join", "number": elsewhere.number})

    assert answer.status_code == 422
    assert rows.Incoming.objects.get().state == incoming.WAITING


def test_who_is_erased_leaves_nothing_readable(phone: Client, come_in: ComeIn, number: str, waiting: UUID) -> None:
    subject = rows.Incoming.objects.get().subject_id
    with pytest.raises(ValueError, match=number):
        erasing.erase(subject)
    incoming.settle(waiting, incoming.ANSWERED, "办不了", person="linjia", at=clock.now())

    erasing.erase(subject)

    report = incoming.of_number(waiting)
    assert report is not None
    assert (report.typed, report.reply) == ({}, "")
    assert rows.Attachment.objects.count() == 0
    assert rows.FollowCode.objects.count() == 0
