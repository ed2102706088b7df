"""The organisation as it stands: read from its rows, kept in the process until its stream has grown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from time import monotonic

from django.db import transaction

from shouwen.organisation import models as rows

__all__ = ["Cover", "Organisation", "Person", "Position", "Unit", "forget", "known", "recent", "state"]


@dataclass(frozen=True)
class Unit:
    """A unit; `desk`: it takes cases in; `procedures`: the regulations named for it."""

    code: str
    name: str
    parent: str
    desk: bool
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """A person; `active` no: has left."""

    code: str
    name: str
    phone: str
    email: str
    active: bool


@dataclass(frozen=True)
class Position:
    """A role held in a unit between two days (None: open)."""

    position: str
    person: str
    unit: str
    role: str
    since: date | None
    until: date | None

    def on(self, day: date) -> bool:
        """Whether it is held on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Cover:
    """A role held for somebody else between two moments; `kind`: appointed or shift."""

    cover: str
    person: str
    unit: str
    role: str
    kind: str
    since: datetime
    until: datetime
    absent: str

    def at(self, moment: datetime) -> bool:
        """Whether it is held at a moment."""
        return self.since <= moment < self.until


@dataclass(frozen=True)
class Organisation:
    """Everything but the rows of registers; `seq` is the last event that it knows."""

    seq: int = 0
    name: str = ""
    units: Mapping[str, Unit] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()
    covers: tuple[Cover, ...] = ()
    #: procedure → figure → (since, as written), oldest first
    figures: Mapping[str, Mapping[str, tuple[tuple[date, str], ...]]] = field(default_factory=dict)
    #: procedure → catalog → words that may be chosen
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    #: day → its name, and whether it is worked
    days: Mapping[date, tuple[str, bool]] = field(default_factory=dict)

    def above(self, unit: str) -> Iterator[Unit]:
        """A unit and those that it belongs to, upwards."""
        seen: set[str] = set()
        while unit in self.units and unit not in seen:
            seen.add(unit)
            yield self.units[unit]
            unit = self.units[unit].parent

    def below(self, unit: str) -> tuple[str, ...]:
        """The codes of a unit and of all units under it."""
        return self._below.get(unit, ())

    def desk(self, unit: str) -> str:
        """The nearest unit upwards that takes cases in, or the only one below; '' if there is none."""
        upwards = next((one.code for one in self.above(unit) if one.desk), "")
        under = [code for code in self.below(unit) if self.units[code].desk]
        return upwards or (under[0] if len(under) == 1 else "")

    def lives_by(self, unit: str, procedure: str) -> bool:
        """Whether a unit lives by a regulation: it, or the nearest above that names any, names it; or none does."""
        named = next((one.procedures for one in self.above(unit) if one.procedures), (procedure,))
        return procedure in named

    def held(self, person: str, at: datetime, day: date) -> tuple[tuple[str, str], ...]:
        """The (unit, role) pairs that a person holds now, covers included."""
        own = [(one.unit, one.role) for one in self.positions if one.person == person and one.on(day)]
        for_others = [(one.unit, one.role) for one in self.covers if one.person == person and one.at(at)]
        return tuple(dict.fromkeys([*own, *for_others]))

    def called(self, person: str) -> str:
        """The name of a person, or the code itself if nobody has it."""
        return self.people[person].name if person in self.people else person

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people are called, by their codes."""
        return {code: one.name for code, one in self.people.items()}

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for code in self.units:
            for above in self.above(code):
                found.setdefault(above.code, []).append(code)
        return {code: tuple(under) for code, under in found.items()}


RECENT_SECONDS = 1.0

_kept = Organisation()
_asked = float("-inf")
_lock = Lock()


def state(seq: int | None = None) -> Organisation:
    """The organisation, at least as new as event `seq` (None: ask the database what the last one is)."""
    global _kept, _asked
    if seq is None:
        _asked = monotonic()
        seq = rows.OrganisationRecord.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if _kept.seq != seq:
        with _lock:
            if _kept.seq != seq:
                _kept = _read()
    return _kept


def recent() -> Organisation:
    """The organisation as it stood at most a second ago: for pages, which ask often."""
    return _kept if monotonic() - _asked < RECENT_SECONDS and _kept.seq else state()


def known() -> Organisation:
    """The organisation as this process last saw it, without asking: for those who find out anyway whether it grew."""
    return _kept if _kept.seq else state()


def forget() -> None:
    """Read it anew the next time."""
    global _kept, _asked
    _kept, _asked = Organisation(), float("-inf")


def _read() -> Organisation:
    with transaction.atomic():
        seq = rows.OrganisationRecord.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        figures: dict[str, dict[str, list[tuple[date, str]]]] = {}
        for value in rows.FigureValue.objects.order_by("since"):
            figures.setdefault(value.procedure, {}).setdefault(value.figure, []).append((value.since, value.text))
        words: dict[str, dict[str, list[str]]] = {}
        for word in rows.Word.objects.filter(retired=False).order_by("word"):
            words.setdefault(word.procedure, {}).setdefault(word.catalog, []).append(word.word)
        return Organisation(
            seq=seq,
            name=rows.Name.objects.values_list("name", flat=True).first() or "",
            units={
                u.code: Unit(u.code, u.name, u.parent, u.desk, tuple(u.procedures))
                for u in rows.Unit.objects.order_by("code")
            },
            people={
                p.code: Person(p.code, p.name, p.phone, p.email, p.active) for p in rows.Person.objects.order_by("code")
            },
            positions=tuple(
                Position(p.position, p.person, p.unit, p.role, p.since, p.until)
                for p in rows.Position.objects.order_by("position")
            ),
            covers=tuple(
                Cover(c.cover, c.person, c.unit, c.role, c.kind, c.since, c.until, c.absent)
                for c in rows.Cover.objects.order_by("cover")
            ),
            figures={p: {name: tuple(dated) for name, dated in under.items()} for p, under in figures.items()},
            words={p: {name: tuple(listed) for name, listed in under.items()} for p, under in words.items()},
            days={d.day: (d.name, d.works) for d in rows.Day.objects.all()},
        )
