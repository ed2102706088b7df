"""What the judge is told about the world: people, figures in force, the calendar. All data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from shouwen.core.calendar import Calendar
from shouwen.core.procedure import Dated

__all__ = ["CUSTOMER", "Holding", "World"]

#: whoever the case at hand is about, as `actor` and holder of roles with `customer: yes`: in each case somebody else.
#: No person of an organisation can have this code.
CUSTOMER = ":customer"


@dataclass(frozen=True)
class Holding:
    """A person holds a role: in a unit or everywhere, himself or as a deputy ('shift' or 'appointed')."""

    person: str
    role: str
    unit: str | None = None
    deputy: str = ""


@dataclass(frozen=True)
class World:
    """People and their roles at the moment, figures of the organisation by name, the calendar with its edition,
    and the numbers that the shell has allotted for papers of this command (form → number)."""

    calendar: Calendar
    holdings: tuple[Holding, ...] = ()
    figures: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    #: what may be chosen in open lists: catalog or register → words
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date | None = None
    #: what people are called in texts: person → name (a code without a name stands for itself)
    names: Mapping[str, str] = field(default_factory=dict)

    def held_by(self, person: str) -> tuple[Holding, ...]:
        """The holdings of a person."""
        return self._by_person.get(person, ())

    def holders(self, role: str, unit: str | None = None) -> tuple[str, ...]:
        """Who holds a role (in a unit: those of the unit, or those who hold it everywhere), deputies last."""
        held = self._by_role.get(role, ())
        return tuple(dict.fromkeys(h.person for h in held if unit is None or h.unit is None or h.unit == unit))

    @cached_property
    def _by_person(self) -> Mapping[str, tuple[Holding, ...]]:
        return _grouped(self.holdings, lambda holding: holding.person)

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[Holding, ...]]:
        return _grouped(sorted(self.holdings, key=lambda holding: bool(holding.deputy)), lambda holding: holding.role)


def _grouped(holdings: Iterable[Holding], key: Callable[[Holding], str]) -> Mapping[str, tuple[Holding, ...]]:
    groups: dict[str, list[Holding]] = {}
    for holding in holdings:
        groups.setdefault(key(holding), []).append(holding)
    return {name: tuple(group) for name, group in groups.items()}
