"""Figures in the organisation's hands, and reports of a month: who may, what changes, what is counted."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from openpyxl import load_workbook

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.casework.handle import Answer
from shouwen.organisation.models import OrganisationRecord
from tests import office

Come = Callable[[str], Client]
PASSWORD = "blue-teapot-9"
PAGE = f"/procedures/{office.PROCEDURE}/figures/"


@pytest.fixture
def administrator(open_office: None) -> Client:
    accounts.create("xuzy", PASSWORD, "xuzy", administers=True)
    client = Client()
    assert client.post("/sign-in/", {"username": "xuzy", "password": PASSWORD}).status_code == 302
    return client


def today() -> str:
    return f"{clock.now().astimezone(office.ZONE):%Y-%m-%d}"


def test_a_figure_set_from_a_day_on_changes_the_limits_of_later_cases_only(administrator: Client):
    now = clock.now().astimezone(office.ZONE)
    earlier = office.take_in(f"{now - timedelta(days=1):%Y-%m-%d} 10:00")

    answer = administrator.post(PAGE, {"figure": "at_once", "since": today(), "value": "25 min", "reason": "人手不足"})
    later = office.take_in(f"{now:%Y-%m-%d %H:%M}")

    assert answer.status_code == 302
    assert _limit(earlier) == 10
    assert _limit(later) == 25
    page = unescape(administrator.get(PAGE).content.decode())
    assert "25分钟" in page
    assert "许志远：人手不足" in page


def _limit(answer: Answer) -> int:
    state = answer.case.tasks["prejudge"][""]
    assert state.due is not None
    return int((state.due - state.since).total_seconds() // 60)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "很快"}, "很快"),
        ({"value": ""}, "请填新值"),
        ({"since": "2020-01-01"}, "只能从今天或以后起用"),
        ({"since": "明天"}, "请选起用日"),
        ({"reason": " "}, "请写理由"),
        ({"figure": "none"}, "没有这个数值"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    administrator: Client, changes: dict[str, str], said: str
):
    before = OrganisationRecord.objects.count()
    typed = {"figure": "at_once", "since": today(), "value": "25 min", "reason": "试行三个月", **changes}

    answer = administrator.post(PAGE, typed)

    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert "none" in typed["figure"] or typed["reason"].strip() in page
    assert OrganisationRecord.objects.count() == before


def test_who_does_not_administer_reads_the_figures_and_sets_none(come_in: Come):
    client, before = come_in("linjia"), OrganisationRecord.objects.count()

    page = client.get(PAGE)
    answer = client.post(PAGE, {"figure": "at_once", "since": today(), "value": "25 min", "reason": "x"})

    assert "从这天起改用" not in page.content.decode()
    assert answer.status_code == 404
    assert OrganisationRecord.objects.count() == before


def test_the_report_shows_what_was_counted_with_the_months_before(come_in: Come):
    now = clock.now().astimezone(office.ZONE)
    for minutes in (5, 10, 15):
        office.done(office.take_in(f"{now - timedelta(minutes=minutes):%Y-%m-%d %H:%M}"))

    page = unescape(come_in("xuzy").get("/reports/").content.decode())

    line = re.search(r"<b>受理件数</b>.*?</summary>", page, re.DOTALL)
    assert line is not None
    assert '<span class="val"><b>3</b>' in line[0]
    assert line[0].count("<rect") == 1


def test_each_desk_sees_its_own_cases_in_its_report(come_in: Come):
    now = clock.now().astimezone(office.ZONE)
    office.done(office.take_in(f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M}"))

    page = come_in("wangjiang").get("/reports/", {"procedure": office.PROCEDURE})
    other = unescape(page.content.decode())

    line = re.search(r"<b>受理件数</b>.*?</summary>", other, re.DOTALL)
    assert line is not None
    assert '<span class="val"><b>0</b>' in line[0]


def test_who_sees_only_parts_has_no_report(come_in: Come):
    page = unescape(come_in("dingli").get("/reports/").content.decode())

    assert "您的岗位看不到全部案件" in page


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-01", "2026-00", "0001-01"])
def test_a_month_that_is_none_is_this_month(come_in: Come, month: str):
    answer = come_in("xuzy").get("/reports/", {"month": month})

    now = clock.now().astimezone(office.ZONE)
    assert answer.status_code == 200
    assert f"{now.year}年{now.month}月报表" in answer.content.decode()


def test_the_report_can_be_taken_along_as_a_workbook(come_in: Come):
    now = clock.now().astimezone(office.ZONE)
    office.done(office.take_in(f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M}"))

    answer = come_in("xuzy").get("/reports/", {"as": "xlsx"})

    book = load_workbook(io.BytesIO(answer.content))
    lines = {row[0]: row for row in book["指标"].iter_rows(values_only=True)}
    assert set(book.sheetnames) == {"指标", "十二个月", "时限"}
    assert lines["受理件数"][2] == "1"
    assert len(lines) == len(office.law().procedure.measures) + 1
