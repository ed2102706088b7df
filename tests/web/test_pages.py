"""Templates and headers: pages stand without the rest of the program, and send no script that is not theirs."""

import re

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings

from shouwen.core.reason import Reason, Refusal
from shouwen.web.clauses import anchor, cited
from shouwen.web.context import Site
from shouwen.web.forms import Person, Setting, act_form
from shouwen.web.papers import paper_view
from shouwen.web.steps import path_of
from tests.web.matter import complaints, specimen

ONLY_SHARED = override_settings(
    ROOT_URLCONF="tests.web.addresses", MIDDLEWARE=["shouwen.web.middleware.ContentPolicyMiddleware"]
)


@pytest.fixture
def page() -> str:
    with ONLY_SHARED:
        return Client().get("/design/").content.decode()


def drawn(text: str, **values: object) -> str:
    site = Site(RequestFactory().get("/work/"))
    with ONLY_SHARED:
        return Template(text).render(Context({"site": site, **values}))


def test_the_catalogue_of_the_design_is_drawn_without_signing_in(page: str) -> None:
    assert "还缺3项" in page
    assert "停表" in page


def test_no_page_carries_a_script_or_a_style_of_its_own(page: str) -> None:
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r"<style|\son[a-z]+=|javascript:", page)


def test_ids_are_unique_within_a_form_and_every_error_leads_to_its_field(page: str) -> None:
    refused = page[page.index('id="errors"') :]
    for target in re.findall(r'<a href="#(f-[\w-]+)"', refused):
        assert f'id="{target}"' in refused


def test_every_page_says_what_it_may_load() -> None:
    with ONLY_SHARED:
        answer = Client().get("/work/")

    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_section_that_does_not_exist_yet_is_left_out() -> None:
    with ONLY_SHARED:
        page = Client().get("/work/").content.decode()

    assert 'aria-current="page">我的工作</a>' in page
    assert "报表" not in page


def test_what_was_chosen_last_is_drawn_by_the_server() -> None:
    with ONLY_SHARED:
        client = Client()
        client.cookies["theme"] = "dark"
        client.cookies["density"] = "<script>"
        page = client.get("/work/").content.decode()

    assert 'data-theme="dark"' in page
    assert "data-density" not in page


def test_a_clause_leads_to_its_article_and_shows_its_text() -> None:
    link = drawn("{% clause_link p c %}", p=complaints(), c="property-complaint.4.1.7")

    assert 'href="/procedures/property-complaint/#c-4-1-7"' in link
    assert "不得就业主的要求胡乱承诺" in link
    assert ">4.1.7</a>" in link


def test_a_clause_that_the_document_does_not_state_is_shown_by_its_number() -> None:
    assert cited(complaints(), "property-complaint.99").gist == "99"
    assert anchor(complaints(), "property-complaint.4.4.1c.i-2") == "c-4-4-1c-i-2"


def test_more_clauses_than_fit_are_counted() -> None:
    links = drawn("{% clause_links p c 1 %}", p=complaints(), c=("property-complaint.1", "property-complaint.2"))

    assert "+1" in links


@pytest.mark.parametrize("code", ["400", "403", "404", "500", "403_csrf"])
def test_errors_have_pages_that_say_what_to_do(code: str) -> None:
    with ONLY_SHARED:
        page = get_template(f"{code}.html").render({}, RequestFactory().get("/"))

    assert "<h1>" in page
    assert 'href="/"' in page


def test_the_path_of_a_case_shows_one_end_and_where_it_stands() -> None:
    procedure, _ = specimen()
    flow = next(iter(procedure.flows.values()))

    assert [(step.id, step.state) for step in path_of(flow, "quote")] == [
        ("take", "done"),
        ("look", "done"),
        ("quote", "now"),
        ("repair", "ahead"),
        ("done", "ahead"),
    ]


def test_steps_that_a_case_never_entered_are_left_out_behind_it() -> None:
    flow = complaints().flows["complaint"]

    path = path_of(flow, "rectify", ("intake", "judge", "dispatch", "rectify"))

    assert [step.id for step in path if step.state == "done"] == ["intake", "judge", "dispatch"]
    assert "onsite" not in [step.id for step in path]


def test_a_paper_keeps_the_order_of_its_form_and_a_copy_leaves_out_what_it_hides() -> None:
    procedure, outcome = specimen()
    form = procedure.forms["slip"]
    values = outcome.steps[-1].case.values

    whole = paper_view(procedure, form, values, {})
    copy = paper_view(procedure, form, values, {}, copy=next(one for one in form.copies if one.hides))

    names = [cell.name for line in whole.lines for cell in line]
    assert names == [field.name for field in form.fields.values() if field.type != "signature"]
    assert "估价" in names
    assert "估价" not in [cell.name for line in copy.lines for cell in line]
    assert [sign.name for sign in whole.signatures] == ["接报人", "业主签名", "承修人签名"]


def test_the_sprite_holds_every_sign_that_the_pages_name() -> None:
    from pathlib import Path

    import shouwen.web

    root = Path(shouwen.web.__file__).parent
    known = set(re.findall(r'<symbol id="i-([\w-]+)"', (root / "static/web/icons.svg").read_text(encoding="utf-8")))
    texts = [path.read_text(encoding="utf-8") for path in root.rglob("*.html")]
    named = {name for text in texts for name in re.findall(r'{% icon "([\w-]+)"', text)}
    named |= set(re.findall(r'Category\.\w+, "([\w-]+)"', (root / "sentences.py").read_text(encoding="utf-8")))

    assert named <= known


def test_the_form_of_every_act_is_drawn_with_a_label_for_each_control() -> None:
    procedure = complaints()
    desk = Person(code="林佳", name="林佳", roles=("front_desk",))
    for action in procedure.actions.values():
        form = act_form(procedure, action, Setting(actor=desk, role="front_desk", people=(desk,)))

        page = drawn("{% form_fields p f %}", p=procedure, f=form)

        labels = set(re.findall(r'<label for="([^"]+)"', page))
        assert labels <= set(re.findall(r' id="([^"]+)"', page)), action.id
        for section in form.sections:
            assert all(field.label in page for field in section.fields), action.id


def test_a_refusal_says_who_may_and_what_may_be_done_instead() -> None:
    procedure = complaints()
    reason = Reason(
        code="not-yours",
        text="不由您判别",
        clauses=("property-complaint.4.1.7",),
        who=("cs_manager",),
        instead=("note_x", "grade"),
    )

    box = drawn("{% refusal p r w %}", p=procedure, r=Refusal(reasons=(reason,)), w={"grade": "/cases/1/grade/"})

    assert "可由 客服部经理 办" in box
    assert '<a href="/cases/1/grade/">判别有效性并定级</a>' in box
    assert ">4.1.7</a>" in box
