"""Pictures of pages for the documents, taken on the way and made small: 256 colours are enough for print."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, ViewportSize

FOLDER = Path(__file__).parents[2] / "docs" / "images"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

Colour = tuple[int, ...]


def take(page: Page, name: str, *looks: str, reload: bool = False, at: str = "") -> None:
    """What stands in the window, in `looks` ("light", "dark", "phone"). `reload`: without the word on what was just
    done; `at`: from this element on."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if reload:
        page.goto(page.url.partition("#")[0].partition("?")[0])
    page.evaluate("document.activeElement.blur()")
    for look in looks or ("light",):
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        page.set_viewport_size(PHONE if look == "phone" else DESK)
        if look == "phone":
            page.reload(wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("at => at ? document.querySelector(at).scrollIntoView() : scrollTo(0, 0)", at)
        path = FOLDER / f"{name}{'' if look == 'light' else f'-{look}'}.png"
        path.write_bytes(_small(page.screenshot(scale="css", animations="disabled", caret="hide")))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)


def take_here(page: Page, name: str) -> None:
    """What stands in the window as it is, by day and by night: nothing is loaded again, nothing typed is lost."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.activeElement.blur()")
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        path = FOLDER / f"{name}{'' if look == 'light' else '-dark'}.png"
        path.write_bytes(_small(page.screenshot(scale="css", animations="disabled", caret="hide")))
    page.emulate_media(color_scheme="light")


def take_pdf(pdf: bytes, name: str) -> None:
    """The first page of a PDF, as broad as a page of the console is shown in a document."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    drawn = BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=1.6).to_pil().convert("RGB").save(drawn, "PNG")
    (FOLDER / f"{name}.png").write_bytes(_small(drawn.getvalue()))


def dot() -> bytes:
    """A picture of one grey point: what somebody attaches."""
    return _png(1, 1, 0, zlib.compress(b"\0\x80"))


def _small(png: bytes) -> bytes:
    """The picture in 256 colours; each other becomes the nearest of them."""
    width, height, channels, body = _opened(png)
    pixels = list(_pixels(body, width, height, channels))
    counted = Counter(pixels)
    palette = _palette(counted)
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted.keys() - places.keys():
        places[colour] = min(range(len(palette)), key=lambda place: _apart(palette[place], colour))
    flat = bytes(map(places.__getitem__, pixels))
    lines = b"".join(b"\0" + flat[row * width : (row + 1) * width] for row in range(height))
    return _png(width, height, 3, zlib.compress(lines, 9), _chunk(b"PLTE", b"".join(map(bytes, palette))))


def _png(width: int, height: int, kind: int, body: bytes, between: bytes = b"") -> bytes:
    """A file of eight bits a channel; `kind` 0: greys, 3: colours of a palette."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + between + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _palette(counted: Counter[Colour]) -> list[Colour]:
    """The commonest of every kind of colour, so that no rare hue is lost, and then the commonest of all."""
    kinds: dict[Colour, Colour] = {}
    for colour, _ in counted.most_common():
        kinds.setdefault(tuple(part >> 4 for part in colour), colour)
    return list(dict.fromkeys([*kinds.values(), *(colour for colour, _ in counted.most_common())]))[:256]


def _opened(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, channels, and the filtered lines."""
    at, body, head = 8, b"", b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + size]
        head, body = (content, body) if kind == b"IHDR" else (head, body + content if kind == b"IDAT" else body)
        at += size + 12
    width, height, depth, colours = struct.unpack(">IIBB", head[:10])
    assert depth == 8, "Chromium and PDFium write eight bits a channel"
    return width, height, {2: 3, 6: 4}[colours], zlib.decompress(body)


def _pixels(body: bytes, width: int, height: int, channels: int) -> Iterator[Colour]:
    """Each pixel's red, green and blue."""
    size, before = width * channels, bytes(width * channels)
    for row in range(height):
        start = row * (size + 1)
        before = _unfiltered(body[start], bytearray(body[start + 1 : start + 1 + size]), before, channels)
        yield from zip(before[0::channels], before[1::channels], before[2::channels], strict=True)


def _unfiltered(kind: int, line: bytearray, above: bytes, channels: int) -> bytes:
    """A line as it was before PNG's filter."""
    for place in range(len(line)):
        left = line[place - channels] if place >= channels else 0
        corner = above[place - channels] if place >= channels else 0
        line[place] = (line[place] + _guess(kind, left, above[place], corner)) & 255
    return bytes(line)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    """What PNG's filters expect at a place."""
    if kind == 4:
        return min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    return (0, left, up, (left + up) // 2)[kind]


def _apart(one: Colour, other: Colour) -> int:
    return sum((mine - theirs) ** 2 for mine, theirs in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
