"""Answering the judge's questions from the store: cases by their key columns, registers, people, figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.fields.json import KeyTextTransform

from shouwen.casework import codec, measures
from shouwen.casework.periods import Period
from shouwen.casework.procedures import Law, Plan, plan_of
from shouwen.core import answers, measure, values
from shouwen.core.answers import Columns, Found
from shouwen.core.facts import Question
from shouwen.core.procedure import Fact, Procedure
from shouwen.core.values import Value
from shouwen.core.world import World
from shouwen.organisation import models as organisation_rows
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["Asked", "Reading", "answered", "claimed", "keys_of", "look_up", "places_of", "typed"]

#: of one key; more than that are not told apart from it
MOST_FOUND = 5000
_ONE = 50


@dataclass
class Reading:
    """What one round trip brought: who used which keys, known persons, cases under fact keys, counts of claims."""

    organisation: int = 0
    #: nobody else of the same batch will ask
    alone: bool = False
    opened: dict[str, UUID] = field(default_factory=dict)
    subjects: dict[bytes, tuple[UUID, bytes | None]] = field(default_factory=dict)
    found: dict[bytes, list[tuple[UUID, datetime, Columns]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


_json = json.JSONEncoder(ensure_ascii=False).encode

#: what is looked up is given as texts: arrays are dear to write, element by element
_LOOK = """
SELECT
 (SELECT coalesce(max(seq), 0) FROM organisation_records),
 (SELECT jsonb_agg(jsonb_build_array(key, case_id))
  FROM claims WHERE scope = 'open' AND key = ANY(ARRAY(SELECT json_array_elements_text(%(opened)s::json)))),
 (SELECT jsonb_agg(jsonb_build_array(encode(phone_digest, 'hex'), subject_id, encode(key, 'hex')))
  FROM subjects
  WHERE phone_digest = ANY(ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(%(phones)s, ' ')) one))),
 (SELECT jsonb_agg(jsonb_build_array(k.hex, o.case_id, o.happened_at, o.gives, c.columns)
                   ORDER BY o.happened_at, c.number)
  FROM unnest(string_to_array(%(keys)s, ' '), string_to_array(%(most)s, ' ')) AS k(hex, most)
  CROSS JOIN LATERAL decode(hex, 'hex') AS k_(key) CROSS JOIN LATERAL (
    SELECT case_id, happened_at, gives FROM occasions WHERE key = k_.key ORDER BY happened_at DESC LIMIT most::int) o
  JOIN cases c USING (case_id)),
 (SELECT jsonb_agg(jsonb_build_array(key, version)) FROM claims WHERE scope = 'fact'
  AND key = ANY(ARRAY(SELECT json_array_elements_text(%(counted)s::json))))
"""


def look_up(
    law: Law,
    keys: Mapping[bytes, int],
    *,
    opened: Sequence[str] = (),
    phones: Sequence[bytes] = (),
    counted: Sequence[str] = (),
) -> Reading:
    """Everything that a command must know beforehand, in one round trip. `keys`: fact key → how many at most."""
    given = {
        "opened": _json(opened),
        "phones": " ".join([phone.hex() for phone in phones]),
        "keys": " ".join([key.hex() for key in keys]),
        "most": " ".join(map(str, keys.values())),
        "counted": _json(counted),
    }
    seq, opened_by, persons, cases, counts = read(_LOOK, given)[0]
    reading = Reading(organisation=int(str(seq)))
    reading.opened = {key: UUID(case) for key, case in _list(opened_by)}
    reading.subjects = {
        bytes.fromhex(digest): (UUID(subject), bytes.fromhex(key) if key else None)
        for digest, subject, key in _list(persons)
    }
    for key, case, moment, gives, columns in _list(cases):
        zone = law.procedure.zone
        row = {name: codec.value_of(value, zone) for name, value in {**columns, **gives}.items()}
        happened = datetime.fromisoformat(moment).astimezone(zone)
        reading.found.setdefault(bytes.fromhex(key), []).append((UUID(case), happened, row))
    reading.counts = dict(_list(counts))
    return reading


class Asked(NamedTuple):
    """Where the answer to a question is looked up: the plan, its columns, and how many cases it needs to see."""

    plan: Plan
    match: Mapping[str, Value]
    most: int


def places_of(law: Law, asked: Iterable[Question]) -> list[Asked | None]:
    """Where each question is looked up among cases; None for one that is answered otherwise, or not at all."""
    plans = [(question, plan_of(law.procedure, question.fact)) for question in asked]
    return [
        Asked(plan, question.match, _most(question)) if plan is not None and not question.open else None
        for question, plan in plans
    ]


def keys_of(law: Law, asked: Iterable[Question]) -> dict[bytes, int]:
    """The fact keys behind questions, with how many cases each needs to see."""
    found: dict[bytes, int] = {}
    for one in places_of(law, asked):
        if one is not None:
            key = one.plan.key(law.procedure.id, one.match)
            found[key] = max(one.most, found.get(key, 0))
    return found


def answered(
    law: Law,
    asked: Iterable[Question],
    reading: Reading,
    own: UUID | None,
    links: Mapping[str, tuple[str, ...]],
    world: World,
    at: datetime,
) -> dict[str, Columns]:
    """The answer to each question; what cannot be matched yet has none."""
    local = at.astimezone(law.procedure.zone)
    return {
        question.fact.id: _figures(law, question.fact, world, local)
        if question.fact.shape == "figures"
        else answers.answer(law.procedure, question, _found(law, question, reading, own, links), world, local)
        for question in asked
        if not question.open
    }


def claimed(law: Law, asked: Iterable[Question]) -> list[str]:
    """The keys of facts whose answer is reserved by whoever acts on it."""
    keys = (_key(law, question) for question in asked if question.fact.claim)
    return [key.hex() for key in keys if key is not None]


def _list(raw: object) -> list[Any]:
    """What jsonb_agg gave; Django has its connections hand JSON over as text."""
    return json.loads(raw) if isinstance(raw, str) else []


def _key(law: Law, question: Question) -> bytes | None:
    plan = plan_of(law.procedure, question.fact)
    return plan.key(law.procedure.id, question.match) if plan is not None and not question.open else None


def _most(question: Question) -> int:
    """One more than wanted: the case that asks may be among them."""
    match question.fact.shape:
        case "last" | "row":
            return 2
        case "rows":
            return question.fact.at_most + 1
        case _:
            return MOST_FOUND


def _found(
    law: Law, question: Question, reading: Reading, own: UUID | None, links: Mapping[str, tuple[str, ...]]
) -> list[Found]:
    fact = question.fact
    key = _key(law, question)
    if key is not None:
        others = reading.found.get(key, ())
        return [Found(moment, row) for case, moment, row in others if case != own or not fact.before]
    form = law.procedure.forms.get(fact.of)
    if form is not None and form.register:
        return _register(law, question)
    if fact.shape == "linked":
        return _linked(law, links.get(fact.of, ()))
    return []


def _figures(law: Law, fact: Fact, world: World, at: datetime) -> Columns:
    """A measure of the newest closed month, over the whole organisation."""
    rule = law.procedure.measures[fact.of]
    since, _ = measure.last_closed(law.procedure, rule, at, world)
    count = measures.of_period(law, Period(since.year, since.month)).everywhere(rule.id)
    return measure.columns(fact, measures.figure(rule, count))


def _register(law: Law, question: Question) -> list[Found]:
    """Rows of a register in force, by equal columns (a list: one of its words)."""
    wanted = {**question.match, **question.fact.having}
    one = {name: _written(value) for name, value in wanted.items() if not isinstance(value, tuple)}
    found = organisation_rows.RegisterRow.objects.filter(
        procedure=law.procedure.id, register=question.fact.of, until=None, values__contains=one
    )
    for name, value in wanted.items():
        if isinstance(value, tuple):
            found = found.alias(**{f"of_{name}": KeyTextTransform(name, "values")})
            found = found.filter(**{f"of_{name}__in": [_written(word) for word in value]})
    most = question.fact.at_most if question.fact.shape == "rows" else MOST_FOUND
    return [
        Found(None, typed(law.procedure, question.fact.of, row.values)) for row in found.order_by("since", "key")[:most]
    ]


def typed(procedure: Procedure, register: str, row: Mapping[str, str]) -> dict[str, Value]:
    """A row of a register by the types of its columns; what is not filled is not known."""
    fields = procedure.forms[register].fields
    return {
        name: values.read(fields[name].type, text, procedure.zone, scale=fields[name].scale)
        for name, text in row.items()
        if name in fields and text != ""
    }


def _written(value: Value) -> str:
    return str(codec.plain(value))


def _linked(law: Law, numbers: Sequence[str]) -> list[Found]:
    zone = law.procedure.zone
    found = rows.Case.objects.filter(number__in=numbers).order_by("opened_at")
    return [
        Found(case.opened_at, {name: codec.value_of(value, zone) for name, value in case.columns.items()})
        for case in found
    ]
