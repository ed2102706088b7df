"""Names and words inside a condition checked against the document: unknown names, columns, and words of choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shouwen.core.expression import Token, tokens
from shouwen.core.language.environment import Scope
from shouwen.core.language.grammar import Names

__all__ = ["Finding", "findings", "results"]

_MACROS = frozenset({"exists", "exists_one", "all", "filter", "map"})
_KEYWORDS = frozenset({"true", "false", "null", "in"})
_COMPARED = frozenset({"<", "<=", ">", ">=", "==", "!="})
#: what makes an operand part of a larger one
_REACHING = frozenset({"+", "-", "*", "/", "%", "[", "("})
_CALLS = frozenset(Names().functions) | {"int", "string", "size", "timestamp"}
#: happened("a") reads a name of its own
_ABOUT = frozenset({"happened", "said", "count"})


@dataclass(frozen=True)
class Finding:
    """Something wrong at `start`: an unknown name, or a word that a choice does not have."""

    code: str
    start: int
    text: str
    #: what it belongs to, and what would be right
    of: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class _Bound:
    """A variable of exists(), all(), filter(), map(): over which list, and down to which bracket."""

    name: str
    over: str
    depth: int


@dataclass
class _Walk:
    """One reading of a condition from left to right."""

    scope: Scope
    tokens: Sequence[Token]
    found: list[Finding] = field(default_factory=list)
    bound: list[_Bound] = field(default_factory=list)
    depth: int = 0
    #: the list that the bracket just closed has filtered
    filtered: str = ""
    #: for each bracket that is open: the list that it takes a row of, or nothing
    opened: list[str] = field(default_factory=list)
    #: the list of which the bracket just closed has taken a row
    taken: str = ""

    def at(self, place: int) -> str:
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def run(self) -> list[Finding]:
        for place, token in enumerate(self.tokens):
            if token.kind == "op":
                self.bracket(token.text, place)
            elif token.kind == "name" and token.text not in _KEYWORDS:
                self.name(place, token)
            if token.text != ")" and token.text != ".":
                self.filtered = ""
            if token.text != "]" and token.text != ".":
                self.taken = ""
        return self.found

    def bracket(self, text: str, place: int) -> None:
        if text in ("(", "[", "{"):
            self.depth += 1
            self.opened.append(self.at(place - 1) if text == "[" and self.at(place - 1) in self.scope.columns else "")
        elif text in (")", "]", "}"):
            self.depth -= 1
            self.taken = self.opened.pop() if self.opened else ""
            self.filtered = ""
            while self.bound and self.bound[-1].depth > self.depth:
                self.filtered = self.bound.pop().over

    def name(self, place: int, token: Token) -> None:
        base, _, last = token.text.rpartition(".")
        called = self.at(place + 1) == "("
        if self.at(place - 1) == ".":
            if called and token.text in _MACROS:
                self.bind(place, self.filtered)
            elif self.taken and not called:
                self.column(place, token.start, self.taken, token.text)
            return
        if called and not base:
            self.call(place, token)
            return
        if called:
            self.operand(place, token.start, base)
            if last in _MACROS:
                self.bind(place, self._list(base))
        else:
            self.operand(place, token.start, token.text)

    def call(self, place: int, token: Token) -> None:
        if token.text in _ABOUT:
            self.about(place, token)
        elif token.text == "rank":
            self.rank(place)
        elif token.text not in _CALLS:
            self.note("unknown-function", token, "", tuple(sorted(_CALLS)))

    def about(self, place: int, token: Token) -> None:
        """happened("act"), count("act"), said("script")."""
        known = tuple(
            name.partition(".")[2] for name in self.scope.environment.names if name.startswith(f"{token.text}.")
        )
        if place + 2 >= len(self.tokens) or self.tokens[place + 2].kind != "string":
            self.note("bad-call", token, "", known)
        elif (word := _word(self.tokens[place + 2])) not in known:
            self.note("unknown-act", self.tokens[place + 2], token.text, known, word)

    def rank(self, place: int) -> None:
        catalogs = self.scope.ranks
        if place + 2 < len(self.tokens) and self.tokens[place + 2].kind == "string":
            name = _word(self.tokens[place + 2])
            if name not in catalogs:
                self.note("unknown-rank", self.tokens[place + 2], "", tuple(catalogs), name)
            elif place + 4 < len(self.tokens) and self.tokens[place + 4].kind == "string":
                self.word(self.tokens[place + 4], name, catalogs[name])

    def bind(self, place: int, over: str) -> None:
        if place + 2 < len(self.tokens) and self.tokens[place + 2].kind == "name" and self.at(place + 3) == ",":
            variable = self.tokens[place + 2]
            if variable.text in self.scope.environment.names:
                self.note("bound-name", variable, "", ())
            self.bound.append(_Bound(variable.text, over, self.depth + 1))

    def _list(self, base: str) -> str:
        """The list that a variable runs over, as a name; through another variable or not known: nothing."""
        return base if base in self.scope.environment.names else ""

    def operand(self, place: int, start: int, name: str) -> None:
        variable, _, column = name.partition(".")
        for bound in reversed(self.bound):
            if bound.name == variable:
                self.variable(place, start, bound, column)
                return
        if name not in self.scope.environment.names:
            self.found.append(Finding("unknown-name", start, name, "", tuple(self.scope.environment.names)))
        elif (words := self.scope.words.get(name)) is not None:
            self.compared(place, name, words)
        elif name in self.scope.scales:
            self.scaled(place, start, name)

    def scaled(self, place: int, start: int, name: str) -> None:
        """A number compared with one of another scale: 12.5 with one digit is kept as 125."""
        other, around = self.at(place + 2), {self.at(place - 1), self.at(place + 3)}
        scale = self.scope.scales.get(other)
        alone = self.at(place + 1) in _COMPARED and not around & _REACHING
        if alone and scale is not None and scale != self.scope.scales[name]:
            self.found.append(Finding("other-scale", start, name, other, ()))

    def variable(self, place: int, start: int, bound: _Bound, column: str) -> None:
        if bound.over in self.scope.columns:
            self.column(place, start, bound.over, column)
        elif (words := self.scope.words.get(bound.over)) is not None and not column:
            self.compared(place, bound.over, words)

    def column(self, place: int, start: int, over: str, column: str) -> None:
        """A column of a row of this list."""
        columns = self.scope.columns[over]
        if column and column not in columns:
            self.found.append(Finding("unknown-column", start, column, over, tuple(columns)))
        elif column and (kind := columns[column]).words is not None:
            self.compared(place, f"{over}.{column}", kind.words)

    def compared(self, place: int, name: str, words: tuple[str, ...]) -> None:
        """The words that the operand at `place` is compared with."""
        for token in self._beside(place):
            self.word(token, name, words)

    def _beside(self, place: int) -> Iterator[Token]:
        after, before = self.at(place + 1), self.at(place - 1)
        if after in ("==", "!="):
            yield from self.tokens[place + 2 : place + 3]
        elif after == "in" and self.at(place + 2) == "[":
            for token in self.tokens[place + 3 :]:
                if token.text == "]":
                    break
                yield token
        if before in ("==", "!=", "in") and place >= 2:
            yield self.tokens[place - 2]

    def word(self, token: Token, name: str, words: tuple[str, ...]) -> None:
        if token.kind == "string" and (word := _word(token)) not in words:
            self.note("unknown-choice", token, name, words, word)

    def note(self, code: str, token: Token, of: str, known: tuple[str, ...], text: str = "") -> None:
        self.found.append(Finding(code, token.start, text or token.text, of, known))


def findings(source: str, scope: Scope) -> list[Finding]:
    """What is wrong with the names and words of a condition."""
    return _Walk(scope, tokens(source)).run()


def results(source: str) -> Iterator[Token]:
    """The strings that may be the value of an expression: alone, or after ? and : of a choice between two."""
    words = tokens(source)
    for place, token in enumerate(words):
        before = words[place - 1].text if place else "?"
        after = words[place + 1].text if place + 1 < len(words) else ":"
        if token.kind == "string" and before in ("?", ":") and after in (":", ")"):
            yield token


def _word(token: Token) -> str:
    return token.text[1:-1].replace("\\'", "'").replace('\\"', '"')
