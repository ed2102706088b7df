"""Settings and registers: the house's own days move limits, words of open lists may be chosen, others only look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.casework import house, registers
from shouwen.organisation.models import OrganisationRecord
from shouwen.organisation.state import state
from tests import office

Come = Callable[[str], Client]
PASSWORD = "blue-teapot-9"
WORDS = f"/registers/?procedure={office.PROCEDURE}&of=departments"


@pytest.fixture
def administrator(open_office: None) -> Client:
    accounts.create("xuzy", PASSWORD, "xuzy", administers=True)
    client = Client()
    assert client.post("/sign-in/", {"username": "xuzy", "password": PASSWORD}).status_code == 302
    return client


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def today() -> date:
    return clock.now().astimezone(office.ZONE).date()


def test_the_calendar_shows_holidays_make_up_days_and_weekends(come_in: Come):
    page = text(come_in("linjia").get("/settings/?year=2026"))

    assert 'class="off" title="10月1日：法定节假日：国庆节"' in page
    assert 'class="makeup" title="10月10日：调休上班"' in page
    assert "还没有公布" not in page
    assert "还没有公布" in text(come_in("linjia").get(f"/settings/?year={today().year + 2}"))


@pytest.mark.parametrize("year", ["1", "x", "99999", "-1"])
def test_a_year_that_is_none_is_this_one(come_in: Come, year: str):
    answer = come_in("linjia").get("/settings/", {"year": year})

    assert answer.status_code == 200
    assert f"{today().year} 年日历" in text(answer)


def test_own_days_stand_in_the_calendar_and_are_taken_back(administrator: Client):
    first, last = today() + timedelta(days=3), today() + timedelta(days=4)
    typed = {"op": "day", "day": f"{first}", "until": f"{last}", "name": "盘点", "kind": "closed"}

    assert administrator.post("/settings/", typed).status_code == 302
    closed = dict(state().days)
    administrator.post("/settings/", {**typed, "kind": "public", "name": ""})

    assert {first: ("盘点", False), last: ("盘点", False)} == closed
    assert state().days == {}


def test_a_day_of_rest_moves_limits_counted_in_working_days(administrator: Client):
    law, at = office.law(), office.moment("2026-03-02 10:00")  # a Monday
    who = state()
    before = house.calendar(who).timetable

    house.put_day("2026-03-03", "", "年会", "closed", actor="xuzy", at=at)

    assert house.calendar(state()).timetable != before
    graded = office.graded_major("2026-03-02 10:00")
    due = graded.case.tasks["answer_major"][""].due
    assert due is not None
    assert (law.procedure.id, f"{due:%m-%d %H:%M}") == (office.PROCEDURE, "03-05 18:00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": ""}, "请选日期"),
        ({"day": "2020-01-01", "until": ""}, "只能改今天和以后的日子"),
        ({"until": "2099-01-01"}, "一次至多六十天"),
        ({"name": " "}, "请写事由"),
        ({"kind": "?"}, "请选休息"),
    ],
)
def test_a_day_that_is_wrong_is_refused_in_words(administrator: Client, changes: dict[str, str], said: str):
    before = OrganisationRecord.objects.count()
    typed = {
        "op": "day",
        "day": f"{today() + timedelta(days=3)}",
        "until": "",
        "name": "盘点",
        "kind": "closed",
        **changes,
    }

    answer = administrator.post("/settings/", typed)

    assert answer.status_code == 422
    assert said in text(answer)
    assert OrganisationRecord.objects.count() == before


def test_the_house_is_called_otherwise(administrator: Client):
    assert administrator.post("/settings/", {"op": "name", "name": "青屿物业集团"}).status_code == 302
    assert administrator.post("/settings/", {"op": "name", "name": "  "}).status_code == 422

    assert state().name == "青屿物业集团"


def test_an_administrator_sees_whether_all_is_well_and_others_do_not(administrator: Client, come_in: Come):
    page = text(administrator.get("/settings/"))

    assert "逐条相扣" in page
    assert "PostgreSQL" in page
    assert "是否一切正常" not in text(come_in("linjia").get("/settings/"))


@pytest.mark.parametrize(
    "typed", [{"op": "name", "name": "我的"}, {"op": "day", "day": "2099-01-01", "kind": "closed", "name": "x"}]
)
def test_who_does_not_administer_sets_nothing(come_in: Come, typed: dict[str, str]):
    client, before = come_in("linjia"), OrganisationRecord.objects.count()

    assert client.post("/settings/", typed).status_code == 404
    assert client.post(WORDS, {"op": "add", "word": "电梯部"}).status_code == 404
    assert OrganisationRecord.objects.count() == before


def test_a_word_that_is_added_may_be_chosen_beside_those_of_the_regulation(administrator: Client):
    catalog = office.law().procedure.catalogs["departments"]

    assert administrator.post(WORDS, {"op": "add", "word": " 电梯部 "}).status_code == 302

    may = state().words[office.PROCEDURE]["departments"]
    assert set(may) == {*catalog.words, "电梯部"}
    assert "本单位添的" in text(administrator.get(WORDS))


def test_a_word_is_taken_away_and_brought_back_but_never_the_last(administrator: Client):
    catalog = office.law().procedure.catalogs["departments"]
    for word in catalog.words:
        administrator.post(WORDS, {"op": "retire", "word": word})

    left = state().words[office.PROCEDURE]["departments"]
    assert left == (catalog.words[-1],)

    administrator.post(WORDS, {"op": "add", "word": catalog.words[0]})

    assert set(state().words[office.PROCEDURE]["departments"]) == {catalog.words[0], catalog.words[-1]}


@pytest.mark.parametrize(
    ("word", "said"), [("", "请写 1 到 40 个字"), ("长" * 41, "请写 1 到 40 个字"), ("工程部", "已有“工程部”")]
)
def test_a_word_that_is_wrong_is_refused_in_words(administrator: Client, word: str, said: str):
    answer = administrator.post(WORDS, {"op": "add", "word": word})

    assert answer.status_code == 422
    assert said in text(answer)


def test_the_words_of_a_list_are_those_that_its_page_shows(come_in: Come):
    page = text(come_in("linjia").get(WORDS))

    law = office.law()
    shown = registers.words_of(law.procedure, law.procedure.catalogs["departments"], state())
    assert all(f"<span>{one.word}</span>" in page for one in shown)
    assert "添一个词" not in page
