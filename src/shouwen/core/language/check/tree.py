"""Conditions taken apart into a small tree, as far as proofs need to look inside them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from shouwen.core.expression import Token, tokens

_RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "in")
_MARKS = ("happened", "said", "count")


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


def parse(source: str, names: Container[str]) -> Tree:
    """The tree of a condition that has compiled; `names` tells how far a dotted word is one name."""
    return _Reader(tokens(source), names).whole()


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


class _Reader:
    """Reads tokens by CEL's precedence, lowest first."""

    def __init__(self, words: list[Token], names: Container[str]) -> None:
        self.words, self.names, self.place = words, names, 0

    def whole(self) -> Tree:
        tree = self.condition()
        if self.place != len(self.words):
            raise ValueError(f"unread: {self.peek()}")
        return tree

    def peek(self) -> str:
        return self.words[self.place].text if self.place < len(self.words) else ""

    def take(self, *signs: str) -> str:
        word = self.words[self.place] if self.place < len(self.words) else None
        if word is None or word.kind == "string" or (signs and word.text not in signs):
            return ""
        self.place += 1
        return word.text

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise ValueError(f"{sign} expected, not {self.peek()}")

    def condition(self) -> Tree:
        when = self.joined("||", lambda: self.joined("&&", self.relation))
        if not self.take("?"):
            return when
        then = self.condition()
        self.need(":")
        return Either(when, then, self.condition())

    def joined(self, sign: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self.take(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Join(sign, tuple(parts))

    def relation(self) -> Tree:
        return self.chain(_RELATIONS, lambda: self.chain(("+", "-"), lambda: self.chain(("*", "/", "%"), self.unary)))

    def chain(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        tree = part()
        while sign := self.take(*signs):
            tree = Binary(sign, tree, part())
        return tree

    def unary(self) -> Tree:
        if self.take("!"):
            return Not(self.unary())
        if self.take("-"):
            of = self.unary()
            number = of.value if isinstance(of, Literal) and isinstance(of.value, int) else None
            return Binary("-", Literal(0), of) if number is None else Literal(-number)
        return self.members(self.primary())

    def members(self, tree: Tree) -> Tree:
        while sign := self.take(".", "["):
            if sign == "[":
                tree = Call("[]", tree, (self.condition(),))
                self.need("]")
            else:
                tree = self.dotted(tree, self.take().split("."))
        return tree

    def primary(self) -> Tree:
        if self.take("("):
            tree = self.condition()
            self.need(")")
            return tree
        if self.take("["):
            return Listing(self.arguments("]"))
        word = self.words[self.place]
        self.place += 1
        match word.kind:
            case "string":
                return Literal(word.text[1:-1])
            case "number":
                return Literal(int(word.text))
            case "name":
                return self.named(word.text)
            case _:
                raise ValueError(f"unexpected {word.text}")

    def named(self, text: str) -> Tree:
        if text in ("true", "false"):
            return Literal(text == "true")
        if text in _MARKS and self.peek() == "(":
            self.need("(")
            target = self.primary()
            self.need(")")
            return Name(f"{text}.{target.value}" if isinstance(target, Literal) else text)
        parts = text.split(".")
        known = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in self.names), 0)
        if not known and len(parts) == 1 and self.take("("):
            return Call(text, None, self.arguments(")"))
        known = known or 1
        return self.dotted(Name(".".join(parts[:known])), parts[known:])

    def dotted(self, tree: Tree, parts: list[str]) -> Tree:
        for place, part in enumerate(parts):
            if place == len(parts) - 1 and self.take("("):
                tree = Call(part, tree, self.arguments(")"))
            else:
                tree = Call(f".{part}", tree, ())
        return tree

    def arguments(self, end: str) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while not self.take(end):
            found.append(self.condition())
            self.take(",")
        return tuple(found)
