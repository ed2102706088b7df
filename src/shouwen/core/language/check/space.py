"""The variables of one question: conditions become formulas over words, amounts, memberships and what is filled."""

from __future__ import annotations

from collections.abc import Sequence

from shouwen.core.expression import Constant, Expression
from shouwen.core.language.check import tree as t
from shouwen.core.language.check.filling import field_of, needs
from shouwen.core.language.check.formula import (
    FALSE,
    TRUE,
    UNKNOWN,
    All,
    Fixed,
    Fork,
    Formula,
    Negation,
    Outcome,
    Some,
    Sure,
    Test,
    Variable,
    Worth,
)
from shouwen.core.language.check.terms import Known, compared, constant, is_dated, ranks, worth_of
from shouwen.core.procedure import NamedValue, Table

__all__ = ["Space"]

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_RELATIONS = frozenset(_FLIPPED)


class Space:
    """Turns the conditions of one question into formulas; equal terms are the same variable."""

    def __init__(self, known: Known, *, expand: bool = True) -> None:
        self.known, self.procedure, self.expand = known, known.procedure, expand
        #: a table whose outcome is taken as not known
        self.undecided = ""

    def of(self, condition: Expression | None) -> Formula:
        """The formula of a condition (none: always true)."""
        if condition is None:
            return Fixed(TRUE)
        tree = self.known.tree(condition)
        if tree is None:
            return self._opaque(condition.source, condition.names)
        return self._formula(tree)

    def _formula(self, tree: t.Tree) -> Formula:
        match tree:
            case t.Literal(value):
                return Fixed(TRUE if value is True else FALSE)
            case t.Name(text):
                return self._flag(tree, text)
            case t.Not(of):
                return Negation(self._formula(of))
            case t.Join("&&", parts):
                return All(tuple(self._formula(part) for part in parts))
            case t.Join(_, parts):
                return Some(tuple(self._formula(part) for part in parts))
            case t.Either(when, then, other):
                return Fork(self._formula(when), self._formula(then), self._formula(other))
            case t.Binary("in", left, right):
                return self._membership(tree, left, right)
            case t.Binary(sign, left, right) if sign in _RELATIONS:
                return self._comparison(tree, sign, left, right)
            case t.Call("exists", t.Name() as of, (t.Name(item), condition)):
                return self._exists(tree, of, item, condition)
            case _:
                return self._opaque(tree.text, t.names_in(tree, self.procedure.names))

    def _opaque(self, text: str, names: Sequence[str]) -> Test:
        return Test(
            Variable("truth", text, names=tuple(names)), "in", frozenset([True]), needs=needs(self.procedure, names)
        )

    def _flag(self, tree: t.Tree, text: str) -> Formula:
        """A name that is true or false."""
        named = self.procedure.names.get(text)
        if named is None:
            return self._opaque(text, ())
        if text in self.known.never_true:
            return Fixed(FALSE)
        match named.kind:
            case "filled":
                return self._filled(text, named)
            case "fact_known":
                return self._presence(f"{named.target}.known")
            case "happened":
                return Test(Variable("amount", f"count.{named.target}", names=(text,)), ">=", number=1)
            case "figure":
                value = self.known.figures.get(named.target)
                return Fixed(TRUE if value else FALSE) if value is not None else self._opaque(text, (text,))
            case "table_filled" if self.looked_into(named.target):
                return self._outcome(named, None)
            case "table_filled":
                return self._presence(text.removesuffix(".filled"))
            case "table" if self.looked_into(named.target):
                return self._outcome(named, frozenset([True]))
            case "field" if self.expand and (inside := self._computation(named)):
                return inside
            case _:
                return self._opaque(self._one_name(tree), (text,))

    def _computation(self, named: NamedValue) -> Formula | None:
        computed = field_of(self.procedure, named).computed
        return self.of(computed) if computed else None

    def _filled(self, text: str, named: NamedValue) -> Formula:
        item = field_of(self.procedure, named)
        if item.type in ("rows", "list"):
            return self._opaque(text, (text,))
        return self._presence(item.path)

    def _presence(self, subject: str) -> Formula:
        if subject in self.known.never_known:
            return Fixed(FALSE)
        return Test(Variable("filled", subject, names=(subject,)), "in", frozenset([True]))

    def looked_into(self, table: str) -> bool:
        """Whether a table is judged inside the question: by its first row that holds, with nobody's decision."""
        found = self.procedure.tables[table]
        plain = found.hit in ("first", "one") and not found.decided_by and not is_dated(found)
        return self.expand and plain and table != self.undecided

    def filled(self, path: str) -> Formula:
        """Whether a field is filled."""
        return self._presence(path)

    def decided(self, table: NamedValue) -> Formula:
        """Whether a table that is looked into has an outcome."""
        return self._outcome(table, None)

    def _outcome(self, named: NamedValue, wanted: frozenset[Worth] | None) -> Outcome:
        table = self.procedure.tables[named.target]
        rows = tuple((self.of(row.when), worth_of(row.gives.get(named.column))) for row in table.rows)
        otherwise = table.otherwise or {}
        return Outcome(rows, worth_of(otherwise.get(named.column)), wanted)

    def _comparison(self, tree: t.Tree, sign: str, left: t.Tree, right: t.Tree) -> Formula:
        one, other = constant(left, self.known), constant(right, self.known)
        if one is not None and other is not None:
            return Fixed(TRUE if compared(sign, one, other) else FALSE)
        if one is not None:
            return self._against(tree, _FLIPPED[sign], right, one)
        if other is not None:
            return self._against(tree, sign, left, other)
        return self._order(sign, left, right)

    def _order(self, sign: str, left: t.Tree, right: t.Tree) -> Test:
        if left.text > right.text:
            left, right, sign = right, left, _FLIPPED[sign]
        names = tuple(dict.fromkeys(t.names_in(left, self.procedure.names) + t.names_in(right, self.procedure.names)))
        return Test(Variable("order", left.text, right.text, names), sign, needs=needs(self.procedure, names))

    def _against(self, tree: t.Tree, sign: str, term: t.Tree, worth: Worth | tuple[Worth, ...]) -> Formula:
        """A term compared with a constant."""
        match worth:
            case bool():
                formula = self._formula(term)
                return formula if worth == (sign == "==") else Negation(formula)
            case str() if sign in ("==", "!="):
                formula = self._word(term, frozenset([worth]))
                return formula if sign == "==" else Negation(formula)
            case int():
                return self._amount(sign, term, worth)
            case _:
                return self._opaque(tree.text, t.names_in(tree, self.procedure.names))

    def _amount(self, sign: str, term: t.Tree, number: int) -> Formula:
        match term:
            case t.Call("rank", None, (t.Literal(str() as catalog), word)):
                places = ranks(self.procedure, catalog)
                return self._word(word, frozenset(w for w, place in places.items() if compared(sign, place, number)))
            case t.Name(text) if table := self._judged(text):
                worths = {worth for _, worth in self._outcome(table, None).rows}
                worths |= {self._outcome(table, None).otherwise}
                holding = frozenset(w for w in worths if isinstance(w, int) and compared(sign, w, number))
                return self._outcome(table, holding)
            case _:
                names = t.names_in(term, self.procedure.names)
                variable = Variable("amount", self._one_name(term), names=names)
                return Test(variable, sign, number=number, needs=needs(self.procedure, names))

    def _judged(self, text: str) -> NamedValue | None:
        named = self.procedure.names.get(text)
        return named if named and named.kind == "table" and self.looked_into(named.target) else None

    def _word(self, term: t.Tree, words: frozenset[Worth]) -> Formula:
        if isinstance(term, t.Name) and (table := self._judged(term.text)):
            return self._outcome(table, words)
        names = t.names_in(term, self.procedure.names)
        subject = self._one_name(term)
        return Test(Variable("word", subject, names=names), "in", words, needs=needs(self.procedure, names))

    def _one_name(self, term: t.Tree) -> str:
        """A field printed on several papers is one variable."""
        named = self.procedure.names.get(term.text)
        return field_of(self.procedure, named).path if named and named.kind in ("field", "customer") else term.text

    def _membership(self, tree: t.Tree, left: t.Tree, right: t.Tree) -> Formula:
        words, word = constant(right, self.known), constant(left, self.known)
        if isinstance(words, tuple):
            return self._word(left, frozenset(words))
        if isinstance(word, str) and isinstance(right, t.Name):
            return self._member(right, word)
        return self._opaque(tree.text, t.names_in(tree, self.procedure.names))

    def _member(self, name: t.Name, word: str) -> Formula:
        named = self.procedure.names.get(name.text)
        if named and named.kind == "table" and self.expand:
            table = self.procedure.tables[named.target]
            if table.hit == "all" and not table.decided_by and not is_dated(table):
                return self._collected(table, named.column, word)
        return Test(
            Variable("member", self._one_name(name), word, (name.text,)),
            "in",
            frozenset([True]),
            needs=needs(self.procedure, (name.text,)),
        )

    def _collected(self, table: Table, column: str, word: str) -> Formula:
        """Whether a table that collects all its rows gives this word."""
        rows = [(Sure(self.of(row.when)), worth_of(row.gives.get(column))) for row in table.rows]
        giving = tuple(row for row, worth in rows if worth == word)
        otherwise = (table.otherwise or {}).get(column)
        nothing: Formula = Fixed(UNKNOWN)
        if isinstance(otherwise, Constant) and isinstance(otherwise.value, tuple):
            nothing = Fixed(TRUE if word in otherwise.value else FALSE)
        return Fork(Some(tuple(row for row, _ in rows)), Some(giving), nothing)

    def _exists(self, tree: t.Tree, of: t.Name, item: str, condition: t.Tree) -> Formula:
        """`words.exists(w, w in [...])` is membership of one of them."""
        match condition:
            case t.Binary("in", t.Name(text), listing) if text == item:
                words = constant(listing, self.known)
            case t.Binary("==", t.Name(text), word) if text == item:
                words = constant(t.Listing((word,)), self.known)
            case _:
                words = None
        if isinstance(words, tuple) and all(isinstance(word, str) for word in words):
            return Some(tuple(self._member(of, str(word)) for word in words))
        return self._opaque(tree.text, t.names_in(tree, self.procedure.names))
