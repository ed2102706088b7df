"""Answering facts from the cases and registers of a trial; what the script gives comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from shouwen.core import answers, measure, values
from shouwen.core.case import Case, Mark
from shouwen.core.facts import Question
from shouwen.core.procedure import Fact, Field
from shouwen.core.values import Value

if TYPE_CHECKING:
    from shouwen.trial.shell import Shell

__all__ = ["answer"]

Columns = dict[str, Value]
#: something that matches: its case (none: a row of a register), when it was, and its columns
Found = tuple[Case | None, datetime | None, Columns]
_KINDS = {"int": "number", "moment": "moment", "date": "date", "bool": "bool", "texts": "texts", "money": "money"}


def answer(
    shell: Shell, asked: tuple[Question, ...], number: str, given: Mapping[str, Mapping[str, object]], at: datetime
) -> dict[str, Columns]:
    """The answer to each question, by fact: from the other cases and the registers, then overlaid by what was given."""
    found: dict[str, Columns] = {}
    for question in asked:
        fact = question.fact
        counted = {} if question.open else _answer(shell, question, number, at)
        typed = {
            column: _typed(shell, fact, kind, given[fact.id][column])
            for column, kind in fact.gives.items()
            if column in given.get(fact.id, {})
        }
        if counted or typed:
            found[fact.id] = {**counted, **typed}
    return found


def _typed(shell: Shell, fact: Fact, kind: str, written: object) -> Value:
    """What a script gives for a column; whole lines by the types of their register."""
    if kind != "rows":
        return values.read(_KINDS.get(kind, "text"), written, shell.procedure.zone)
    form = shell.procedure.forms.get(fact.of)
    fields = form.fields if form else {}
    lines = [line for line in written if isinstance(line, Mapping)] if isinstance(written, list | tuple) else []
    return tuple({name: _of_field(shell, fields.get(name), raw) for name, raw in line.items()} for line in lines)


def _of_field(shell: Shell, rule: Field | None, raw: object) -> Value:
    zone = shell.procedure.zone
    return values.read(rule.type, raw, zone, scale=rule.scale) if rule else values.read("text", raw, zone)


def _equals(value: Value | None, wanted: Value) -> bool:
    """A column equals what is wanted, or one of the words of a list."""
    return value in wanted if isinstance(wanted, tuple) and not isinstance(value, tuple) else value == wanted


def _answer(shell: Shell, question: Question, number: str, at: datetime) -> Columns:
    fact = question.fact
    if fact.shape == "figures":
        return _figure(shell, fact, at)
    matching = [] if fact.shape == "people" else _matching(shell, question, number)
    found = [answers.Found(moment, row) for _, moment, row in matching]
    return answers.answer(shell.procedure, question, found, shell.world, at)


def _matching(shell: Shell, question: Question, number: str) -> list[Found]:
    """What has the wanted columns, oldest first; the case that asks counts only where the fact says so."""
    fact = question.fact
    wanted = {**question.match, **fact.having}
    found = [
        (case, moment, row)
        for case, moment, row in _sources(shell, fact, number)
        if (case is None or case.number != number or not fact.before)
        and all(_equals(row.get(column), value) for column, value in wanted.items())
    ]
    return sorted(found, key=lambda one: (str(one[1]), one[0].number if one[0] else ""))


def _sources(shell: Shell, fact: Fact, number: str) -> Iterator[Found]:
    """What is asked: rows of a register, linked cases, or cases with their acts, entries, papers and tasks."""
    rule = shell.procedure.forms.get(fact.of)
    if rule is not None and rule.register:
        for line in shell.registers.get(fact.of, ()):
            yield None, _moment(line.get(fact.window.on)) if fact.window else None, dict(line)
        return
    bound = shell.cases[number].case.links.get(fact.of, ()) if fact.shape == "linked" and number else None
    for case, row in shell.columns():
        if bound is not None:
            if case.number in bound:
                yield case, case.opened, row
        elif fact.of in shell.procedure.postings:
            for entry in case.posted.values():
                if entry.posting == fact.of:
                    own: Columns = {"amount": entry.amount, "debit": entry.debit, "credit": entry.credit}
                    yield case, entry.happened, {**row, **own}
        elif fact.of in shell.procedure.actions:
            for mark in _marks(case, f"act.{fact.of}"):
                yield case, mark.happened, row
        elif fact.of in shell.procedure.tasks:
            for mark in _marks(case, f"task.{fact.of}.begun"):
                yield case, mark.happened, row
        elif case.flow == (fact.of or fact.flow) or fact.of in case.issued:
            yield case, _moment(row.get(fact.window.on)) or case.opened if fact.window else case.opened, row


def _marks(case: Case, name: str) -> tuple[Mark, ...]:
    return case.marks.get(name, ())


def _moment(value: Value | None) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _figure(shell: Shell, fact: Fact, at: datetime) -> Columns:
    """A measure of the newest closed month."""
    cases = tuple((filed.case, tuple(filed.events)) for filed in shell.cases.values())
    rule = shell.procedure.measures[fact.of]
    period = measure.last_closed(shell.procedure, rule, at, shell.world)
    return measure.columns(fact, measure.evaluate(shell.procedure, rule, cases, shell.world, at, period))
