"""Judging one act: may it be done, by this person, now, with these values; and what it makes happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from shouwen.core import authority, circumstances, consequences, entries, needs, opening, rights, tables
from shouwen.core import events as e
from shouwen.core.commands import Act
from shouwen.core.entries import Entry
from shouwen.core.expression import Term
from shouwen.core.judged import Judged
from shouwen.core.persons import Standing
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import Actor, Scope
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Value

__all__ = ["act", "find_action", "finish", "learn", "take_effect"]


def find_action(procedure: Procedure, name: str) -> Action | None:
    """The action of this id; `open FLOW` is the first action that opens that flow."""
    if name.startswith("open "):
        flow = name.removeprefix("open ").strip()
        return next((action for action in procedure.actions.values() if action.opens == flow), None)
    return procedure.actions.get(name)


def act(sitting: Sitting, action: Action, command: Act) -> Refusal | None:
    """Do an act: the events go into the sitting, or a refusal comes back and nothing has happened."""
    judged = Judged()
    sitting.number = command.number
    if action.opens and sitting.case.step:
        judged.reasons.append(Reason(code="already-open", text=phrase("“{name}”只能用来开新案", name=action.name)))
        return judged.refusal()
    if not action.opens and not sitting.case.step:
        judged.reasons.append(Reason(code="no-case", text=phrase("还没有案件，不能“{name}”", name=action.name)))
        return judged.refusal()
    own = rights.who(sitting, action, command, judged)
    entry = entries.read(sitting, action, command.values, own.role if own else "")
    judged.reasons += entry.reasons
    happened = entry.values.get(action.at or "")
    if isinstance(happened, datetime):
        sitting.moment = happened.astimezone(sitting.procedure.zone)
        command = replace(command, happened=happened)
    circumstances.circumstances(sitting, action, command, judged)
    sitting.actor = Actor(command.actor, own.role if own else "", command.present)
    if own is not None:
        rights.rows_allowed(sitting, action, command, entry, judged)
    moments = _moments(action, entry)
    for moment in moments.values():
        judged.reasons += circumstances.late(sitting, action, moment, command.actor)
    event = _event(sitting, action, command, entry, own or Standing("", False, ()))
    event = replace(event, moments=moments) if moments else event
    return _try(sitting, action, command, event, entry, judged)


def _moments(action: Action, entry: Entry) -> dict[str, datetime]:
    """When it happened to each row, where a column of the rows tells."""
    owner, _, column = (action.at or "").rpartition(".")
    lines = entry.rows.get(owner, {})
    return {item: moment for item, line in lines.items() if isinstance(moment := line.get(column), datetime)}


def _try(
    sitting: Sitting, action: Action, command: Act, event: e.ActDone, entry: Entry, judged: Judged
) -> Refusal | None:
    """Judge the act on the case as it would be after it; keep that case if nothing stands against it."""
    kept = sitting.kept()
    for fact, columns in command.answers.items():
        learn(sitting, fact, columns)
    if action.opens:
        opening.opened(sitting, sitting.procedure.flows[action.opens], command.number, command.actor, ())
    computed = {path: value for path, value in event.values.items() if _computed(sitting, path)}
    if computed:
        event = replace(event, values={p: v for p, v in event.values.items() if p not in computed})
    take_effect(sitting, action, event)
    scope = sitting.scope(acting=True)
    _as_computed(sitting, computed, scope, judged)
    judged.missing += entries.missing(sitting, action, entry, scope)
    if not action.reports:
        needs.failing(sitting, action, command, scope, judged)
        needs.before_opening(sitting, action, command, scope, judged)
    if not judged.passed:
        sitting.back_to(kept)
        judged.missing = [
            lost
            for lost in judged.missing
            if lost.path not in entry.unfit and (event.role or not _fills_itself(sitting, lost.path))
        ]
        return judged.refusal()
    rule = authority.must_ask(sitting, action, scope, sitting.actor)
    if rule is not None:
        sitting.back_to(kept)
        for fact, columns in command.answers.items():
            learn(sitting, fact, columns)
        return authority.ask(sitting, rule, action, event, scope, judged.clauses, tuple(judged.excused))
    judged.clauses += authority.passed(sitting, action, scope, sitting.actor)
    _cite(sitting, event, judged)
    finish(sitting, action)
    return None


def _fills_itself(sitting: Sitting, path: str) -> bool:
    """Whether the right person's act would fill it: who must not act need not be told of it."""
    return bool(sitting.procedure.fields[path].auto or sitting.procedure.fields[path].sign_by)


def take_effect(sitting: Sitting, action: Action, event: e.ActDone) -> None:
    """The act itself: its event, what it sets, the tables judged again, and those that it decides."""
    sitting.emit(event)
    tables.judge_tables(sitting)
    if action.sets:
        once = [sitting.scope(acting=True)]
        for scope in needs.rows_done(sitting, action) if _of_rows(sitting, action.sets) else once:
            consequences.fill(sitting, action.sets, scope, f"act.{action.id}", action.clauses)
        tables.judge_tables(sitting)
    _decide_tables(sitting, action)


def finish(sitting: Sitting, action: Action) -> None:
    """What follows from an act: its consequences in written order, then all that follows from them."""
    for it in action.do:
        once = [sitting.scope(acting=True)]
        for scope in needs.rows_done(sitting, action) if consequences.of_row(it) else once:
            consequences.carry_out(sitting, (it,), scope, f"act.{action.id}")
    settle(sitting)


def _of_rows(sitting: Sitting, sets: Mapping[str, Term]) -> bool:
    """Whether these are values of a row, or for one."""
    owners = any(path.rpartition(".")[0] in sitting.procedure.fields for path in sets)
    return owners or any(name.startswith("this.") for term in sets.values() for name in term.names)


def _event(sitting: Sitting, action: Action, command: Act, entry: Entry, right: Standing) -> e.ActDone:
    scope = sitting.scope(acting=True)
    entries.complete(sitting, action, entry, command.actor, right, scope)
    values = {**_unsigned(sitting, action), **command.given, **entry.values}
    return e.ActDone(
        at=sitting.at,
        happened=sitting.moment,
        action=action.id,
        actor=command.actor,
        role=right.role,
        deputy=right.deputy,
        values=values,
        rows=_with_keys(sitting, entry),
        present=command.present,
        items=entries.items_of(sitting, action, entry),
        clauses=unique(action.clauses, right.clauses, tuple(entry.clauses)),
    )


def _unsigned(sitting: Sitting, action: Action) -> dict[str, Value]:
    """Signatures that the act could give stand empty until it gives them: one of an earlier round covers nothing."""
    fields = sitting.procedure.fields
    paths = (fill.path for fill in action.fills if fields[fill.path].type == "signature")
    return {path: "" for path in paths if path in sitting.case.values}


def _with_keys(sitting: Sitting, entry: Entry) -> dict[str, dict[str, dict[str, Value]]]:
    """Rows with the key in its own column."""
    rows: dict[str, dict[str, dict[str, Value]]] = {}
    for path, lines in entry.rows.items():
        key = sitting.procedure.fields[path].key
        rows[path] = {item: ({key: item, **line} if key else dict(line)) for item, line in lines.items()}
    return rows


def _computed(sitting: Sitting, path: str) -> bool:
    return sitting.procedure.fields[path].computed is not None


def _as_computed(sitting: Sitting, entered: Mapping[str, Value], scope: Scope, judged: Judged) -> None:
    """What was entered into a computed field must be what is computed."""
    for path, value in entered.items():
        should = scope.field(path)
        if should is not None and should != value:
            rule = sitting.procedure.fields[path]
            hits = [event.clauses for event in sitting.events if isinstance(event, e.TableJudged)]
            text = phrase(
                "“{name}”按规程应为“{should}”，不能填“{value}”", name=rule.name, should=str(should), value=str(value)
            )
            judged.reasons.append(Reason(code="not-as-computed", text=text, clauses=unique(rule.clauses, *hits)))


def learn(sitting: Sitting, fact: str, columns: Mapping[str, Value]) -> None:
    """The answer to a fact enters as an event."""
    rule = sitting.procedure.facts.get(fact)
    if rule is not None:
        sitting.emit(
            e.FactLearned(at=sitting.at, happened=sitting.moment, fact=fact, columns=columns, clauses=rule.clauses)
        )


def _decide_tables(sitting: Sitting, action: Action) -> None:
    """A person confirms: the tables that this act decides stand from now on."""
    for table in sitting.procedure.tables.values():
        if action.id not in table.decided_by:
            continue
        columns = sitting.case.tables.get(table.id, {})
        if columns and columns != sitting.case.decided.get(table.id):
            judged = [ev for ev in sitting.events if isinstance(ev, e.TableJudged) and ev.table == table.id]
            sitting.emit(
                e.TableDecided(
                    at=sitting.at,
                    happened=sitting.moment,
                    table=table.id,
                    columns=columns,
                    actor=sitting.actor.person if sitting.actor else "",
                    clauses=judged[-1].clauses if judged else table.clauses,
                )
            )


def _cite(sitting: Sitting, event: e.ActDone, judged: Judged) -> None:
    """The act's event carries the clauses of everything that it passed."""
    place = max(i for i, ev in enumerate(sitting.events) if isinstance(ev, e.ActDone))
    done = sitting.events[place]
    assert isinstance(done, e.ActDone)
    sitting.events[place] = replace(
        done, clauses=unique(done.clauses, tuple(judged.clauses)), excused=tuple(judged.excused)
    )
