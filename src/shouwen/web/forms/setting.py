"""What a form is drawn for: who fills it, what is known, what was typed, what the judge said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from shouwen.core.procedure import Role
from shouwen.core.reason import Missing, Refusal
from shouwen.core.values import Value

__all__ = ["Person", "Setting"]

Entered = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be chosen or who signs: code, name, roles held, and his post in words."""

    code: str
    name: str
    roles: tuple[str, ...] = ()
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Everything around a form. `actor` None: somebody from outside. `values`: the case's, by path; computed ones may
    be added as a preview. `entered`: as `read_post` gives it. `words`: what may be chosen in open lists."""

    actor: Person | None = None
    role: str = ""
    people: tuple[Person, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    entered: Entered = field(default_factory=dict)
    refusal: Refusal | None = None
    #: what the offer says is still missing, before anything is typed
    missing: tuple[Missing, ...] = ()
    #: the rows that this act may be done for
    items: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: datetime | None = None
    #: what was typed beside the fields: reason, seen, happened, present
    extras: Mapping[str, object] = field(default_factory=dict)
    #: signatures drawn on the form, by path, as PNG in a data URL
    drawings: Mapping[str, str] = field(default_factory=dict)
    #: one more blank line for the rows of these paths
    more: Mapping[str, int] = field(default_factory=dict)
    #: ask when it really happened
    backdate: bool = False

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Person code → name."""
        own = {self.actor.code: self.actor.name} if self.actor else {}
        return {**{person.code: person.name for person in self.people}, **own}

    @property
    def roles(self) -> frozenset[str]:
        """The role in which it is filled: what is hidden from it is not on the form."""
        return frozenset({self.role} - {""})

    def typed(self, path: str) -> object:
        """What was typed for a field, None if the form was not sent with it."""
        form, _, name = path.partition(".")
        return self.entered.get(form, {}).get(name)

    def holders(self, roles: tuple[str, ...], known: Mapping[str, Role]) -> tuple[Person, ...]:
        """The people who hold one of these roles; all if no role is asked for or nobody's roles are told."""
        wanted = _spread(roles, known)
        held = tuple(person for person in self.people if wanted & set(person.roles))
        return held if wanted and held else self.people


def _spread(roles: tuple[str, ...], known: Mapping[str, Role]) -> frozenset[str]:
    """The roles and those that they stand for."""
    found: set[str] = set()
    left = list(roles)
    while left:
        role = left.pop()
        if role not in found:
            found.add(role)
            rule = known.get(role)
            left += [*rule.any_of, *rule.first_of, *([rule.otherwise] if rule.otherwise else [])] if rule else []
    return frozenset(found)
