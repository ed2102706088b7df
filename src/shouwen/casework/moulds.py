"""Openings that are alike are judged once: what came of the first is cast again with the texts of the others.

A mould is made by judging an opening whose plain texts (see `likeness`) are marks, so that every place where such a
text ends up is known. Whatever is not plainly so (a fact that was found, a text within another person's data, a paper
with a number of its own) is judged by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any
from uuid import UUID

from shouwen.casework import asking, codec, projections, sealing
from shouwen.casework.likeness import plain_texts
from shouwen.casework.procedures import Law, digested
from shouwen.core import values
from shouwen.core.commands import Act
from shouwen.core.decide import Decision
from shouwen.core.judge import find_action
from shouwen.core.procedure import Field
from shouwen.core.values import Value
from shouwen.store.append import Rows

__all__ = ["CASE", "NUMBER", "SUBJECT", "Cast", "Like", "Mould", "Moulds", "moulding"]

#: marks that no text of an opening may contain
OPEN, CLOSE = "\ue000", "\ue001"
NUMBER, KEY = f"{OPEN}no{CLOSE}", f"{OPEN}key{CLOSE}"
CASE, SUBJECT = UUID("0e000000-0000-7000-8000-00000000c45e"), UUID("0e000000-0000-7000-8000-00000000c455")
_CASE_ID, _SUBJECT_ID = str(CASE), str(SUBJECT)
#: what each case's row has of its own besides the texts
_TITLE, _SEARCH, _DIGEST = f"{OPEN}title{CLOSE}", f"{OPEN}search{CLOSE}", f"{OPEN}digest{CLOSE}"
#: a phone number that nobody has; two digits follow
_PHONE = "999999999999999999"
_MARKS = (OPEN, _PHONE, _CASE_ID, _SUBJECT_ID)
_ANY_MARK = re.compile(f"({OPEN}[^{OPEN}{CLOSE}]*{CLOSE}+|{_PHONE}..|{_CASE_ID}|{_SUBJECT_ID})")

_written = json.JSONEncoder(ensure_ascii=False).encode


def _quoted(text: str) -> str:
    return encode_basestring(text)[1:-1]


Texts = Mapping[str, str]
#: how a part of the mould becomes the same part of a case
Filling = Callable[[Texts], Any]


@dataclass(frozen=True)
class Like:
    """An opening as one of its kind: what tells the kind, its values with marks, and its own text for each mark, plain
    and as it stands in JSON."""

    kind: tuple[object, ...]
    command: Act
    marked: Mapping[str, Mapping[str, object]]
    texts: Mapping[str, str]
    private: tuple[str, ...]

    @property
    def shaped(self) -> Act:
        """The command with marks."""
        return replace(self.command, values=self.marked, key=KEY)

    @property
    def quoted(self) -> dict[str, str]:
        """Its texts as they stand within JSON."""
        return {mark: _quoted(text) for mark, text in self.texts.items()}


@dataclass(frozen=True)
class Cast:
    """What a mould makes of one opening. Its case and events are made when they are asked for."""

    mould: Mould
    texts: Texts
    quoted: Texts
    body: str
    sealed: list[str]
    #: the fact keys under which the case counts
    keys: tuple[bytes, ...]

    @property
    def decision(self) -> Decision:
        """What the judge would have said."""
        return self.mould.decision(self.texts)

    @property
    def columns(self) -> dict[str, Value]:
        """The exported columns."""
        found: dict[str, Value] = self.mould.columns(self.texts)
        return found

    def enter(self, rows: Rows, digest: bytes) -> None:
        """Add the rows besides the record, given its digest."""
        self.mould.enter(self, rows, digest)


@dataclass(frozen=True)
class Occasion:
    """Under which key the case counts, as a place among the mould's keys, and since when."""

    key: int
    moment: datetime


@dataclass(frozen=True, eq=False)
class Mould:
    """The decision on a kind of opening, ready to be cast."""

    law: Law
    flow: str
    count: int
    decision: Callable[[Texts], Decision]
    columns: Filling
    occasions: tuple[Occasion, ...]
    _body: str
    _filled_body: Filling
    _sealed: tuple[Filling, ...]
    #: what is digested to fact keys; the first `_asked` are known before the opening has a number, and how many cases
    #: each needs to see
    _keys: tuple[Filling, ...]
    _asked: tuple[int, ...]
    _key_marks: tuple[str, ...]
    _titled: Mapping[str, Filling]
    _customer: Filling
    _rows: Mapping[str, tuple[Filling, ...]]
    _alike: tuple[str, ...]

    def asked(self, quoted: Texts) -> list[tuple[bytes, int]]:
        """The fact keys under which something may be known of the matter, with how many cases each needs to see."""
        return [(digested(key(quoted)), most) for key, most in zip(self._keys, self._asked, strict=False)]

    def cast(self, own: Like, quoted: Texts, asked: Iterable[bytes], number: str, ids: tuple[str, str]) -> Cast | None:
        """The case of this opening; None if its texts do not keep apart what is personal from what is not."""
        case_id, subject = ids
        more = {NUMBER: number, _CASE_ID: case_id, _SUBJECT_ID: subject}
        others = [self._body, *more.values(), *(text for mark, text in own.texts.items() if text not in own.private)]
        for secret in own.private:
            if any(secret in other for other in others):
                return None
        texts = {**own.texts, **more}
        quoted = {**quoted, **more, NUMBER: _quoted(number)}
        keys = (*asked, *(digested(key(quoted)) for key in self._keys[len(self._asked) :]))
        sealed = [part(texts) for part in self._sealed]
        return Cast(self, texts, quoted, self._filled_body(quoted), sealed, keys)

    def enter(self, cast: Cast, rows: Rows, digest: bytes) -> None:
        """Add the rows of a cast, but for its record."""
        texts, quoted = cast.texts, cast.quoted
        called = projections.title(
            self.law.procedure.flows[self.flow], {name: part(texts) for name, part in self._titled.items()}
        )
        said = projections.search(texts[NUMBER], called, self._customer(texts))
        own = dict(zip(self._key_marks, [key.hex() for key in cast.keys], strict=True))
        own |= {**quoted, _TITLE: _quoted(called), _SEARCH: _quoted(said), _DIGEST: digest.hex()}
        rows.written |= {name: [part(own) for part in parts] for name, parts in self._rows.items()}
        case = texts[_CASE_ID]
        rows.case_words.append({"case_id": case, "pairs": projections.pairs(said)})
        for text in self._alike:
            rows.alike[text] = [case]


@dataclass
class Moulds:
    """The moulds made so far, for one moment and one state of the organisation."""

    law: Law
    #: the first of a kind is judged by itself: whether another will follow at this moment is not known
    patient: bool = False
    at: datetime | None = None
    organisation: int = 0
    made: dict[tuple[object, ...], Mould | None] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)
    _plain: dict[str, Mapping[str, Mapping[str, Field]]] = field(default_factory=dict)

    def fresh(self, at: datetime, organisation: int) -> None:
        """Forget them if time has passed or the organisation has changed."""
        if (self.at, self.organisation) != (at, organisation):
            self.at, self.organisation = at, organisation
            self.made.clear()
            self._seen.clear()

    def awaited(self, kind: tuple[object, ...]) -> bool:
        """Whether a mould of this kind is worth making now."""
        if not self.patient or kind in self._seen:
            return True
        self._seen.add(kind)
        return False

    def plain(self, action: str) -> Mapping[str, Mapping[str, Field]]:
        """The plain texts of an opening act: form → field → its rule."""
        if action not in self._plain:
            rule = find_action(self.law.procedure, action)
            found: dict[str, dict[str, Field]] = {}
            for path in plain_texts(self.law.procedure, rule) if rule and rule.opens else ():
                form, _, name = path.partition(".")
                found.setdefault(form, {})[name] = self.law.procedure.fields[path]
            self._plain[action] = found
        return self._plain[action]

    def like(self, command: Act, unit: str) -> Like | None:
        """The opening as one of a kind; None if it must be judged by itself."""
        zone, plain = self.law.procedure.zone, self.plain(command.action)
        if not plain or command.given or command.answers or command.happened or not command.key:
            return None
        if OPEN in command.key:
            return None
        marked: dict[str, dict[str, object]] = {}
        texts: dict[str, str] = {KEY: command.key}
        private = []
        for form, entered in command.values.items():
            line = marked[form] = dict(entered)
            for name, rule in plain.get(form, {}).items():
                if name not in entered:
                    continue
                try:
                    text = values.read(rule.type, entered[name], zone)
                except values.Unreadable:
                    return None
                if (
                    not isinstance(text, str)
                    or len(text) < max(rule.shortest or 0, 1)
                    or OPEN in text
                    or _PHONE in text
                ):
                    return None
                mark = line[name] = _mark(rule.type, len(texts), rule.shortest or 0)
                texts[mark] = text
                if rule.private:
                    if len(text) < sealing.SHORTEST:
                        return None
                    private.append(text)
        said = (command.action, command.actor, command.role, command.present, command.reason, command.seen)
        return Like((unit, *said, command.number, repr(marked)), command, marked, texts, tuple(private))


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
    procedure, events = law.procedure, decision.events
    local = at.astimezone(procedure.zone)
    body, texts = codec.encode(events, local, sealing.secrets(law.private, decision.case.values, events, law.registers))
    keys = {one.plan.text(procedure.id, one.match): one.most for one in asked}
    counted = [(one, one.plan.text(procedure.id, one.row)) for one in occasions]
    places = {text: place for place, text in enumerate(dict.fromkeys((*keys, *(text for _, text in counted))))}
    (head,) = rows.cases
    head = {**head, "title": _TITLE, "search": _SEARCH, "digest": f"\\x{_DIGEST}"}
    tasks = [{name: value for name, value in row.items() if name != "case_id"} for row in rows.tasks]
    alike = not any(map(_has_mark, tasks))
    own: dict[str, Sequence[Mapping[str, object]]] = {
        "cases": [head],
        "tasks": [] if alike else rows.tasks,
        "occasions": [_occasion(one, places[text]) for one, text in counted],
        "messages": rows.messages,
        "jobs": rows.jobs,
    }
    flow = procedure.flows[decision.case.flow]
    case, told = filling(decision.case), filling(events)
    return Mould(
        law=law,
        flow=flow.id,
        count=len(events),
        decision=lambda own: Decision(told(own), case(own)),
        columns=filling(columns),
        occasions=tuple(Occasion(places[text], one.moment) for one, text in counted),
        _body=body,
        _filled_body=filling(body),
        _sealed=tuple(filling(text) for text in texts),
        _keys=tuple(filling(text) for text in places),
        _asked=tuple(keys.values()),
        _key_marks=tuple(map(_key_mark, places.values())),
        _titled={name: filling(value) for name, value in columns.items() if name in projections.TITLES},
        _customer=filling(head["customer"]),
        _rows={name: tuple(filling(_text(row)) for row in part) for name, part in own.items() if part},
        _alike=tuple(map(_text, tasks)) if alike else (),
    )


def _text(row: Mapping[str, object]) -> str:
    """A row as JSON text, without what is null anyway."""
    return _written({name: value for name, value in row.items() if value is not None})


def _key_mark(place: int) -> str:
    return f"{OPEN}key {place}{CLOSE}"


def _occasion(one: projections.Source, key: int) -> Mapping[str, object]:
    own = {name: codec.plain(value) for name, value in one.own.items()}
    (row,) = projections.occasion_rows(CASE, {(b"", one.place): (one.moment, own)})
    return {**row, "key": f"\\x{_key_mark(key)}"}


def filling(part: object) -> Filling:
    """How a part of a mould is filled: only what holds a mark is made anew."""
    if not _has_mark(part):
        return lambda texts: part
    if isinstance(part, str):
        return _filling(part)
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


def _filling(text: str) -> Filling:
    """How a text with marks is filled."""
    literal, names = _ANY_MARK.split(text)[::2], _ANY_MARK.findall(text)
    if literal == ["", ""]:
        return itemgetter(*names)
    pattern = "%s".join(part.replace("%", "%%") for part in literal)
    found = itemgetter(*names)
    return lambda texts: pattern % found(texts)


@lru_cache(1000)
def _mark(kind: str, place: int, shortest: int) -> str:
    return f"{_PHONE}{place:02}" if kind == "phone" else f"{OPEN}{place}{CLOSE}".ljust(shortest, CLOSE)
