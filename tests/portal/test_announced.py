"""What a house announces: found by one's address, with its time, clause and state, and nothing of others."""

from datetime import timedelta

import pytest
from django.test import Client

from shouwen import clock
from tests.portal import town
from tests.portal.town import text

NOTICES = "/portal/at/YX/notices/"


def planned(scope: str, floors: list[str], unit: str, user: str) -> str:
    """A planned outage, approved and put in writing; its number."""
    start = clock.now().replace(second=0, microsecond=0) + timedelta(days=4)
    told = {
        "origin": "大厦施工",
        "kind": "停电",
        "reason": "更换配电柜",
        "start_at": start.isoformat(),
        "end_at": (start + timedelta(hours=2)).isoformat(),
        "scope": scope,
        "floors": floors,
        "affected_users": [{"unit": unit, "user_name": user}],
        "staffing": "龚程、老冯",
    }
    number = town.opened("outage-notice", "draft_plan", "gongcheng", "YX", outage_plan=told)
    town.act(number, "submit_plan", "gongcheng", outage_plan={"staffing": "龚程、老冯"})
    town.act(number, "decide_plan", "jingli", outage_plan={"decision": "同意"})
    return number


def drafted(number: str) -> None:
    town.act(number, "draft_notice", "nigao", outage_notice={"contact": "0571-88001234", "advice": "请提前保存文件"})


@pytest.fixture
def outage(phone: Client) -> str:
    number = planned("A座16层", ["16层"], "1603", "百川贸易")
    drafted(number)
    return number


def test_a_house_that_announces_nothing_says_so(phone: Client) -> None:
    assert "现在没有公告" in text(phone.get(NOTICES))


def test_what_is_not_issued_is_not_announced(phone: Client) -> None:
    planned("B座", ["3层"], "301", "云帆科技")

    assert "更换配电柜" not in text(phone.get(NOTICES))


def test_an_announcement_tells_time_kind_clause_and_state(phone: Client, outage: str) -> None:
    page = text(phone.get(NOTICES))

    assert [word in page for word in ("停电", "更换配电柜", "A座16层", "请提前保存文件")] == [True] * 4
    assert "1.3b" in page
    assert "拟写并派送通知书" in page


def test_nothing_of_others_stands_there(phone: Client, outage: str) -> None:
    page = text(phone.get(f"{NOTICES}?q=1603"))

    assert "百川贸易" not in page
    assert "龚程" not in page
    assert outage not in page


@pytest.mark.parametrize(
    ("address", "mine"),
    [
        ("1603", True),
        ("16层", True),
        ("16楼", True),
        ("A座 16F", True),
        ("A座1603室", True),
        ("B座16层", False),
        ("6层", False),
        ("1604", False),
        ("百川贸易", False),
    ],
)
def test_it_is_found_by_floor_and_room(phone: Client, outage: str, address: str, mine: bool) -> None:
    page = text(phone.get(NOTICES, {"q": address}))

    assert ("与您有关" in page) is mine
    assert "更换配电柜" in page
