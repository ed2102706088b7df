"""What can be asked of the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shouwen.core.values import Value


@dataclass(frozen=True, kw_only=True)
class Act:
    """An action of the procedure, or the opening of a case.

    `values`: what was entered, as people write it: {form: {field: value}}, rows as lists of mappings with their key.
    `happened`: when it really happened, if not now. `answers`: facts that the shell asked for this act, by fact.
    `reasons`: why a need with `else: reason` is passed; `seen`: warnings were shown. `number`: of a case to be opened.
    """

    action: str
    actor: str
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    role: str | None = None
    present: tuple[str, ...] = ()
    reason: str = ""
    seen: bool = False
    happened: datetime | None = None
    key: str = ""
    answers: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    number: str = ""
    #: values that a rule of another case brings along (already typed)
    given: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BuiltIn:
    """An act that every procedure has: say, breach, answer, approve, return, decline, withdraw, read, transfer,
    accept, refuse_transfer, note, correct. `target` is the script, guide, authority or notice. `seen`: warnings were
    shown."""

    verb: str
    actor: str
    target: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    seen: bool = False
    happened: datetime | None = None
    key: str = ""
    answers: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Wake:
    """Time passes: everything that fell due by this minute happens."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a rule of another case asks of this one: go, end, reopen, set, note, link, closed (a bond's end)."""

    verb: str
    target: str
    key: str
    cause: str
    bond: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Begin:
    """A rule opens a case: by the calendar, or from another case. `members`: the population that comes along (a sample
    of `size` by `seed`), as the trigger found it."""

    flow: str
    number: str
    key: str
    cause: str
    values: Mapping[str, Value] = field(default_factory=dict)
    trigger: str = ""
    members: tuple[str, ...] = ()
    size: int = 0
    seed: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recalendar:
    """Another edition of the calendar is in force: open limits are derived again."""

    reason: str


Command = Act | BuiltIn | Wake | Effect | Begin | Recalendar
