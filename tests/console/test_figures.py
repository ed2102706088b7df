"""Figures in the organisation's hands: who may change them, and what changes then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

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
