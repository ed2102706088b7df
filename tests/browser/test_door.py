"""The door: a wrong password, the second step set up, asked for and taken off again, and out."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.house import PASSWORD, Clock, Window


def test_the_door_opens_to_the_right_words_only(house: None, window: Callable[..., Window], clock: Clock) -> None:
    clock.set("2026-09-29 08:30")
    own = window()
    page = own.page

    # Whoever comes for a page gets to it by the door.
    page.goto("/board/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    own.sign_in("xuzy", "blue-teapot-8")
    expect(page.get_by_text("账号或密码不对")).to_be_visible()
    expect(page.get_by_label("账号")).to_have_value("xuzy")
    expect(page.get_by_label("密码")).to_be_focused()
    own.sign_in("xuzy", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")

    secret = _second_step_on(page, clock)
    _out(page)
    own.sign_in("xuzy", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("第二步")
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("验证码不对")).to_be_visible()
    page.get_by_label("验证码").fill(_code(secret, clock))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")

    _second_step_off(page)
    _out(page)
    own.sign_in("xuzy", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    assert own.troubles == []


def _second_step_on(page: Page, clock: Clock) -> str:
    page.goto("/account/")
    page.get_by_role("link", name="开启第二步").click()
    expect(page.get_by_role("img", name="验证器应用要扫的方块")).to_be_visible()
    secret = page.locator("ol code").inner_text()
    page.get_by_label("应用上显示的 6 位数字").fill(_code(secret, clock))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="开启").click()
    expect(page.locator("ul.codes li")).to_have_count(8)
    page.get_by_role("link", name="已收好").click()
    expect(page.get_by_text("已开启")).to_be_visible()
    return secret


def _second_step_off(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("link", name="撤销第二步").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销第二步")).to_be_visible()


def _code(secret: str, clock: Clock) -> str:
    """What the telephone shows half a minute later: each code opens once."""
    return pyotp.TOTP(secret).at(clock.set(clock.now() + timedelta(seconds=30)))


def _out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
