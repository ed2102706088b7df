"""Limits and acts of a case, drawn in Python: its page has a score of them."""

from __future__ import annotations

from datetime import datetime
from html import escape

from django.utils.safestring import SafeString

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
    items = f"{escape('、'.join(one.items))} " if one.items and not one.limits else ""
    return SafeString(
        f'<li{plain}><a class="btn{weight}" data-act href="{href}" hx-get="{href}" hx-select="#doing" '
        'hx-select-oob="#wording" hx-target="#doing" hx-swap="outerHTML show:#doing:top" hx-push-url="true"'
        f"{current}>{escape(one.name)}</a>\n"
        f"<p>{''.join(map(_discharged, one.limits))}{items}{drawn.clause_links(procedure, one.clauses, 2)}</p></li>"
    )


def _discharged(limit: Limit) -> str:
    row = f"（{escape(limit.row)}）" if limit.row else ""
    state = f' data-state="{escape(limit.due.state)}"' if limit.due.state else ""
    until = f'，<span class="by-when"{state}>{escape(limit.due.when)}前</span>' if limit.due.when else ""
    return f"了结“{escape(limit.deadline.name)}”{row}{until}。"


def limit(procedure: Procedure, one: Limit, now: datetime) -> SafeString:
    """A limit, unfolding into its proof and what follows a miss."""
    deadline = one.deadline
    state = f' data-state="{escape(one.due.state)}"' if one.due.state else ""
    row = f'<span class="dim"> · {escape(one.row)}</span>' if one.row else ""
    holders = f"：{escape(one.holders)}" if one.open and one.holders else ""
    mine = ' <b class="mine">归您办</b>' if one.open and one.mine else ""
    missed = f"　曾逾期，原限 {moments.moment(deadline.missed)}" if deadline.missed else ""
    track = f'<span class="track" style="--p:{one.due.share:.3f}"></span>' if deadline.due else "<span></span>"
    follows = "；".join(f"{escape(words)}{drawn.clause_links(procedure, clauses, 1)}" for words, clauses in one.follows)
    return SafeString(
        f'<li{state} id="{escape(one.id)}"><details>\n'
        f"<summary><span><b>{escape(deadline.name)}{row}</b> {drawn.clause_links(procedure, deadline.clauses, 1)}"
        f"<br><small>{escape(one.who)}{holders}{mine}{missed}</small></span>"
        f"{track}{drawn.due(one.due)}{drawn.icon('down')}</summary>\n"
        f'<div class="proof">{_proof(deadline, one.cells, now)}</div>\n'
        + (f'<p class="sm mid follows">逾期后果：{follows}</p>' if follows else "")
        + "</details></li>"
    )


def _proof(deadline: Deadline, cells: tuple[ProofCell, ...], now: datetime) -> str:
    """How it is counted."""
    since = moments.moment(deadline.since)
    if deadline.proof:
        ends = f"，止于 {drawn.when(deadline.due, now, full=True)}" if deadline.due else "，停表中，恢复后再定"
        provisional = "；该年日历尚未公布，时限暂定" if deadline.provisional else ""
        return (
            f'\n<p class="md mid">自 {moments.moment(deadline.proof.start)} 起{ends}。'
            f"日历：{escape(deadline.proof.edition)}{provisional}。</p>\n<ol>{''.join(map(_cell, cells))}</ol>\n"
        )
    if deadline.due:
        until = drawn.when(deadline.due, now, full=True)
        return f'<p class="md mid">限 {until}，自 {since} 起；由规程直接定到时刻，或随另一时限而定。</p>\n'
    return f'<p class="md mid">自 {since} 起，不设时限。</p>'


def _cell(cell: ProofCell) -> str:
    shape = f"{'on' if cell.counted else ''}{' mark' if cell.mark else ''}{' now' if cell.today else ''}"
    today = '<span class="vh">（今天）</span>' if cell.today else ""
    return f'<li class="{shape}"><b>{escape(cell.label)}{today}</b>{escape(cell.why)}</li>'
