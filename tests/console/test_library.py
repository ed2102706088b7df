"""The library: procedures as documents, their clauses' numbers, examples, versions, searching; no YAML is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from shouwen import clock
from shouwen.casework import procedures, reading
from shouwen.casework.conditions import words
from shouwen.console import library_document, library_drawing
from shouwen.organisation.state import state
from shouwen.store import models as rows
from shouwen.web.clauses import anchor
from tests import office

Come = Callable[[str], Client]
PAGE = f"/procedures/{office.PROCEDURE}/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def test_every_person_of_the_house_finds_the_procedure_in_the_list(come_in: Come):
    page = text(come_in("dingli"), "/procedures/")

    assert "物业电话投诉处理规程" in page
    assert f'href="{PAGE}"' in page


def test_every_clause_has_its_place_on_the_page_once(come_in: Come):
    procedure = office.law().procedure

    page = text(come_in("linjia"), PAGE)

    ids = re.findall(r'id="(c-[^"]+)"', page)
    assert sorted({anchor(procedure, clause) for clause in procedure.excerpts}) == sorted(ids)


def test_every_rule_is_shown_where_its_document_defines_it(come_in: Come):
    page = text(come_in("linjia"), PAGE)

    shown = re.findall(r'id="r-([a-z]+)-([a-z0-9_]+)"', page)
    stated = [
        (rule.kind, rule.name) for article in reading.articles(office.law()) for rule in article.rules if not rule.adds
    ]
    assert stated == shown


def test_rules_are_sentences_and_no_line_of_their_source(come_in: Come):
    page = text(come_in("linjia"), PAGE)

    assert "```" not in page
    assert "owed_by:" not in page
    assert "complaint_sheet." not in page
    assert "等级为“重要”或“重大”" in page


def test_no_condition_is_left_as_it_is_written(open_office: None):
    procedure = office.law().procedure
    sources = [
        way.when.source
        for flow in procedure.flows.values()
        for way in library_drawing.ways_of(procedure, flow)
        if way.when
    ]
    sources += [need.that.source for action in procedure.actions.values() for need in action.needs]

    assert [
        source for source in sources if words(procedure, source) == source or "==" in words(procedure, source)
    ] == []


def test_the_numbers_beside_a_clause_are_those_of_its_limits(come_in: Come):
    now = clock.now().astimezone(office.ZONE)
    office.done(office.take_in(f"{now - timedelta(hours=3):%Y-%m-%d %H:%M}"))
    procedure = office.law().procedure
    carried = {
        task.id
        for task in procedure.tasks.values()
        if task.has_clock and f"{office.PROCEDURE}.4.3.2-1" in (*task.clauses, *sum(task.cited.values(), ()))
    }
    applied = rows.Task.objects.filter(task__in=carried).exclude(state="dropped").count()

    page = text(come_in("linjia"), PAGE)

    found = re.search(r'>4\.3\.2-1</span></td><td class="num">(\d+)</td>', page)
    assert found is not None
    assert str(applied) == found[1]


def test_a_stranger_to_the_cases_sees_no_numbers_of_theirs(come_in: Come):
    now = clock.now().astimezone(office.ZONE)
    office.done(office.take_in(f"{now - timedelta(hours=3):%Y-%m-%d %H:%M}"))

    page = text(come_in("wangjiang"), PAGE)

    assert "近 90 天怎样守的" not in page


def test_looking_inside_keeps_the_articles_that_hold_the_words_and_marks_them(come_in: Come):
    page = text(come_in("linjia"), PAGE + "?q=拒签")

    articles = re.findall(r'<article class="art[^>]*>(.*?)</article>', page, re.DOTALL)
    assert articles
    assert all("<mark>拒签</mark>" in article or "拒签" in article for article in articles)
    assert len(articles) < len(library_document.document(office.law(), state(), clock.now().date()).articles)


@pytest.mark.parametrize("asked", ["<script>alert(1)</script>", "没有这样的词", "&amp;"])
def test_what_is_looked_for_is_never_taken_as_html(come_in: Come, asked: str):
    answer = come_in("linjia").get(PAGE, {"q": asked})

    assert answer.status_code == 200
    assert "没有这样的条文" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/procedures/none/", PAGE + "?version=99", PAGE + "examples/none/", PAGE + "?version=-1x"]
)
def test_what_does_not_exist_is_not_found_or_the_one_in_force(come_in: Come, address: str):
    answer = come_in("linjia").get(address)

    assert answer.status_code == (200 if "-1x" in address else 404)


def test_a_later_version_is_compared_article_by_article(come_in: Come):
    law = office.law()
    documents = {name: document.replace("version: 1\n", "version: 2\n", 1) for name, document in law.documents.items()}
    documents = {
        name: document.replace("及时、有效、合理", "及时、有效、合理、留痕", 1) for name, document in documents.items()
    }
    rows.Law.objects.create(
        procedure=office.PROCEDURE,
        version=2,
        title=law.procedure.title,
        in_force=clock.now().date() + timedelta(days=30),
        documents=documents,
        digest=json.dumps(len(documents)),
        loaded_at=clock.now(),
    )
    procedures.version(office.PROCEDURE, 2)

    page = text(come_in("linjia"), PAGE + "?against=2")

    assert len(re.findall(r'<article class="change">', page)) == 1
    assert "<ins>" in page
    assert "不是现行版本" in text(come_in("linjia"), PAGE + "?version=2")


def test_an_example_is_played_step_by_step_and_touches_no_case(come_in: Come):
    before = rows.Case.objects.count()

    page = text(come_in("linjia"), PAGE + "examples/major-from-harm-to-signature/")

    assert "与规程相符" in page
    assert page.count('<time datetime="2026-05-11T09:13') == 2
    assert "<b>不许</b>" in page
    assert rows.Case.objects.count() == before


def test_a_flow_is_drawn_with_every_step_and_every_way(open_office: None):
    procedure = office.law().procedure
    for flow in procedure.flows.values():
        drawn = library_drawing.drawing(procedure, flow)

        assert {node.step for node in drawn.nodes if not node.hub} == set(flow.steps)
        ways = {str(way.number) for way in library_drawing.ways_of(procedure, flow)}
        named = {number for edge in drawn.edges for number in edge.label.split("·")}
        again = {number for node in drawn.nodes for number in node.again.split("·") if number}
        assert ways == named | again
        boxes = [(node.x, node.y) for node in drawn.nodes]
        assert len(boxes) == len(set(boxes))
