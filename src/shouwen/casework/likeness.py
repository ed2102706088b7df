"""Which texts of an opening nothing hangs on: openings that differ only in these are judged alike.

A field is such a text if every rule that reads it only passes it on: as it is, joined to other texts, or as the one or
the other way of a choice that does not read it itself. Whoever reads it otherwise makes it decisive, and the opening is
judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from shouwen.core.expression import Expression, Token, tokens
from shouwen.core.procedure import Action, Fact, Field, Flow, Measure, Procedure

__all__ = ["NUMBER", "passed_on", "plain_texts"]

#: stands for the number of the case among the paths
NUMBER = "case.no"


@dataclass(frozen=True)
class _Read:
    """A condition or value, and where it stands: the kind of rule with its attribute, and the field if it is one's."""

    expression: Expression
    place: tuple[str, str]
    path: str


#: what is read there decides nothing when a case is opened: it is passed on, or counted later
_PASSING = {(kind.__name__, name) for kind, names in (
    (Field, ("computed", "auto")), (Fact, ("match",)), (Flow, ("columns",)),
    (Measure, ("where", "share", "sum", "mean", "median", "distinct")),
) for name in names}  # fmt: skip


def plain_texts(procedure: Procedure, action: Action) -> frozenset[str]:
    """The fields of an opening act that are plain texts, by path."""
    flow = procedure.flows[action.opens or ""]
    parts = [getattr(procedure, attribute.name) for attribute in fields(procedure)]
    reads = tuple(_reads(parts, ("", ""), ""))
    candidates = [fill.path for fill in action.fills if _is_text(procedure.fields[fill.path])]
    candidates = [path for path in candidates if path not in (action.at, action.each)]
    if not _only_passed_on(procedure, flow, NUMBER, reads):
        return frozenset()
    return frozenset(path for path in candidates if _only_passed_on(procedure, flow, path, reads))


def passed_on(source: str, name: str) -> bool:
    """Whether a text expression only passes the text of a name on."""
    return _passes(tokens(source), name)


def _is_text(field: Field) -> bool:
    plain = field.type == "phone" or (field.type == "text" and field.words is None and not field.catalog)
    return plain and not (field.computed or field.same_as or field.holds or field.sign_by or field.auto)


def _only_passed_on(procedure: Procedure, flow: Flow, path: str, reads: Iterable[_Read]) -> bool:
    """Follow a text through the fields that are made of it."""
    waiting, seen = [path], set[str]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        waiting += [
            other.path for other in procedure.fields.values() if other.same_as == path and other.path not in seen
        ]
        names = _names_of(procedure, flow, path)
        for read in reads:
            own = [name for name in read.expression.names if name in names]
            if not own:
                continue
            if read.place not in _PASSING or read.expression.result != "text":
                if read.place[0] == "Measure":
                    continue
                return False
            if not all(passed_on(read.expression.source, name) for name in own):
                return False
            if read.place[0] == "Field" and read.path not in seen:
                waiting.append(read.path)
    names = frozenset[str]().union(*(_names_of(procedure, flow, one) for one in seen))
    columns = {column for column, read in flow.columns.items() if names & set(read.names)}
    return not any(columns & fact.having.keys() for fact in procedure.facts.values())


def _names_of(procedure: Procedure, flow: Flow, path: str) -> frozenset[str]:
    """The names in conditions that stand for the text itself (not for whether it is there)."""
    words = {word for word, field in flow.customer.items() if field == path}
    return frozenset(
        name
        for name, named in procedure.names.items()
        if (path == NUMBER and named.kind == "case" and named.target in ("no", "number"))
        or (named.kind in ("field", "before") and named.target == path)
        or (named.kind == "customer" and named.target in words)
    )


def _reads(part: object, place: tuple[str, str], path: str) -> Iterator[_Read]:
    """Every expression of a procedure with its place."""
    if isinstance(part, Expression):
        yield _Read(part, place, path)
    elif is_dataclass(part) and not isinstance(part, type):
        own = part.path if isinstance(part, Field) else path
        for attribute in fields(part):
            yield from _reads(getattr(part, attribute.name), (type(part).__name__, attribute.name), own)
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _reads(value, place, path)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _reads(value, place, path)


def _passes(words: list[Token], name: str) -> bool:
    """A choice whose condition does not read it, texts joined, or the text itself."""
    if not any(_reads_it(word, name) for word in words):
        return True
    words = _bare(words)
    question = _outside(words, "?")
    if question is not None:
        colon = _outside(words, ":", question + 1)
        if colon is None or any(_reads_it(word, name) for word in words[:question]):
            return False
        return _passes(words[question + 1 : colon], name) and _passes(words[colon + 1 :], name)
    plus = _outside(words, "+")
    if plus is not None:
        return _passes(words[:plus], name) and _passes(words[plus + 1 :], name)
    return len(words) == 1 and words[0].text == name


def _reads_it(word: Token, name: str) -> bool:
    """Whether a word is the name, or something done with its text; whether it is filled is no matter of the text."""
    return word.text == name or (word.text.startswith(f"{name}.") and word.text != f"{name}.filled")


def _bare(words: list[Token]) -> list[Token]:
    """Without brackets around the whole."""
    while len(words) > 2 and words[0].text == "(" and _closing(words) == len(words) - 1:
        words = words[1:-1]
    return words


def _closing(words: list[Token]) -> int:
    depth = 0
    for place, word in enumerate(words):
        depth += (word.text in "([{") - (word.text in ")]}") if word.kind == "op" else 0
        if depth == 0:
            return place
    return -1


def _outside(words: list[Token], sign: str, start: int = 0) -> int | None:
    """Where a sign stands outside all brackets; for ':' the one that belongs to the choice."""
    depth = choices = 0
    for place in range(start, len(words)):
        word = words[place]
        if word.kind != "op":
            continue
        if depth == 0 and word.text == sign and not (sign == ":" and choices):
            return place
        depth += (word.text in "([{") - (word.text in ")]}")
        if depth == 0 and sign == ":":
            choices += (word.text == "?") - (word.text == ":")
    return None
