"""Conditions taken apart into a small tree, as far as proofs need to look inside them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A declared name, or a variable of a macro."""

    text: str


@dataclass(frozen=True)
class Literal:
    value: str | int | bool

    @property
    def text(self) -> str:
        return f"'{self.value}'" if isinstance(self.value, str) else str(self.value)


@dataclass(frozen=True)
class Listing:
    items: tuple[Tree, ...]

    @property
    def text(self) -> str:
        return f"[{', '.join(item.text for item in self.items)}]"


@dataclass(frozen=True)
class Not:
    of: Tree

    @property
    def text(self) -> str:
        return f"!({self.of.text})"


@dataclass(frozen=True)
class Join:
    """All (`&&`) or any (`||`) of its parts."""

    sign: str
    parts: tuple[Tree, ...]

    @property
    def text(self) -> str:
        return f"({f' {self.sign} '.join(part.text for part in self.parts)})"


@dataclass(frozen=True)
class Binary:
    """A comparison, `in`, or arithmetic."""

    sign: str
    left: Tree
    right: Tree

    @property
    def text(self) -> str:
        return f"{_bracketed(self.left)} {self.sign} {_bracketed(self.right)}"


@dataclass(frozen=True)
class Either:
    """`when ? then : other`."""

    when: Tree
    then: Tree
    other: Tree

    @property
    def text(self) -> str:
        return f"({self.when.text} ? {self.then.text} : {self.other.text})"


@dataclass(frozen=True)
class Call:
    """A function, or a method of `of`; an index is the method `[]`, a column of a row `.column`."""

    function: str
    of: Tree | None
    arguments: tuple[Tree, ...]

    @property
    def text(self) -> str:
        inner = ", ".join(argument.text for argument in self.arguments)
        if self.function.startswith("."):
            return f"{self.of.text if self.of else ''}{self.function}"
        return f"{self.of.text}.{self.function}({inner})" if self.of else f"{self.function}({inner})"


Tree = Name | Literal | Listing | Not | Join | Binary | Either | Call


def inner(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly inside one."""
    match tree:
        case Name() | Literal():
            return ()
        case Listing(items):
            return items
        case Not(of):
            return (of,)
        case Join(_, parts):
            return parts
        case Binary(_, left, right):
            return (left, right)
        case Either(when, then, other):
            return (when, then, other)
        case Call(_, of, arguments):
            return (*((of,) if of else ()), *arguments)


def walk(tree: Tree) -> Iterator[Tree]:
    """A tree and everything inside it."""
    yield tree
    for part in inner(tree):
        yield from walk(part)


def names_in(tree: Tree, names: Container[str]) -> tuple[str, ...]:
    """The declared names that a tree reads."""
    return tuple(dict.fromkeys(part.text for part in walk(tree) if isinstance(part, Name) and part.text in names))


def _bracketed(tree: Tree) -> str:
    return f"({tree.text})" if isinstance(tree, Binary) else tree.text
