"""The names that rules read: those after whose change a rule is read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shouwen.core.expression import Term
from shouwen.core.procedure import (
    ClockSpan,
    Consequence,
    FieldSpan,
    FigureSpan,
    Party,
    Recurrence,
    SpanSource,
    TableSpan,
)

__all__ = ["of", "of_span"]


def of_span(span: SpanSource | Recurrence | None) -> Iterator[str]:
    """The names behind a span."""
    match span:
        case FigureSpan(name) | TableSpan(name) | FieldSpan(name) | ClockSpan(figure=name):
            yield name
        case _:
            return


def of(
    terms: Iterable[Term | None], parties: Iterable[Party] = (), consequences: Iterable[Consequence] = ()
) -> set[str]:
    """The names that conditions, parties and the conditions of consequences read."""
    found = {name for term in terms if term for name in term.names}
    for party in parties:
        found |= {name for term in (party.unit, party.when) if term for name in term.names}
        found |= {party.table} if party.table else set()
    for consequence in consequences:
        own = (consequence.when, consequence.case, consequence.key, *consequence.values.values())
        found |= of(own, consequence.parties)
    return found
