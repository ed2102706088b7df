"""What happened, drawn in Python: a case may have hundreds of sentences."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.core.procedure import Procedure
from shouwen.web import drawn, moments
from shouwen.web.phrases import several
from shouwen.web.sentences import Sentence
from shouwen.web.timeline import Day

__all__ = ["timeline"]

#: more fields than that are folded away
_OPEN = 4


def timeline(procedure: Procedure, days: Iterable[Day]) -> SafeString:
    """The days, each with its sentences."""
    lines = []
    last = None
    for day in days:
        lines.append(f'<li class="day"><b>{escape(day.label)}</b><span>{escape(day.weekday)}</span></li>')
        for one in day.sentences:
            clock = moments.time_of(one.happened)
            # A time that stands above already is not read again.
            shown = clock if (clock, day.day) != last else f'<span class="vh">{clock}</span>'
            last = (clock, day.day)
            lines.append(_sentence(procedure, one, shown))
    return SafeString(f'<ol class="tl">\n{chr(10).join(lines) or _nothing()}</ol>')


def _sentence(procedure: Procedure, one: Sentence, clock: str) -> str:
    by = ' data-by="time"' if one.by_time else ""
    state = f' data-state="{escape(one.state)}"' if one.state else ""
    alert = f"{drawn.icon('alert', 'tone')} " if one.state == "late" else ""
    late, entered = "", ""
    if one.backdated:
        late = f' <span class="badge">{_("补记")}</span>'
        entered = f'<p class="note dim">{_("{moment} 录入").format(moment=moments.moment(one.at))}</p>'
    note = f'<p class="note">{escape(one.note)}</p>' if one.note else ""
    return (
        f'<li{by}{state} data-category="{escape(str(one.category))}">'
        f'<time datetime="{moments.stamp(one.happened)}">{clock}</time>\n'
        f"<div>{alert}{_said(one)}{late} {drawn.clause_links(procedure, one.clauses, 2)}"
        f"{note}{entered}{_details(one)}</div></li>"
    )


def _said(one: Sentence) -> str:
    """As `Sentence.plain`, with who it was set off."""
    text, who = escape(one.text), f'<b class="who">{escape(one.who)}</b>'
    if one.post:
        said = _('{who}<span class="by">（{post}）</span>{text}')
        return said.format(who=who, post=escape(one.post), text=text)
    return _("{who}{text}").format(who=who, text=text) if one.who else text


def _nothing() -> str:
    return f'<li class="none">{_("还没有事情")}</li>'


def _details(one: Sentence) -> str:
    """The fields that were filled in."""
    if not one.details:
        return ""
    found = "".join(f"<dt>{escape(line.name)}</dt><dd>{linebreaksbr(line.text)}</dd>" for line in one.details)
    listed = f'<dl class="facts">{found}</dl>'
    if len(one.details) <= _OPEN:
        return listed
    return f'<details class="filled"><summary>{several("填了{n}栏", len(one.details))}</summary>{listed}</details>'
