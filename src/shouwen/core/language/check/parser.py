"""Reads a condition that has compiled into its tree."""

from __future__ import annotations

from collections.abc import Callable, Container

from shouwen.core.expression import Token, tokens
from shouwen.core.language.check.tree import Binary, Call, Either, Join, Listing, Literal, Name, Not, Tree

__all__ = ["parse"]

_RELATIONS = ("<", "<=", ">", ">=", "==", "!=", "in")
_MARKS = ("happened", "said", "count")


def parse(source: str, names: Container[str]) -> Tree:
    """The tree of a condition that has compiled; `names` tells how far a dotted word is one name."""
    return _Reader(tokens(source), names).whole()


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
