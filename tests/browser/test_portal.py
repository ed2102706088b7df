"""A customer's afternoon on his telephone: he checks his line question by question, reports the fault with a picture,
follows it while it is mended, and confirms that it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import Clock, Window
from tests.browser.pictures import PHONE, take_here
from tests.browser.test_pages import barriers

PATIENCE = 30_000
SMALL = {"width": 360, "height": 740}
WIDE = {"width": 1440, "height": 900}
#: a page that is broader than its window
SPILLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the server."""
    from shouwen import clock as system

    turned = Clock()
    monkeypatch.setattr(system, "now", turned.now)
    return turned


@pytest.fixture
def town(transactional_db: None, clock: Clock) -> None:
    """The three houses."""
    from tests.portal import town as built

    built.found()


@pytest.fixture
def picture_here(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Writes what stands in the window to docs/images, when pictures are asked for."""
    return take_here if request.config.getoption("--pictures") else lambda page, name: None


@pytest.fixture
def pocket(town: None, chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Window]]:
    """Telephones of people without an account."""
    opened = []

    def taken_out(**options: object) -> Window:
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True, **options}
        context = chromium.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **settings,  # type: ignore[arg-type]  # as the browser takes them
        )
        context.set_default_timeout(PATIENCE)
        window = Window(context.new_page())
        opened.append((context, window))
        return window

    yield taken_out
    for context, window in opened:
        context.close()
        assert window.troubles == []


def looked_at(page: Page) -> None:
    """Nothing bars anybody, nothing spills over, on the smallest telephone and at a desk."""
    for size in (SMALL, WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        assert page.evaluate(SPILLS) <= 0, f"{page.url} spills at {size['width']}"
    assert list(barriers(page)) == []


def answer(page: Page, *words: str) -> None:
    for word in words:
        page.get_by_role("button", name=word, exact=True).click()


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    """A picture of a socket."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (900, 900), "#d8d2c6")
    drawn = ImageDraw.Draw(picture)
    drawn.rounded_rectangle((260, 260, 640, 640), 40, fill="#f6f4ef", outline="#b6afa2", width=8)
    drawn.rounded_rectangle((400, 410, 500, 500), 10, fill="#3f444b")
    place = tmp_path / "墙插.jpg"
    picture.save(place)
    return place


def test_from_the_first_question_to_the_confirmed_repair(
    pocket: Callable[..., Window], clock: Clock, picture_here: Callable[[Page, str], None], leak: Path
) -> None:
    from tests.portal import town

    page = pocket().page
    page.goto("/portal/")
    looked_at(page)
    page.get_by_role("link", name="电信机房").click()
    picture_here(page, "portal-house")
    looked_at(page)
    page.get_by_role("link", name="开始自查").click()
    page.get_by_label("故障电话号码").fill("0571-88126602")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_text("收到了")).to_be_visible()
    picture_here(page, "portal-receipt")
    looked_at(page)
    checking, code = page.locator(".codes dd").all_inner_texts()

    # Half way he is called away; in the evening he goes on with another telephone.
    page.get_by_role("link", name="开始“听、拨、换、报”").click()
    answer(page, "没有雷雨", "拿起来声音不对，或打不出去，或说不清", "一点声音都没有")
    picture_here(page, "portal-question")
    page.get_by_text("做不了，跳过这一问").click()
    expect(page.get_by_label("为什么做不了")).to_be_visible()
    looked_at(page)
    clock.at = clock.now() + timedelta(hours=2)
    page = pocket().page
    page.goto("/portal/follow/")
    looked_at(page)
    page.get_by_label("单号或回执号").first.fill(checking)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    page.locator("a.way", has_text="听、拨、换、报").click()
    answer(page, "没有馈电", "没有")
    while page.locator(".replies .btn").count():
        page.locator(".replies .btn").last.click()
    looked_at(page)
    picture_here(page, "portal-found")

    # What he has tried goes into the report; a picture goes with it.
    page.get_by_role("link", name="向机房申告").click()
    page.locator(".more-fields summary").click()
    for label, text in {
        "故障现象": "拿起来没有声音，屏也不亮",
        "无法自查的原因": "没有备用话机",
        "申告人": "王小梅",
        "可联系的其他电话": "13800008811",
        "装机地址": "江滨路8号3幢502",
    }.items():
        page.get_by_label(label).first.fill(text)
    page.locator("#photo").set_input_files(leak)
    expect(page.locator(".shots img")).to_have_count(1)
    looked_at(page)
    picture_here(page, "portal-report")
    page.get_by_role("button", name="送出").click()
    reported = page.locator(".codes dd").first.inner_text()
    page.get_by_role("link", name="看这件事到了哪一步").click()
    expect(page.get_by_text("墙插.jpg")).to_be_visible()

    # The exchange takes it in: now a clause and a moment bind it.
    clock.at = clock.now() + timedelta(minutes=20)
    town.act(reported, "accept_report", "shentai", fault_report={"line_kind": "普通直线", "area": "城镇"})
    page.reload()
    expect(page.get_by_text("规程要求我们")).to_be_visible()
    page.locator(".clause-fold summary").first.click()
    looked_at(page)
    picture_here(page, "portal-case")
    town.act(
        reported,
        "operate",
        "jifang",
        room_operation={"operation": "处理交换机端口或用户板", "before_state": "无馈电", "after_state": "有馈电"},
    )
    town.act(reported, "room_fixed", "jifang", repair_order={"cause": "用户端口或用户板故障", "action": "更换"})

    # It is mended: he confirms, and the case closes.
    clock.at = clock.now() + timedelta(minutes=30)
    page.reload()
    page.locator("a.way", has_text="拨入拨出验证").click()
    page.get_by_role("radio", name="通过", exact=True).check()
    page.get_by_label("用户确认").fill("王小梅")
    looked_at(page)
    picture_here(page, "portal-confirm")
    page.locator("button.send").click()
    expect(page.locator(".state")).to_contain_text("关闭")
    picture_here(page, "portal-closed")
    page.get_by_role("link", name="同一故障再次申告，重开").wait_for()
    looked_at(page)


def test_everything_goes_without_scripts_and_nothing_typed_is_lost(pocket: Callable[..., Window], leak: Path) -> None:
    page = pocket(java_script_enabled=False).page
    page.goto("/portal/at/ZXL/")
    page.get_by_role("link", name="业主投诉").click()
    page.get_by_label("投诉内容").fill("厨房吊顶漏水三天了，楼上不肯开门")
    page.get_by_role("button", name="送出").click()
    assert page.get_by_label("投诉内容").input_value() == "厨房吊顶漏水三天了，楼上不肯开门"
    page.get_by_label("房号").fill("3-1-502")
    page.get_by_label("业主姓名").fill("周明")
    page.get_by_label("联系电话").fill("13800005566")
    page.locator("#photo").set_input_files(leak)
    page.get_by_role("button", name="送出").click()
    page.get_by_role("link", name="看这件事到了哪一步").click()

    expect(page.get_by_text("已收到，等受理人员立案")).to_be_visible()
    expect(page.get_by_text("墙插.jpg")).to_be_visible()


def test_what_was_not_sent_is_there_again_until_it_is(pocket: Callable[..., Window]) -> None:
    page = pocket().page
    page.goto("/portal/at/ZXL/report/property-complaint/register/")
    page.get_by_label("投诉内容").fill("电梯又困人了，请尽快来看")
    page.goto("/portal/")
    page.goto("/portal/at/ZXL/report/property-complaint/register/")
    assert page.get_by_label("投诉内容").input_value() == "电梯又困人了，请尽快来看"
    expect(page.get_by_text("已填回您上次没有送出的内容。")).to_be_visible()
    for label, text in {"房号": "3-1-502", "业主姓名": "周明", "联系电话": "13800005566"}.items():
        page.get_by_label(label).fill(text)

    page.get_by_role("button", name="送出").click()
    expect(page.get_by_text("收到了")).to_be_visible()
    page.goto("/portal/at/ZXL/report/property-complaint/register/")

    assert page.get_by_label("投诉内容").input_value() == ""


def test_the_portal_speaks_three_languages(
    pocket: Callable[..., Window], picture_here: Callable[[Page, str], None]
) -> None:
    page = pocket().page
    page.goto("/portal/at/JF/")
    page.locator(".languages summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", name="Reported already")).to_be_visible()
    looked_at(page)
    page.locator(".languages summary").click()
    page.get_by_role("button", name="繁體中文").click()
    expect(page.get_by_role("heading", name="已經報過的")).to_be_visible()
