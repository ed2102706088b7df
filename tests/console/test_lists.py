"""The pages of lists, for each role: what is seen, hidden and refused; conditions, sorting, bulk acts, messages, finding."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.casework import handle, inbox, views
from shouwen.casework.access import viewer
from shouwen.casework.handle import Answer, Opening
from shouwen.core.commands import Act, BuiltIn
from shouwen.store import models as rows
from tests import office

PASSWORD = "blue-teapot-9"


@pytest.fixture(autouse=True)
def open_office(db: None) -> None:
    office.open_office()


def signed_in(person: str) -> Client:
    accounts.create(person, PASSWORD, person)
    client = Client()
    assert client.post("/sign-in/", {"username": person, "password": PASSWORD}).status_code == 302
    return client


def taken_in(ago: int = 1, *, by: str = "linjia", unit: str = "ZXL", **changes: str) -> Answer:
    """A complaint taken in so many minutes ago."""
    command = Act(action="register", actor=by, values=office.complaint(**changes), key=uuid4().hex)
    at = clock.now() - timedelta(minutes=ago)
    return office.done(handle.open_case(office.law(), Opening(command=command, unit=unit), at=at))


def prejudged(case: Answer, by: str = "linjia") -> None:
    """What was said first, and then judged at first sight: the manager answers for it now."""
    assert case.case_id is not None
    points = [point.text for point in office.law().procedure.scripts["first_reply"].do]
    office.done(handle.act(case.case_id, BuiltIn(verb="say", actor=by, target="first_reply", values={"items": points})))
    values = {"complaint_register": {"prelim_class": "比较重要"}}
    office.done(handle.act(case.case_id, Act(action="prejudge", actor=by, values=values)))


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def numbers(answer: HttpResponse) -> list[str]:
    """The cases of a list in order."""
    return re.findall(r'<tr data-number="([^"]+)"', answer.content.decode())


def values(answer: HttpResponse) -> list[str]:
    """What stands for each case when it is selected."""
    return re.findall(r'name="case" value="([^"]+)"', answer.content.decode())


# ---- my work ----


def test_my_work_shows_what_is_owed_in_groups_with_its_clause() -> None:
    late, fresh = taken_in(ago=60), taken_in(ago=1)

    page = signed_in("xuzy").get("/work/")

    assert numbers(page) == [late.number, fresh.number]
    assert re.search(r"已逾期.*今天到期|已逾期.*以后到期", text(page), re.S)
    assert "4.4.1a.iii-1" in text(page)
    assert "逾期30分" in text(page)
    assert text(signed_in("yuanzheng").get("/")).count("手上没有要办的") == 1


def test_the_list_alone_is_drawn_anew_and_nothing_is_sent_twice() -> None:
    case = taken_in()
    client = signed_in("xuzy")

    part = client.get("/work/", headers={"HX-Target": "list"})
    again = client.get("/work/", headers={"HX-Target": "list", "X-Drawn": part["X-Drawn"]})
    prejudged(case)
    changed = client.get("/work/", headers={"HX-Target": "list", "X-Drawn": part["X-Drawn"]})

    assert "<html" not in text(part)
    assert numbers(part) == [case.number]
    assert again.status_code in (200, 204)  # a minute may have passed in between
    assert changed.status_code == 200


def test_a_glance_shows_limits_and_what_may_be_done_to_those_who_see_the_case() -> None:
    case = taken_in()

    mine = signed_in("xuzy").get(f"/lists/preview/{case.number}/")

    assert "现在可以做" in text(mine)
    assert "判别有效性并定级" in text(mine)
    assert "138 ****" in text(mine)
    assert signed_in("wangjiang").get(f"/lists/preview/{case.number}/").status_code == 404


# ---- lists of cases ----


def test_personal_data_is_masked_in_every_list() -> None:
    taken_in(owner_name="欧阳修远", phone="13812345678", content="欧阳修远说三栋客梯困人")
    client = signed_in("linjia")

    for path in ("/work/", "/cases/", "/board/", "/search/?q=客梯", "/palette/?q=欧阳修远"):
        assert "欧阳修远" not in text(client.get(path)).replace("“欧阳修远”", "").replace('value="欧阳修远"', "")
        assert "13812345678" not in text(client.get(path))
    assert "欧阳修远" not in downloaded(client, "csv", "")[1][1]


def test_who_sees_which_cases() -> None:
    here, there = taken_in(), taken_in(by="wangjiang", unit="WJZ")

    def seen(person: str) -> list[str]:
        return sorted(numbers(signed_in(person).get("/cases/?state=all")))

    assert seen("linjia") == [here.number]
    assert seen("wangjiang") == [there.number]
    assert seen("yuanzheng") == sorted([here.number, there.number])
    assert seen("luoht") == []


def test_pages_are_refused_to_those_who_are_not_signed_in_or_do_not_work_here() -> None:
    paths = (
        "/",
        "/work/",
        "/cases/",
        "/board/",
        "/inbox/",
        "/search/",
        "/palette/",
        "/lists/views/",
        "/lists/download/csv/",
    )

    for path in paths:
        assert Client().get(path).status_code == 302
    accounts.create("operator", PASSWORD, "")
    outsider = Client()
    outsider.post("/sign-in/", {"username": "operator", "password": PASSWORD})
    for path in paths:
        assert outsider.get(path).status_code == 403


def test_conditions_stand_in_the_address_and_in_words_that_take_them_away() -> None:
    first, second = taken_in(ago=60, room="6-1-0602"), taken_in(by="chenxl")
    client = signed_in("linjia")

    page = client.get("/cases/?first=me&due=late&q=0602&desk=ZXL")

    assert numbers(page) == [first.number]
    assert all(words in text(page) for words in ("我首问", "已逾期", "“0602”", "枕溪里服务中心"))
    assert 'href="?due=late&desk=ZXL&q=0602"' in text(page)
    assert numbers(client.get("/cases/?first=chenxl")) == [second.number]
    assert "没有符合条件的工单" in text(client.get("/cases/?q=没有这样的事"))


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-99-99", "page=0", "page=abc", "page=99999999999", "sort=;drop", "due=ever", "state=x", "q=%00",
        "q=%25_%5C", "step=nowhere&flow=nothing&procedure=none", "c.kind=?", "c.=x", "answers=nobody", "owes=%00a",
        "task=none", "desk=%F0%9F%98%80", "until=", "c.kind%00=1",
    ],
)  # fmt: skip
def test_conditions_that_mean_nothing_never_break_a_page(query: str) -> None:
    taken_in()
    client = signed_in("linjia")

    assert client.get(f"/cases/?{query}").status_code == 200
    assert client.get(f"/lists/download/csv/?{query}").status_code == 200
    assert client.get(f"/lists/views/save/?query={query}").status_code == 200


def test_a_list_is_sorted_and_paged_by_the_server() -> None:
    cases = [taken_in(ago=50 - place).number for place in range(3)]
    client = signed_in("linjia")

    assert numbers(client.get("/cases/?sort=opened")) == cases
    assert numbers(client.get("/cases/?sort=-opened")) == cases[::-1]
    assert 'aria-sort="ascending"' in text(client.get("/cases/?sort=number"))
    assert "第1–3件，共3件" in text(client.get("/cases/?page=7"))


def test_a_list_is_taken_along_with_its_conditions_masked_and_harmless() -> None:
    taken_in(room="6-1-0602", owner_name="孟繁", content="=HYPERLINK(坏公式)写在内容里", matter="未分类")
    taken_in()
    client = signed_in("linjia")

    head, *lines = downloaded(client, "csv", "q=0602")
    book = load_workbook(io.BytesIO(client.get("/lists/download/xlsx/?q=0602").content))

    assert head[:3] == ["单号", "事由", "客户"]
    assert len(lines) == 1
    assert lines[0][2] == "孟* · 6-1-0602"
    assert not any(cell.startswith("=") for cell in lines[0])
    assert [cell.value for cell in book.active[2]][2] == "孟* · 6-1-0602"
    assert client.get("/lists/download/exe/").status_code == 404


def downloaded(client: Client, kind: str, query: str) -> list[list[str]]:
    answer = client.get(f"/lists/download/{kind}/?{query}")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


# ---- views ----


def test_a_view_is_saved_counted_renamed_moved_and_deleted() -> None:
    taken_in(room="6-1-0602")
    client = signed_in("linjia")

    saved = client.post("/lists/views/save/", {"name": " 六栋 ", "query": "q=0602&page=3&junk=1"}, follow=True)
    (view,) = views.own("linjia")
    counted = client.get(f"/lists/views/{view.view_id}/count/")
    client.post(f"/lists/views/{view.view_id}/", {"do": "rename", "name": "六栋一单元"})
    renamed = client.get("/lists/views/")
    other = signed_in("chenxl").post(f"/lists/views/{view.view_id}/", {"do": "delete"})
    client.post(f"/lists/views/{view.view_id}/", {"do": "delete"})

    assert saved.redirect_chain == [("/cases/?q=0602", 302)]
    assert "已存为“六栋”" in text(saved)
    assert (view.name, view.query) == ("六栋", "q=0602")
    assert text(counted) == "1"
    assert 'value="六栋一单元"' in text(renamed)
    assert other.status_code == 404
    assert views.own("linjia") == ()


def test_a_view_without_a_name_is_asked_for_one_and_keeps_its_conditions() -> None:
    answer = signed_in("linjia").post("/lists/views/save/", {"name": "  ", "query": "q=0602"})

    assert answer.status_code == 422
    assert "请写一个名字" in text(answer)
    assert 'value="q=0602"' in text(answer)


# ---- many at once ----


def test_the_bar_offers_only_what_all_selected_cases_allow() -> None:
    mine, other = taken_in(), taken_in()
    prejudged(other)
    client = signed_in("linjia")
    chosen = dict(zip([mine.number, other.number], values(client.get("/cases/?sort=number")), strict=True))

    alone = client.post("/lists/bulk/offers/", {"case": chosen[mine.number]})
    both = client.post("/lists/bulk/offers/", {"case": list(chosen.values())})
    none = signed_in("wangjiang").post("/lists/bulk/offers/", {"case": list(chosen.values())})

    assert "转派" in text(alone)
    assert "记一笔" in text(alone)
    assert "转派" not in text(both), "only who answers for a case hands it over"
    assert "记一笔" in text(both)
    assert "没有共同可办的事" in text(none)


def test_many_cases_are_transferred_each_with_its_outcome_and_nothing_happens_twice() -> None:
    cases = [taken_in(), taken_in()]
    client = signed_in("linjia")
    chosen = values(client.get("/cases/?sort=number"))
    asked = client.post("/lists/bulk/", {"case": chosen, "choose": "transfer", "back": "/cases/?sort=number"})
    sending = {
        "case": chosen,
        "choose": "transfer",
        "name": "转派",
        "to": "chenxl",
        "reason": "轮休",
        "token": "abc123",
    }

    done = client.post("/lists/bulk/do/", sending)
    versions = list(rows.Case.objects.order_by("number").values_list("version", "asked_of"))
    again = client.post("/lists/bulk/do/", sending)

    assert "陈晓岚" in text(asked)
    assert 'href="/cases/?sort=number"' in text(asked)
    assert "转派：办成2件" in text(done)
    assert [asked_of for _, asked_of in versions] == ["chenxl", "chenxl"]
    assert "转派：办成2件" in text(again)
    assert list(rows.Case.objects.order_by("number").values_list("version", "asked_of")) == versions
    assert all(case.number in text(done) for case in cases)
    assert "请我接办" in text(signed_in("chenxl").get("/work/"))


def test_who_was_faster_and_what_was_refused_is_said_case_by_case() -> None:
    fine, taken, gone = taken_in(), taken_in(), taken_in()
    client = signed_in("linjia")
    chosen = values(client.get("/cases/?sort=number"))
    prejudged(taken, by="chenxl")
    handover = BuiltIn(verb="transfer", actor="linjia", values={"to": "chenxl"})
    office.done(handle.act(gone.case_id, handover))
    fresh = f"{gone.case_id}:{rows.Case.objects.get(number=gone.number).version}"

    answer = client.post(
        "/lists/bulk/do/",
        {"case": [*chosen[:2], fresh], "choose": "transfer", "name": "转派", "to": "chenxl", "token": "t1"},
    )

    assert "办成1件，没办成2件" in text(answer)
    assert "有人先办了" in text(answer)
    assert "已请chenxl接办" in text(answer) or "已请陈晓岚接办" in text(answer)
    assert rows.Case.objects.get(number=fine.number).asked_of == "chenxl"
    assert rows.Case.objects.get(number=taken.number).asked_of == ""


def test_a_note_without_words_is_asked_for_them_and_keeps_the_selection() -> None:
    taken_in()
    client = signed_in("linjia")
    chosen = values(client.get("/cases/"))

    answer = client.post("/lists/bulk/do/", {"case": chosen, "choose": "note", "text": " ", "token": "t2"})
    noted = client.post(
        "/lists/bulk/do/", {"case": chosen, "choose": "note", "text": "已电话联系", "token": "t2", "name": "记一笔"}
    )

    assert answer.status_code == 422
    assert "请写要记的内容" in text(answer)
    assert chosen[0] in text(answer)
    assert "记一笔：办成1件" in text(noted)


def test_cases_of_others_cannot_be_done_with_in_bulk() -> None:
    case = taken_in()
    version = rows.Case.objects.get().version
    stranger = signed_in("wangjiang")

    answer = stranger.post(
        "/lists/bulk/do/", {"case": f"{case.case_id}:{version}", "choose": "note", "text": "看看", "token": "t"}
    )
    junk = stranger.post("/lists/bulk/do/", {"case": ["x", "1:2", ""], "choose": "note", "text": "看看"})

    assert answer.status_code == junk.status_code == 422
    assert "没有选中工单" in text(answer)
    assert rows.Case.objects.get().version == version


# ---- the board ----


def test_the_board_leads_from_its_counts_to_the_cases() -> None:
    late, _ = taken_in(ago=60), taken_in()
    client = signed_in("gaojp")

    page = client.get("/board/")
    link = re.search(r'href="(/cases/[^"]*task=judge[^"]*due=late[^"]*)"[^>]*>1<', text(page))

    assert "判别有效性并定级" in text(page)
    assert "客服部经理" in text(page)
    assert link is not None
    assert numbers(client.get(link.group(1))) == [late.number]
    assert "没有逾期的，今天也没有到期的" in text(signed_in("wangjiang").get("/board/"))


# ---- messages ----


def test_messages_are_read_in_their_row_and_receipts_go_to_the_case() -> None:
    office.graded_major(f"{clock.now().astimezone(office.ZONE) - timedelta(minutes=9):%Y-%m-%d %H:%M}")
    client = signed_in("gaojp")
    me = viewer("gaojp")
    assert me is not None
    told = next(one for one in inbox.messages(me)[0] if one.wanted)

    page = client.get("/inbox/")
    done = client.post(f"/inbox/{told.case_id}/{told.seq}/", follow=True)
    strange = signed_in("linjia").post(f"/inbox/{told.case_id}/{told.seq}/")

    assert "确认收到" in text(page)
    assert "已确认收到，记入" in text(done)
    assert strange.status_code == 404
    assert rows.Message.objects.get(case_id=told.case_id, seq=told.seq, person="gaojp").read_at is not None


def test_all_that_needs_no_receipt_is_read_at_once() -> None:
    office.graded_major(f"{clock.now().astimezone(office.ZONE) - timedelta(minutes=9):%Y-%m-%d %H:%M}")
    client = signed_in("gaojp")

    client.post("/inbox/read-all/")

    left = rows.Message.objects.filter(person="gaojp", read_at=None)
    assert set(left.values_list("receipt", flat=True)) == {"read"}
    assert "没有未读的消息" not in text(client.get("/inbox/?only=unread"))


# ---- finding ----


def test_the_palette_finds_cases_articles_people_and_pages_in_groups() -> None:
    case = taken_in(phone="13812345678")
    client = signed_in("linjia")

    by_phone = client.get("/palette/?q=13812345678")
    by_clause = client.get("/palette/?q=4.4.1c.i")
    by_name = client.get("/palette/?q=许志远")
    blank = client.get("/palette/")

    assert case.number in text(by_phone)
    assert "<html" not in text(by_phone)
    assert f"/procedures/{office.PROCEDURE}/#c-4-4-1c-i" in text(by_clause)
    assert "/cases/?answers=xuzy" in text(by_name)
    assert "/board/" in text(blank)
    assert case.number not in text(signed_in("wangjiang").get("/palette/?q=13812345678"))


def test_the_page_of_finding_says_when_there_is_nothing() -> None:
    client = signed_in("linjia")

    assert "没有找到“zzzz”" in text(client.get("/search/?q=zzzz"))
    assert client.get("/search/?q=%00%25").status_code == 200
