"""Openings that are alike are judged once: what came of the first is cast again with the texts of the others.

A mould is made by judging an opening whose plain texts (see `likeness`) are marks, so that every place where such a
text ends up is known. Whatever is not plainly so (a fact that was found, a text within another person's data, a paper
with a number of its own) is judged by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwen.casework import asking, codec, projections, sealing
from shouwen.casework.likeness import plain_texts
from shouwen.casework.procedures import Law, Plan
from shouwen.core import events as e
from shouwen.core import values
from shouwen.core.case import Case
from shouwen.core.commands import Act
from shouwen.core.decide import Decision
from shouwen.core.judge import find_action
from shouwen.core.values import Value
from shouwen.store.append import Rows

__all__ = ["CASE", "NUMBER", "SUBJECT", "Cast", "Like", "Mould", "Moulds", "moulding"]

#: marks that no text of an opening may contain
OPEN, CLOSE = "\ue000", "\ue001"
NUMBER, KEY = f"{OPEN}no{CLOSE}", f"{OPEN}key{CLOSE}"
CASE, SUBJECT = UUID("0e000000-0000-7000-8000-00000000c45e"), UUID("0e000000-0000-7000-8000-00000000c455")
#: a phone number that nobody has; two digits follow
_PHONE = "999999999999999999"
_MARKS = (OPEN, _PHONE, str(CASE), str(SUBJECT))

_written = json.JSONEncoder(ensure_ascii=False).encode

Texts = Mapping[str, str]
#: how a part of the mould becomes the same part of a case
Filling = Callable[[Texts], Any]


@dataclass(frozen=True)
class Like:
    """An opening as one of its kind: what tells the kind, the command with marks, and its own text for each mark."""

    kind: str
    command: Act
    texts: Mapping[str, str]
    private: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """What a mould makes of one opening."""

    case: Case
    events: tuple[e.Event, ...]
    rows: Rows
    body: str
    sealed: list[str]
    columns: dict[str, Value]
    occasions: projections.Occasions


@dataclass(frozen=True)
class Mould:
    """The decision on a kind of opening, ready to be cast."""

    law: Law
    flow: str
    body: str
    _keys: tuple[tuple[Plan, Filling, int], ...]
    _case: Filling
    _events: tuple[Filling, ...]
    _rows: Mapping[str, tuple[Filling, ...]]
    _sealed: tuple[Filling, ...]
    _columns: Filling
    _occasions: tuple[tuple[Any, int, datetime, Filling, Filling], ...]

    def keys(self, texts: Texts) -> dict[bytes, int]:
        """The fact keys under which something may be known of the matter, with how many cases each needs to see."""
        return {plan.key(self.law.procedure.id, match(texts)): most for plan, match, most in self._keys}

    def cast(self, own: Like, number: str, case_id: UUID, subject: UUID) -> Cast | None:
        """The case of this opening; None if its texts do not keep apart what is personal from what is not."""
        texts = {**own.texts, NUMBER: number, str(CASE): str(case_id), str(SUBJECT): str(subject)}
        others = [text for mark, text in texts.items() if text not in own.private]
        if any(secret in other for secret in own.private for other in (self.body, *others)):
            return None
        rows = Rows()
        for name, parts in self._rows.items():
            getattr(rows, name).extend(part(texts) for part in parts)
        quoted = {mark: _written(text)[1:-1] for mark, text in texts.items()}
        columns = self._columns(texts)
        called = projections.title(self.law.procedure.flows[self.flow], columns)
        (head,) = rows.cases
        customer = head["customer"]
        assert isinstance(customer, Mapping)
        rows.cases = [{**head, "title": called, "search": projections.search(number, called, customer)}]
        return Cast(
            case=self._case(texts),
            events=tuple(part(texts) for part in self._events),
            rows=rows,
            body=_filled(self.body, quoted),
            sealed=[part(texts) for part in self._sealed],
            columns=columns,
            occasions={
                (plan.key(self.law.procedure.id, row(texts)), place): (moment, gives(texts))
                for plan, place, moment, row, gives in self._occasions
            },
        )


@dataclass
class Moulds:
    """The moulds made so far, for one moment and one state of the organisation."""

    law: Law
    #: the first of a kind is judged by itself: whether another will follow at this moment is not known
    patient: bool = False
    at: datetime | None = None
    organisation: int = 0
    made: dict[str, Mould | None] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _plain: dict[str, frozenset[str]] = field(default_factory=dict)

    def fresh(self, at: datetime, organisation: int) -> None:
        """Forget them if time has passed or the organisation has changed."""
        if (self.at, self.organisation) != (at, organisation):
            self.at, self.organisation = at, organisation
            self.made.clear()
            self._seen.clear()

    def awaited(self, kind: str) -> bool:
        """Whether a mould of this kind is worth making now."""
        if not self.patient or kind in self._seen:
            return True
        self._seen.add(kind)
        return False

    def plain(self, action: str) -> frozenset[str]:
        """The plain texts of an opening act."""
        if action not in self._plain:
            rule = find_action(self.law.procedure, action)
            self._plain[action] = plain_texts(self.law.procedure, rule) if rule and rule.opens else frozenset()
        return self._plain[action]

    def like(self, command: Act, unit: str) -> Like | None:
        """The opening as one of a kind; None if it must be judged by itself."""
        procedure, plain = self.law.procedure, self.plain(command.action)
        if not plain or command.given or command.answers or command.happened or not command.key:
            return None
        marked: dict[str, dict[str, object]] = {}
        texts: dict[str, str] = {KEY: command.key}
        private = []
        for form, entered in command.values.items():
            line = marked[form] = dict(entered)
            for name, raw in entered.items():
                path = f"{form}.{name}"
                if path not in plain:
                    continue
                rule = procedure.fields[path]
                try:
                    text = values.read(rule.type, raw, procedure.zone)
                except values.Unreadable:
                    return None
                if (
                    not isinstance(text, str)
                    or len(text) < max(rule.shortest or 0, 1)
                    or OPEN in text
                    or _PHONE in text
                ):
                    return None
                mark = _mark(rule.type, len(texts), rule.shortest or 0)
                line[name] = mark
                texts[mark] = text
                if rule.private:
                    if len(text) < sealing.SHORTEST:
                        return None
                    private.append(text)
        if OPEN in command.key:
            return None
        shaped = replace(command, values=marked, key=KEY)
        kind = f"{unit}\n{shaped!r}"
        return Like(kind, shaped, texts, tuple(private))


def moulding(
    law: Law,
    asked: Sequence[asking.Asked],
    decision: Decision,
    rows: Rows,
    at: datetime,
    columns: dict[str, Value],
    occasions: Sequence[projections.Source],
) -> Mould | None:
    """The mould of a decision on a marked opening; None if it cannot be cast again."""
    if rows.requests or rows.closed or rows.papers or rows.postings or rows.links or rows.read:
        return None
    events = decision.events
    local = at.astimezone(law.procedure.zone)
    body, texts = codec.encode(events, local, sealing.secrets(law.private, decision.case.values, events, law.registers))
    parts = {name: getattr(rows, name) for name in ("cases", "tasks", "messages", "jobs")}
    return Mould(
        law=law,
        flow=decision.case.flow,
        body=body,
        _keys=tuple((one.plan, filling(one.match), one.most) for one in asked),
        _case=filling(decision.case),
        _events=tuple(filling(event) for event in events),
        _rows={name: tuple(filling(row) for row in part) for name, part in parts.items() if part},
        _sealed=tuple(filling(text) for text in texts),
        _columns=filling(columns),
        _occasions=tuple(
            (
                one.plan,
                one.place,
                one.moment,
                filling(one.row),
                filling({n: codec.plain(v) for n, v in one.own.items()}),
            )
            for one in occasions
        ),
    )


def filling(part: object) -> Filling:
    """How a part of a mould is filled: only what holds a mark is made anew."""
    if not _has_mark(part):
        return lambda texts: part
    if isinstance(part, str):
        return lambda texts: texts[part] if part in texts else _filled(part, texts)
    if isinstance(part, Mapping):
        marked = [(key, filling(value)) for key, value in part.items() if _has_mark(value)]
        if not any(_has_mark(key) for key in part):
            return lambda texts: {**part, **{key: fill(texts) for key, fill in marked}}
        pairs = [(filling(key), filling(value)) for key, value in part.items()]
        return lambda texts: {key(texts): value(texts) for key, value in pairs}
    if isinstance(part, list | tuple | frozenset):
        kind, items = type(part), [filling(item) for item in part]
        return lambda texts: kind(fill(texts) for fill in items)
    assert is_dataclass(part)
    assert not isinstance(part, type)
    names = [(one.name, filling(getattr(part, one.name))) for one in fields(part) if _has_mark(getattr(part, one.name))]
    return lambda texts: replace(part, **{name: fill(texts) for name, fill in names})


def _has_mark(part: object) -> bool:
    if isinstance(part, str):
        return any(mark in part for mark in _MARKS)
    if isinstance(part, Mapping):
        return any(_has_mark(key) or _has_mark(value) for key, value in part.items())
    if isinstance(part, list | tuple | frozenset):
        return any(map(_has_mark, part))
    if is_dataclass(part) and not isinstance(part, type):
        return any(_has_mark(getattr(part, one.name)) for one in fields(part))
    return False


def _filled(text: str, texts: Texts) -> str:
    for mark, own in texts.items():
        if mark in text:
            text = text.replace(mark, own)
    return text


def _mark(kind: str, place: int, shortest: int) -> str:
    return f"{_PHONE}{place:02}" if kind == "phone" else f"{OPEN}{place}{CLOSE}".ljust(shortest, CLOSE)
