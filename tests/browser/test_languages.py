"""Another language at any moment: the page stays, what is typed stays, and longer words still fit."""

from collections.abc import Callable

from tests.browser.house import Clock, Window

PAGES = ("/work/", "/cases/", "/board/", "/intake/", "/procedures/property-complaint/", "/people/", "/settings/")
WIDE = "document.documentElement.scrollWidth"


def test_switching_keeps_the_page_and_what_is_typed(come_in: Callable[..., Window]) -> None:
    window = come_in("linjia")
    page = window.page
    page.goto("/intake/property-complaint/register/")
    page.locator("textarea").first.fill("三楼走廊灯不亮")

    page.locator(".languages summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")

    assert page.url.endswith("/intake/property-complaint/register/")
    assert page.locator("textarea").first.input_value() == "三楼走廊灯不亮"
    assert page.get_by_role("button", name="Save draft").count() == 1
    assert window.troubles == []


def test_english_words_fit_on_desk_and_phone(come_in: Callable[..., Window], clock: Clock) -> None:
    from tests import office

    case = office.graded_major()
    clock.set("2026-09-29 17:20")
    window = come_in("xuzy")
    window.page.context.add_cookies([{"name": "language", "value": "en", "url": window.page.url}])
    found = []
    for address in (*PAGES, f"/cases/{case.number}/", f"/cases/{case.number}/do/regrade/"):
        window.page.goto(address)
        for width in (1440, 390, 360):
            window.page.set_viewport_size({"width": width, "height": 900})
            if (wide := window.page.evaluate(WIDE)) > width:
                found.append(f"{address} {width}: {wide}")

    assert found == []
    assert window.troubles == []
