"""A major complaint from the first word to the archive, done by nine people in their own windows."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from shouwen.trial.script import Step
from tests.browser import playing
from tests.browser.house import Clock, Window, people

STORY = Path(__file__).parent / "story.yaml"
#: what is worth a picture: at this act of the story, at this minute, the page under this name, drawn afresh or as it is
SEEN = {
    ("done", "register", "16:42"): ("refused", False, ()),
    ("filled", "register", "16:43"): ("intake", False, ()),
    ("done", "grade", "16:52"): ("case", True, ("light", "dark")),
    ("done", "apologise_major", "14:00"): ("refused-act", False, ()),
    ("done", "", "18:01"): ("case-late", True, ("light", "phone")),
    ("filled", "callback_major", "15:05"): ("signature", False, ()),
    ("done", "confirm_callback", "16:40"): ("case-closed", True, ()),
}


def test_a_major_complaint_is_heard_answered_too_late_signed_and_filed(
    come_in: Callable[..., Window],
    clock: Clock,
    picture: Callable[..., None],
    pdf_picture: Callable[[bytes, str], None],
) -> None:
    from tests import office

    procedure = office.law().procedure

    def watch(when: str, step: Step, page: Page) -> None:
        if seen := SEEN.get((when, step.do, f"{step.at:%H:%M}")):
            name, reload, looks = seen
            picture(page, name, *looks, reload=reload)

    play = playing.Play(procedure, clock, people(), come_in, watch=watch)

    for step in playing.story(STORY, procedure):
        play.step(step)

    # A month later the whole course stands on the case's page, the miss among it, each record held by the next.
    manager = play.window("许志远")
    page = manager.page
    page.goto(f"/cases/{play.number}/?only=all&whole=1")
    past = page.locator("#past")
    for words in ("接待登记", "给业主明确答复", "逾期", "不合格", "本人回访，业主满意并签字", "办结"):
        expect(past.locator(".tl")).to_contain_text(words)
    expect(past.locator(".chain")).to_contain_text("首尾相扣")
    expect(page.locator("#limits details.fold #task-answer_major")).to_contain_text("曾逾期，原限 10月8日 周四 18:00")
    _stands_on_paper(page, play.number, picture)
    pdf_picture(_kept_as_pdf(page), "paper-pdf")
    assert [trouble for one in play.windows.values() for trouble in one.troubles] == []
    assert office.proved() > 1


def _stands_on_paper(page: Page, number: str, picture: Callable[..., None]) -> None:
    """The sheet as it was signed: the stroke of the pen, what was answered, the month of the archive."""
    page.goto(f"/cases/{number}/papers/complaint_sheet/")
    paper = page.get_by_role("main")
    for words in ("业主投诉处理单", f"CL-{number}", "重大", "维保不到位，由我方负责", "2026-10"):
        expect(paper).to_contain_text(words)
    drawn = paper.get_by_role("img").first
    expect(drawn).to_be_visible()
    assert drawn.evaluate("at => at.naturalWidth") > 100
    picture(page, "paper")


def _kept_as_pdf(page: Page) -> bytes:
    """The sheet as a file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 PDF").click()
    assert waiting.value.suggested_filename.endswith("业主投诉处理单.pdf")
    pdf = waiting.value.path().read_bytes()
    assert pdf.startswith(b"%PDF-1.")
    return pdf
