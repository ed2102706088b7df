"""An assembled rule to be shown: its entries, a clause and a place beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shouwen.core.language import yaml_text
from shouwen.core.language.compile import Compiled
from shouwen.core.language.problems import Place
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree
from shouwen.core.language.yaml_text import Node, Text
from shouwen.core.procedure import Clauses

__all__ = ["Entry", "assembled"]


#: attributes that a bare value stands for
_SHORT = frozenset({"role", "span", "any", "text", "task", "type", "flow", "meaning", "from", "last", "hours", "name"})


@dataclass(frozen=True)
class Entry:
    """One entry of a rule: of which attribute, what it says, for which clauses, and where."""

    attribute: str
    text: str
    clauses: Clauses
    place: Place


def assembled(compiled: Compiled, kind: str, name: str) -> tuple[Entry, ...]:
    """The entries of a rule in the order of its attributes; nothing if there is no such rule."""
    rule = (compiled.assembled or {}).get(kind, {}).get(name)
    if rule is None:
        return ()
    return tuple(entry for attribute, tree in rule.body.parts.items() for entry in _entries(attribute, tree))


def _entries(attribute: str, tree: Tree) -> Iterator[Entry]:
    match tree:
        case Many(items, place) if not items:
            yield Entry(attribute, "[]", (), place)
        case Many(items):
            for item in items:
                yield from _entries(attribute, item)
        case Named(entries):
            for key, item in entries.items():
                yield from _entries(f"{attribute}.{key}" if key else attribute, item)
        case Leaf(node, clauses=clauses):
            yield Entry(attribute, _text(node), clauses, tree.place)
        case Struct(parts, place, clauses):
            nested = [name for name, part in parts.items() if isinstance(part, Named)]
            plain = {name: part for name, part in parts.items() if name not in nested}
            yield Entry(attribute, _inline(Struct(plain, place)).removeprefix("{").removesuffix("}"), clauses, place)
            for part in nested:
                yield from _entries(f"{attribute}.{part}", parts[part])


def _only(parts: Mapping[str, Tree]) -> str:
    """The attribute of a structure that was written in its short form."""
    return next(iter(parts)) if len(parts) == 1 and next(iter(parts)) in _SHORT else ""


def _line(parts: Mapping[str, Tree]) -> str:
    """A structure on one line."""
    return ", ".join(f"{name}: {_inline(part)}" for name, part in parts.items())


def _inline(tree: Tree) -> str:
    match tree:
        case Leaf(node):
            return _text(node)
        case Many(items):
            return "[" + ", ".join(_inline(item) for item in items) + "]"
        case Named(entries):
            return "{" + ", ".join(f"{key}: {_inline(item)}" for key, item in entries.items()) + "}"
        case Struct(parts):
            return _inline(parts[only]) if (only := _only(parts)) else "{" + _line(parts) + "}"


def _text(node: Node) -> str:
    match node:
        case Text():
            return node.text
        case yaml_text.Sequence(items):
            return "[" + ", ".join(map(_text, items)) + "]"
        case yaml_text.Mapping(entries):
            return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in entries.items()) + "}"
