"""The tags and filters that every template has without loading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from django import template
from django.core.paginator import Page
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.core.offers import Deadline
from shouwen.core.procedure import Flow, Procedure
from shouwen.core.reason import Refusal
from shouwen.web import clauses, drawn, dues, masked, moments, timeline_drawn
from shouwen.web import shown as words
from shouwen.web.context import Site
from shouwen.web.forms import FieldView, FormView
from shouwen.web.phrases import translated
from shouwen.web.sentences import Sentence
from shouwen.web.steps import StepView, path_of
from shouwen.web.timeline import days_of

register = template.Library()


# ---- signs and ways ----


register.simple_tag(drawn.icon, name="icon")
register.simple_tag(drawn.address, name="maybe_url")


class AddressNode(URLNode):
    """`{% url %}` with the addresses that were asked for before kept in memory."""

    def render(self, context: Context) -> str:
        args = [arg.resolve(context) for arg in self.args]
        found = "" if self.kwargs or self.asvar else drawn.address(self.view_name.resolve(context), *args)
        return conditional_escape(found) if found else super().render(context)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """The address of a page, as Django's own tag writes it."""
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, text: str, *args: object) -> SafeString | str:
    """A section of the masthead: nothing if the page does not exist or this person may not open it."""
    site = cast(Site, context["site"])
    href = drawn.address(name, *args)
    if not href or (site.nav is not None and name not in site.nav):
        return ""
    section = str(context.get("section") or site.view)
    here = section == name or section.startswith(f"{name}_")
    return format_html('<a href="{}"{}>{}</a>', href, SafeString(' aria-current="page"') if here else "", text)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """This page's query with some values changed: `?{% query page=2 %}`."""
    asked = cast(Site, context["site"]).request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return asked.urlencode()


# ---- clauses ----


register.simple_tag(drawn.clause_link, name="clause_link")
register.simple_tag(drawn.clause_links, name="clause_links")
register.simple_tag(drawn.clause_marks, name="clause_marks")


@register.filter
def clause_anchor(procedure: Procedure, clause: str) -> str:
    """The id of an article on the procedure's page."""
    return clauses.anchor(procedure, clause)


@register.filter
def clause_number(procedure: Procedure, clause: str) -> str:
    """The clause without the procedure's prefix."""
    return clauses.short(procedure, clause)


# ---- moments, money, persons ----


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None, *, full: bool = False) -> SafeString | str:
    """A moment near now in near words (今天 18:00), as a `<time>`; `full`: always with its date."""
    return drawn.when(at, cast(Site, context["site"]).now, full=full) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """9月29日 周二 16:42."""
    return moments.moment(at) if at else ""


@register.filter
def written(at: datetime | None) -> str:
    """2026年9月29日 16:42, as it stands on papers."""
    return moments.written(at) if at else ""


@register.filter
def day(at: date | None) -> str:
    """9月29日 周二."""
    if at is None:
        return ""
    return moments.day(moments.local(at).date() if isinstance(at, datetime) else at)


@register.filter
def clock(at: datetime | None) -> str:
    """16:42."""
    return moments.time_of(at) if at else ""


@register.filter
def iso(at: datetime | None) -> str:
    """For machines: 2026-09-29T16:42+08:00."""
    return moments.stamp(at) if at else ""


@register.filter
def said(text: str) -> str:
    """What the parts below the pages say, in the page's language."""
    return translated(text)


@register.filter
def yuan(cents: int | None) -> str:
    """1,234.50 元, from 分."""
    return _("{yuan} 元").format(yuan=words.yuan(cents)) if cents is not None else ""


@register.filter
def amount(cents: int | None) -> str:
    """1,234.50, for columns of figures."""
    return words.yuan(cents) if cents is not None else ""


@register.filter
def masked_phone(number: str | None) -> str:
    """138 **** 2716."""
    return masked.masked_phone(number) if number else ""


@register.filter
def masked_name(name: str | None) -> str:
    """周**."""
    return masked.masked_name(name) if name else ""


@register.filter(name="mask")
def mask_text(text: str | None) -> str:
    """A private text masked by what it looks like."""
    return masked.mask(text) if text else ""


@register.filter
def entry(mapping: Mapping[str, object], key: str) -> object:
    """The entry of a mapping, '' if there is none."""
    return mapping.get(key, "")


@register.filter
def percent(share: float | None) -> str:
    """A share as whole percent: 59%."""
    return f"{round(share * 100)}%" if share is not None else ""


# ---- fragments ----


@register.simple_tag(takes_context=True)
def due(context: Context, deadline: Deadline, procedure: Procedure | None = None, *, track: bool = False) -> SafeString:
    """The countdown of a limit: sign, words, and until when. With the procedure a clock that stands is told as such."""
    task = procedure.tasks.get(deadline.task) if procedure else None
    return drawn.due(dues.due_state(deadline, cast(Site, context["site"]).now, task), track=track)


register.simple_tag(drawn.due, name="countdown")


@register.inclusion_tag("web/limits.html", takes_context=True)
def limits(
    context: Context, procedure: Procedure, deadlines: Iterable[Deadline], notes: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The limits of a case, each unfolding into its proof. `notes`: task → a line below its name."""
    site = cast(Site, context["site"])
    lines = [
        {
            "deadline": one,
            "due": dues.due_state(one, site.now, procedure.tasks.get(one.task)),
            "cells": dues.proof_cells(one.proof, site.now) if one.proof else (),
            "note": (notes or {}).get(one.task, ""),
            "item": one.item,
        }
        for one in deadlines
    ]
    return {"procedure": procedure, "lines": lines, "site": site}


@register.inclusion_tag("web/proof.html", takes_context=True)
def proof(context: Context, deadline: Deadline) -> dict[str, object]:
    """How a limit is counted: days counted and left out, with the calendar's edition."""
    site = cast(Site, context["site"])
    cells = dues.proof_cells(deadline.proof, site.now) if deadline.proof else ()
    return {"deadline": deadline, "cells": cells, "site": site}


@register.inclusion_tag("web/refusal.html")
def refusal(
    procedure: Procedure, refused: Refusal, ways: Mapping[str, str] | None = None, title: str = ""
) -> dict[str, object]:
    """Why something is not done: reasons with clauses, who may, what instead. `ways`: action → its address."""
    lines = [
        {
            "reason": reason,
            "who": [procedure.roles[role].name for role in reason.who if role in procedure.roles],
            "instead": [
                {"name": procedure.actions[act].name, "href": (ways or {}).get(act, "")}
                for act in reason.instead
                if act in procedure.actions
            ],
        }
        for reason in refused.reasons
    ]
    return {"procedure": procedure, "lines": lines, "missing": refused.missing, "title": title}


@register.inclusion_tag("web/steps.html")
def steps(flow: Flow, current: str, entered: Iterable[str] = (), *, closed: bool = False) -> dict[str, object]:
    """The path of a case: steps gone through, the one it is in, those ahead. `entered`: steps in the order entered."""
    found: tuple[StepView, ...] = path_of(flow, current, tuple(entered), closed=closed)
    return {"steps": found}


@register.simple_tag(takes_context=True)
def timeline(context: Context, procedure: Procedure, sentences: Iterable[Sentence]) -> SafeString:
    """What happened, newest first, by day. Hidden sentences are left out."""
    return timeline_drawn.timeline(procedure, days_of(sentences, cast(Site, context["site"]).now))


@register.inclusion_tag("web/form.html")
def form_fields(procedure: Procedure, form: FormView) -> dict[str, object]:
    """The summary of errors and all sections of a form; `<form>`, the token and the buttons are the page's."""
    return {"procedure": procedure, "form": form}


@register.inclusion_tag("web/errors.html")
def error_summary(procedure: Procedure, form: FormView) -> dict[str, object]:
    """The summary of errors alone."""
    return {"procedure": procedure, "form": form}


@register.inclusion_tag("web/field.html")
def form_field(procedure: Procedure | None, field: FieldView) -> dict[str, object]:
    """One field."""
    return {"procedure": procedure, "field": field}


@register.inclusion_tag("web/pager.html", takes_context=True)
def pager(context: Context, page: Page[object]) -> dict[str, object]:
    """Which lines are shown, and the pages before and after (a page of Django's paginator)."""
    before = query(context, page=page.previous_page_number()) if page.has_previous() else ""
    after = query(context, page=page.next_page_number()) if page.has_next() else ""
    return {"page": page, "before": before, "after": after}


@register.inclusion_tag("web/empty.html")
def empty(title: str, text: str = "", href: str = "", link: str = "") -> dict[str, object]:
    """What stands where nothing is: what it means, and what to do."""
    return {"title": title, "text": text, "href": href, "link": link}
