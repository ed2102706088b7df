"""The page of a case and acting on it, over HTTP: who sees, who may, who was faster; nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
DRAWN = "data:image/png;base64,iVBORw0KGgoAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
POINTS = ["意见会及时转达各相关部门", "由各部门负责人调查和处理", "代表客服中心深表歉意", "结果出来会告知您"]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def case(come_in: ComeIn) -> rows.Case:
    """A complaint that Lin Jia has taken in at her counter."""
    fields = {
        f"complaint_register.{name}": value
        for name, value in office.complaint(phone="13812345678")["complaint_register"].items()
    }
    assert (
        come_in("linjia").post(f"/intake/{office.PROCEDURE}/register/", {"key": "opening", **fields}).status_code == 302
    )
    return rows.Case.objects.get()


def page(case: rows.Case) -> str:
    return f"/cases/{case.number}/"


def version(client: Client, address: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text(client.get(address)))
    assert found is not None
    return found.group(1)


def say(client: Client, case: rows.Case, items: list[str]) -> HttpResponse:
    return client.post(f"{page(case)}also/say/", {"target": "first_reply", "items": items})


def test_the_page_tells_what_is_owed_what_may_be_done_and_what_happened(come_in: ComeIn, case: rows.Case) -> None:
    shown = text(come_in("linjia").get(page(case)))

    assert case.number in shown
    assert "初判并通知" in shown
    assert f'href="/cases/{case.number}/do/fill_sheet/"' in shown
    assert "先向业主说到四层意思" in shown
    assert "首问责任人" in shown
    assert "逾期后果" in shown


@pytest.mark.parametrize("path", ["", "pulse/", "do/fill_sheet/", "papers/complaint_register/"])
def test_a_case_of_another_desk_does_not_exist(come_in: ComeIn, case: rows.Case, path: str) -> None:
    assert come_in("linjia").get(page(case) + path).status_code == 200
    assert come_in("wangjiang").get(page(case) + path).status_code == 404


def test_nothing_can_be_done_to_a_case_of_another_desk(come_in: ComeIn, case: rows.Case) -> None:
    stranger = come_in("wangjiang")

    answers = [
        stranger.post(page(case) + path, {"text": "x", "field": "complaint_register.phone"})
        for path in ("do/fill_sheet/", "also/note/", "look/", "attachments/")
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert rows.Look.objects.count() == 0


def test_an_account_without_a_person_is_told_what_is_missing(come_in: ComeIn, case: rows.Case) -> None:
    from shouwen.accounts import access

    access.create("ghost", "blue-teapot-9", "")
    ghost = Client()
    ghost.post("/sign-in/", {"username": "ghost", "password": "blue-teapot-9"})

    answer = ghost.get(page(case))

    assert answer.status_code == 403
    assert "没有对应的在岗人员" in text(answer)


def test_an_act_is_done_and_the_case_moves_on(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")
    say(client, case, POINTS)
    act = f"{page(case)}do/prejudge/"

    answer = client.post(
        act, {"key": "p1", "version": version(client, act), "complaint_register.prelim_class": "比较重要"}
    )

    assert (answer.status_code, answer["Location"]) == (302, page(case))
    assert "已办“前台初判”，进入“经理判别”" in text(client.get(page(case)))
    assert office.proved() == 1


def test_an_act_sent_twice_is_done_once(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")
    say(client, case, POINTS)
    sent = {
        "key": "p1",
        "version": version(client, f"{page(case)}do/prejudge/"),
        "complaint_register.prelim_class": "比较重要",
    }
    client.post(f"{page(case)}do/prejudge/", sent)
    before = rows.Case.objects.get().version

    again = client.post(f"{page(case)}do/prejudge/", sent)

    assert again.status_code == 302
    assert rows.Case.objects.get().version == before
    assert office.proved() == 1


def test_a_refused_act_says_why_and_keeps_what_was_typed(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    answer = client.post(
        f"{page(case)}do/prejudge/",
        {"key": "p1", "complaint_register.prelim_class": "比较重要", "complaint_register.recording_no": "LY-2716"},
    )

    shown = text(answer)
    assert answer.status_code == 422
    assert "先向业主说到四层意思" in shown
    assert "4.1.2-3" in shown
    assert ">LY-2716<" in shown


def test_who_may_not_is_refused_with_the_clause_and_who_may(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    asked, sent = (
        client.get(f"{page(case)}do/grade/"),
        client.post(f"{page(case)}do/grade/", {"complaint_sheet.validity": "有效"}),
    )

    assert sent.status_code == 422
    for answer in (asked, sent):
        assert "客服部经理" in text(answer)
        assert "4.3.6-1" in text(answer)
    assert office.proved() == 1


def test_somebody_was_faster_and_nothing_typed_is_lost(come_in: ComeIn, case: rows.Case) -> None:
    slow, fast = come_in("linjia"), come_in("chenxl")
    act = f"{page(case)}do/prejudge/"
    say(slow, case, POINTS)
    seen = version(slow, act)
    fast.post(act, {"key": "fast", "version": seen, "complaint_register.prelim_class": "比较重要"})

    late = slow.post(
        act,
        {
            "key": "slow",
            "version": seen,
            "complaint_register.prelim_class": "不能及时解决",
            "complaint_register.recording_no": "LY-2716",
        },
    )

    shown = text(late)
    assert late.status_code == 409
    assert "有人先办了一步" in shown
    assert "陈晓岚" in shown
    assert ">LY-2716<" in shown
    assert f'name="version" value="{rows.Case.objects.get().version}"' in shown
    assert office.proved() == 1


def test_the_pulse_is_silent_until_something_happens(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("chenxl")
    seen = rows.Case.objects.get().version

    assert client.get(f"{page(case)}pulse/?since={seen}").status_code == 204
    say(come_in("linjia"), case, POINTS)
    assert "有新动态" in text(client.get(f"{page(case)}pulse/?since={seen}"))


def test_a_draft_of_an_act_comes_back(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")
    act = f"{page(case)}do/log_handling/"

    client.post(
        f"{act}draft/",
        {"key": "k", "complaint_sheet.handling_log.0.what": "已约上门"},
        headers={"X-Requested-With": "fetch"},
    )
    back = text(client.get(act))

    assert "已约上门" in back
    assert "没有交的草稿" in back
    client.post(act, {"key": "k", "complaint_sheet.handling_log.0.what": "已约上门"})
    assert rows.Draft.objects.count() == 0


def test_a_script_is_said_when_every_point_is_ticked(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    part, whole = say(client, case, POINTS[:2]), say(client, case, POINTS)

    assert part.status_code == 422
    assert "还有没说到的" in text(part)
    assert whole.status_code == 302
    assert office.proved() == 1


def test_conduct_against_a_script_is_recorded_with_what_and_who(come_in: ComeIn, case: rows.Case) -> None:
    client, address = come_in("xuzy"), f"{page(case)}also/breach/"

    unclear = client.post(address, {"target": "listening", "person": "chenxl"})
    said = client.post(address, {"target": "listening", "item": "“这不归我们管”；冷场不应", "person": "chenxl"})

    assert (unclear.status_code, said.status_code) == (422, 302)
    assert "登记陈晓岚违反“倾听”" in text(client.get(page(case)))
    assert office.proved() == 1


def test_a_notice_is_acknowledged_on_the_page(come_in: ComeIn, open_office: None) -> None:
    office.graded_major()
    client, address = come_in("gaojp"), page(rows.Case.objects.get())
    notices = re.findall(r'also/read/".*?name="target" value="(\w+)"', text(client.get(address)), re.S)
    assert notices

    answer = client.post(f"{address}also/read/", {"target": notices[0]})

    assert answer.status_code == 302
    assert f'name="target" value="{notices[0]}"' not in text(client.get(address))
    assert office.proved() == 1


def test_a_note_stands_in_the_time_line_and_an_empty_one_is_refused(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    client.post(f"{page(case)}also/note/", {"text": "业主明早在家"})

    assert "业主明早在家" in text(client.get(page(case)))
    assert client.post(f"{page(case)}also/note/", {"text": " "}).status_code == 422


def test_a_case_is_handed_over_and_taken_over(come_in: ComeIn, case: rows.Case) -> None:
    giver, taker = come_in("linjia"), come_in("chenxl")
    giver.post(f"{page(case)}also/transfer/", {"to": "chenxl", "reason": "我去会议", "version": str(case.version)})

    assert "请您接办" in text(taker.get(page(case)))
    assert taker.post(f"{page(case)}also/refuse_transfer/", {}).status_code == 422
    taker.post(f"{page(case)}also/accept/", {})

    row = rows.Case.objects.get()
    assert (row.answers, row.first_contact) == ("chenxl", "linjia")
    assert office.proved() == 1


def test_a_guide_is_walked_question_by_question(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")
    say(client, case, POINTS)
    assert "业主说的是请修" in text(client.get(f"{page(case)}do/prejudge/"))

    client.post(f"{page(case)}also/answer/", {"target": "triage", "ask": "d1", "answer": "不满"})
    client.post(f"{page(case)}also/answer/", {"target": "triage", "ask": "d2", "answer": "能"})

    assert "一般（轻微）投诉" in text(client.get(page(case)))
    assert office.proved() == 1


def test_a_wrong_value_is_corrected_with_a_reason(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")
    address = f"{page(case)}correct/complaint_register.owner_name/"

    without = client.post(address, {"complaint_register.owner_name": "周慧华"})
    withone = client.post(address, {"complaint_register.owner_name": "周慧华", "reason": "听错了"})

    assert without.status_code == 422
    assert "周慧华" in text(without)
    assert withone.status_code == 302
    assert rows.Case.objects.get().customer["name"] == "周慧华"
    assert office.proved() == 1


def test_personal_data_is_masked_until_somebody_asks_and_the_look_is_kept(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("xuzy")
    masked = text(client.get(page(case)))
    assert "13812345678" not in masked
    assert "周敏华" not in masked
    assert "138 **** 5678" in masked

    client.post(f"{page(case)}look/", {"field": ["complaint_register.phone", "complaint_register.content", "no.such"]})

    assert "13812345678" in text(client.get(page(case)))
    assert [(look.person, look.field) for look in rows.Look.objects.all()] == [("xuzy", "complaint_register.phone")]
    assert "13812345678" not in text(come_in("linjia").get(page(case)))
    assert "看了联系电话" in text(come_in("yuanzheng").get(page(case)))


def test_the_time_line_shows_one_category_when_asked(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    narrowed = text(client.get(f"{page(case)}?only=时限"))

    assert 'data-category="时限"' in narrowed
    assert 'data-category="交接"' not in narrowed


def test_a_file_is_kept_and_given_back_as_it_was(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("linjia")

    client.post(f"{page(case)}attachments/", {"file": SimpleUploadedFile("..\\门诊 病历.exe", PNG)})

    kept = rows.Attachment.objects.get()
    back = client.get(f"{page(case)}attachments/{kept.attachment_id}/")
    assert kept.name == "门诊 病历.exe.png"
    assert (back.content, back["Content-Type"]) == (PNG, "image/png")
    assert back["X-Content-Type-Options"] == "nosniff"
    assert back["Content-Disposition"].startswith("attachment;")
    assert "添加附件“门诊 病历.exe.png”" in text(client.get(page(case)))
    assert come_in("wangjiang").get(f"{page(case)}attachments/{kept.attachment_id}/").status_code == 404


@pytest.mark.parametrize(
    "name, data, why",
    [
        ("a.png", b"", "文件是空的"),
        ("a.png", b"<script>alert(1)</script>", "认不出是什么"),
        ("a.html", b"<html></html>", "认不出是什么"),
        ("a.jpg", PNG[:8] + b"x" * (10 * 1024 * 1024), "超过10 MB"),
    ],
    ids=["empty", "another kind", "a page", "too large"],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason(
    come_in: ComeIn, case: rows.Case, name: str, data: bytes, why: str
) -> None:
    answer = come_in("linjia").post(f"{page(case)}attachments/", {"file": SimpleUploadedFile(name, data)})

    assert answer.status_code == 422
    assert why in text(answer)
    assert rows.Attachment.objects.count() == 0


def test_no_file_chosen_is_said(come_in: ComeIn, case: rows.Case) -> None:
    answer = come_in("linjia").post(f"{page(case)}attachments/", {})

    assert answer.status_code == 422
    assert "请先选文件" in text(answer)


@pytest.mark.parametrize(
    "address", ["do/no_such/", "do/register/", "also/erase/", "papers/no_such/", "correct/no.such/"]
)
def test_what_the_regulation_does_not_have_does_not_exist(come_in: ComeIn, case: rows.Case, address: str) -> None:
    client = come_in("linjia")

    assert {client.get(page(case) + address).status_code, client.post(page(case) + address).status_code} <= {404, 405}
