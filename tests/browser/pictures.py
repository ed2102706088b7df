"""Pictures of pages for the documents, taken on the way and made small, and held against those taken before."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops
from playwright.sync_api import Page, ViewportSize

FOLDER = Path(__file__).parents[2] / "docs" / "images"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

#: a picture is compared by squares of so many pixels: how letters are smoothed makes no difference, where they stand does
SQUARE = 16
#: of 255: a square that is so much lighter or darker looks different
VISIBLE = 20
#: of a picture that may look different: a word more or less, never a block that has moved
MOST = 0.06


def take(page: Page, name: str, *looks: str, reload: bool = False, at: str = "") -> None:
    """Keep what stands in the window, in `looks` ("light", "dark", "phone"). `reload`: without the word on what was just
    done; `at`: from this element on."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, shot in _shots(page, name, looks or ("light",), reload=reload, at=at):
        path.write_bytes(_small(shot))


def compare(page: Page, name: str, *looks: str, reload: bool = False, at: str = "") -> None:
    """What stands in the window looks as the pictures kept of it. Raises AssertionError with what to do, if it does not;
    the new picture then stands beside the old one."""
    for path, shot in _shots(page, name, looks or ("light",), reload=reload, at=at):
        assert path.exists(), f"{path.name} was never taken: pytest tests/browser --pictures"
        share = different(Image.open(path), shot)
        beside = path.with_suffix(".new.png")
        if share > MOST:
            shot.save(beside)
        assert share <= MOST, f"{path.name} looks different in {share:.0%}: see {beside.name}, then --pictures"


def different(kept: Image.Image, shot: Image.Image) -> float:
    """The share of two pictures that looks different; 1 if they are not of one size."""
    if kept.size != shot.size:
        return 1.0
    squares = (kept.width // SQUARE, kept.height // SQUARE)
    one, other = (picture.convert("L").resize(squares, Image.Resampling.BOX) for picture in (kept, shot))
    seen = ImageChops.difference(one, other).point(lambda level: 255 if level > VISIBLE else 0)
    return seen.histogram()[255] / (squares[0] * squares[1])


def take_here(page: Page, name: str) -> None:
    """What stands in the window as it is, by day and by night: nothing is loaded again, nothing typed is lost."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.activeElement.blur()")
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        (FOLDER / f"{name}{'' if look == 'light' else '-dark'}.png").write_bytes(_small(_shot(page)))
    page.emulate_media(color_scheme="light")


def take_pdf(pdf: bytes, name: str) -> None:
    """The first page of a PDF, as broad as a page of the console is shown in a document."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = document[0].render(scale=1.6).to_pil().convert("RGB")
    (FOLDER / f"{name}.png").write_bytes(_small(drawn))


def dot() -> bytes:
    """A picture of one grey point: what somebody attaches."""
    return _png(Image.new("L", (1, 1), 128))


def _shots(
    page: Page, name: str, looks: tuple[str, ...], *, reload: bool, at: str
) -> Iterator[tuple[Path, Image.Image]]:
    """Where each look of a page is kept, and how it looks now."""
    if reload:
        page.goto(page.url.partition("#")[0].partition("?")[0])
    page.evaluate("document.activeElement.blur()")
    for look in looks:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.set_viewport_size(PHONE if look == "phone" else DESK)
        if look == "phone":
            page.reload(wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("at => at ? document.querySelector(at).scrollIntoView() : scrollTo(0, 0)", at)
        yield FOLDER / f"{name}{'' if look == 'light' else f'-{look}'}.png", _shot(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)


def _shot(page: Page) -> Image.Image:
    png = page.screenshot(scale="css", animations="disabled", caret="hide")
    return Image.open(BytesIO(png)).convert("RGB")


def _small(picture: Image.Image) -> bytes:
    """The picture in 256 colours: enough for print."""
    return _png(picture.quantize(256, dither=Image.Dither.NONE))


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
