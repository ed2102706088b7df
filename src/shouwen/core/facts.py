"""Facts from outside: what is asked for an act, with the values that must match; answering is the shell's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shouwen.core import calendar, entries
from shouwen.core import events as e
from shouwen.core.case import Case, evolve
from shouwen.core.clock import span_of
from shouwen.core.commands import Act
from shouwen.core.index import index_of
from shouwen.core.judge import find_action
from shouwen.core.procedure import Action, Fact, Procedure
from shouwen.core.scope import Actor, Scope
from shouwen.core.sitting import Sitting
from shouwen.core.values import Unknown, Value
from shouwen.core.world import World

__all__ = ["Question", "asked_by", "columns", "questions"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: the fact's rule, equal columns with their values, and the window (None: all time)."""

    fact: Fact
    match: Mapping[str, Value]
    since: datetime | None = None
    #: columns that could not be matched because their value is not known: the answer is then unknown
    open: tuple[str, ...] = field(default=())


def asked_by(procedure: Procedure, action: Action) -> tuple[Fact, ...]:
    """The facts to ask before this act: those that name it, and those that its conditions read."""
    return index_of(procedure).facts_for(action)


def questions(procedure: Procedure, case: Case, command: Act, at: datetime, world: World) -> tuple[Question, ...]:
    """What must be asked for this command, judged on the values that it enters."""
    action = find_action(procedure, command.action)
    facts = asked_by(procedure, action) if action else ()
    if not facts or action is None:
        return ()
    scope = _draft(procedure, case, command, action, at, world)
    return tuple(_question(fact, scope, world, at) for fact in facts)


def columns(procedure: Procedure, case: Case, world: World) -> dict[str, Value]:
    """What lists and facts of other cases may read of a case: its flow's exported columns and its own basics."""
    scope = Scope(procedure, case, world, case)
    found: dict[str, Value] = {"case": case.number, "no": case.number, "step": case.step}
    for name, expression in procedure.flows[case.flow].columns.items():
        value = expression.evaluate(scope)
        if not isinstance(value, Unknown):
            found[name] = value
    return found


def _draft(procedure: Procedure, case: Case, command: Act, action: Action, at: datetime, world: World) -> Scope:
    """The names as they would be with what the command enters."""
    local = at.astimezone(procedure.zone)
    sitting = Sitting(procedure, world, case, case, local, command.happened or local, Actor(command.actor))
    entry = entries.read(sitting, action, command.values, "")
    values = {path: value for path, value in entry.values.items() if procedure.fields[path].computed is None}
    done = e.ActDone(
        at=local,
        happened=sitting.moment,
        action=action.id,
        actor=command.actor,
        role="",
        values={**command.given, **values},
        rows=entry.rows,
    )
    return Scope(procedure, evolve(case, done), world, case, sitting.moment, sitting.actor)


def _question(fact: Fact, scope: Scope, world: World, at: datetime) -> Question:
    known: dict[str, Value] = {}
    lost = []
    for column, expression in fact.match.items():
        value = expression.evaluate(scope)
        if isinstance(value, Unknown):
            lost.append(column)
        else:
            known[column] = value
    source = fact.window.last if fact.window else None
    last = span_of(source, scope) if source else None
    since = calendar.before(world.calendar, at, last).moment if last else None
    return Question(fact=fact, match=known, since=since, open=tuple(lost))
