"""Limits and acts of a case, drawn in Python: its page has a score of them."""

from __future__ import annotations

from datetime import datetime
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.core.offers import Deadline
from shouwen.core.procedure import Procedure
from shouwen.web import drawn, moments
from shouwen.web.case_acts import ActView
from shouwen.web.case_limits import Limit
from shouwen.web.dues import ProofCell

__all__ = ["act", "limit"]


def act(procedure: Procedure, one: ActView, *, first: bool, doing: bool) -> SafeString:
    """An act that is open. `first`: it is what is to be done; `doing`: it is being done."""
    weight = f" wide{' primary' if first else ''}" if one.limits else ""
    plain = "" if one.limits else ' class="plain"'
    current = ' aria-current="true"' if doing else ""
    href = escape(one.href)
    items = f"{escape(_('、').join(one.items))} " if one.items and not one.limits else ""
    return SafeString(
        f'<li{plain}><a class="btn{weight}" data-act href="{href}" hx-get="{href}" hx-select="#doing" '
        'hx-select-oob="#wording" hx-target="#doing" hx-swap="outerHTML show:#doing:top" hx-push-url="true"'
        f"{current}>{escape(one.name)}</a>\n"
        f"<p>{''.join(map(_discharged, one.limits))}{items}{drawn.clause_links(procedure, one.clauses, 2)}</p></li>"
    )


def _discharged(limit: Limit) -> str:
    row = _("（{row}）").format(row=escape(limit.row)) if limit.row else ""
    state = f' data-state="{escape(limit.due.state)}"' if limit.due.state else ""
    name = escape(limit.deadline.name)
    if not limit.due.when:
        return _("了结“{name}”{row}。").format(name=name, row=row)
    when = f'<span class="by-when"{state}>{_("{when}前").format(when=escape(limit.due.when))}</span>'
    return _("了结“{name}”{row}，{when}。").format(name=name, row=row, when=when)


def limit(procedure: Procedure, one: Limit, now: datetime) -> SafeString:
    """A limit, unfolding into its proof and what follows a miss."""
    deadline = one.deadline
    state = f' data-state="{escape(one.due.state)}"' if one.due.state else ""
    row = f'<span class="dim"> · {escape(one.row)}</span>' if one.row else ""
    holders = _("：{holders}").format(holders=escape(one.holders)) if one.open and one.holders else ""
    mine = f' <b class="mine">{_("归您办")}</b>' if one.open and one.mine else ""
    missed = (
        "\u3000" + _("曾逾期，原限 {moment}").format(moment=moments.moment(deadline.missed)) if deadline.missed else ""
    )
    track = f'<span class="track" style="--p:{one.due.share:.3f}"></span>' if deadline.due else "<span></span>"
    follows = _("；").join(
        f"{escape(words)}{drawn.clause_links(procedure, clauses, 1)}" for words, clauses in one.follows
    )
    cited = drawn.clause_links(procedure, deadline.clauses, len(deadline.clauses))
    return SafeString(
        f'<li{state} id="{escape(one.id)}"><details>\n'
        f"<summary><span><b>{escape(deadline.name)}{row}</b> {drawn.clause_marks(procedure, deadline.clauses, 1)}"
        f"<br><small>{escape(one.who)}{holders}{mine}{missed}</small></span>"
        f"{track}{drawn.due(one.due)}{drawn.icon('down')}</summary>\n"
        f'<p class="md cites">{_("依据")} {cited}</p>\n'
        f'<div class="proof">{_proof(deadline, one.cells, now)}</div>\n'
        + (f'<p class="sm mid follows">{_("逾期后果：{follows}").format(follows=follows)}</p>' if follows else "")
        + "</details></li>"
    )


def _proof(deadline: Deadline, cells: tuple[ProofCell, ...], now: datetime) -> str:
    """How it is counted."""
    since = moments.moment(deadline.since)
    if deadline.proof:
        start, edition = moments.moment(deadline.proof.start), escape(deadline.proof.edition)
        if deadline.due:
            until = drawn.when(deadline.due, now, full=True)
            counted = _("自 {start} 起，止于 {until}。日历：{edition}").format(
                start=start, until=until, edition=edition
            )
        else:
            counted = _("自 {start} 起，停表中，恢复后再定。日历：{edition}").format(start=start, edition=edition)
        provisional = _("；该年日历尚未公布，时限暂定") if deadline.provisional else ""
        said = _("{counted}{provisional}。").format(counted=counted, provisional=provisional)
        return f'\n<p class="md mid">{said}</p>\n<ol>{"".join(map(_cell, cells))}</ol>\n'
    if deadline.due:
        until = drawn.when(deadline.due, now, full=True)
        said = _("限 {until}，自 {since} 起；由规程直接定到时刻，或随另一时限而定。").format(until=until, since=since)
        return f'<p class="md mid">{said}</p>\n'
    return f'<p class="md mid">{_("自 {since} 起，不设时限。").format(since=since)}</p>'


def _cell(cell: ProofCell) -> str:
    shape = f"{'on' if cell.counted else ''}{' mark' if cell.mark else ''}{' now' if cell.today else ''}"
    today = f'<span class="vh">{_("（今天）")}</span>' if cell.today else ""
    return f'<li class="{shape}"><b>{escape(cell.label)}{today}</b>{escape(cell.why)}</li>'
