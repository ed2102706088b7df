"""Rules as trees: what was written for each attribute, with the clauses of each entry and the place of each value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shouwen.core.language.problems import Place
from shouwen.core.language.yaml_text import Node
from shouwen.core.procedure import Clauses

__all__ = ["Leaf", "Many", "Named", "Struct", "Tree", "is_id", "leaves_of"]

_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Leaf:
    """A single value: as written and, where the shape says how, typed."""

    node: Node
    value: str | int | bool | date
    clauses: Clauses = ()
    #: what a reference turned out to name: role, table, field, event …
    sort: str = ""

    @property
    def text(self) -> str:
        """The value as text."""
        return str(self.value)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.node.place


@dataclass(frozen=True)
class Many:
    """A list; lists of several blocks are appended."""

    items: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True)
class Named:
    """A map of names to parts; maps of several blocks are united."""

    entries: Mapping[str, Tree]
    places: Mapping[str, Place]
    place: Place


@dataclass(frozen=True)
class Struct:
    """A rule, an item of a list, or a value of a map: its parts by attribute, with the clauses of the whole."""

    parts: Mapping[str, Tree]
    place: Place
    clauses: Clauses = ()
    #: whether it may carry a clause of its own
    cites: bool = True
    #: everything that was written, also what could not be read
    said: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Whether the attribute was written."""
        return name in self.parts

    def leaf(self, name: str) -> Leaf | None:
        """A single value."""
        found = self.parts.get(name)
        return found if isinstance(found, Leaf) else None

    def text(self, name: str, default: str = "") -> str:
        """A single value as text."""
        found = self.leaf(name)
        return found.text if found else default

    def flag(self, name: str, default: bool = False) -> bool:
        """yes or no."""
        found = self.leaf(name)
        return found.value if found and isinstance(found.value, bool) else default

    def whole(self, name: str) -> int | None:
        """A whole number."""
        found = self.leaf(name)
        return found.value if found and isinstance(found.value, int) else None

    def day(self, name: str) -> date | None:
        """A day."""
        found = self.leaf(name)
        return found.value if found and isinstance(found.value, date) else None

    def leaves(self, name: str) -> tuple[Leaf, ...]:
        """The single values of a list."""
        found = self.parts.get(name)
        return tuple(i for i in found.items if isinstance(i, Leaf)) if isinstance(found, Many) else ()

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a list as text, each once."""
        return tuple(dict.fromkeys(leaf.text for leaf in self.leaves(name)))

    def items(self, name: str) -> tuple[Struct, ...]:
        """The entries of a list."""
        found = self.parts.get(name)
        return tuple(i for i in found.items if isinstance(i, Struct)) if isinstance(found, Many) else ()

    def part(self, name: str) -> Struct | None:
        """A structure."""
        found = self.parts.get(name)
        return found if isinstance(found, Struct) else None

    def map(self, name: str) -> Mapping[str, Struct]:
        """A map whose values have parts."""
        found = self.parts.get(name)
        return {k: v for k, v in found.entries.items() if isinstance(v, Struct)} if isinstance(found, Named) else {}

    def values(self, name: str) -> Mapping[str, Leaf]:
        """A map whose values are single."""
        found = self.parts.get(name)
        return {k: v for k, v in found.entries.items() if isinstance(v, Leaf)} if isinstance(found, Named) else {}

    def lists(self, name: str) -> Mapping[str, tuple[Leaf, ...]]:
        """A map whose values are lists."""
        found = self.parts.get(name)
        if not isinstance(found, Named):
            return {}
        several = {key: value for key, value in found.entries.items() if isinstance(value, Many)}
        return {key: tuple(i for i in value.items if isinstance(i, Leaf)) for key, value in several.items()}


Tree = Leaf | Many | Named | Struct


def is_id(text: str) -> bool:
    """Whether this may name a rule or a part of one."""
    return bool(_ID.fullmatch(text))


def leaves_of(tree: Tree) -> Iterator[Leaf]:
    """Every single value in a tree."""
    match tree:
        case Leaf():
            yield tree
        case Many(items):
            for item in items:
                yield from leaves_of(item)
        case Named(entries) | Struct(entries):
            for item in entries.values():
                yield from leaves_of(item)
