"""Constants inside conditions, and what is known of a procedure before a question is put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shouwen.core.expression import Constant, Expression, Term
from shouwen.core.language.check import parser
from shouwen.core.language.check import tree as t
from shouwen.core.language.check.formula import Test, Variable, Worth
from shouwen.core.procedure import Procedure, Table

__all__ = ["Known", "compared", "constant", "is_dated", "ranks", "worth_of"]


@dataclass
class Known:
    """What is known of a procedure before a question is put: figures, and what can never be."""

    procedure: Procedure
    figures: Mapping[str, Worth | tuple[Worth, ...]] = field(default_factory=dict)
    #: names of conditions that are always false, or never known
    never_true: set[str] = field(default_factory=set)
    never_known: set[str] = field(default_factory=set)
    trees: dict[str, t.Tree | None] = field(default_factory=dict)

    def tree(self, condition: Expression) -> t.Tree | None:
        """Its tree, or None if it is written in a way that proofs do not look into."""
        if condition.source not in self.trees:
            try:
                self.trees[condition.source] = parser.parse(condition.source, self.procedure.names)
            except ValueError:
                self.trees[condition.source] = None
        return self.trees[condition.source]


def constant(tree: t.Tree, known: Known) -> Worth | tuple[Worth, ...] | None:
    """The value of a tree without variables: literals, figures, ranks, sums and products of them."""
    match tree:
        case t.Literal(value):
            return value
        case t.Name(text):
            named = known.procedure.names.get(text)
            return known.figures.get(named.target) if named and named.kind == "figure" else None
        case t.Listing(items):
            values = [constant(item, known) for item in items]
            return tuple(v for v in values if isinstance(v, (str, int))) if None not in values else None
        case t.Binary(("+" | "-" | "*") as sign, left, right):
            one, other = constant(left, known), constant(right, known)
            if isinstance(one, int) and isinstance(other, int):
                return {"+": one + other, "-": one - other, "*": one * other}[sign]
        case t.Call("rank", None, (t.Literal(str() as catalog), word)):
            named_word = constant(word, known)
            return ranks(known.procedure, catalog).get(str(named_word))
        case _:
            pass
    return None


def ranks(procedure: Procedure, catalog: str) -> dict[str, int]:
    """Each word of an ordered catalog with its place."""
    found = procedure.catalogs.get(catalog)
    return {entry.word: place for place, entry in enumerate(found.entries)} if found else {}


def worth_of(term: Term | None) -> Worth | None:
    value = term.value if isinstance(term, Constant) else None
    return value if isinstance(value, (str, int)) else None


def is_dated(table: Table) -> bool:
    return any(row.since or row.until for row in table.rows)


def compared(sign: str, one: Worth | tuple[Worth, ...], other: Worth | tuple[Worth, ...]) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return Test(Variable("amount", ""), sign, number=other).holds(one)
    return (one == other) == (sign == "==")
