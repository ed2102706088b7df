"""Clauses as they stand on a page: the short number, where the article is, what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwen.core.procedure import Procedure

__all__ = ["Cited", "anchor", "cited", "short", "stated"]

_LONGEST = 180


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A clause ready to be shown: number, anchor on the procedure's page, heading and prose."""

    clause: str
    number: str
    anchor: str
    heading: str = ""
    prose: str = ""

    @property
    def gist(self) -> str:
        """Heading and the beginning of the prose, for a glance."""
        words = re.sub(r"\s+", "", self.prose)
        words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}……"
        return "\n".join(part for part in (f"{self.number} {self.heading}".strip(), words) if part)


def short(procedure: Procedure, clause: str) -> str:
    """The clause without the procedure's own prefix."""
    return _short(procedure.id, clause)


def anchor(procedure: Procedure, clause: str) -> str:
    """The id of the article on the procedure's page: 4.4.1c.i is `c-4-4-1c-i`."""
    return _anchor(_short(procedure.id, clause))


def cited(procedure: Procedure, clause: str) -> Cited:
    """The clause with its text; one that the document does not state has its number alone."""
    excerpt = procedure.excerpts.get(clause) or procedure.excerpts.get(f"{procedure.id}.{clause}")
    heading, prose = (excerpt.heading, excerpt.prose) if excerpt else ("", "")
    return stated(procedure.id, clause, heading, prose)


def stated(procedure: str, clause: str, heading: str, prose: str) -> Cited:
    """A clause of the procedure (its id), given what it states."""
    number = _short(procedure, clause)
    return Cited(clause=clause, number=number, anchor=_anchor(number), heading=heading, prose=prose)


def _short(procedure: str, clause: str) -> str:
    return clause.removeprefix(f"{procedure}.")


def _anchor(number: str) -> str:
    return "c-" + re.sub(r"[^0-9A-Za-z]+", "-", number).strip("-")
