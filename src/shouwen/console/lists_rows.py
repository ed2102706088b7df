"""Cases as the rows of a list: what they are about, what is due next, where they stand, who answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.casework import lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Duty, Line
from shouwen.console import lists_asked
from shouwen.core.offers import Deadline
from shouwen.core.procedure import Procedure
from shouwen.web import case_people
from shouwen.web.dues import Due, due_state
from shouwen.web.masked import mask
from shouwen.web.shown import hidden

__all__ = ["Badge", "DutyView", "Row", "customer", "rows", "title"]

#: so many tasks of a case stand in its row
MOST_DUTIES = 2


@dataclass(frozen=True)
class Badge:
    """What a case was judged to be; `weight`: how heavy that is, for its form ('' if the words do not rise)."""

    word: str
    weight: str


@dataclass(frozen=True, kw_only=True)
class DutyView:
    """A task in a row: what it is, by which clause, how its limit stands, who owes it."""

    name: str
    clauses: tuple[str, ...]
    due: Due
    who: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in a list. `more`: tasks that are not shown; `state`: of its first limit."""

    line: Line
    procedure: Procedure
    href: str
    preview: str
    title: str
    customer: str
    badges: tuple[Badge, ...]
    flow: str
    step: str
    desk: str
    answers: str
    post: str
    first: str
    duties: tuple[DutyView, ...]
    more: int

    @property
    def value(self) -> str:
        """What stands for it when it is selected: the case, and the version that was seen."""
        return f"{self.line.case_id}:{self.line.version}"

    @property
    def first_duty(self) -> DutyView | None:
        """What is due first."""
        return self.duties[0] if self.duties else None


def rows(viewer: Viewer, found: Iterable[Line]) -> list[Row]:
    """The rows of these cases, each with what is due first."""
    lines = list(found)
    firsts = lists.first_duties(line.case_id for line in lines if line.closed_at is None)
    listed = []
    for line in lines:
        first, others = firsts.get(line.case_id, (None, 0))
        listed.append(row(viewer, line, (first,) if first else (), others=others))
    return listed


def row(viewer: Viewer, line: Line, duties: tuple[Duty, ...], *, others: int = 0) -> Row:
    """The row of a case, with the first of these tasks; `others`: tasks that it has besides."""
    procedure = procedures.version(line.procedure, line.law).procedure
    organisation = viewer.organisation
    flow = procedure.flows[line.flow]
    person = line.answers in organisation.people
    behind = "" if person else case_people.called(procedure, organisation, line.answers)
    holders = viewer.world(procedures.version(line.procedure, line.law), line.unit) if behind else None
    names = case_people.holders(procedure, holders, organisation, line.answers) if holders else ""
    unit = organisation.units.get(line.unit)
    return Row(
        line=line,
        procedure=procedure,
        href=_href("case", line.number),
        preview=_href("preview", line.number),
        title=title(procedure, line),
        customer=customer(viewer, procedure, line),
        badges=badges(procedure, line),
        flow=flow.name,
        step=flow.steps[line.step].name if line.step in flow.steps else line.step,
        desk=unit.name if unit else "",
        answers=(organisation.called(line.answers) if person else names or behind),
        post=behind if names else "",
        first=case_people.called(procedure, organisation, line.first_contact),
        duties=tuple(duty_view(viewer, procedure, duty) for duty in duties[:MOST_DUTIES]),
        more=max(0, len(duties) - MOST_DUTIES) + others,
    )


def duty_view(viewer: Viewer, procedure: Procedure, duty: Duty) -> DutyView:
    """A task in words."""
    rule = procedure.tasks.get(duty.task)
    name = rule.name if rule else duty.task
    who = [case_people.called(procedure, viewer.organisation, label) for label in duty.owed_by]
    return DutyView(
        name=_("{name}（{called}）").format(
            name=name, called=case_people.called(procedure, viewer.organisation, duty.item)
        )
        if duty.item
        else name,
        clauses=rule.clauses[:1] if rule else (),
        due=_due(duty, viewer.at, procedure),
        who=_("、").join(dict.fromkeys(who)),
    )


def customer(viewer: Viewer, procedure: Procedure, line: Line) -> str:
    """Who it is about: the customer's words, personal ones masked, telephone left out, what he may not see too."""
    roles = frozenset(role for _, role in viewer.positions)
    found = []
    for word, path in procedure.flows[line.flow].customer.items():
        field, text = procedure.fields.get(path), line.customer.get(word, "")
        if not text or field is None or field.type == "phone" or hidden(procedure, field, roles):
            continue
        found.append(mask(text) if field.private else text)
    return " · ".join(found)


def title(procedure: Procedure, line: Line) -> str:
    """What it is about, with the customer's personal words in it masked."""
    text = line.title
    for word, path in procedure.flows[line.flow].customer.items():
        field, secret = procedure.fields.get(path), line.customer.get(word, "")
        if field is not None and field.private and len(secret) > 1:
            text = text.replace(secret, mask(secret))
    return text


def badges(procedure: Procedure, line: Line) -> tuple[Badge, ...]:
    """What it was judged to be."""
    found = ((column, line.columns.get(column.id)) for column in _columns(procedure, line.flow))
    return tuple(Badge(str(word), _weight(column, str(word))) for column, word in found if word)


def _weight(column: lists_asked.Column, word: str) -> str:
    """By form: the heaviest solid, the lightest dashed, others framed."""
    if not column.ordered or word not in column.words:
        return ""
    place = column.words.index(word)
    return "major" if place == len(column.words) - 1 else ("deferred", "minor")[place] if place < 2 else ""


@lru_cache(10_000)
def _href(page: str, number: str) -> str:
    """The same rows are drawn again and again."""
    return reverse(page, args=(number,))


@lru_cache(256)
def _kept(key: tuple[str, int, str]) -> tuple[lists_asked.Column, ...]:
    procedure = procedures.version(key[0], key[1]).procedure
    return lists_asked.columns(procedure, procedure.flows[key[2]])


def _columns(procedure: Procedure, flow: str) -> tuple[lists_asked.Column, ...]:
    return _kept((procedure.id, procedure.version, flow))


def _due(duty: Duty, at: datetime, procedure: Procedure) -> Due:
    rule = procedure.tasks.get(duty.task)
    deadline = Deadline(
        task=duty.task,
        item=duty.item,
        name=duty.task,
        owed_by=duty.owed_by,
        since=duty.since,
        due=duty.due,
        provisional=duty.provisional,
        state="open",
        missed=duty.missed,
        ended=None,
        in_time=True,
        clauses=(),
        proof=None,
    )
    return due_state(deadline, at, rule)
