"""What can be proved of a compiled procedure without running it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from shouwen.core.language.check import (
    actions,
    authorities,
    coverage,
    facts,
    fields,
    figures,
    growth,
    guides,
    money,
    roles,
    steps,
    tables,
    tasks,
    texts,
    thresholds,
    triggers,
)
from shouwen.core.language.check.examination import Holders, examine
from shouwen.core.language.check.search import CAP
from shouwen.core.language.problems import Note, Problem
from shouwen.core.procedure import Procedure

__all__ = ["prove"]

_PROOFS = (
    steps,
    tasks,
    actions,
    fields,
    tables,
    authorities,
    facts,
    triggers,
    figures,
    roles,
    texts,
    guides,
    money,
    thresholds,
)


def prove(
    procedure: Procedure,
    *,
    holders: Holders | None = None,
    catalogue: Iterable[str] | None = None,
    cited: Collection[str] | None = None,
    documents: Mapping[str, str] | None = None,
) -> tuple[tuple[Problem, ...], tuple[Note, ...], Mapping[str, str]]:
    """Problems, notes for the manager, and how each clause stands (rule, untested, shown, none).

    `holders`: role → who holds it in the organisation; `catalogue`: all clauses that the regulation has; `cited`:
    clauses that the examples' decisions cite; `documents`: their text, for exact lines and excerpts.
    """
    x = examine(procedure, holders, documents)
    growth.grow(x)
    for proof in _PROOFS:
        proof.prove(x)
    clauses = coverage.prove(x, catalogue, cited)
    if x.searcher.capped:
        x.found.note(
            "check-limited",
            next(iter(procedure.flows.values())).place if procedure.flows else "",
            f"有 {x.searcher.capped} 处情形太多，各试过 {CAP} 种后停下：那里没有报出的问题不等于没有",
        )
    return x.found.in_order(), tuple(x.found.notes), clauses
