"""What no form of ours ever sends: it never breaks a page, never gets anywhere, and takes nothing typed with it."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.accounts.models import Account
from shouwen.casework import memory
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
#: more digits than Python turns into a number
ENDLESS = "9" * 5000


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def number(open_office: None) -> str:
    """The number of a complaint of Lin Jia's counter."""
    return office.take_in().number


@pytest.mark.parametrize("address", ["/cases/{}/", "/cases/{}/pulse/", "/lists/preview/{}/", "/people/{}/"])
def test_an_address_with_a_letter_that_cannot_be_kept_leads_nowhere(come_in: ComeIn, number: str, address: str) -> None:
    answer = come_in("linjia").get(address.format(f"{number}%00"))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/cases/?until=9999-12-31",
        "/cases/?since=0001-01-01",
        "/cases/?since=2026-02-31&page=-1&sort=;",
        f"/cases/?page={ENDLESS}",
        f"/settings/?year={ENDLESS}",
        "/settings/?year=²",
        "/reports/?month=9999-12&as=exe",
        "/search/?q=%00%25_%27",
        "/procedures/property-complaint/?version=²&against=-1",
    ],
)
def test_a_question_without_meaning_is_left_out(come_in: ComeIn, number: str, address: str) -> None:
    assert come_in("xuzy").get(address).status_code == 200


def test_a_letter_that_cannot_be_kept_is_dropped_from_what_is_typed(come_in: ComeIn, number: str) -> None:
    client = come_in("linjia")

    kept = client.post(f"/intake/{office.PROCEDURE}/register/draft/", {"complaint_register.content": "漏\0水"})
    noted = client.post(f"/cases/{number}/also/note/", {"key": "k\0", "text": "已约\0上门"})

    assert (kept.status_code, noted.status_code) == (302, 302)
    assert rows.Draft.objects.get().values["complaint_register.content"] == ["漏水"]
    assert "已约上门" in text(client.get(f"/cases/{number}/"))
    assert office.proved() == 1


@pytest.mark.parametrize("version", ["²", "-1", "x", ENDLESS])
def test_a_forged_version_is_none(come_in: ComeIn, number: str, version: str) -> None:
    client = come_in("linjia")

    graded = client.post(f"/cases/{number}/do/grade/", {"version": version, "complaint_sheet.ground_note": "老人绊倒"})
    given = client.post(f"/cases/{number}/also/transfer/", {"version": version, "to": "nobody", "reason": "x"})

    assert (graded.status_code, given.status_code) == (422, 422)
    assert "老人绊倒" in text(graded)


@pytest.mark.parametrize("address", ["http://[", "http://[::1/cases/", "//"])
def test_a_forged_place_to_come_back_to_is_none(come_in: ComeIn, number: str, address: str) -> None:
    from_htmx = {"HX-Request": "true", "HX-Current-URL": address}

    stranger = Client().get("/cases/", headers=from_htmx)
    known = come_in("linjia").get(f"/cases/{number}/pulse/", headers=from_htmx)

    assert (stranger.status_code, stranger["HX-Redirect"]) == (401, "/sign-in/?next=/")
    assert known.status_code == 200
    assert Client().post("/cases/", headers={"Referer": address})["Location"] == f"/sign-in/?next={quote('/')}"


@pytest.mark.parametrize("since", ["0001-01-01T00:00", "0001-01-01T00:00+14:00", "2026-02-31T08:00"])
@pytest.mark.parametrize("until", ["9999-12-31T23:59-14:00", "2999-01-01T00:00"])
def test_a_cover_outside_of_all_calendars_stops_nobody(come_in: ComeIn, number: str, since: str, until: str) -> None:
    chief = come_in("yuanzheng")
    Account.objects.filter(username="yuanzheng").update(administers=True)
    sent = {"op": "cover", "person": "chenxl", "unit": "ZXL", "role": "front_desk", "kind": "appointed"}

    answer = chief.post("/people/?tab=covers", {**sent, "since": since, "until": until})

    assert answer.status_code == 422
    assert "时间写作 2026-10-09 18:00" in text(answer)
    assert f'value="{since}"' in text(answer)
    memory.forget()
    assert chief.get("/work/").status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/cases/", "/search/", "/inbox/", "/board/", "{case}do/grade/", "{case}also/note/"]
)
def test_a_glance_at_the_head_of_a_page_changes_nothing(come_in: ComeIn, number: str, address: str) -> None:
    before = rows.Case.objects.get().version

    answer = come_in("linjia").head(address.format(case=f"/cases/{number}/"))

    assert answer.status_code in (200, 302)
    assert rows.Case.objects.get().version == before


@pytest.mark.parametrize(
    "address", ["/", "/cases/", "/board/", "/search/?q=x", "/reports/", "/lists/download/csv/", "/import/"]
)
def test_somebody_without_a_post_sees_empty_pages(come_in: ComeIn, number: str, address: str) -> None:
    record(o.PersonSet(code="newcomer", name="新人"), actor="xuzy", at=office.moment("2026-09-01 08:00"))

    answer = come_in("newcomer").get(address)

    assert answer.status_code == 200
    assert number not in answer.getvalue().decode()


def test_private_cells_of_a_register_are_masked_and_cannot_be_found_out_letter_by_letter(come_in: ComeIn) -> None:
    home = {
        "home_no": "ZXL-7-1-702",
        "room": "7-1-702",
        "owner_name": "顾晓彤",
        "phone": "13900007020",
        "project": "枕溪里",
    }
    set_row = o.RowSet(procedure=office.PROCEDURE, register="homes", key="ZXL-7-1-702", values=home)
    record(set_row, actor="linjia", at=office.moment("2026-01-02 08:00"))
    page = "/registers/?of=homes&q="
    client = come_in("linjia")

    seen = {asked: client.get(page + asked).content.decode() for asked in ("7-1-7", "顾晓彤", "顾", "1390000")}

    assert "顾**" in seen["7-1-7"]
    assert "139 **** 7020" in seen["7-1-7"]
    assert [asked for asked, text in seen.items() if "ZXL-7-1-702" in text] == ["7-1-7", "顾晓彤"]
    assert not any("13900007020" in text for text in seen.values())
