"""Papers as PDF: real letters, pages that break where they may, and a clear word where the machine lacks something."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from shouwen.web import pdf
from shouwen.web.papers import CellView, EntryView, PaperView, SignView

WORDS = "电梯困人，老人受伤，业主要求当天给出书面答复。"
#: one black dot
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def paper(*lines: CellView, **more: object) -> PaperView:
    made = {"title": "停电户数登记表", "number": "TD-2026-001", "copy": "执行联", "signatures": (), **more}
    return PaperView(lines=tuple((line,) for line in lines), **made)  # type: ignore[arg-type]  # what a test says of a paper


def rows(count: int) -> CellView:
    lines = tuple((EntryView(f"{number}号"), EntryView(WORDS)) for number in range(1, count + 1))
    return CellView(name="受影响用户", wide=True, columns=("单元", "说明"), rows=lines)


def set_in_type(*papers: PaperView) -> list[str]:
    """The text of every page."""
    made = pdf.made([render_to_string("web/paper_pdf.html", {"paper": one}) for one in papers])
    assert made.startswith(b"%PDF-1.")
    with pypdfium2.PdfDocument(made) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def test_a_paper_has_its_words_number_and_copy_as_text() -> None:
    (page,) = set_in_type(paper(CellView(name="事由", text=WORDS)))

    for words in ("停电户数登记表", "编号 TD-2026-001　执行联", "事由", WORDS, "第 1 页，共 1 页"):
        assert words in page


def test_rows_go_on_over_pages_under_their_heads() -> None:
    pages = set_in_type(paper(rows(80)))

    assert len(pages) >= 3
    assert all("受影响用户" in page and "单元" in page for page in pages)
    assert all("停电户数登记表（续）" in page and "TD-2026-001" in page for page in pages[1:])
    assert [number for number in range(1, 81) if not any(f"{number}号 " in page for page in pages)] == []
    assert f"第 2 页，共 {len(pages)} 页" in pages[1]


def test_a_text_longer_than_a_page_is_printed_whole() -> None:
    pages = set_in_type(paper(CellView(name="经过", text="始" + WORDS * 150 + "终", wide=True)))

    assert len(pages) >= 2
    assert "".join(pages).replace("\n", "").count("老人受伤") >= 145
    assert "终" in pages[-1]


def test_a_word_without_end_stays_within_its_cell() -> None:
    made = pdf.made(
        [render_to_string("web/paper_pdf.html", {"paper": paper(CellView(name="录音", text="x" * 400, wide=True))})]
    )

    with pypdfium2.PdfDocument(made) as document:
        page = document[0]
        right = max(box.get_bounds()[2] for box in page.get_objects())
        assert right <= page.get_width() - 30


def test_several_papers_in_one_file_count_their_own_pages() -> None:
    pages = set_in_type(paper(rows(40)), paper(CellView(name="事由", text=WORDS)))

    assert "共 1 页" in pages[-1]
    assert f"共 {len(pages) - 1} 页" in pages[0]


def test_what_is_void_says_so_on_every_page() -> None:
    pages = set_in_type(paper(rows(80), voided=True))

    assert all("作" in page and "废" in page for page in pages)
    assert not any("废" in page for page in set_in_type(paper(rows(80))))


def test_signatures_bear_name_and_time_and_are_drawn_as_they_were() -> None:
    signs = (
        SignView(name="提交人", text="林佳", when="2026年9月29日 16:47"),
        SignView(name="业主签字", drawn=DOT, when="2026年9月30日 9:00"),
    )
    made = pdf.made([render_to_string("web/paper_pdf.html", {"paper": paper(signatures=signs)})])

    with pypdfium2.PdfDocument(made) as document:
        text = document[0].get_textpage().get_text_bounded()
        pictures = list(document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    assert "林佳" in text
    assert "2026年9月30日 9:00" in text
    assert len(pictures) == 1


def test_attachments_are_named() -> None:
    (page,) = set_in_type(paper(attached=("现场照片.png", "录音.mp3")))

    assert "附件2件：现场照片.png、录音.mp3" in page


def test_nothing_is_fetched_for_it(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG\r\n\x1a\n")
    signs = tuple(SignView(name="签字", drawn=one) for one in ("http://127.0.0.1:9/x.png", secret.as_uri()))

    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        set_in_type(paper(signatures=signs))

    assert [record.getMessage().count("disallowed protocol") for record in caplog.records] == [1, 1]


def test_the_style_sheet_of_papers_holds_nothing_that_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        set_in_type(paper(rows(2), CellView(name="事由", text=WORDS)))

    assert [record.getMessage() for record in caplog.records] == []


def test_without_a_chinese_font_a_page_says_what_and_why_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "fonts.conf"
    settings.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))

    with override_settings(ROOT_URLCONF="tests.web.addresses"):
        answer = pdf.answer(RequestFactory().get("/"), [], "纸")

    page = answer.content.decode()
    assert answer.status_code == 503
    assert "没有中文字体" in page
    assert "apt install fonts-noto-cjk" in page


def test_without_pango_it_is_said_that_it_is_missing(tmp_path: Path) -> None:
    # The loader takes this file for the library, and cannot open it.
    (tmp_path / "libpango-1.0.so.0").write_bytes(b"")
    asked = subprocess.run(
        [sys.executable, "-c", "from shouwen.web import pdf; print('lack', pdf.lack())"],
        env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert asked.stdout.splitlines()[-1] == "lack pango"


@pytest.mark.parametrize("lack", list(pdf.Lack))
def test_the_page_about_what_is_lacking_names_the_packages(lack: pdf.Lack) -> None:
    with override_settings(ROOT_URLCONF="tests.web.addresses"):
        page = render_to_string("web/no_pdf.html", {"lack": lack}, RequestFactory().get("/"))

    assert "<h1>服务器上还做不了 PDF</h1>" in page
    assert "fonts-noto-cjk" in page
    assert ("libpango-1.0-0" in page) == (lack == pdf.Lack.PANGO)
