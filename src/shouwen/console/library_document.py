"""A regulation made ready to be read: prose as HTML, rules in words, clauses with their places; kept per version."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from shouwen.casework import figures, reading
from shouwen.casework.procedures import Law
from shouwen.casework.reading import Article
from shouwen.console.library_drawing import HUB, Drawing, Way, drawing, ways_of
from shouwen.console.library_rules import RuleView, rule_of, rule_view
from shouwen.console.library_words import KINDS, Words, figure_text
from shouwen.core.procedure import Flow, Procedure
from shouwen.organisation.state import Organisation
from shouwen.web.clauses import Cited, anchor, cited

__all__ = ["ArticleView", "Document", "FlowView", "Part", "document", "flow_views", "marked", "words_of"]

#: documents kept ready, per process
MOST_KEPT = 32
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_CJK = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”"  # zh: a class of characters
_JOINT = re.compile(rf"(?<=[{_CJK}])\n(?=[{_CJK}])")
_OURS = "本单位取法"  # zh: as documents mark it


@dataclass(frozen=True)
class Elsewhere:
    """A rule that an article adds to: it stands under another."""

    kind: str
    name: str
    anchor: str


@dataclass(frozen=True)
class ArticleView:
    """An article: heading, clauses, prose and rules, with the whole as HTML; `plain` for searching and comparing."""

    id: str
    level: int
    title: str
    clauses: tuple[Cited, ...]
    prose: SafeString
    rules: tuple[RuleView, ...]
    elsewhere: tuple[Elsewhere, ...]
    plain: tuple[str, ...]
    html: str = ""

    @property
    def number(self) -> str:
        """Its first clause, for the table of contents."""
        return self.clauses[0].number if self.clauses else ""

    def has(self, asked: str) -> bool:
        """Whether it holds these words, or is this clause."""
        return any(asked in line for line in self.plain) or any(one.number.startswith(asked) for one in self.clauses)


@dataclass(frozen=True)
class Part:
    """A chapter with its articles, for the table of contents."""

    head: ArticleView | None
    articles: tuple[ArticleView, ...]


@dataclass(frozen=True)
class Document:
    """The whole regulation."""

    law: Law
    words: Words
    articles: tuple[ArticleView, ...]

    @cached_property
    def flows(self) -> str:
        """The drawings of its flows, as HTML."""
        context = {"flows": flow_views(self.words), "procedure": self.law.procedure}
        return render_to_string("console/procedure_flows.html", context)

    @cached_property
    def contents(self) -> str:
        """The table of contents, as HTML."""
        return render_to_string(
            "console/procedure_contents.html", {"parts": self.parts, "flows": self.law.procedure.flows}
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """Chapters with their articles."""
        found: list[tuple[ArticleView | None, list[ArticleView]]] = [(None, [])]
        for article in self.articles:
            if article.level == 1:
                found.append((article, []))
            else:
                found[-1][1].append(article)
        return tuple(Part(head, tuple(under)) for head, under in found if head is not None or under)


@dataclass(frozen=True)
class FlowView:
    """A flow drawn, with the words of its ways."""

    flow: Flow
    drawing: Drawing
    ways: tuple[tuple[Way, str, str, str], ...]


def document(law: Law, organisation: Organisation, day: date) -> Document:
    """The regulation of this version with the figures in force on a day."""
    own = organisation.figures.get(law.procedure.id, {})
    given = tuple(sorted((name, tuple(dated)) for name, dated in own.items()))
    return _document(law, given, day, get_language() or "")


def words_of(law: Law, organisation: Organisation, day: date) -> Words:
    """The words of this version with the figures in force on a day."""
    p = law.procedure
    now = figures.in_force(p, organisation, day)
    return Words(
        p, {name: figure_text(p.figures[name].type, value, p.figures[name].unit) for name, value in now.items()}
    )


@lru_cache(MOST_KEPT)
def _document(
    law: Law, own: tuple[tuple[str, tuple[tuple[date, str], ...]], ...], day: date, language: str
) -> Document:
    """Kept for each language that rules are told in."""
    organisation = Organisation(figures={law.procedure.id: dict(own)})
    words = words_of(law, organisation, day)
    found = [
        _article(law.procedure, words, article, place)
        for place, article in enumerate(reading.articles(law))
        if place or article.level > 1 or article.prose
    ]
    return Document(law, words, tuple(found))


def flow_views(words: Words) -> tuple[FlowView, ...]:
    """Every flow of the procedure, drawn."""
    p = words.procedure
    return tuple(
        FlowView(
            flow,
            drawing(p, flow),
            tuple(
                (way, _end(words, way.start), _end(words, way.end), words.when(way.when) or _("其余"))
                for way in ways_of(p, flow)
            ),
        )
        for flow in p.flows.values()
    )


def _end(words: Words, name: str) -> str:
    """A step, or a table that decides."""
    table = words.procedure.tables.get(name.removeprefix(HUB)) if name.startswith(HUB) else None
    return f"〈{table.name}〉" if table else words.step(name)  # zh: brackets around the regulation's word


def marked(html: str, asked: str) -> SafeString:
    """HTML with the words that were looked for marked in its text."""
    found = re.compile(re.escape(escape(asked)))
    parts = re.split(r"(<[^>]*>)", html)
    made = "".join(
        part if part.startswith("<") else found.sub(lambda hit: f"<mark>{hit[0]}</mark>", part) for part in parts
    )
    return mark_safe(made)  # text that was escaped before, with <mark> around parts of it


def _article(procedure: Procedure, words: Words, article: Article, place: int) -> ArticleView:
    clauses = tuple(cited(procedure, clause) for clause in article.clauses)
    rules, elsewhere = [], []
    for stated in article.rules:
        rule = rule_of(procedure, stated.kind, stated.name)
        if rule is None:
            continue
        if stated.adds:
            elsewhere.append(Elsewhere(_(KINDS[stated.kind]), rule.name, f"r-{stated.kind}-{stated.name}"))
        else:
            rules.append(rule_view(words, stated.kind, rule))
    prose, placed = _prose(procedure, article)
    plain = (
        article.title,
        *(line for line in article.prose.split("\n") if line.strip()),
        *(line for rule in rules for line in rule.plain),
    )
    view = ArticleView(
        id=f"a-{place}",
        level=article.level,
        title=article.title,
        clauses=clauses,
        prose=prose,
        rules=tuple(rules),
        elsewhere=tuple(elsewhere),
        plain=plain,
    )
    unplaced = [one.anchor for one in clauses if one.anchor not in placed]
    html = render_to_string(
        "console/procedure_article.html", {"article": view, "unplaced": unplaced, "procedure": procedure}
    )
    return replace(view, html=html)


def _prose(procedure: Procedure, article: Article) -> tuple[SafeString, frozenset[str]]:
    """The prose as HTML, and the anchors that stand in it: （1） of a clause that ends in -1."""
    html = _MARKDOWN.render(_JOINT.sub("", article.prose))
    placed = set()
    for clause in article.clauses:
        sign = f"（{clause.rpartition('-')[2]}）"  # zh: as documents number sentences
        name = anchor(procedure, clause)
        if sign in html and name not in placed:
            html = html.replace(sign, f'<span class="sent" id="{name}">{sign}</span>', 1)
            placed.add(name)
    html = html.replace(f"<p>{_OURS}：", f'<p class="ours"><b>{_OURS}</b>')  # zh: as documents mark it
    html = html.replace(f"{_OURS}：", f'<b class="ours">{_OURS}</b>')  # zh: the same
    return mark_safe(html), frozenset(placed)  # Markdown without raw HTML, and our own marks
