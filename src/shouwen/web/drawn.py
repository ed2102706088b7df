"""Small pieces that stand on a page by the hundred: signs, addresses, clauses, moments, limits. Drawn in Python, and
what is always the same drawn once; `templatetags` gives them to templates."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from html import escape

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.core.procedure import Procedure
from shouwen.web import clauses, moments
from shouwen.web.dues import Due

__all__ = ["address", "article", "clause_link", "clause_links", "due", "icon", "when"]

#: the url name of the page of one article, for readers who do not see the regulation as a whole
article: ContextVar[str] = ContextVar("article", default="")


@lru_cache(500)
def icon(name: str, css: str = "") -> SafeString:
    """A sign of the sprite; it says nothing by itself, so a word stands with it."""
    source = static("web/icons.svg")
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', f" {css}" if css else "", source, name
    )


def address(name: str, *args: object) -> str:
    """The address of a page, '' if there is no such page."""
    return _address(get_script_prefix(), settings.ROOT_URLCONF, name, args)


@lru_cache(10_000)
def _address(prefix: str, pages: str, name: str, args: tuple[object, ...]) -> str:
    """By where the application stands and which pages it has."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


def clause_link(procedure: Procedure, clause: str, *, leads: bool = True) -> SafeString:
    """〔4.4.1c.i〕: shows the text of the article and, if it `leads`, goes there. A link has no place in what can be
    pressed itself, as a summary."""
    excerpt = procedure.excerpts.get(clause) or procedure.excerpts.get(f"{procedure.id}.{clause}")
    heading, prose = (excerpt.heading, excerpt.prose) if excerpt else ("", "")
    return _clause_link(_page(procedure, clause) if leads else "", procedure.id, clause, heading, prose)


def _page(procedure: Procedure, clause: str) -> str:
    alone = article.get()
    if alone:
        return address(alone, procedure.id, clauses.short(procedure, clause))
    return address("procedure", procedure.id)


@lru_cache(10_000)
def _clause_link(page: str, procedure: str, clause: str, heading: str, prose: str) -> SafeString:
    found = clauses.stated(procedure, clause, heading, prose)
    if not page:
        return format_html('<span class="clause" title="{}">{}</span>', found.gist, found.number)
    return format_html('<a class="clause" href="{}#{}" title="{}">{}</a>', page, found.anchor, found.gist, found.number)


def clause_links(procedure: Procedure | None, cited: Iterable[str], most: int = 3, *, leads: bool = True) -> SafeString:
    """The first few clauses side by side, and how many more there are."""
    if procedure is None:
        return SafeString("")
    every = tuple(dict.fromkeys(cited))
    links = SafeString("".join([clause_link(procedure, clause, leads=leads) for clause in every[:most]]))
    left = every[most:]
    if not left:
        return links
    more = _("、").join(clauses.short(procedure, clause) for clause in left)
    return format_html('{}<small class="more" title="{}">+{}</small>', links, more, len(left))


def clause_marks(procedure: Procedure | None, cited: Iterable[str], most: int = 3) -> SafeString:
    """The same within a summary: they show their articles, and lead nowhere."""
    return clause_links(procedure, cited, most, leads=False)


def when(at: datetime, now: datetime, *, full: bool = False) -> SafeString:
    """A moment near now in near words (今天 18:00), as a `<time>`; `full`: always with its date."""
    text = moments.moment(at, now=now) if full else moments.near(at, now)
    return format_html('<time datetime="{}" title="{}">{}</time>', moments.stamp(at), moments.moment(at), text)


def due(shown: Due, *, track: bool = False) -> SafeString:
    """The countdown of a limit: sign, words, and until when; with `track` how much of its time is gone."""
    state = f' data-state="{escape(shown.state)}"' if shown.state else ""
    until = f' data-until="{escape(shown.until)}"' if shown.until else ""
    provisional = _("（暂定）") if shown.provisional else ""
    when = f"<small>{escape(shown.when)}{provisional}</small>" if shown.when else ""
    gone = f'<span class="track"{state} style="--p:{shown.share:.3f}"></span>' if track else ""
    sign = icon(shown.icon)
    return SafeString(f'<span class="due"{state}>{sign}<b{until}>{escape(shown.words)}</b>{when}</span>{gone}')
