"""Following a case: let in by number and code alone, to that case alone; what binds the house, what concerned him."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from shouwen import clock
from shouwen.casework import attachments, follow, handle
from shouwen.core.commands import Act, BuiltIn, Wake
from shouwen.store import models as rows
from tests.portal import town
from tests.portal.town import text

FOLLOW = "/portal/follow/"


@pytest.fixture
def number(phone: Client) -> str:
    return town.report(phone, town.FAULT, {**town.fault(), "photo": [town.photo()]})


@pytest.fixture
def code(phone: Client, number: str) -> str:
    return town.receipt(phone)[1]


def test_number_and_code_let_another_telephone_in(number: str, code: str) -> None:
    other = Client()

    answer = other.post(FOLLOW, {"number": number.lower(), "code": code.lower().replace("-", " ")})

    assert (answer.status_code, answer["Location"]) == (302, f"/portal/case/{number}/")
    assert other.get(f"/portal/case/{number}/").status_code == 200


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(number: str, code: str) -> None:
    wrong = Client().post(FOLLOW, {"number": number, "code": "2222-2222"})
    unknown = Client().post(FOLLOW, {"number": number.replace("GZ", "GX"), "code": code})

    said = [re.findall(r'<div class="errors".*?</div>', text(one), re.DOTALL) for one in (wrong, unknown)]
    assert wrong.status_code == unknown.status_code == 422
    assert said[0] == said[1] != []
    assert "portal" not in wrong.cookies


def test_guessing_ends_after_a_few_tries(number: str, code: str) -> None:
    guesser = Client()
    answers = [guesser.post(FOLLOW, {"number": number, "code": f"2222-{n:04}"}).status_code for n in range(9)]

    right = guesser.post(FOLLOW, {"number": number, "code": code})

    assert answers == [422] * 8 + [429]
    assert right.status_code == 429


def test_nobody_is_let_in_without_a_code(number: str) -> None:
    stranger = Client()

    page, unknown = stranger.get(f"/portal/case/{number}/"), stranger.get("/portal/case/GZ-JF-2020-00001/")

    assert (page.status_code, page["Location"]) == (302, f"/portal/follow/?number={number}")
    assert (unknown.status_code, unknown["Location"]) == (302, "/portal/follow/?number=GZ-JF-2020-00001")


def test_a_forged_cookie_opens_nothing(number: str) -> None:
    forger = Client()
    forger.cookies["portal"] = "eyJvd24iOltdfQ:1abcde:forged"

    assert forger.get(f"/portal/case/{number}/").status_code == 302


def test_the_page_tells_who_answers_without_names(phone: Client, number: str) -> None:
    town.act(number, "accept_report", "shentai", fault_report={"line_kind": "普通直线", "area": "城镇"})

    page = text(phone.get(f"/portal/case/{number}/"))

    assert "申台" not in page
    assert "机房" in page


def test_the_page_tells_which_clause_and_moment_bind_the_house_and_what_follows(phone: Client, number: str) -> None:
    town.act(number, "accept_report", "shentai", fault_report={"line_kind": "普通直线", "area": "城镇"})

    page = text(phone.get(f"/portal/case/{number}/"))

    assert "规程要求我们" in page
    assert "最迟" in page
    assert "到时没有办，会怎样" in page
    assert 'class="clause-fold"' in page


def test_a_missed_limit_is_told_with_what_the_regulation_says(phone: Client, number: str) -> None:
    town.act(number, "accept_report", "shentai", fault_report={"line_kind": "普通直线", "area": "城镇"})
    handle.act(town.case_of(number), Wake(), at=clock.now() + timedelta(days=4))

    page = text(phone.get(f"/portal/case/{number}/"))

    assert 'data-state="late"' in page
    assert "已经逾期，规程规定" in page or "当时逾期" in page


def test_what_staff_did_among_themselves_is_not_told(phone: Client, number: str) -> None:
    noted = BuiltIn(verb="note", actor="shentai", values={"text": "这个用户很烦"})
    assert handle.act(town.case_of(number), noted).done

    assert "很烦" not in text(phone.get(f"/portal/case/{number}/"))


def test_he_may_do_what_the_regulation_gives_him(phone: Client, number: str) -> None:
    page = text(phone.get(f"/portal/case/{number}/"))

    done = phone.post(
        f"/portal/case/{number}/do/withdraw_report/", {"key": town.key(), "handling.withdrawn_why": "已经好了"}
    )

    assert f"/portal/case/{number}/do/withdraw_report/" in page
    assert f"/portal/case/{number}/do/accept_report/" not in page
    assert done.status_code == 302
    assert rows.Case.objects.get(number=number).step == "withdrawn"


def test_an_act_of_staff_is_no_page_of_his(phone: Client, number: str) -> None:
    address = f"/portal/case/{number}/do/accept_report/"

    seen, sent = phone.get(address), phone.post(address, {"key": town.key()})

    assert (seen.status_code, sent.status_code) == (404, 404)
    assert rows.Case.objects.get(number=number).step == "reported"


def test_an_act_sent_twice_is_done_once(phone: Client, number: str) -> None:
    address, told = f"/portal/case/{number}/do/supply/", {"key": town.key(), "fault_report.symptom": "还是没有声音"}

    first, again = phone.post(address, told), phone.post(address, told)

    assert (first.status_code, again.status_code) == (302, 302)
    assert rows.Record.objects.filter(case_id=town.case_of(number)).count() == 2


def test_an_act_that_is_refused_keeps_what_was_typed_and_names_the_clause(phone: Client, number: str) -> None:
    answer = phone.post(
        f"/portal/case/{number}/do/supply/",
        {"key": town.key(), "fault_report.done_by_user": "未处理", "fault_report.symptom": "时好时坏"},
    )

    assert answer.status_code == 422
    assert "时好时坏" in text(answer)
    assert "什么都没做的，写“未处理”并写明原因" in text(answer)


def test_his_papers_and_photos_are_his(phone: Client, number: str) -> None:
    page = text(phone.get(f"/portal/case/{number}/"))
    paper = phone.get(f"/portal/case/{number}/papers/fault_report/")
    photo = rows.Attachment.objects.get()

    file = phone.get(f"/portal/case/{number}/files/{photo.attachment_id}/")

    assert "现场.png" in page
    assert (paper.status_code, "王小梅" in text(paper)) == (200, True)
    assert file.content == town.PICTURE
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_papers_and_files_of_staff_do_not_exist_for_him(phone: Client, number: str) -> None:
    kept = attachments.add(town.case_of(number), "内部.png", town.PICTURE + b"x", person="shentai", at=clock.now())
    assert isinstance(kept, attachments.Attachment)

    answers = [
        phone.get(f"/portal/case/{number}/files/{kept.attachment_id}/"),
        phone.get(f"/portal/case/{number}/papers/repair_order/"),
        phone.get(f"/portal/case/{number}/papers/nothing/"),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404]
    assert "内部.png" not in text(phone.get(f"/portal/case/{number}/"))


def test_he_sees_no_case_but_his(phone: Client, number: str) -> None:
    other = Client()
    foreign = town.report(other, town.FAULT, town.fault(fault_number="0571-88129999", callback_number="13900009999"))

    tried = [
        phone.get(f"/portal/case/{foreign}/do/supply/"),
        phone.post(f"/portal/case/{foreign}/do/withdraw_report/", {"key": town.key(), "handling.withdrawn_why": "x"}),
        phone.get(f"/portal/case/{foreign}/papers/fault_report/"),
        phone.post(f"/portal/case/{foreign}/files/", {"photo": [town.photo()]}),
        phone.post(f"/portal/case/{foreign}/read/", {"notice": "x"}),
        phone.get(f"/portal/brought/{foreign}/"),
        phone.get(f"{town.FAULT}?from={foreign}"),
    ]

    assert [one.status_code for one in tried] == [404] * len(tried)
    assert rows.Case.objects.get(number=foreign).step == "reported"


def test_leaving_closes_the_door(phone: Client, number: str) -> None:
    phone.post("/portal/leave/")

    assert phone.get(f"/portal/case/{number}/").status_code == 302


def test_more_photos_come_later(phone: Client, number: str) -> None:
    answer = phone.post(f"/portal/case/{number}/files/", {"photo": [town.photo("后来.png", b"more")]})

    assert answer.status_code == 302
    assert rows.Attachment.objects.filter(name="后来.png").exists()


def test_the_code_of_a_text_message_serves_once_and_not_for_long(number: str) -> None:
    now = clock.now()
    about = follow.known(number)
    assert about is not None
    rows.FollowCode.objects.filter(about_id=about.about_id).update(nonce=b"0123456789abcdef", sent_at=now)
    found = follow.sent_code(about.about_id, now)
    assert found is not None
    phone_number, code = found

    late = follow.by_code(number, code, now + timedelta(minutes=11))
    first = follow.by_code(number, code, now)
    again = follow.by_code(number, code, now)

    assert phone_number == "13800008811"
    assert (late, again) == (None, None)
    assert first is not None
    assert first.number == number


def test_confirming_rating_and_reopening_follow_the_regulation(phone: Client, number: str) -> None:
    """What he may do changes with the step: in the step of checking he confirms; once closed he may report it again."""
    case = town.case_of(number)
    town.act(number, "accept_report", "shentai", fault_report={"line_kind": "普通直线", "area": "城镇"})
    page = text(phone.get(f"/portal/case/{number}/"))

    assert "verify_call" not in page
    assert handle.act(case, Act(action="verify_call", actor=":customer", key=town.key())).refusal is not None
