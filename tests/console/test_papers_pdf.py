"""Papers of a case as PDF: what stands on the page stands in the file, for those who may see the case."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.casework import attachments
from shouwen.clock import now
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
#: one black dot
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def case(open_office: None) -> rows.Case:
    """A major complaint with its sheet."""
    office.graded_major()
    return rows.Case.objects.get()


def pages(answer: HttpResponse) -> list[str]:
    """The text of every page."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.")
    with pypdfium2.PdfDocument(answer.content) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def test_a_paper_is_kept_as_pdf_with_its_number_values_and_signatures(come_in: ComeIn, case: rows.Case) -> None:
    answer = come_in("xuzy").get(f"/cases/{case.number}/papers/complaint_sheet.pdf")

    text = "".join(pages(answer))
    for words in ("业主投诉处理单", f"编号 {case.number}", "三栋客梯困人，老人平层绊倒受伤", "2026年9月29日 16:42"):
        assert words in text
    assert "许志远" in text
    assert unquote(answer["Content-Disposition"]).endswith(f"''{case.number} 业主投诉处理单.pdf")
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_masked_on_the_page_is_masked_in_the_file(come_in: ComeIn, case: rows.Case) -> None:
    client, address = come_in("xuzy"), f"/cases/{case.number}/papers/complaint_sheet.pdf"
    before = "".join(pages(client.get(address)))
    fields = ["complaint_sheet.owner_name", "complaint_sheet.phone"]

    client.post(f"/cases/{case.number}/look/", {"field": fields})
    after = "".join(pages(client.get(address)))

    assert "周**" in before
    assert "周敏华" not in before
    assert "周敏华" in after
    assert rows.Look.objects.count() == 2


def test_the_file_has_each_copy_after_the_other_or_one_alone(come_in: ComeIn, case: rows.Case) -> None:
    client, address = come_in("xuzy"), f"/cases/{case.number}/papers/reply_letter.pdf"
    copies = [copy.name for copy in office.law().procedure.forms["reply_letter"].copies]

    every = pages(client.get(f"{address}?copies=all"))
    alone = pages(client.get(f"{address}?copy={copies[0]}"))

    assert [next(name for name in copies if name in page) for page in every] == copies
    assert copies[0] in alone[0]
    assert client.get(f"{address}?copy=没有这一联").status_code == 404


def test_all_papers_of_a_case_stand_in_one_file_behind_a_cover(come_in: ComeIn, case: rows.Case) -> None:
    kept = attachments.add(case.case_id, "现场.pdf", b"%PDF-1", person="linjia", at=now())
    assert isinstance(kept, attachments.Attachment)
    client = come_in("xuzy")

    cover, *papers = pages(client.get(f"/cases/{case.number}/papers.pdf"))

    assert "文书目录" in cover
    assert "现场.pdf" in cover
    assert "立案" not in cover
    assert "业主投诉登记表" in papers[0]
    assert "业主投诉处理单" in papers[1]
    assert not any("年度投诉评审会记录" in page for page in papers)


def test_the_cover_tells_what_happened_if_it_is_wanted(come_in: ComeIn, case: rows.Case) -> None:
    cover, *_ = pages(come_in("xuzy").get(f"/cases/{case.number}/papers.pdf?past=1"))

    assert "首问责任人 林佳" in cover
    assert "许志远定等级为 重大" in cover


def test_a_signature_drawn_by_hand_stands_in_the_file(come_in: ComeIn, case: rows.Case) -> None:
    kept = attachments.add_drawing(
        case.case_id, "签名.png", DOT, field="complaint_register.receiver", person="linjia", at=now()
    )
    assert isinstance(kept, attachments.Attachment)

    answer = come_in("xuzy").get(f"/cases/{case.number}/papers/complaint_register.pdf")

    with pypdfium2.PdfDocument(answer.content) as document:
        drawn = list(document[len(document) - 1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    assert len(drawn) == 1


def test_for_those_who_may_not_see_the_case_there_is_no_file(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("wangjiang")

    assert client.get(f"/cases/{case.number}/papers/complaint_sheet.pdf").status_code == 404
    assert client.get(f"/cases/{case.number}/papers.pdf").status_code == 404
    assert come_in("xuzy").get(f"/cases/{case.number}/papers/no_such_form.pdf").status_code == 404
    assert Client().get(f"/cases/{case.number}/papers.pdf").status_code == 302


def test_the_pages_lead_to_the_files(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("xuzy")

    paper = client.get(f"/cases/{case.number}/papers/reply_letter/").content.decode()
    copy = client.get(f"/cases/{case.number}/papers/reply_letter/?copy=送业主").content.decode()
    page = client.get(f"/cases/{case.number}/").content.decode()

    assert f'href="/cases/{case.number}/papers/reply_letter.pdf"' in paper
    assert f'href="/cases/{case.number}/papers/reply_letter.pdf?copies=all"' in paper
    assert f'href="/cases/{case.number}/papers/reply_letter.pdf?copy=%E9%80%81%E4%B8%9A%E4%B8%BB"' in copy
    assert f'href="/cases/{case.number}/papers.pdf"' in page


def test_without_a_chinese_font_the_page_says_what_to_do_and_nothing_is_broken(
    come_in: ComeIn, case: rows.Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = come_in("xuzy")
    settings = tmp_path / "fonts.conf"
    settings.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))

    answer = client.get(f"/cases/{case.number}/papers/complaint_sheet.pdf")

    assert answer.status_code == 503
    assert "没有中文字体" in answer.content.decode()
