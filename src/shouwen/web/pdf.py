"""Papers as PDF: the HTML of the page, set by WeasyPrint with embedded Chinese letters, and nothing fetched for it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

__all__ = ["Lack", "answer", "fonts", "lack", "made"]

_STYLE = Path(__file__).parent / "static" / "web" / "paper.css"


class Lack(StrEnum):
    """Why no PDF can be made on this machine."""

    PANGO = "pango"
    FONT = "font"


def answer(request: HttpRequest, pages: Iterable[str], name: str) -> HttpResponse:
    """The PDF to be kept under this name, or the page that says what the machine lacks for it."""
    missing = lack()
    if missing is not None:
        return render(request, "web/no_pdf.html", {"lack": missing}, status=503)
    found = HttpResponse(made(pages), content_type="application/pdf")
    found["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.pdf") or ""
    found["Cache-Control"] = "private, no-store"
    return found


def made(pages: Iterable[str]) -> bytes:
    """One PDF of these documents, whole HTML pages each; every one counts its own pages."""
    weasyprint = _weasyprint()
    # Pictures are given with the page as data URLs; any other address is refused before a connection is opened.
    nothing = weasyprint.URLFetcher(allowed_protocols=frozenset({"data"}), allow_redirects=False)
    letters = weasyprint.text.fonts.FontConfiguration()
    style = weasyprint.CSS(filename=_STYLE, font_config=letters, url_fetcher=nothing)
    laid = [
        weasyprint.HTML(string=page, url_fetcher=nothing).render(
            font_config=letters, stylesheets=[style], pdf_tags=True
        )
        for page in pages
    ]
    together = laid[0].copy([page for document in laid for page in document.pages])
    return bytes(together.write_pdf(pdf_tags=True))


def lack() -> Lack | None:
    """What this machine lacks for making PDFs, if anything."""
    try:
        _weasyprint()
    except OSError:
        return Lack.PANGO
    return None if fonts() else Lack.FONT


def fonts() -> tuple[str, ...]:
    """The families with Chinese letters that fontconfig knows; it comes with Pango."""
    try:
        found = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(sorted({line.partition(",")[0] for line in found.stdout.splitlines() if line}))


def _weasyprint() -> Any:
    """Loaded when the first PDF is wanted: it opens Pango's libraries, which not every machine has."""
    import weasyprint
    import weasyprint.text.fonts

    return weasyprint
