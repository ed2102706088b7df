"""Every main page in English: what is still Chinese on it was said by a regulation, the organisation or somebody who
typed; and the switch leads back to the page."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from shouwen.accounts import access
from shouwen.accounts.models import Account
from shouwen.casework import procedures
from shouwen.library import library
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
#: attributes that people read or hear
READ = {"title", "alt", "aria-label", "placeholder", "data-l", "data-which"}
#: what stands in every language: the names of the languages, the house's own edition of the calendar and its sources
STANDING = "简体中文 繁體中文 国务院放假安排 国务院办公厅历年节假日安排通知，经 元"
#: what the reader of documents makes of their words: the duty to confirm a notice, words said in somebody's name
COMPOSED = ("回执", "我代表客服中心向您郑重道歉", "请您拿起话机拨本局公布的取消码")


class Texts(HTMLParser):
    """What somebody reads or hears of a page, piece by piece."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())


def texts(page: str) -> Iterator[str]:
    reader = Texts()
    reader.feed(re.sub(r'<article lang="zh-Hans".*?</article>', "", page, flags=re.DOTALL))  # papers
    return (text for text in reader.found if text)


@pytest.fixture
def said(open_office: None) -> str:
    """All Chinese that may stand on a page: the regulations with their examples, the organisation, what was typed."""
    documents = [text for law in procedures.all_current() for text in law.documents.values()]
    examples = [path.read_text(encoding="utf-8") for shelf in library().shelves for path in map(Path, shelf.examples)]
    names = [name for name, _, _ in office.CAST.values()] + [unit.name for unit in office.UNITS]
    whole = " ".join((*documents, *examples, *names, "青屿物业服务有限公司", "老人平层绊倒受伤", *COMPOSED))
    return STANDING + re.sub(r"\s+", "", whole)  # folded lines of a document are one line on the page


@pytest.fixture
def english(come_in: ComeIn) -> Callable[[str], Client]:
    def signed_in(person: str) -> Client:
        client = come_in(person)
        client.post("/language/", {"language": "en", "next": "/"})
        return client

    return signed_in


@pytest.fixture
def case(open_office: None) -> rows.Case:
    office.graded_major()
    office.done(office.take_in("2026-09-29 16:50"))
    return rows.Case.objects.order_by("number").first()  # type: ignore[return-value]  # there are two


PAGES = [
    *("/", "/work/", "/cases/", "/cases/?state=all", "/cases/?due=late&sort=number", "/board/", "/inbox/"),
    *("/search/?q=zzz", "/palette/?q=", "/lists/views/", "/lists/views/save/?query=due%3Dlate", "/intake/"),
    *("/intake/property-complaint/register/", "/ledger/", "/import/", "/account/", "/account/password/"),
    *("/procedures/", "/procedures/property-complaint/", "/procedures/work-order/", "/procedures/outage-notice/"),
    *("/procedures/phone-fault/", "/procedures/broadcast-maintenance/"),
    *("/settings/", "/people/", "/people/?tab=list", "/people/?tab=covers", "/people/?tab=vacant"),
    *("/people/?tab=history", "/people/linjia/", "/registers/", "/no/such/page/"),
]


def leftover(page: str, said: str) -> list[str]:
    runs = {run for text in texts(page) for run in CHINESE.findall(text)}
    # A role stands with its unit: 工程部责任人.
    units = "|".join(unit.name for unit in office.UNITS)
    return sorted(run for run in runs if run not in said and re.sub(f"^({units})", "", run) not in said)


def test_every_main_page_speaks_english(case: rows.Case, english: Callable[[str], Client], said: str) -> None:
    access.create("xuzy", "blue-teapot-9", "xuzy", True)
    client = english("xuzy")
    found = {}
    for address in PAGES:
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404), address
        if left := leftover(answer.content.decode(), said):
            found[address] = left

    assert found == {}


def test_the_page_of_a_case_speaks_english(case: rows.Case, english: Callable[[str], Client], said: str) -> None:
    client = english("linjia")
    page = f"/cases/{case.number}/"
    found = {}
    shown = client.get(page).content.decode()
    acts = re.findall(rf'href="({re.escape(page)}do/\w+/)"', shown)
    papers = re.findall(rf'href="({re.escape(page)}papers/\w+/)"', shown)
    for address in (page, f"{page}?only=all&whole=1", f"/lists/preview/{case.number}/", *acts, *papers[:1]):
        if left := leftover(client.get(address).content.decode(), said):
            found[address] = left

    assert found == {}
    assert len(acts) > 1


def test_a_refusal_is_said_in_english_with_what_is_missing(
    case: rows.Case, english: Callable[[str], Client], said: str
) -> None:
    client = english("linjia")

    answer = client.post("/intake/property-complaint/register/", {"key": "k"})

    page = answer.content.decode()
    assert "fields missing before" in page
    assert leftover(page, said) == []


def test_moments_limits_and_money_follow_the_language(case: rows.Case, english: Callable[[str], Client]) -> None:
    page = english("linjia").get(f"/cases/{case.number}/").content.decode()

    assert re.search(r"29 Sep 16:42|29 Sep 2026 16:42|Tue 29 Sep 2026 16:42", page)
    assert re.search(r"overdue|left", page)


def test_the_same_page_in_traditional_chinese(case: rows.Case, come_in: ComeIn) -> None:
    client = come_in("linjia")
    client.post("/language/", {"language": "zh-hant", "next": "/work/"})

    page = client.get("/work/").content.decode()

    assert '<html lang="zh-Hant"' in page
    assert "我的工作" in page
    assert "設置" in page or "設定" in page


def test_the_switch_keeps_the_page_and_the_draft(case: rows.Case, come_in: ComeIn) -> None:
    client = come_in("linjia")
    place = "/intake/property-complaint/register/"
    client.post(
        f"{place}draft/", {"complaint_register.content": "灯不亮，第二次"}, headers={"X-Requested-With": "fetch"}
    )

    led = client.post("/language/", {"language": "en", "next": place})
    page = client.get(led["Location"]).content.decode()

    assert led["Location"] == place
    assert '<html lang="en"' in page
    assert "灯不亮，第二次" in page


def test_the_door_speaks_english_too(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en", "next": "/sign-in/"})

    page = client.post("/sign-in/", {"username": "nobody", "password": "x"}).content.decode()

    assert "Wrong account or password" in page
    assert not [run for text in texts(page) for run in CHINESE.findall(text) if run not in STANDING]
    assert Account.objects.count() == 0
