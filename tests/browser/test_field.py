"""A technician's day on a telephone that loses its network: what was pressed is there once, whatever happened to the
page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import Window
from tests.browser.pictures import PHONE, take_here
from tests.browser.test_pages import barriers
from tests.field.hours import PASSWORD, Clock, moment

#: said by a browser about every page and every pulse that finds no network
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


#: what is to be pressed with a glove: buttons and ways that are lower than 48 points (words in a line are no buttons)
TOO_SMALL = """() => [...document.querySelectorAll('main .btn, main .choice, main summary, .field-mast a, main .input, main .select')]
  .filter(one => one.checkVisibility() && !one.closest('.vh') && one.getBoundingClientRect().height < 47.5)
  .map(one => `${one.textContent.trim().slice(0, 20)} is ${Math.round(one.getBoundingClientRect().height)} high`)"""
#: the server was met last before anybody had a telephone
LONG_AGO = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('shouwen-field', 1);
  asked.onsuccess = () => {
    const change = asked.result.transaction('meta', 'readwrite');
    change.objectStore('meta').put({ name: 'met', value: { at: 0, for: 1 } });
    change.oncomplete = () => { asked.result.close(); resolve(); };
    change.onerror = reject;
  };
})"""
#: patience with a crowded machine
PATIENCE = 30_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the server; the telephone's own goes as it likes."""
    from shouwen import clock as system

    turned = Clock()
    monkeypatch.setattr(system, "now", turned.now)
    turned.set("12:00")
    return turned


@pytest.fixture
def picture_here(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Writes what stands in the window to docs/images, when pictures are asked for."""
    return take_here if request.config.getoption("--pictures") else lambda page, name: None


@pytest.fixture
def phone(
    transactional_db: None, clock: Clock, chromium: Browser, live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """A telephone of its own, signed in."""
    from tests.field import site

    site.open_site()
    opened: list[tuple[BrowserContext, bool]] = []

    def taken_up(person: str, **options: object) -> BrowserContext:
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN", **options}
        context = chromium.new_context(
            base_url=live_server.url, timezone_id="Asia/Shanghai", reduced_motion="reduce", **settings
        )
        context.set_default_timeout(PATIENCE)
        opened.append((context, bool(settings.get("java_script_enabled", True))))
        Window(context.new_page()).sign_in(person, PASSWORD)
        return context

    yield taken_up
    for context, scripted in opened:
        context.set_offline(False)
        # A server that is cut off in the middle of a word complains.
        for page in context.pages if scripted else ():
            if page.locator("#field").count():
                page.locator("html[data-kept]").wait_for(state="attached")
        context.close()


def test_two_acts_a_signature_and_a_photograph_without_a_network_are_in_the_case_once(
    phone: Callable[..., BrowserContext], clock: Clock, tmp_path: Path, picture_here: Callable[[Page, str], None]
) -> None:
    from shouwen.casework import attachments, filed, replay
    from tests.field import site

    case, other = site.repaired("11:30", unit="A座2002"), site.signed("11:50", content="会客室风口滴水", unit="B座901")
    assert case.case_id is not None
    context = phone("zhaoyong")
    own = Window(context.pages[0])
    page = _day_taken_along(own)
    picture_here(page, "field-jobs")

    context.set_offline(True)
    page.get_by_role("link", name="茶水间水龙头关不紧").click()
    expect(page.locator("#state")).to_contain_text("没有网络")
    page.locator("#next").get_by_role("link", name="用户验收").click()
    page.get_by_role("radio", name="合格", exact=True).check()
    page.get_by_role("button", name="用户验收").last.click()

    # What comes next is not open yet, but its form is here; it is signed on the screen.
    expect(page.locator("#waiting-here")).to_contain_text("用户验收")
    picture_here(page, "field-job-offline")
    page.locator("#afterwards").get_by_role("link", name="填结果、用户签名、清场，提交完成").click()
    _finish(page, cleaned="已清理")
    page.locator("[data-sign] canvas").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, -80)")
    picture_here(page, "field-form")
    page.locator("[data-send]").click()
    expect(page.locator("#waiting-here")).to_contain_text("填结果、用户签名、清场，提交完成")
    page.locator("form[data-photos] input[type=file]").set_input_files(_photograph(page, tmp_path))
    expect(page.locator("[data-count]").first).to_have_text("3")

    # The page is killed; another one knows it all, and nobody leaves unwarned.
    page.close()
    page = context.new_page()
    again = Window(page)
    page.goto("/field/outbox/")
    expect(page.locator("#outbox > li")).to_have_count(3)
    picture_here(page, "field-outbox")
    page.goto("/field/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#leaving")).to_contain_text("还有 3 件没有发出")

    page.goto("/field/outbox/")
    clock.set("12:25")
    context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("发件箱是空的", timeout=PATIENCE)
    expect(page.locator("#sent li")).to_have_count(3)
    expect(page.locator("#sent")).to_contain_text("按办理时刻 12:0")

    marks = filed.load(case.case_id)[0].case.marks
    pressed = [[mark.happened for mark in marks[f"act.{action}"]] for action in ("accept_repair", "finish")]
    assert [len(moments) for moments in pressed] == [1, 1]
    assert all(moment("2026-09-29 12:00") <= at < moment("2026-09-29 12:10") for (at,) in pressed)
    names = [one.name.partition("-")[0] for one in attachments.of_case(case.case_id)]
    assert sorted(names) == ["照片", "签名"]
    assert list(replay.verify(iter([case.case_id, other.case_id]))) == []
    assert [one for one in (*own.troubles, *again.troubles) if NO_NETWORK not in one] == []


def test_what_is_refused_is_mended_with_all_that_was_typed_and_what_comes_after_it_waits(
    phone: Callable[..., BrowserContext], clock: Clock
) -> None:
    from shouwen.casework import attachments, filed
    from tests.field import site

    case = site.repaired("11:30")
    assert case.case_id is not None
    site.do(case, "accept_repair", "zhaoyong", "11:40", work_order={"accepted": "合格"})
    context = phone("zhaoyong")
    page = _day_taken_along(Window(context.pages[0]))

    context.set_offline(True)
    page.goto(f"/field/jobs/{case.number}/do/finish/")
    _finish(page, cleaned="未清理")
    page.locator("[data-send]").click()
    expect(page.locator("#waiting-here li")).to_have_count(1)
    page.goto(f"/field/jobs/{case.number}/do/hand_in_order/")
    page.locator("[data-send]").click()
    expect(page.locator("#waiting-here li")).to_have_count(2)
    page.goto("/field/outbox/")
    context.set_offline(False)

    first, second = page.locator("#outbox > li").nth(0), page.locator("#outbox > li").nth(1)
    expect(first).to_contain_text("没有办成", timeout=PATIENCE)
    expect(first.locator(".clause").first).to_have_text("10d")
    expect(second).to_contain_text("等前一件")
    first.get_by_role("button", name="改好再发").click()
    expect(first.get_by_role("textbox", name="维修结果")).to_have_value("换阀芯一只，不再滴漏")
    expect(first.get_by_role("textbox", name="用户签名")).to_have_value("冯玉兰")
    first.get_by_role("radio", name="已清理", exact=True).check()
    first.locator("[data-send]").click()
    expect(page.locator("#sent")).to_contain_text("填结果、用户签名、清场，提交完成", timeout=PATIENCE)

    found = filed.load(case.case_id)[0].case
    assert len(found.marks["act.finish"]) == 1
    assert [one.field for one in attachments.of_case(case.case_id)] == ["work_order.user_signature"]
    # Not reviewed yet: what came after it stands refused now, with the reason.
    expect(page.locator("#outbox > li")).to_have_count(1)
    expect(page.locator("#outbox > li .whys")).to_contain_text("复核")


def test_an_answer_that_is_lost_on_the_way_is_asked_for_again(
    phone: Callable[..., BrowserContext], clock: Clock
) -> None:
    from shouwen.casework import filed
    from tests.field import site

    case = site.signed("11:50")
    assert case.case_id is not None
    context = phone("zhaoyong", service_workers="block")  # a page behind one is out of this test's reach
    page = context.pages[0]
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    address = f"/field/jobs/{case.number}/"
    page.goto(address)
    context.route(f"**{address}do/arrive/", lose)
    page.get_by_role("button", name="到场").click()
    expect(page.locator(".toast")).to_contain_text("已存在手机上，联网后自动发出")
    context.unroute(f"**{address}do/arrive/")
    page.goto("/field/outbox/")
    expect(page.locator("#sent")).to_contain_text("到场", timeout=PATIENCE)

    assert lost[:1] == [200]
    assert len(filed.load(case.case_id)[0].case.marks["act.arrive"]) == 1


def test_signing_out_leaves_nothing_on_the_telephone(phone: Callable[..., BrowserContext]) -> None:
    from tests.field import site

    site.signed("11:50")
    page = _day_taken_along(Window(phone("zhaoyong").pages[0]))

    page.goto("/field/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")

    left = page.evaluate(
        "async () => [await caches.keys(), (await indexedDB.databases()).length, Object.keys(localStorage)]"
    )
    assert left == [[], 0, []]


def test_a_telephone_that_has_not_met_its_server_for_half_a_day_shows_nothing(
    phone: Callable[..., BrowserContext],
) -> None:
    from tests.field import site

    site.signed("11:50")
    context = phone("zhaoyong")
    page = _day_taken_along(Window(context.pages[0]))
    context.set_offline(True)
    page.reload()
    expect(page.locator(".job")).to_contain_text("茶水间水龙头关不紧")

    page.evaluate(LONG_AGO)
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("太久没有连上服务器，已锁住")
    expect(page.locator("body")).not_to_contain_text("茶水间")


def test_what_one_has_not_sent_is_sent_by_nobody_else(phone: Callable[..., BrowserContext], clock: Clock) -> None:
    from shouwen.casework import filed
    from tests.field import site

    case = site.signed("11:50")
    assert case.case_id is not None
    context = phone("zhaoyong")
    page = _day_taken_along(Window(context.pages[0]))
    context.set_offline(True)
    page.goto(f"/field/jobs/{case.number}/")
    page.get_by_role("button", name="到场").click()
    expect(page.locator("#waiting-here")).to_contain_text("到场")

    # The session is over; a colleague takes the telephone and signs in.
    page.close()
    context.clear_cookies()
    context.set_offline(False)
    colleague = Window(context.new_page())
    colleague.sign_in("tongda", PASSWORD)
    page = _day_taken_along(colleague)
    page.goto("/field/outbox/")

    expect(page.locator("#foreign")).to_contain_text("别人名下的 1 件还没有发")
    expect(page.locator("#outbox")).to_contain_text("发件箱是空的")
    assert "act.arrive" not in filed.load(case.case_id)[0].case.marks

    # Its owner comes back to it.
    page.close()
    context.clear_cookies()
    owner = Window(context.new_page())
    owner.sign_in("zhaoyong", PASSWORD)
    owner.page.goto("/field/outbox/")
    expect(owner.page.locator("#sent")).to_contain_text("到场", timeout=PATIENCE)
    assert len(filed.load(case.case_id)[0].case.marks["act.arrive"]) == 1


def test_without_a_script_the_day_is_done_by_plain_forms(phone: Callable[..., BrowserContext], clock: Clock) -> None:
    from tests.field import site

    case = site.signed("11:50")
    page = phone("zhaoyong", java_script_enabled=False).pages[0]

    page.goto("/field/")
    page.get_by_role("link", name="茶水间水龙头关不紧").click()
    page.get_by_role("button", name="到场").click()
    expect(page.locator(".toast")).to_contain_text("已办“到场”")
    page.locator("#next").get_by_role("link", name="登记入户情况").click()
    page.get_by_role("radio", name="已许可", exact=True).check()
    page.get_by_role("button", name="登记入户情况").last.click()

    expect(page).to_have_url(f"{page.url.partition('/field/')[0]}/field/jobs/{case.number}/")
    expect(page.locator("#next")).to_contain_text("判定有偿或无偿")


def _day_taken_along(own: Window) -> Page:
    own.page.goto("/field/")
    own.page.locator("html[data-kept]").wait_for(state="attached")
    return own.page


def _finish(page: Page, *, cleaned: str) -> None:
    page.get_by_label("维修结果").fill("换阀芯一只，不再滴漏")
    page.get_by_label("用户签名").fill("冯玉兰")
    pad = page.locator("[data-sign] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 40 + 25 * (step % 3))
    page.mouse.up()
    page.get_by_role("radio", name=cleaned, exact=True).check()


def _photograph(page: Page, folder: Path) -> Path:
    made = folder / "IMG_0001.png"
    made.write_bytes(page.screenshot())
    return made


def test_every_page_fits_the_smallest_screen_and_shuts_nobody_out(phone: Callable[..., BrowserContext]) -> None:
    from tests.field import site

    case = site.repaired("11:30", content="会议室地插松脱，投影仪一碰就断电，请带一副新的面板和螺丝来，前台有钥匙")
    site.signed("09:20")
    own = Window(phone("zhaoyong").pages[0])
    page = _day_taken_along(own)
    job = f"/field/jobs/{case.number}/"
    found = []

    for address in (
        "/field/",
        job,
        f"{job}do/accept_repair/",
        f"{job}do/report_shortage/",
        "/field/outbox/",
        "/field/done/",
        "/field/me/",
    ):
        page.goto(address)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            # 180: the smallest telephone with everything twice as large.
            for width in (390, 360, 180):
                page.set_viewport_size({"width": width, "height": 800})
                if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                    found.append(f"{address} {theme} {width}: {wide} wide")
            found += [f"{address} {theme}: {one}" for one in barriers(page)]
        found += [f"{address}: {one}" for one in page.evaluate(TOO_SMALL)]

    assert found == []
    assert own.troubles == []
