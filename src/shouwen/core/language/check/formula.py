"""Formulas over the variables of one question: what they may be while some variables are still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

#: the three truth values as bits: a formula over open variables may be several of them
TRUE, FALSE, UNKNOWN = 1, 2, 4
ANY, NOT_TRUE = 7, 6

Worth = str | int | bool
#: stands for every word that is not mentioned
OTHER = "（其他）"


@dataclass(frozen=True)
class Variable:
    """What a question can vary.

    `kind`: filled (is the name known), word, member (is `detail` in the list), amount, order (of two terms: -1, 0, 1),
    truth (a condition that is not looked into). `subject`: the name or term; `names`: all names that stand in it.
    """

    kind: str
    subject: str
    detail: str = ""
    names: tuple[str, ...] = field(default=(), compare=False)


Assignment = Mapping[Variable, Worth]


@dataclass(frozen=True)
class Fixed:
    """Always the same."""

    mask: int


@dataclass(frozen=True)
class Test:
    """A variable compared with constants. `sign`: in (one of `words`), or < <= > >= == != with `number`.

    Unknown as soon as one of `needs` (variables of kind filled) is not filled.
    """

    variable: Variable
    sign: str
    words: frozenset[Worth] = frozenset()
    number: int = 0
    needs: tuple[Variable, ...] = ()

    def holds(self, worth: Worth) -> bool:
        """Whether it is true of this value."""
        if self.sign == "in":
            return worth in self.words
        compared = int(worth)
        return {
            "<": compared < self.number,
            "<=": compared <= self.number,
            ">": compared > self.number,
            ">=": compared >= self.number,
            "==": compared == self.number,
            "!=": compared != self.number,
        }[self.sign]


@dataclass(frozen=True)
class Negation:
    of: Formula


@dataclass(frozen=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Some:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Fork:
    """`when ? then : other`."""

    when: Formula
    then: Formula
    other: Formula


@dataclass(frozen=True)
class Sure:
    """True if `of` is; what is unknown counts as false."""

    of: Formula


@dataclass(frozen=True)
class Outcome:
    """A judgement of a table by its first row: whether its value is one of `wanted` (None: any, never unknown)."""

    rows: tuple[tuple[Formula, Worth | None], ...]
    otherwise: Worth | None
    wanted: frozenset[Worth] | None


Formula = Fixed | Test | Negation | All | Some | Fork | Sure | Outcome


def _all(one: int, other: int) -> int:
    true = one & other & TRUE
    false = (one | other) & FALSE
    unknown = (one & UNKNOWN and other & (TRUE | UNKNOWN)) or (other & UNKNOWN and one & (TRUE | UNKNOWN))
    return true | false | (UNKNOWN if unknown else 0)


def _not(mask: int) -> int:
    return (mask & UNKNOWN) | (FALSE if mask & TRUE else 0) | (TRUE if mask & FALSE else 0)


_ALL = [[_all(one, other) for other in range(8)] for one in range(8)]
_NOT = [_not(mask) for mask in range(8)]


def possible(formula: Formula, chosen: Assignment) -> int:
    """The truth values that a formula may still have, as bits."""
    match formula:
        case Fixed(mask):
            return mask
        case Test():
            return _tested(formula, chosen)
        case Negation(of):
            return _NOT[possible(of, chosen)]
        case All(parts):
            return _meet(parts, chosen)
        case Some(parts):
            return _NOT[reduce(lambda mask, part: _ALL[mask][_NOT[possible(part, chosen)]], parts, TRUE)]
        case Fork(when, then, other):
            return _forked(possible(when, chosen), possible(then, chosen), possible(other, chosen))
        case Sure(of):
            mask = possible(of, chosen)
            return (mask & TRUE) | (FALSE if mask & NOT_TRUE else 0)
        case Outcome():
            return _outcome(formula, chosen)


def _meet(parts: Iterable[Formula], chosen: Assignment) -> int:
    mask = TRUE
    for part in parts:
        mask = _ALL[mask][possible(part, chosen)]
        if mask == FALSE:
            return FALSE
    return mask


def _forked(when: int, then: int, other: int) -> int:
    return (then if when & TRUE else 0) | (other if when & FALSE else 0) | (when & UNKNOWN)


def _tested(test: Test, chosen: Assignment) -> int:
    mask = 0
    for need in test.needs:
        filled = chosen.get(need)
        if filled is False:
            return UNKNOWN
        if filled is None:
            mask = UNKNOWN
    worth = chosen.get(test.variable)
    if worth is None:
        return mask | TRUE | FALSE
    return mask | (TRUE if test.holds(worth) else FALSE)


def _outcome(formula: Outcome, chosen: Assignment) -> int:
    found = 0
    for row, worth in formula.rows:
        mask = possible(row, chosen)
        if mask & TRUE:
            found |= _matches(worth, formula.wanted)
        if mask & UNKNOWN:
            found |= _matches(None, formula.wanted, undecided=True)
        if not mask & FALSE:
            return found
    return found | _matches(formula.otherwise, formula.wanted, undecided=formula.otherwise is None)


def _matches(worth: Worth | None, wanted: frozenset[Worth] | None, *, undecided: bool = False) -> int:
    if undecided:
        return FALSE if wanted is None else UNKNOWN
    if wanted is None:
        return TRUE
    if worth is None:
        return TRUE | FALSE
    return TRUE if worth in wanted else FALSE


def pivot(formula: Formula, chosen: Assignment) -> Test | None:
    """The first test that is still open and can decide the formula."""
    match formula:
        case Test():
            return formula if _is_open(possible(formula, chosen)) else None
        case Negation(of) | Sure(of):
            return pivot(of, chosen)
        case All(parts) | Some(parts):
            return _first(parts, chosen)
        case Fork(when, then, other):
            mask = possible(when, chosen)
            return pivot(when, chosen) if _is_open(mask) else _first((then if mask == TRUE else other,), chosen)
        case Outcome(rows):
            return _first(_reached(rows, chosen), chosen)
        case Fixed():
            return None


def _first(parts: Iterable[Formula], chosen: Assignment) -> Test | None:
    return next((test for part in parts if (test := pivot(part, chosen))), None)


def _reached(rows: Iterable[tuple[Formula, Worth | None]], chosen: Assignment) -> Iterator[Formula]:
    for row, _ in rows:
        yield row
        if not possible(row, chosen) & FALSE:
            return


def _is_open(mask: int) -> bool:
    return mask not in (TRUE, FALSE, UNKNOWN)


def tests(formula: Formula) -> Iterator[Test]:
    """The tests of a formula, in the order in which they stand."""
    match formula:
        case Fixed():
            return
        case Test():
            yield formula
        case Negation(of) | Sure(of):
            yield from tests(of)
        case All(parts) | Some(parts):
            for part in parts:
                yield from tests(part)
        case Fork(when, then, other):
            for part in (when, then, other):
                yield from tests(part)
        case Outcome(rows):
            for row, _ in rows:
                yield from tests(row)
