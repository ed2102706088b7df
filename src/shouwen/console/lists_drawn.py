"""A case as a row of a table: fifty of them are most of a page, so they are drawn in Python."""

from __future__ import annotations

from datetime import datetime
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.console.lists_rows import Badge, DutyView, Row
from shouwen.web import drawn
from shouwen.web.phrases import several

__all__ = ["row"]

_OPEN = ' class="open"'


def row(shown: Row, *, now: datetime, opened: bool, with_desk: bool, with_opening: bool) -> SafeString:
    """The row. `opened`: it is the one that is previewed; `with_desk`, `with_opening`: where and when it was taken in
    is told too."""
    line, number = shown.line, escape(shown.line.number)
    asked = f' <span class="badge" data-state="wait">{drawn.icon("swap")}{_("待接办")}</span>' if line.asked_of else ""
    desk = f"<span>{escape(shown.desk)}</span>" if with_desk and shown.desk else ""
    opening = f"<span>{_('{when} 立案').format(when=drawn.when(line.opened_at, now))}</span>" if with_opening else ""
    post = f"<br><small>{escape(shown.post)}</small>" if shown.post else ""
    return SafeString(
        f'<tr data-number="{number}"{_OPEN if opened else ""} hx-get="{escape(shown.preview)}" '
        'hx-trigger="chosen" hx-target="#peek" hx-swap="innerHTML">\n'
        f'<td class="check"><input type="checkbox" name="case" value="{escape(shown.value)}" form="bulk" '
        f'aria-label="{_("选择{number}").format(number=number)}"></td>\n'
        f'<td class="what"><a class="row-link" href="{escape(shown.href)}">{escape(shown.title)}</a>'
        f"{''.join(map(_badge, shown.badges))}{asked}\n"
        f'<span class="sub"><span class="no">{number}</span><span>{escape(shown.customer)}</span>{desk}{opening}'
        f'<span class="fold-only">{escape(shown.step)}{_first(shown)}</span></span></td>\n'
        f'<td class="when">{_limit(shown, now)}</td>\n'
        f'<td class="opt md">{_duties(shown)}</td>\n'
        f'<td class="opt md step">{escape(shown.step)}</td>\n'
        f'<td class="who">{escape(shown.answers)}{post}</td></tr>'
    )


def _badge(badge: Badge) -> str:
    grade = f' data-grade="{escape(badge.weight)}"' if badge.weight else ""
    return f' <span class="grade"{grade}>{escape(badge.word)}</span>'


def _first(shown: Row) -> str:
    """What is due first, where the table is folded."""
    if shown.first_duty is None:
        return ""
    others = _("等") if len(shown.duties) > 1 or shown.more else ""
    return f" · {escape(shown.first_duty.name)}{others}"


def _limit(shown: Row, now: datetime) -> str:
    if shown.line.closed_at:
        closed = drawn.when(shown.line.closed_at, now)
        words = f"<b>{_('已办结')}</b><small>{closed}</small>"
        return f'<span class="due" data-state="done">{drawn.icon("done")}{words}</span>'
    return drawn.due(shown.first_duty.due) if shown.first_duty else f'<span class="dim">{_("没有待办")}</span>'


def _duties(shown: Row) -> str:
    parts = [_duty(shown, duty, first=place == 0) for place, duty in enumerate(shown.duties)]
    if shown.more:
        parts.append(f'<small class="also">{several("还有{n}项", shown.more)}</small>')
    return "".join(parts)


def _duty(shown: Row, duty: DutyView, *, first: bool) -> str:
    if first:
        return f"<span>{escape(duty.name)} {drawn.clause_links(shown.procedure, duty.clauses, 1)}</span>"
    return f'<small class="also">{escape(duty.name)}{f" {escape(duty.due.when)}" if duty.due.when else ""}</small>'
