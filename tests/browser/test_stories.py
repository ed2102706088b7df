"""One whole case of each regulation, from the first word to the close, done by its people in their own windows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shouwen.core.procedure import Procedure
from shouwen.library import BUILT_IN
from tests.browser.house import PASSWORD, Clock, Window, open_stage
from tests.browser.playing import Play
from tests.browser.story import Ending, Scene, names, read_story

Picture = Callable[..., None]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("name", names())
def test_a_case_is_lived_through_to_its_end(
    name: str, window: Callable[..., Window], clock: Clock, picture: Picture, pdf_picture: Callable[[bytes, str], None]
) -> None:
    from shouwen.casework import memory, procedures
    from tests import office

    story = read_story(name)
    memory.forget()
    procedures.load(BUILT_IN / name)
    procedure = procedures.current(name).procedure
    clock.at = story.script.steps[0].at

    def come_in(sign_in: str) -> Window:
        own = window()
        own.sign_in(sign_in, PASSWORD)
        return own

    people = open_stage(story.script, procedure, story.house)
    play = Play(procedure, clock, people, come_in, story.script.unit)
    for scene in story.scenes:
        play.watch = _photographer(scene, picture)
        play.scene(scene)

    ending = story.ending
    number = play.numbers[ending.case]
    page = play.window(ending.by).page
    _stands_at_the_end(page, number, ending, picture)
    _stands_on_paper(page, number, ending, picture)
    pdf_picture(_kept_as_file(page, procedure, ending), ending.pictures.get("file", "paper"))
    assert [trouble for one in play.windows.values() for trouble in one.troubles] == []
    assert office.proved()


def _photographer(scene: Scene, picture: Picture) -> Callable[[str, Page], None]:
    """Takes the scene's picture when its moment has come."""

    def watch(when: str, page: Page) -> None:
        if scene.shot is not None and scene.shot.when == when:
            picture(page, scene.shot.name, *scene.shot.looks, reload=scene.shot.afresh, at=scene.shot.at)

    return watch


def _stands_at_the_end(page: Page, number: str, ending: Ending, picture: Picture) -> None:
    """The case is closed, and its whole course stands on its page, each record held by the next."""
    page.goto(f"/cases/{number}/?only=all&whole=1")
    expect(page.locator('.case-title .badge[data-state="done"]')).to_be_visible()
    for words in ending.course:
        expect(page.locator("#past .tl")).to_contain_text(words)
    expect(page.locator("#past .chain")).to_contain_text("首尾相扣")
    for task, words in ending.limits.items():
        expect(page.locator(f"#limits details.fold #task-{task}")).to_contain_text(words)
    for words in ending.masked:
        expect(page.get_by_role("main")).not_to_contain_text(words)
    for file in ending.attached:
        expect(page.locator(".about").get_by_role("link", name=file)).to_be_visible()
    if "case" in ending.pictures:
        picture(page, ending.pictures["case"], reload=True)


def _stands_on_paper(page: Page, number: str, ending: Ending, picture: Picture) -> None:
    """The main form as it was filled and signed."""
    page.goto(f"/cases/{number}/papers/{ending.paper}/")
    paper = page.get_by_role("main")
    for words in ending.printed:
        expect(paper).to_contain_text(words)
    drawn = paper.get_by_role("img", name="手写签名")
    expect(drawn).to_have_count(ending.drawn)
    for one in drawn.all():
        assert one.evaluate("at => at.naturalWidth") > 100
    if "paper" in ending.pictures:
        picture(page, ending.pictures["paper"])


def _kept_as_file(page: Page, procedure: Procedure, ending: Ending) -> bytes:
    """The main form as a file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 PDF").click()
    assert waiting.value.suggested_filename.endswith(f"{procedure.forms[ending.paper].name}.pdf")
    pdf = waiting.value.path().read_bytes()
    assert pdf.startswith(b"%PDF-1.")
    return pdf
