"""People: what an administrator changes takes effect at once; everybody else only looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen import clock
from shouwen.accounts import access as accounts
from shouwen.accounts.models import Account
from shouwen.casework import handle
from shouwen.casework.access import viewer
from shouwen.core.commands import BuiltIn
from shouwen.core.offers import offers
from shouwen.organisation.models import OrganisationRecord
from shouwen.organisation.state import state
from shouwen.organisation.stream import rebuild
from shouwen.store import models as rows
from tests import office

Come = Callable[[str], Client]
PASSWORD = "blue-teapot-9"


@pytest.fixture
def administrator(open_office: None) -> Client:
    accounts.create("xuzy", PASSWORD, "xuzy", administers=True)
    client = Client()
    assert client.post("/sign-in/", {"username": "xuzy", "password": PASSWORD}).status_code == 302
    return client


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def offered(person: str) -> set[str]:
    """What a person may do when somebody comes in."""
    case = office.done(
        office.take_in(f"{clock.now().astimezone(office.ZONE) - timedelta(minutes=1):%Y-%m-%d %H:%M}")
    ).case
    who = viewer(person)
    if who is None:
        return set()
    law = office.law()
    return {offer.action for offer in offers(law.procedure, case, person, who.at, who.world(law, "ZXL"))}


@pytest.mark.parametrize("tab", ["", "list", "covers", "vacant", "history", "none"])
@pytest.mark.parametrize("person", ["xuzy", "dingli"])
def test_every_part_is_open_to_everybody_of_the_house(come_in: Come, person: str, tab: str):
    answer = come_in(person).get("/people/", {"tab": tab})

    assert answer.status_code == 200
    assert "登记一个人" not in text(answer)


@pytest.mark.parametrize(
    "typed",
    [
        {"op": "person", "code": "new.one", "name": "新人"},
        {"op": "unit", "code": "X", "name": "新部门"},
        {"op": "cover", "person": "linjia", "unit": "ZXL", "role": "cs_manager", "kind": "appointed"},
    ],
)
def test_who_does_not_administer_changes_nothing(come_in: Come, typed: dict[str, str]):
    before = OrganisationRecord.objects.count()
    client = come_in("linjia")

    assert client.post("/people/", typed).status_code == 404
    assert client.post("/people/linjia/", {"op": "edit", "name": "林总", "active": "yes"}).status_code == 404
    assert client.post("/people/linjia/", {"op": "account_new", "username": "boss"}).status_code == 404
    assert OrganisationRecord.objects.count() == before
    assert Account.objects.count() == 1


def test_a_position_given_and_ended_takes_effect_in_what_is_offered(administrator: Client):
    today = clock.now().astimezone(office.ZONE).date()
    assert administrator.post("/people/", {"op": "person", "code": "new.one", "name": "新来的"}).status_code == 302
    assert "prejudge" not in offered("new.one")

    administrator.post("/people/new.one/", {"op": "give", "unit": "ZXL", "role": "front_desk", "since": f"{today}"})
    given = offered("new.one")
    position = next(one for one in state().positions if one.person == "new.one")
    administrator.post(
        "/people/new.one/", {"op": "end", "position": position.position, "until": f"{today - timedelta(days=1)}"}
    )
    refused = state().positions
    administrator.post("/people/new.one/", {"op": "end", "position": position.position, "until": f"{today}"})

    assert "prejudge" in given
    assert next(one for one in refused if one.person == "new.one").until is None
    assert next(one for one in state().positions if one.person == "new.one").until == today


def test_a_cover_lets_somebody_act_for_another_and_ends(administrator: Client):
    now = clock.now().astimezone(office.ZONE)
    typed = {
        "op": "cover",
        "person": "wangjiang",
        "unit": "ZXL",
        "role": "front_desk",
        "kind": "shift",
        "absent": "linjia",
        "since": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(hours=8):%Y-%m-%dT%H:%M}",
    }

    assert administrator.post("/people/", typed).status_code == 302
    assert "prejudge" in offered("wangjiang")

    administrator.post("/people/", {"op": "end_cover", "cover": state().covers[0].cover})

    assert "prejudge" not in offered("wangjiang")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"op": "person", "code": "", "name": "无码"}, "代码用 2 到 32 个"),
        ({"op": "person", "code": "linjia", "name": "同码"}, "代码 linjia 已经是林佳的"),
        ({"op": "person", "code": "no.name", "name": " "}, "请填姓名"),
        ({"op": "person", "code": "p.one", "name": "甲", "phone": "很长"}, "电话只写数字"),
        ({"op": "person", "code": "p.one", "name": "甲", "email": "@"}, "邮箱写作"),
        ({"op": "unit", "code": "", "name": ""}, "请填名称"),
        ({"op": "unit", "code": "QY", "name": "集团", "parent": "ZXL"}, "上级不能是它自己或它的下级"),
        ({"op": "unit", "code": "N", "name": "新", "parent": "NONE"}, "请选上级单位"),
        ({"op": "cover", "person": "nobody", "unit": "?", "role": "?", "kind": "?"}, "请选在职的人"),
        (
            {
                "op": "cover",
                "person": "linjia",
                "unit": "ZXL",
                "role": "cs_manager",
                "kind": "shift",
                "since": "2026",
                "until": "x",
            },
            "时间写作",
        ),
        ({"op": "end_cover", "cover": "none"}, "这次代理已经结束"),
    ],
)
def test_what_is_wrong_is_refused_in_words_and_nothing_is_recorded(
    administrator: Client, typed: dict[str, str], said: str
):
    before = OrganisationRecord.objects.count()

    tab = {"person": "list", "cover": "covers", "end_cover": "covers"}.get(typed["op"], "")
    answer = administrator.post(f"/people/?tab={tab}", typed)

    assert answer.status_code == 422
    assert said in text(answer) or typed["op"] == "end_cover"
    assert OrganisationRecord.objects.count() == before


def test_somebody_on_whom_cases_rest_is_not_let_go_unseen(administrator: Client):
    case = office.done(office.take_in(f"{clock.now().astimezone(office.ZONE) - timedelta(minutes=1):%Y-%m-%d %H:%M}"))
    assert case.case_id is not None
    handed = BuiltIn(verb="transfer", actor="linjia", values={"to": "chenxl"}, reason="交给晓岚跟")
    office.done(handle.act(case.case_id, handed))
    office.done(handle.act(case.case_id, BuiltIn(verb="accept", actor="chenxl")))

    first = administrator.post("/people/chenxl/", {"op": "edit", "name": "陈晓岚"})

    assert first.status_code == 422
    assert "还有 1 件在办的案件落在他身上" in text(first)
    assert case.number in text(first)
    assert state().people["chenxl"].active
    assert administrator.post("/people/chenxl/", {"op": "edit", "name": "陈晓岚", "sure": "yes"}).status_code == 302
    assert not state().people["chenxl"].active
    assert viewer("chenxl") is None


def test_cases_that_rest_on_somebody_are_told_no_further_than_one_may_see(administrator: Client):
    at = f"{clock.now().astimezone(office.ZONE) - timedelta(minutes=1):%Y-%m-%d %H:%M}"
    here = office.done(office.take_in(at, owner_name="欧阳修远", content="欧阳修远家渗水，要求今天上门"))
    there = office.done(office.take_in(at, by="wangjiang", unit="WJZ", content="望江座门口的路灯坏了"))
    rows.Case.objects.update(answers="wangjiang")

    page = text(administrator.get("/people/wangjiang/"))

    assert here.number in page
    assert "欧阳修远" not in page
    assert "欧***家渗水" in page
    assert there.number not in page
    assert "望江座门口" not in page
    assert "另有 1 件在您看不到的受理点" in page


def test_nobody_lets_himself_go(administrator: Client):
    answer = administrator.post("/people/xuzy/", {"op": "edit", "name": "许志远", "sure": "yes"})

    assert answer.status_code == 422
    assert "不能停用自己" in text(answer)
    assert state().people["xuzy"].active


def test_a_first_password_is_shown_once_and_opens_the_door(administrator: Client):
    page = text(administrator.post("/people/linjia/", {"op": "account_new", "username": "Lin.Jia"}))

    shown = re.search(r"<code>([^<]+)</code>", page)
    assert shown is not None
    assert shown[1] not in text(administrator.get("/people/linjia/"))
    assert Client().post("/sign-in/", {"username": "lin.jia", "password": shown[1]}).status_code == 302


def test_an_account_is_locked_and_opened_again_but_not_ones_own(administrator: Client):
    account = accounts.create("linjia", PASSWORD, "linjia")
    own = Account.objects.get(username="xuzy")
    change = {"op": "account_change", "account": str(account.pk)}

    administrator.post("/people/linjia/", {**change, "what": "lock"})
    locked = Client().post("/sign-in/", {"username": "linjia", "password": PASSWORD})
    administrator.post("/people/linjia/", {**change, "what": "unlock"})
    opened = Client().post("/sign-in/", {"username": "linjia", "password": PASSWORD})
    refused = administrator.post("/people/xuzy/", {"op": "account_change", "account": str(own.pk), "what": "lock"})

    assert (locked.status_code, opened.status_code) == (200, 302)
    assert "不能锁自己的账号" in text(refused)
    assert Account.objects.get(username="xuzy").is_active


@pytest.mark.parametrize(
    "change", [{"what": "lock", "account": "999"}, {"what": "?", "account": "1"}, {"what": "lock", "account": "x"}]
)
def test_an_account_of_somebody_else_is_none_here(administrator: Client, change: dict[str, str]):
    answer = administrator.post("/people/linjia/", {"op": "account_change", **change})

    assert answer.status_code == 422
    assert "没有这个账号" in text(answer)


def test_vacant_roles_say_what_then_happens(administrator: Client):
    page = text(administrator.get("/people/?tab=vacant"))

    lines = re.findall(r"<tr><td data-l=\"受理点\">(.*?)</td>.*?<th scope=\"row\">(.*?)</th>", page)
    assert ("枕溪里服务中心", "项目经理") in lines
    assert ("枕溪里服务中心", "客服部前台") not in lines
    assert "没有人能办" in page


def test_a_unit_that_names_its_regulations_is_asked_for_the_roles_of_these_alone(administrator: Client):
    unit = {"op": "unit", "code": "WJZ", "name": "望江座服务中心", "parent": "QY", "desk": "yes"}
    assert administrator.post("/people/", {**unit, "by-work-order": "yes"}).status_code == 302

    vacant = text(administrator.get("/people/?tab=vacant"))
    tree = text(administrator.get("/people/"))

    asked = re.findall(r"<tr><td data-l=\"受理点\">望江座服务中心</td>.*?href=\"([^\"#]*)", vacant)
    assert {place.strip("/").split("/")[-1] for place in asked} == {"work-order"}
    assert "用户室内设备维修单工作规程" in tree
    assert rebuild() == OrganisationRecord.objects.count()
    assert state().units["WJZ"].procedures == ("work-order",)


def test_what_was_changed_stands_in_the_history_with_its_author(administrator: Client):
    administrator.post("/people/", {"op": "person", "code": "new.one", "name": "新来的"})

    page = text(administrator.get("/people/?tab=history"))

    assert re.search(r"<b>许志远</b> <span>新来的（new\.one）登记在册</span>", page)


def test_a_person_who_is_not_there_is_not_found(come_in: Come):
    assert come_in("linjia").get("/people/nobody/").status_code == 404
