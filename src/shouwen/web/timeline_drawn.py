"""What happened, drawn in Python: a case may have hundreds of sentences."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString

from shouwen.core.procedure import Procedure
from shouwen.web import drawn, moments
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
    return SafeString(f'<ol class="tl">\n{chr(10).join(lines) or _NOTHING}</ol>')


_NOTHING = '<li class="none">还没有事情</li>'


def _sentence(procedure: Procedure, one: Sentence, clock: str) -> str:
    by = ' data-by="time"' if one.by_time else ""
    state = f' data-state="{escape(one.state)}"' if one.state else ""
    alert = f"{drawn.icon('alert', 'tone')} " if one.state == "late" else ""
    post = f'<span class="by">（{escape(one.post)}）</span>' if one.post else ""
    who = f'<b class="who">{escape(one.who)}</b>{post}' if one.who else ""
    late, entered = "", ""
    if one.backdated:
        late = ' <span class="badge">补记</span>'
        entered = f'<p class="note dim">{moments.moment(one.at)} 录入</p>'
    note = f'<p class="note">{escape(one.note)}</p>' if one.note else ""
    return (
        f'<li{by}{state} data-category="{escape(str(one.category))}">'
        f'<time datetime="{moments.stamp(one.happened)}">{clock}</time>\n'
        f"<div>{alert}{who}{escape(one.text)}{late} {drawn.clause_links(procedure, one.clauses, 2)}"
        f"{note}{entered}{_details(one)}</div></li>"
    )


def _details(one: Sentence) -> str:
    """The fields that were filled in."""
    if not one.details:
        return ""
    found = "".join(f"<dt>{escape(line.name)}</dt><dd>{linebreaksbr(line.text)}</dd>" for line in one.details)
    listed = f'<dl class="facts">{found}</dl>'
    if len(one.details) <= _OPEN:
        return listed
    return f'<details class="filled"><summary>填了{len(one.details)}栏</summary>{listed}</details>'
