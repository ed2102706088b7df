"""The procedures in force: loaded from documents, kept as versions, compiled once per process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from threading import Lock
from time import monotonic

from django.db import transaction

from shouwen import clock
from shouwen.casework import codec
from shouwen.core.language import Compiled, compile_procedure
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Fact, Procedure
from shouwen.core.values import Value
from shouwen.library import library
from shouwen.organisation.state import Organisation
from shouwen.store import models as rows

__all__ = [
    "Law",
    "NotLoadable",
    "Plan",
    "all_current",
    "current",
    "digested",
    "forget",
    "load",
    "role_name",
    "version",
    "versions",
]


class NotLoadable(ValueError):
    """A document that cannot be taken in; the message says why and what to do."""


#: an encoder of its own: a text alone is then written without making one for each
_written = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Plan:
    """Under which key a case counts for facts: source, its key columns, fixed columns, and its moment."""

    source: str
    columns: tuple[str, ...]
    having: tuple[tuple[str, Value], ...]
    on: str

    def key(self, procedure: str, values: Mapping[str, Value]) -> bytes:
        """The digest of what is asked with these values of the key columns."""
        return digested(self.text(procedure, values))

    def text(self, procedure: str, values: Mapping[str, Value]) -> str:
        """What is asked with these values of the key columns."""
        asked = ",".join([_written(codec.plain(values[name])) for name in self.columns])
        return f"{procedure}{self._fixed}[{asked}]"

    @cached_property
    def _fixed(self) -> str:
        having = [[name, codec.plain(value)] for name, value in self.having]
        return json.dumps([self.source, self.on, self.columns, having], ensure_ascii=False)


def digested(asked: str) -> bytes:
    """The key of what is asked."""
    return blake2b(asked.encode(), digest_size=16).digest()


@dataclass(frozen=True, eq=False)
class Law:
    """A compiled version of a procedure, with what the store derives from it once."""

    procedure: Procedure
    documents: Mapping[str, str]
    loaded_at: datetime

    @cached_property
    def private(self) -> frozenset[str]:
        """The fields that hold personal data."""
        return frozenset(path for path, field in self.procedure.fields.items() if field.private)

    @cached_property
    def registers(self) -> Mapping[str, str]:
        """The facts that are answered from a register, with its name."""
        forms = self.procedure.forms
        return {
            fact.id: fact.of for fact in self.procedure.facts.values() if fact.of in forms and forms[fact.of].register
        }

    @cached_property
    def plans(self) -> Mapping[str, tuple[Plan, ...]]:
        """The keys under which cases count, by flow."""
        found: dict[str, dict[Plan, None]] = {}
        for fact in self.procedure.facts.values():
            plan = plan_of(self.procedure, fact)
            if plan is not None:
                found.setdefault(source_flow(self.procedure, fact), {})[plan] = None
        return {flow: tuple(plans) for flow, plans in found.items()}


def plan_of(procedure: Procedure, fact: Fact) -> Plan | None:
    """Where a fact is looked up; None if it does not ask for cases by columns."""
    form = procedure.forms.get(fact.of)
    if fact.shape not in ("tally", "last", "rows", "row", "members") or (form is not None and form.register):
        return None
    on = fact.window.on if fact.window else "opened"
    return Plan(fact.of or fact.flow, tuple(sorted(fact.match)), tuple(sorted(fact.having.items())), on)


def source_flow(procedure: Procedure, fact: Fact) -> str:
    """The flow whose cases a fact counts."""
    of = fact.of or fact.flow
    if of in procedure.flows:
        return of
    for rules in (procedure.actions, procedure.postings, procedure.tasks):
        rule = rules.get(of)
        if rule is not None:
            return str(getattr(rule, "flow", fact.flow))
    return fact.flow


_compiled: dict[tuple[str, int], Law] = {}
#: the versions as they were last listed, and when
_listed: list[tuple[float, list[tuple[str, int, date]]]] = []
#: so long a version that another process has loaded may go unseen
LISTED_SECONDS = 5.0
_lock = Lock()


def load(path: Path | None = None) -> tuple[str, ...]:
    """Take in the procedures at `path` (default: those built in); the ids of those that are new or in a new version.

    A version that cases run under is law: other documents under the same number are refused (`NotLoadable`).
    """
    fresh = []
    for shelf in library(path).shelves:
        documents = shelf.texts()
        named = {Path(name).name: text for name, text in documents.items()}
        compiled = _compiled_once(_packed(named))
        if compiled.procedure is None:
            first = compiled.problems[0]
            raise NotLoadable(
                phrase(
                    "规程“{name}”不能装入：{place} {message} {advice}",
                    name=shelf.name,
                    place=first.place,
                    message=first.message,
                    advice=first.advice,
                )
            )
        if _keep(compiled.procedure, named):
            fresh.append(compiled.procedure.id)
    return tuple(fresh)


def _keep(procedure: Procedure, documents: Mapping[str, str]) -> bool:
    digest = sha256(_packed(documents).encode()).hexdigest()
    with transaction.atomic():
        kept = rows.Law.objects.select_for_update().filter(procedure=procedure.id, version=procedure.version).first()
        if kept is not None and kept.digest == digest:
            return False
        if kept is not None and rows.Case.objects.filter(procedure=procedure.id, law=procedure.version).exists():
            raise NotLoadable(
                phrase(
                    "规程“{title}”第 {version} 版已有案件在按它办理，条文不能再改：请把文件开头的 version 加一",
                    title=procedure.title,
                    version=procedure.version,
                )
            )
        rows.Law.objects.update_or_create(
            procedure=procedure.id,
            version=procedure.version,
            defaults={
                "title": procedure.title,
                "in_force": procedure.in_force,
                "documents": list(documents.items()),
                "digest": digest,
                "loaded_at": clock.now(),
            },
        )
    _compiled.pop((procedure.id, procedure.version), None)
    _listed.clear()
    return True


def version(procedure: str, number: int) -> Law:
    """One version, compiled. Raises KeyError if there is none."""
    found = _compiled.get((procedure, number))
    if found is None:
        with _lock:
            found = _compiled.get((procedure, number)) or _compile(procedure, number)
            _compiled[procedure, number] = found
    return found


def current(procedure: str, day: date | None = None) -> Law:
    """The version in force on a day (default: today; before the first one the first). Raises KeyError."""
    found = [row for row in _heads() if row[0] == procedure]
    if not found:
        raise KeyError(procedure)
    day = day or clock.now().date()
    return version(procedure, max((row[1] for row in found if row[2] <= day), default=found[0][1]))


def role_name(organisation: Organisation, unit: str, role: str) -> str:
    """What a role is called in a unit: two regulations may mean different posts by one id."""
    laws = [law.procedure for law in all_current() if role in law.procedure.roles]
    here = [procedure for procedure in laws if organisation.lives_by(unit, procedure.id)]
    names = dict.fromkeys(procedure.roles[role].name for procedure in here or laws[:1])
    return "／".join(names) or role  # zh: between two names of the same role


def all_current(day: date | None = None) -> tuple[Law, ...]:
    """Every procedure in its version in force, by id."""
    return tuple(current(procedure, day) for procedure in sorted({row[0] for row in _heads()}))


def versions(procedure: str) -> tuple[tuple[int, date, datetime], ...]:
    """The versions of a procedure: number, day of force, when it was loaded."""
    found = rows.Law.objects.filter(procedure=procedure).order_by("version")
    return tuple(found.values_list("version", "in_force", "loaded_at"))


def forget() -> None:
    """Ask the database again which versions there are, and compile them anew."""
    _compiled.clear()
    _listed.clear()


def _heads() -> list[tuple[str, int, date]]:
    """Procedure, version and day of force of all versions, asked for every few seconds."""
    if _listed and monotonic() - _listed[0][0] < LISTED_SECONDS:
        return _listed[0][1]
    _listed[:] = [(monotonic(), _ask_heads())]
    return _listed[0][1]


def _ask_heads() -> list[tuple[str, int, date]]:
    return list(rows.Law.objects.order_by("procedure", "version").values_list("procedure", "version", "in_force"))


def _compile(procedure: str, number: int) -> Law:
    row = rows.Law.objects.filter(procedure=procedure, version=number).first()
    if row is None:
        raise KeyError(f"{procedure} {number}")
    compiled = _compiled_once(_packed(dict(row.documents)))
    if compiled.procedure is None:
        first = compiled.problems[0]
        raise NotLoadable(
            phrase(
                "规程“{title}”第 {number} 版装入后不再能编译：{place} {message}",
                title=row.title,
                number=number,
                place=first.place,
                message=first.message,
            )
        )
    return Law(compiled.procedure, dict(row.documents), row.loaded_at)


def _packed(documents: Mapping[str, str]) -> str:
    """Documents as one text, in their order."""
    return json.dumps(documents, ensure_ascii=False)


@lru_cache(64)
def _compiled_once(packed: str) -> Compiled:
    """The same documents are compiled once per process, however often they are loaded."""
    return compile_procedure(json.loads(packed))
