"""Guided diagnosis: question by question, back, skipped, stopped, on another telephone, and what it leads to."""

import re

import pytest
from django.test import Client

from shouwen.casework import filed
from shouwen.core.world import CUSTOMER
from shouwen.store import models as rows
from tests.portal import town
from tests.portal.town import text


@pytest.fixture
def number(phone: Client) -> str:
    return town.report(phone, town.CHECK, {"key": town.key(), "self_check.fault_number": "0571-88120001"})


def answer(client: Client, number: str, word: str, **more: str) -> int:
    page = text(client.get(f"/portal/case/{number}/guide/user/"))
    ask = re.search(r'name="ask" value="([^"]+)"', page)
    assert ask is not None, page
    told = {"key": town.key(), "ask": ask.group(1), "answer": word, **more}
    return client.post(f"/portal/case/{number}/guide/user/", told).status_code


def path(number: str) -> list[tuple[str, str]]:
    case = filed.load(town.case_of(number))[0].case
    return [(one.ask, one.word) for one in case.guides.get("user", ())]


def test_the_receipt_leads_to_the_first_question(phone: Client, number: str) -> None:
    page = text(phone.get("/portal/receipt/"))

    assert f"/portal/case/{number}/guide/user/" in page


def test_each_answer_is_kept_with_the_case_and_the_next_question_comes(phone: Client, number: str) -> None:
    answer(phone, number, "没有雷雨")
    answer(phone, number, "别人打不进来")

    page = text(phone.get(f"/portal/case/{number}/guide/user/"))

    assert [word for _, word in path(number)] == ["没有雷雨", "别人打不进来"]
    assert "第 3 问" in page
    case = filed.load(town.case_of(number))[0].case
    assert {one.actor for one in case.guides["user"]} == {CUSTOMER}


def test_it_goes_on_on_another_telephone(phone: Client, number: str) -> None:
    code = town.receipt(phone)[1]
    answer(phone, number, "没有雷雨")
    other = Client()
    other.post("/portal/follow/", {"number": number, "code": code})

    assert answer(other, number, "别人打不进来") == 302
    assert len(path(number)) == 2


def test_an_answer_is_changed_and_what_came_after_is_asked_again(phone: Client, number: str) -> None:
    answer(phone, number, "没有雷雨")
    answer(phone, number, "拿起来声音不对，或打不出去，或说不清")
    answer(phone, number, "一点声音都没有")
    kind = path(number)[1][0]

    shown = text(phone.get(f"/portal/case/{number}/guide/user/?ask={kind}"))
    changed = phone.post(
        f"/portal/case/{number}/guide/user/", {"key": town.key(), "ask": kind, "answer": "别人打不进来"}
    )

    assert "改答" in shown
    assert changed.status_code == 302
    assert [word for _, word in path(number)] == ["没有雷雨", "别人打不进来"]


def test_a_question_is_skipped_with_a_reason_only(phone: Client, number: str) -> None:
    for word in ("没有雷雨", "拿起来声音不对，或打不出去，或说不清", "一点声音都没有"):
        answer(phone, number, word)

    refused = answer(phone, number, "", skip="yes")
    done = answer(phone, number, "", skip="yes", reason="没有第二部电话")

    assert (refused, done) == (422, 302)
    case = filed.load(town.case_of(number))[0].case
    assert case.guides["user"][-1].reason == "没有第二部电话"


def test_danger_stops_it_and_says_why(phone: Client, number: str) -> None:
    answer(phone, number, "没有雷雨")
    storm = {"key": town.key(), "self_check.storm": "雷雨但未异常响铃"}
    assert phone.post(f"/portal/case/{number}/do/storm_comes/", storm).status_code == 302

    page = text(phone.get(f"/portal/case/{number}/guide/user/"))

    assert 'class="stop"' in page
    assert "/portal/article/phone-fault/5.3.i/" in page
    assert f"/portal/case/{number}/do/storm_over/" in page


def test_its_conclusion_leads_to_the_report_which_knows_what_was_tried(phone: Client, number: str) -> None:
    for word in ("没有雷雨", "来电号码显示不正常", "还是不正常", "不正常"):
        answer(phone, number, word)
    page = text(phone.get(f"/portal/case/{number}/guide/user/"))
    form = text(phone.get(f"{town.FAULT}?from={number}"))

    told = town.fault(symptom="来电号码不显示", done_by_user="", wall_to_phone_excluded="")
    reported = town.report(phone, town.FAULT, told)

    paper = filed.load(town.case_of(reported))[0].case.values
    assert f"{town.FAULT}?from={number}" in page
    assert 'value="057188120001"' in form
    assert "重装或换电池：未恢复" in str(paper["fault_report.done_by_user"])
    assert "来电号码显示不正常" in str(paper["fault_report.check_path"])
    assert rows.Case.objects.get(number=number).step == "reported"


def test_a_guide_of_staff_is_no_page_of_his(phone: Client) -> None:
    reported = town.report(phone, town.FAULT, town.fault())

    assert phone.get(f"/portal/case/{reported}/guide/room/").status_code == 404
