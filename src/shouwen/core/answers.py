"""What was found made into the answer of a fact: the same for every shell that keeps cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shouwen.core import calendar
from shouwen.core.case import Case
from shouwen.core.clock import span_of
from shouwen.core.facts import Question
from shouwen.core.procedure import Fact, Procedure
from shouwen.core.scope import Scope
from shouwen.core.values import Value
from shouwen.core.world import World

__all__ = ["Columns", "Found", "answer"]

Columns = dict[str, Value]
_SUMMED = ("int", "money")


@dataclass(frozen=True)
class Found:
    """Something that matches: when it was (None: not dated) and its columns."""

    moment: datetime | None
    columns: Columns = field(default_factory=dict)


def answer(procedure: Procedure, question: Question, found: Sequence[Found], world: World, at: datetime) -> Columns:
    """The columns that a fact gives from what has its key columns, oldest first."""
    fact = question.fact
    recent = [one for one in found if _recent(one, question.since)]
    match fact.shape:
        case "tally":
            windows = _windows(procedure, question, found, world, at)
            return {"count": len(recent), **_newest(fact, recent), **_sums(fact, recent), **windows}
        case "last" | "linked" | "row":
            return {"found": bool(recent), **_newest(fact, recent)}
        case "rows":
            newest = recent[-fact.at_most :]
            return {
                column: tuple(one.columns for one in newest)
                if kind == "rows"
                else tuple(one.columns[column] for one in newest if column in one.columns)
                for column, kind in fact.gives.items()
            }
        case "members":
            return {"size": len(recent)}
        case "people":
            return {"people": world.holders(fact.of)}
        case _:
            return {}


def _recent(found: Found, since: datetime | None, until: datetime | None = None) -> bool:
    if since is None:
        return True
    return found.moment is not None and found.moment >= since and (until is None or found.moment < until)


def _newest(fact: Fact, found: Sequence[Found]) -> Columns:
    if not found:
        return {}
    newest = found[-1].columns
    return {column: newest[column] for column in fact.gives if column in newest}


def _sums(fact: Fact, found: Sequence[Found]) -> Columns:
    """Amounts and numbers of a tally are summed up."""
    columns = [column for column, kind in fact.gives.items() if kind in _SUMMED and column != "count"]
    return {c: sum(v for one in found if isinstance(v := one.columns.get(c), int)) for c in columns if "count" not in c}


def _windows(procedure: Procedure, question: Question, found: Sequence[Found], world: World, at: datetime) -> Columns:
    """Windows one after another, backwards from now: `count_1` is the newest."""
    window = question.fact.window
    blank = Case()
    span = span_of(window.each, Scope(procedure, blank, world, blank, at)) if window and window.each else None
    if window is None or span is None:
        return {}
    until, counts = at, dict[str, Value]()
    for place in range(window.times):
        since = calendar.before(world.calendar, until, span).moment
        counts[f"count_{place + 1}"] = len([one for one in found if _recent(one, since, None if place == 0 else until)])
        until = since
    return counts
