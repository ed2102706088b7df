"""Without scripts: forms and links do everything that the touches of a script only make smoother."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.house import Clock, Window


def test_a_complaint_is_taken_in_and_acted_on_without_any_script(come_in: Callable[..., Window], clock: Clock) -> None:
    from tests import office

    clock.set("2026-09-29 16:42")
    page = come_in("linjia", java_script_enabled=False).page

    # What is refused stands as it was typed, with the clause.
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_label("来源途径").select_option("上门")
    page.get_by_label("业主姓名").fill("周敏华")
    page.get_by_label("房号").fill("3-2-1502")
    page.get_by_label("联系电话").fill("13812342716")
    page.get_by_label("投诉内容").fill("电梯困人")
    page.get_by_role("button", name="接待登记").last.click()
    expect(page.locator("main .errors")).to_contain_text("4.1.3-2")
    expect(page.get_by_label("业主姓名")).to_have_value("周敏华")
    expect(page.get_by_label("投诉内容")).to_have_value("电梯困人")

    page.get_by_label("投诉内容").fill("三栋客梯困人四十分钟，老人膝盖受伤")
    page.get_by_role("button", name="接待登记").last.click()
    expect(page.locator(".toast")).to_contain_text("已立案")

    # What stands before an act is told instead of its button; said point by point, it stands there no more.
    expect(page.locator("#beside .no-go")).to_have_text("前台初判")
    talk = page.locator("#talk-first_reply")
    for box in talk.get_by_role("checkbox").all():
        box.check()
    talk.get_by_role("button", name="记“已说明”").click()
    expect(page.locator(".toast")).to_contain_text("已说明")

    # An act: the same page with its form, sent with something left out, kept, and done.
    page.locator("#beside").get_by_role("link", name="前台初判").click()
    page.get_by_label("录音编号").fill("LY-2716")
    page.locator("#act-form [data-send]").click()
    expect(page.locator("main .errors")).to_contain_text("前台初判")
    expect(page.get_by_label("录音编号")).to_have_value("LY-2716")
    page.get_by_text("比较重要", exact=True).click()
    page.locator("#act-form [data-send]").click()
    expect(page.locator(".toast")).to_contain_text("已办“前台初判”，进入“经理判别”")
    assert office.proved() == 1
