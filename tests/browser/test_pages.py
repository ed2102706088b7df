"""Every main page, narrow and wide, light and dark: nothing runs over, complains, strays or shuts anybody out."""

from collections.abc import Callable, Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.house import Clock, Window

RUNS_OVER = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .filter(one => !one.closest('.scroll-x, .vh, svg') && !scrolls(one))
  .slice(0, 5).map(one => one.tagName + '.' + one.className)
  function scrolls(one) { for (let at = one.parentElement; at; at = at.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX) && at !== document.body) return true; return false; }"""


def test_every_page_fits_is_quiet_and_says_what_it_is(come_in: Callable[..., Window], clock: Clock) -> None:
    from tests import office

    case = office.graded_major()
    office.done(office.take_in("2026-09-29 16:50", content="隔壁装修噪音持续到晚上十点", matter="噪音"))
    clock.set("2026-09-29 17:20")
    window = come_in("xuzy")

    found = [fault for address in _addresses(case.number) for fault in _faults(window.page, address)]

    assert not found, "\n".join(found)
    assert window.troubles == []


def _addresses(number: str) -> Iterator[str]:
    yield from ("/work/", "/cases/", "/cases/?state=all&due=late", "/board/", "/inbox/", "/search/?q=电梯")
    yield from (f"/cases/{number}/", f"/cases/{number}/do/stop_loss/", f"/cases/{number}/do/regrade/")
    yield from ("/intake/", "/procedures/", "/procedures/property-complaint/")
    yield from (
        "/procedures/property-complaint/figures/",
        "/reports/",
        "/reports/?split=kind",
        "/reports/cases/",
        "/people/",
        "/settings/",
        "/account/",
    )


def _faults(page: Page, address: str) -> Iterator[str]:
    """What is wrong with a page at either width in either theme."""
    page.set_viewport_size({"width": 1440, "height": 900})
    answer = page.goto(address)
    if answer is None or not answer.ok:
        yield f"{address}: {answer.status if answer else 'no answer'}"
    if page.locator("h1").count() != 1:
        yield f"{address}: {page.locator('h1').count()} headings of the first level"
    if page.get_by_role("main").count() != 1 or not page.get_by_role("banner").count():
        yield f"{address}: landmarks"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"{address} {theme} {width}: {wide} wide, {page.evaluate(RUNS_OVER)}"
        yield from (f"{address} {theme}: {one}" for one in barriers(page))


def barriers(page: Page) -> Iterator[str]:
    """What axe calls serious or critical by WCAG 2.2 AA: the rule, and the first places."""
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for one in Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]:
        if one["impact"] in ("serious", "critical"):
            yield f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
