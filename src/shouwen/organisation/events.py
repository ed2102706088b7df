"""What can happen to the organisation: the closed list of events of its stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

__all__ = [
    "CoverEnded",
    "CoverSet",
    "DaySet",
    "Event",
    "FigureSet",
    "Named",
    "PersonSet",
    "PositionEnded",
    "PositionSet",
    "RowEnded",
    "RowSet",
    "UnitSet",
    "WordSet",
]


@dataclass(frozen=True, kw_only=True)
class Named:
    """The organisation's own name."""

    name: str


@dataclass(frozen=True, kw_only=True)
class UnitSet:
    """A unit is there, or is called otherwise. `desk`: it takes cases in; its code stands in their numbers.
    `procedures`: the regulations that it and the units under it live by; none named: those of the unit above, or all.
    """

    code: str
    name: str
    parent: str = ""
    desk: bool = False
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonSet:
    """A person is there, is called otherwise, or has left (`active` no)."""

    code: str
    name: str
    phone: str = ""
    email: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class PositionSet:
    """A person holds a role in a unit, from a day on (None: always) until the end of a day."""

    position: str
    person: str
    unit: str
    role: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PositionEnded:
    position: str
    until: date


@dataclass(frozen=True, kw_only=True)
class CoverSet:
    """Somebody holds another's role for a time: appointed as his substitute, or on shift."""

    cover: str
    person: str
    unit: str
    role: str
    #: 'appointed' or 'shift'
    kind: str
    since: datetime
    until: datetime
    absent: str = ""


@dataclass(frozen=True, kw_only=True)
class CoverEnded:
    cover: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class FigureSet:
    """A figure of a procedure has this value from a day on; written as in the document."""

    procedure: str
    figure: str
    since: date
    text: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class WordSet:
    """A word of an open catalog; `retired`: it may no longer be chosen."""

    procedure: str
    catalog: str
    word: str
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class RowSet:
    """A row of a register, by its key, from a day on."""

    procedure: str
    register: str
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class RowEnded:
    procedure: str
    register: str
    key: str
    until: date


@dataclass(frozen=True, kw_only=True)
class DaySet:
    """A day of the organisation's own: closed though it is a working day, or worked though it is not; neither: as the
    public calendar says."""

    day: date
    name: str
    works: bool | None


Event = (
    Named
    | UnitSet
    | PersonSet
    | PositionSet
    | PositionEnded
    | CoverSet
    | CoverEnded
    | FigureSet
    | WordSet
    | RowSet
    | RowEnded
    | DaySet
)
