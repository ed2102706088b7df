"""Every threshold as the sentence it makes, for the manager to confirm that `>` is not `>=`."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check import show, walk
from shouwen.core.language.check import tree as t
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.terms import constant
from shouwen.core.procedure import Procedure

__all__ = ["prove", "sentence"]

_WORDS = {">=": "达到或超过", ">": "超过", "<": "低于", "<=": "不超过"}
_FLIPPED = {">=": "<=", ">": "<", "<": ">", "<=": ">="}


def prove(x: Examination) -> None:
    """All comparisons with a number in all conditions."""
    kinds = {id(rule): kind for kind, rule in walk.rules(x.procedure)}
    for use in x.uses:
        if "." in use.rule.id:
            continue  # a task that another rule brings along: told there
        tree = x.searcher.known.tree(use.condition)
        for comparison in _comparisons(tree) if tree else ():
            if said := sentence(x, comparison):
                x.found.note("threshold", use.place, f"{show.rule_name(kinds[id(use.rule)], use.rule)}：{said}")


def _comparisons(tree: t.Tree) -> Iterator[t.Binary]:
    for part in t.walk(tree):
        if isinstance(part, t.Binary) and part.sign in _WORDS:
            yield part


def sentence(x: Examination, comparison: t.Binary) -> str | None:
    """A comparison with a number in words; None if neither side is one."""
    sign, term, bound = comparison.sign, comparison.left, comparison.right
    if constant(term, x.searcher.known) is not None:
        sign, term, bound = _FLIPPED[sign], bound, term
    worth = constant(bound, x.searcher.known)
    if constant(term, x.searcher.known) is not None or not isinstance(worth, int):
        return None
    return f"{show.term(x.procedure, term)}{_WORDS[sign]}{_bound(x.procedure, term, bound, worth)}"


def _bound(procedure: Procedure, term: t.Tree, bound: t.Tree, worth: int) -> str:
    match bound:
        case t.Name(text) if text in procedure.figures:
            return f"{procedure.figures[text].name}（{show.figure_value(procedure, text, worth)}）"
        case t.Call("rank", _, (_, t.Literal(word))):
            return f"“{word}”"
        case t.Literal():
            return show.amount(procedure, term.text, worth)
        case _:
            return f"{show.term(procedure, bound)}（{show.amount(procedure, term.text, worth)}）"
