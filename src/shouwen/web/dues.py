"""Limits as people see them: how urgent, in which words, how far gone, and the proof day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from shouwen.core import calendar
from shouwen.core.calendar import Line, Proof
from shouwen.core.offers import Deadline
from shouwen.core.procedure import Task
from shouwen.web import moments
from shouwen.web.phrases import translated

__all__ = ["Due", "ProofCell", "due_state", "proof_cells"]

#: a limit is near when this much is left, or a fifth of its time and no more than a day
_NEAR = timedelta(hours=4)
_DAY = timedelta(days=1)
_ICONS = {"": "clock", "soon": "clock", "late": "alert", "wait": "pause", "done": "done"}


@dataclass(frozen=True, kw_only=True)
class Due:
    """A limit at a moment. `state`: '', soon, late, wait, done; `share` of the time gone, 0 to 1; `until` only while
    it runs, for the browser to count on."""

    state: str
    words: str
    when: str = ""
    share: float = 0.0
    until: str = ""
    provisional: bool = False

    @property
    def icon(self) -> str:
        """The sign that stands with the words."""
        return _ICONS[self.state]


@dataclass(frozen=True, kw_only=True)
class ProofCell:
    """A day, or days in a row that are left out for the same reason."""

    label: str
    why: str
    counted: bool
    #: the day of the start
    mark: bool = False
    today: bool = False
    last: bool = False


def due_state(deadline: Deadline, at: datetime, task: Task | None = None) -> Due:
    """How a limit stands at this moment. By its `task` one without a limit is told from one whose clock stands."""
    if deadline.state == "dropped":
        return Due(state="", words=_("不再要办"))
    if deadline.state == "done":
        return _done(deadline, at)
    if deadline.due is None:
        return _unset(deadline, task)
    when = moments.limit(deadline.due, at)
    if deadline.missed or calendar.is_late(at, deadline.due):
        words = _("逾期{length}").format(length=moments.length(at - deadline.due))
        return Due(state="late", words=words, when=when, share=1.0, until=moments.stamp(deadline.due))
    left, share = deadline.due - at, _share(deadline.since, deadline.due, at)
    near = left <= _NEAR or (share >= 0.8 and left <= _DAY)
    return Due(
        state="soon" if near else "",
        words=_("余{length}").format(length=moments.length(max(left, timedelta()))),
        when=when,
        share=share,
        until=moments.stamp(deadline.due),
        provisional=deadline.provisional,
    )


def proof_cells(proof: Proof, at: datetime) -> tuple[ProofCell, ...]:
    """The proof as cells in order; days left out for one reason stand together."""
    groups: list[list[Line]] = []
    for line in proof.lines:
        if groups and not line.counted and not groups[-1][-1].counted and groups[-1][-1].why == line.why:
            groups[-1].append(line)
        else:
            groups.append([line])
    last = max((place for place, group in enumerate(groups) if group[0].counted), default=-1)
    return tuple(_cell(group, place, last, proof, at) for place, group in enumerate(groups))


def _unset(deadline: Deadline, task: Task | None) -> Due:
    """No limit now: there is none, its moment is not known yet, or the clock stands."""
    if deadline.proof or (task and task.pauses):
        return Due(state="wait", words=_("停表"))
    return Due(state="", words=_("时限待定") if task and task.has_clock else _("不限时"))


def _done(deadline: Deadline, at: datetime) -> Due:
    if deadline.ended is None:
        return Due(state="done", words=_("已办"))
    took, share = moments.length(deadline.ended - deadline.since), 1.0
    if deadline.due:
        share = _share(deadline.since, deadline.due, deadline.ended)
    when = moments.near(deadline.ended, at)
    if not deadline.in_time or deadline.missed:
        limit = deadline.missed or deadline.due
        behind = (
            _("迟{length}办成").format(length=moments.length(deadline.ended - limit))
            if limit and limit < deadline.ended
            else _("逾期后办成")
        )
        return Due(state="late", words=behind, when=when, share=1.0)
    return Due(state="done", words=_("用时{took}").format(took=took), when=when, share=share)


def _share(since: datetime, due: datetime, at: datetime) -> float:
    whole = (due - since).total_seconds()
    return 1.0 if whole <= 0 else round(min(max((at - since).total_seconds() / whole, 0.0), 1.0), 3)


def _cell(group: list[Line], place: int, last: int, proof: Proof, at: datetime) -> ProofCell:
    first, final, today = group[0], group[-1], moments.local(at).date()
    whole_days = all(_is_day(line) for line in group)
    label = _days(first.day, final.day) if whole_days or place == 0 else _times(first, final)
    return ProofCell(
        label=label,
        why=_why(first, proof.due if place == last and whole_days else None),
        counted=first.counted,
        mark=place == 0 and not first.counted,
        today=first.day <= today <= final.day,
        last=place == last,
    )


def _why(line: Line, due: datetime | None) -> str:
    why = translated(line.why)
    return _("{why}，止{clock}").format(why=why, clock=_clock(due)) if due else why


def _is_day(line: Line) -> bool:
    """Whether the line speaks of a day, not of hours within one."""
    by_day = "日" in line.why  # zh: the proof's own words, before any translation
    return by_day or (not line.counted and line.until is not None and line.until - line.since >= _DAY)


def _days(first: date, final: date) -> str:
    if first == final:
        weekday = moments.weekday(first).lstrip("周週")  # zh: 周二 is 二 here
        return _("{month}/{day} {weekday}").format(month=first.month, day=first.day, weekday=weekday)
    return f"{_short(first)}–{_short(final)}"


def _times(first: Line, final: Line) -> str:
    begun = f"{_short(first.day)} {moments.time_of(first.since)}"
    return f"{begun}–{_clock(final.until)}" if final.until else _("{moment}起").format(moment=begun)


def _short(day: date) -> str:
    return _("{month}/{day}").format(month=day.month, day=day.day)


def _clock(when: datetime | None) -> str:
    if when is None:
        return ""
    here = moments.local(when)
    return "24:00" if (here.hour, here.minute) == (0, 0) else f"{here:%H:%M}"
