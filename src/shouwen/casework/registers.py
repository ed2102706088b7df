"""Registers and open catalogs: rows and words that the organisation keeps itself, outside any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from shouwen.casework.figures import Faulty
from shouwen.casework.procedures import Law
from shouwen.core import values
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Catalog, Field, Form, Procedure
from shouwen.core.values import Unreadable, Value
from shouwen.organisation import events as oe
from shouwen.organisation import models as organisation_rows
from shouwen.organisation.state import Organisation, state
from shouwen.organisation.stream import record

__all__ = [
    "Known",
    "Row",
    "Word",
    "end_row",
    "known",
    "open_catalogs",
    "put_row",
    "put_word",
    "registers",
    "row",
    "rows_of",
    "words_of",
    "written",
]

ALWAYS = date(1, 1, 1)
LONGEST_WORD = 40
#: rows on a page
MOST_ROWS = 200
#: rows of one register that somebody may mean
MOST_KNOWN = 5


@dataclass(frozen=True)
class Row:
    """A row of a register as it stands on a day; `since` None: always."""

    key: str
    cells: tuple[str, ...]
    since: date | None


@dataclass(frozen=True)
class Known:
    """A row of a register that somebody may mean: its register, key and cells as written."""

    form: Form
    key: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Word:
    """A word of an open catalog: the regulation's, or the organisation's own; `retired`: no longer chosen."""

    word: str
    own: bool
    retired: bool


def registers(procedure: Procedure) -> tuple[Form, ...]:
    """The registers of a regulation."""
    return tuple(form for form in procedure.forms.values() if form.register)


def open_catalogs(procedure: Procedure) -> tuple[Catalog, ...]:
    """The catalogs to which the organisation adds words of its own."""
    return tuple(catalog for catalog in procedure.catalogs.values() if catalog.open)


def rows_of(procedure: Procedure, form: Form, day: date, asked: str = "") -> tuple[Row, ...]:
    """The rows that stand on a day; `asked`: those that hold this text, or whose private cell is just this."""
    found = organisation_rows.RegisterRow.objects.filter(procedure=procedure.id, register=form.id, since__lte=day)
    found = found.filter(Q(until=None) | Q(until__gte=day))
    if asked:
        # Whoever may only see a private cell masked must not find it out letter by letter.
        within = [
            Q(**{f"values__{name}{'' if one.private else '__icontains'}": asked}) for name, one in form.fields.items()
        ]
        found = found.filter(reduce(or_, within))
    latest = {row.key: row for row in found.order_by("key", "since")[: MOST_ROWS * 4]}
    return tuple(
        Row(
            row.key,
            tuple(str(row.values.get(name, "")) for name in form.fields),
            None if row.since == ALWAYS else row.since,
        )
        for row in list(latest.values())[:MOST_ROWS]
    )


def known(procedure: Procedure, typed: Mapping[str, str], day: date) -> tuple[Known, ...]:
    """The rows that somebody means who has typed this (field's own name → text): one of these texts stands in the
    field of the same name."""
    found = []
    for form in registers(procedure):
        asked = [Q(values__contains={name: typed[name]}) for name in form.fields if typed.get(name)]
        if not asked:
            continue
        rows = organisation_rows.RegisterRow.objects.filter(procedure=procedure.id, register=form.id, since__lte=day)
        rows = rows.filter(Q(until=None) | Q(until__gte=day)).filter(reduce(or_, asked)).order_by("key", "-since")
        latest = {row.key: row for row in reversed(rows[: MOST_KNOWN * 4])}
        found += [Known(form, row.key, dict(row.values)) for row in list(latest.values())[:MOST_KNOWN]]
    return tuple(found)


def row(procedure: Procedure, register: str, key: str, day: date) -> Known | None:
    """One row as it stands on a day."""
    form = next((one for one in registers(procedure) if one.id == register), None)
    rows = organisation_rows.RegisterRow.objects.filter(
        procedure=procedure.id, register=register, key=key, since__lte=day
    )
    latest = rows.filter(Q(until=None) | Q(until__gte=day)).order_by("-since").first()
    return Known(form, key, dict(latest.values)) if form is not None and latest is not None else None


def words_of(procedure: Procedure, catalog: Catalog, organisation: Organisation) -> tuple[Word, ...]:
    """The words of an open catalog: once the organisation has set one, its list is the list."""
    known = set(catalog.words)
    kept = organisation_rows.Word.objects.filter(procedure=procedure.id, catalog=catalog.id).order_by("word")
    own = [Word(row.word, row.word not in known, row.retired) for row in kept]
    return tuple(own) or tuple(Word(word, False, False) for word in catalog.words)


def put_row(law: Law, form: Form, typed: Mapping[str, str], *, actor: str, at: datetime) -> str:
    """A row from a day on (empty: from today); its key. Raises `Faulty`: fields that are wrong."""
    procedure, faults, given = law.procedure, dict[str, str](), dict[str, str]()
    for name, field in form.fields.items():
        text = typed.get(name, "").strip()
        if text and (fault := _fault(procedure, field, text)):
            faults[name] = fault
        elif not text and (name == form.key or not field.optional):
            faults[name] = phrase("请填{name}", name=field.name)
        elif text:
            given[name] = text
    since = _day(typed.get("since", ""), faults)
    if faults:
        raise Faulty(faults)
    key = given.get(form.key or "", "") or " ".join(given.values())
    day = since or at.astimezone(procedure.zone).date()
    record(oe.RowSet(procedure=procedure.id, register=form.id, key=key, values=given, since=day), actor=actor, at=at)
    return key


def written(law: Law, register: str, line: Mapping[str, Value], *, actor: str, at: datetime) -> None:
    """A row that a rule writes, from today on; the same row again changes nothing."""
    form = law.procedure.forms[register]
    given = {
        name: values.written(form.fields[name].type, value, form.fields[name].scale) for name, value in line.items()
    }
    key = given.get(form.key or "", "") or " ".join(given.values())
    day = at.astimezone(law.procedure.zone).date()
    standing = row(law.procedure, register, key, day)
    if standing is None or standing.values != given:
        kept = oe.RowSet(procedure=law.procedure.id, register=register, key=key, values=given, since=day)
        record(kept, actor=actor, at=at)


def end_row(law: Law, form: Form, key: str, until: str, *, actor: str, at: datetime) -> None:
    """A row ends with a day. Raises `Faulty`."""
    faults = dict[str, str]()
    day = _day(until, faults) or at.astimezone(law.procedure.zone).date()
    standing = organisation_rows.RegisterRow.objects.filter(
        procedure=law.procedure.id, register=form.id, key=key, until=None
    )
    if not faults and not standing.exists():
        faults["key"] = phrase("没有这一行，可能刚被别人改过：请看最新的页面")
    if faults:
        raise Faulty(faults)
    record(oe.RowEnded(procedure=law.procedure.id, register=form.id, key=key, until=day), actor=actor, at=at)


def put_word(law: Law, catalog: Catalog, word: str, *, retired: bool, actor: str, at: datetime) -> None:
    """A word may be chosen from now on, or no longer. Raises `Faulty`."""
    word, known = word.strip(), state().words.get(law.procedure.id, {}).get(catalog.id, ())
    if not word or len(word) > LONGEST_WORD or "\n" in word:
        raise Faulty({"word": phrase("请写 1 到 {most} 个字", most=LONGEST_WORD)})
    if not retired and word in (known or catalog.words):
        raise Faulty({"word": phrase("已有“{word}”", word=word)})
    fresh = not organisation_rows.Word.objects.filter(procedure=law.procedure.id, catalog=catalog.id).exists()
    # The organisation's list replaces the regulation's: what that one has is taken over first.
    own = catalog.words if fresh else ()
    if retired and set(own or known) <= {word}:
        raise Faulty({"word": phrase("至少要留一个词条")})
    record(
        *(oe.WordSet(procedure=law.procedure.id, catalog=catalog.id, word=one) for one in own if one != word),
        oe.WordSet(procedure=law.procedure.id, catalog=catalog.id, word=word, retired=retired),
        actor=actor,
        at=at,
    )


def _fault(procedure: Procedure, field: Field, text: str) -> str:
    if field.words is not None and field.type == "choice" and text not in field.words:
        return phrase("请写{names}之一", names=joined(field.words))
    try:
        values.read(field.type, text, procedure.zone, scale=field.scale)
    except Unreadable as error:
        return str(error.args[0])
    return ""


def _day(text: str, faults: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        faults["since"] = phrase("日期写作 2026-10-09")
        return None
