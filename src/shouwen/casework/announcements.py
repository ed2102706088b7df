"""What a house announces to everybody concerned: papers for customers, in cases that are about no single one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwen.casework import customers, filed, papers
from shouwen.casework.customers import Customer
from shouwen.casework.filed import Filed
from shouwen.casework.papers import Paper
from shouwen.core.events import Told
from shouwen.core.procedure import Copy, Form, Procedure
from shouwen.core.values import Value
from shouwen.core.world import CUSTOMER
from shouwen.store import models as rows

__all__ = ["Announced", "about", "current", "possible"]

#: how long it is still shown once its case is closed
STAYS = timedelta(days=7)
MOST = 60
_NUMBER = re.compile(r"\d+")
#: a building by its letter or number, a floor by its number
_KINDS = (re.compile(r"([A-Z]|\d+)[座栋幢]"), re.compile(r"(?<![A-Z\d])(\d+)层"))  # zh: how people write an address


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A paper that was issued to all whom it concerns, with the copy that they get, what stands on it, and what was
    told them since. `words`: floors, rooms, circuits … that it speaks of."""

    filed: Filed
    form: Form
    copy: Copy
    number: str
    issued_at: datetime
    values: Mapping[str, Value]
    words: tuple[str, ...]
    #: what stands on it in free words
    texts: tuple[str, ...]
    told: tuple[Told, ...]
    closed: bool

    @property
    def procedure(self) -> Procedure:
        """The regulation under which it was issued."""
        return self.filed.law.procedure


def possible(viewer: Customer) -> bool:
    """Whether any regulation of the house knows such papers."""
    return any(True for law in customers.laws(viewer.organisation, viewer.unit) for _ in _kinds(law.procedure))


def current(viewer: Customer) -> tuple[Announced, ...]:
    """What the house announces now, what was issued last first."""
    flows = {
        (law.procedure.id, flow)
        for law in customers.laws(viewer.organisation, viewer.unit)
        for flow, _, _ in _kinds(law.procedure)
    }
    if not flows:
        return ()
    kinds = {flow for _, flow in flows}
    found = rows.Case.objects.filter(unit=viewer.unit, procedure__in={one for one, _ in flows}, flow__in=kinds)
    open_or_lately = found.filter(closed_at__isnull=True) | found.filter(closed_at__gt=viewer.at - STAYS)
    announced = [
        one
        for row in open_or_lately.order_by("-opened_at")[:MOST]
        if (row.procedure, row.flow) in flows
        for one in _of_case(viewer, filed.load(row.case_id)[0])
    ]
    return tuple(sorted(announced, key=lambda one: one.issued_at, reverse=True))


def about(announced: Announced, address: str) -> bool:
    """Whether an announcement speaks of this address: of its room or circuit by name, or, in its words, of its floor
    and building (“A座 16楼” is in “A座16层”, “B座16层” is not)."""
    asked, mine = _plain(address), _places_in((address,))
    theirs = _places_in((*announced.words, *announced.texts))
    if any(one and other and not one & other for one, other in zip(mine, theirs, strict=True)):
        return False
    named = {*_NUMBER.findall(asked), asked} - {""}
    rooms = (_plain(word) for word in announced.words if not any(_places_in((word,))))
    if any(word in named or (not word.isdigit() and word in asked) for word in rooms):
        return True
    return any(one & other for one, other in zip(mine, theirs, strict=True))


def _of_case(viewer: Customer, found: Filed) -> Iterator[Announced]:
    procedure = found.law.procedure
    kinds = {form.id: (form, copy) for flow, form, copy in _kinds(procedure) if flow == found.case.flow}
    values = papers.values(found, viewer.world(found.law, found.unit), viewer.at)
    issued = [one for one in papers.papers(found, values) if one.form.id in kinds and one.number]
    if not issued:
        return
    told = tuple(
        event
        for log in filed.logs(found.case_id)
        for event in log.events
        if isinstance(event, Told) and CUSTOMER in event.people
    )
    words = tuple(_places(procedure, found.case.values))
    for paper in issued:
        form, copy = kinds[paper.form.id]
        sheet = next(one for one in paper.numbered if one.number == paper.number)
        since = tuple(event for event in told if event.happened >= sheet.issued_at)
        yield Announced(
            filed=found,
            form=form,
            copy=copy,
            number=paper.number,
            issued_at=sheet.issued_at,
            values=_standing(paper, values, sheet.values),
            words=words,
            texts=tuple(
                value
                for path, value in _standing(paper, values, sheet.values).items()
                if isinstance(value, str) and path in procedure.fields and not procedure.fields[path].private
            ),
            told=since,
            closed=found.case.closed is not None,
        )


def _standing(paper: Paper, values: Mapping[str, Value], sheet: Mapping[str, Value] | None) -> Mapping[str, Value]:
    own = f"{paper.form.id}."
    return sheet if sheet is not None else {path: value for path, value in values.items() if path.startswith(own)}


def _kinds(procedure: Procedure) -> Iterator[tuple[str, Form, Copy]]:
    """Kinds of cases that have no customer of their own, with the papers of which a copy goes to customers."""
    mine = customers.roles(procedure)
    for flow in procedure.flows.values():
        if flow.customer:
            continue
        acts = [action for action in procedure.actions.values() if action.flow == flow.id]
        issues = {it.target for action in acts for it in action.do if it.verb == "issue"}
        for form in procedure.forms.values():
            copy = next((one for one in form.copies if mine & set(one.to)), None)
            if copy is not None and form.id in issues:
                yield flow.id, form, copy


def _places(procedure: Procedure, values: Mapping[str, Value]) -> Iterator[str]:
    """The words of lists, and the keys of rows, by which people find what is theirs."""
    for path, value in values.items():
        field = procedure.fields.get(path)
        if field is None or field.private or not isinstance(value, tuple):
            continue
        if field.type == "list":
            yield from (str(word) for word in value)
        key = field.key or ""
        if field.type == "rows" and key in field.columns and not field.columns[key].private:
            yield from (str(row[key]) for row in value if isinstance(row, Mapping) and row.get(key))


def _places_in(texts: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The buildings and the floors that these texts name."""
    plain = [_plain(text) for text in texts]
    return tuple(frozenset(found for text in plain for found in kind.findall(text)) for kind in _KINDS)


def _plain(text: str) -> str:
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).upper())
    return re.sub(r"(?<=\d)(?:楼层|楼|F)", "层", folded)  # zh: how people write a floor
