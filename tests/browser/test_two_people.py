"""Two people at one case: the slower one is shown what changed, loses nothing typed, and sends again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.house import Clock, Window

WORDS = "业主来电补充：老人已送到市二医院骨科"


def test_who_is_overtaken_sees_by_whom_and_goes_on_where_he_was(come_in: Callable[..., Window], clock: Clock) -> None:
    from tests import office

    case = office.done(office.take_in())
    office.done(office.say_all(case, "first_reply", "linjia", "2026-09-29 16:43"))
    clock.set("2026-09-29 16:44")
    address = f"/cases/{case.number}/"
    slow, quick = come_in("linjia").page, come_in("chenxl").page

    slow.goto(f"{address}do/log_handling/")
    slow.get_by_role("textbox", name="内容", exact=True).fill(WORDS)
    quick.goto(f"{address}do/prejudge/")
    quick.get_by_text("比较重要", exact=True).click()
    quick.locator("#act-form [data-send]").click()
    expect(quick.locator(".toast")).to_contain_text("已办“前台初判”")

    slow.locator("#act-form [data-send]").click()
    overtaken = slow.locator("#doing .faster")
    expect(overtaken).to_contain_text("您的还没有提交")
    expect(overtaken).to_contain_text("陈晓岚（客服部前台）前台初判")
    expect(slow.get_by_role("textbox", name="内容", exact=True)).to_have_value(WORDS)

    slow.locator("#act-form [data-send]").click()
    expect(slow.locator(".toast")).to_contain_text("已办“记一笔办理情况”")
    expect(slow.locator("#past")).to_contain_text(WORDS)
    assert office.proved() == 1
