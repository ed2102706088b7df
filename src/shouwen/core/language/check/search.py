"""Looks for a case in which several formulas come out as required: finite, in a fixed order, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shouwen.core.language.check.formula import (
    OTHER,
    TRUE,
    UNKNOWN,
    Assignment,
    Formula,
    Some,
    Test,
    Variable,
    Worth,
    pivot,
    possible,
    tests,
)
from shouwen.core.language.check.terms import Known
from shouwen.core.procedure import Procedure

__all__ = ["CAP", "Answer", "Requirement", "Searcher"]

#: so many partial cases are tried for one question
CAP = 20_000

#: a formula and the truth values that it shall have
Requirement = tuple[Formula, int]


@dataclass(frozen=True)
class Answer:
    """A case that was found; without one, whether really all were tried. `tried` counts partial cases."""

    case: Assignment | None
    complete: bool = True
    tried: int = 0

    @property
    def none(self) -> bool:
        """Certainly no such case."""
        return self.case is None and self.complete


@dataclass
class Searcher:
    """Answers questions about one procedure; counts those that were too large."""

    known: Known
    #: words that a name can be: step names by flow are set by the caller
    words: dict[str, Sequence[str]] = field(default_factory=dict)
    capped: int = 0

    def find(
        self,
        wanted: Iterable[Requirement],
        *,
        flow: str | None = None,
        filled: bool = False,
        optional: frozenset[str] | None = None,
    ) -> Answer:
        """A case in which each formula has one of the truth values required.

        `filled`: everything is known; `optional`: only these may be unknown. Amounts that nothing asks for below zero
        stay at or above it.
        """
        requirements = [*(asked := list(wanted)), *_chosen(self, asked)]
        space = _Domains(self, requirements, flow, frozenset() if filled else optional)
        walk = _Walk(requirements, space)
        found = walk.go()
        if walk.tried > CAP:
            self.capped += 1
            return Answer(None, False, walk.tried)
        return Answer(dict(walk.chosen) if found else None, True, walk.tried)

    def values(self, formulas: Iterable[Formula], variable: Variable, flow: str) -> tuple[Worth, ...]:
        """The values with which a variable of these formulas is tried."""
        return _Domains(self, [(formula, 0) for formula in formulas], flow, None).of(variable)


class _Domains:
    """The values that each variable of a question is tried with."""

    def __init__(
        self, searcher: Searcher, requirements: Sequence[Requirement], flow: str | None, optional: frozenset[str] | None
    ) -> None:
        self.searcher, self.flow, self.optional = searcher, flow, optional
        self.tests: dict[Variable, list[Test]] = {}
        for formula, _ in requirements:
            for test in tests(formula):
                self.tests.setdefault(test.variable, []).append(test)
        self._found: dict[Variable, tuple[Worth, ...]] = {}

    def of(self, variable: Variable) -> tuple[Worth, ...]:
        """Its values, the ordinary ones first."""
        if variable not in self._found:
            self._found[variable] = self._values(variable)
        return self._found[variable]

    def _values(self, variable: Variable) -> tuple[Worth, ...]:
        match variable.kind:
            case "filled":
                return self._presence(variable.subject)
            case "word":
                return self._words(variable)
            case "amount":
                return self._amounts(variable)
            case "order":
                return (0, -1, 1)
            case _:
                return (True, False)

    def _presence(self, subject: str) -> tuple[Worth, ...]:
        if subject in self.searcher.known.never_known:
            return (False,)
        if self.optional is not None and subject not in self.optional:
            return (True,)
        return (True, False)

    def _words(self, variable: Variable) -> tuple[Worth, ...]:
        named = dict.fromkeys(word for test in self.tests.get(variable, ()) for word in sorted(test.words, key=str))
        closed = closed_words(self.searcher, variable.subject, self.flow)
        if closed is None:
            return (*named, OTHER)
        rest = [word for word in closed if word not in named]
        return (*(word for word in named if word in closed), *rest[:1])

    def _amounts(self, variable: Variable) -> tuple[Worth, ...]:
        numbers = dict.fromkeys(test.number for test in self.tests.get(variable, ()))
        around = dict.fromkeys(value for number in numbers for value in (number, number - 1, number + 1))
        floor = None if _may_be_negative(variable, self.tests.get(variable, ())) else 0
        item = self.searcher.known.procedure.fields.get(variable.subject)
        least = item.least if item and item.type == "number" and item.least is not None else floor
        most = item.most if item and item.type == "number" else None
        fitting = (v for v in around if (least is None or v >= least) and (most is None or v <= most))
        return tuple(fitting) or (0,)


def _may_be_negative(variable: Variable, asked: Iterable[Test]) -> bool:
    """Differences and days between moments; whatever a condition asks for below zero."""
    if any(test.number < 0 or (test.sign == "<" and test.number == 0) for test in asked):
        return True
    return " - " in variable.subject or "days(" in variable.subject


def _chosen(searcher: Searcher, requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """A filled list of choices holds at least one of its words."""
    members: dict[str, dict[str, Test]] = {}
    for formula, _ in requirements:
        for test in tests(formula):
            if test.variable.kind == "member":
                members.setdefault(test.variable.subject, {})[test.variable.detail] = test
    for subject, found in members.items():
        words = _of_field(searcher.known.procedure, subject)
        if words is not None and set(words) <= set(found):
            yield Some(tuple(found.values())), TRUE | UNKNOWN


def closed_words(searcher: Searcher, subject: str, flow: str | None) -> Sequence[str] | None:
    """The words that a name can only be, or None if it may be any text."""
    procedure = searcher.known.procedure
    if subject == "case.step" and flow is not None:
        return searcher.words.get(f"case.step:{flow}", tuple(procedure.flows[flow].steps))
    if subject in searcher.words:
        return searcher.words[subject]
    return _of_field(procedure, subject)


def _of_field(procedure: Procedure, subject: str) -> Sequence[str] | None:
    item = procedure.fields.get(subject)
    if item is None or item.type not in ("choice", "choices"):
        return None
    catalog = procedure.catalogs.get(item.catalog or "")
    if catalog:
        return None if catalog.open else catalog.words
    return item.words


class _Walk:
    """Depth first through the variables that matter, backing up as soon as a requirement cannot be met."""

    def __init__(self, requirements: list[Requirement], domains: _Domains) -> None:
        self.requirements, self.domains = requirements, domains
        self.chosen: dict[Variable, Worth] = {}
        self.tried = 0

    def go(self) -> bool:
        """Whether the choices so far can be completed; leaves the completed choice in `chosen`."""
        self.tried += 1
        if self.tried > CAP:
            return False
        open_variable: Variable | None = None
        for formula, required in self.requirements:
            mask = possible(formula, self.chosen)
            if not mask & required:
                return False
            if mask & ~required and open_variable is None:
                open_variable = self._next(formula)
        if open_variable is None:
            return True
        for worth in self.domains.of(open_variable):
            self.chosen[open_variable] = worth
            if self.go():
                return True
            del self.chosen[open_variable]
            if self.tried > CAP:
                return False
        return False

    def _next(self, formula: Formula) -> Variable | None:
        """The first variable that is still open and whose value can matter."""
        test = pivot(formula, self.chosen)
        if test is None:
            return None
        return next((variable for variable in (*test.needs, test.variable) if variable not in self.chosen), None)
