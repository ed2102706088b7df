"""Answering facts from the cases of a trial; what the script gives comes first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from shouwen.core import values
from shouwen.core.case import Case
from shouwen.core.facts import Question
from shouwen.core.values import Value

if TYPE_CHECKING:
    from shouwen.trial.shell import Shell

__all__ = ["answer"]

Columns = dict[str, Value]
_KINDS = {"int": "number", "moment": "moment", "date": "date", "bool": "bool", "texts": "texts", "money": "money"}


def answer(
    shell: Shell, asked: tuple[Question, ...], number: str, given: Mapping[str, Mapping[str, object]]
) -> dict[str, Columns]:
    """The answer to each question, by fact: counted from the other cases, then overlaid by what was given."""
    found: dict[str, Columns] = {}
    for question in asked:
        fact = question.fact
        counted = {} if question.open else _count(shell, question, number)
        typed = {
            column: values.read(_KINDS.get(kind, "text"), given[fact.id][column], shell.procedure.zone)
            for column, kind in fact.gives.items()
            if column in given.get(fact.id, {})
        }
        if counted or typed:
            found[fact.id] = {**counted, **typed}
    return found


def _count(shell: Shell, question: Question, number: str) -> Columns:
    fact = question.fact
    rows = _matching(shell, question, number)
    match fact.shape:
        case "tally":
            return {"count": len(rows), **_newest(fact.gives, rows)}
        case "last" | "linked":
            return {"found": bool(rows), **_newest(fact.gives, rows)}
        case "rows":
            return {column: tuple(row[column] for _, row in rows if column in row) for column in fact.gives}
        case "row":
            return {"found": False}
        case "members":
            return {"size": len(rows)}
        case "people":
            return {"people": shell.world.holders(fact.of)}
        case _:
            return {}


def _matching(shell: Shell, question: Question, number: str) -> list[tuple[Case, Columns]]:
    flow = question.fact.of or question.fact.flow
    found = []
    for case, row in shell.columns():
        if case.flow != flow or case.number == number:
            continue
        wanted = {**question.match, **question.fact.having}
        moment = row.get(question.fact.window.on) if question.fact.window else None
        when = moment if isinstance(moment, datetime) else case.opened
        recent = question.since is None or (when is not None and when >= question.since)
        if recent and all(row.get(column) == value for column, value in wanted.items()):
            found.append((case, row))
    return sorted(found, key=lambda pair: (str(pair[0].opened), pair[0].number))


def _newest(gives: Mapping[str, str], rows: list[tuple[Case, Columns]]) -> Columns:
    if not rows:
        return {}
    newest = rows[-1][1]
    return {column: newest[column] for column in gives if column in newest}
