"""Pictures of pages for the documents, taken on the way."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

FOLDER = Path(__file__).parents[2] / "docs" / "images"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def take(page: Page, name: str, *looks: str, reload: bool = False) -> None:
    """What stands in the window, in `looks` ("light", "dark", "phone"; "" means light). `reload`: without the word on
    what was just done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if reload:
        page.goto(page.url.partition("?")[0])
    page.evaluate("document.activeElement.blur()")
    for look in looks or ("light",):
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.set_viewport_size(PHONE if look == "phone" else DESK)
        page.evaluate("async () => { await document.fonts.ready; scrollTo(0, 0) }")
        path = FOLDER / f"{name}{'' if look == 'light' else f'-{look}'}.png"
        page.screenshot(path=path, scale="css", animations="disabled", caret="hide")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
