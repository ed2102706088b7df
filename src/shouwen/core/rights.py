"""Whose act it is: by role, in this row, with those who must be there too."""

from __future__ import annotations

from collections.abc import Mapping

from shouwen.core import entries, persons
from shouwen.core.commands import Act
from shouwen.core.entries import Entry
from shouwen.core.judged import Judged
from shouwen.core.persons import Standing
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action
from shouwen.core.reason import Reason
from shouwen.core.scope import Actor, Scope, holds, rows_of, truth
from shouwen.core.sitting import Sitting, roles_of, unique
from shouwen.core.values import Value

__all__ = ["keys", "right", "rows_allowed", "who"]


def who(sitting: Sitting, action: Action, command: Act, judged: Judged) -> Standing | None:
    sitting.actor = Actor(command.actor, command.role or "", command.present)
    scope = sitting.scope(acting=True)
    own = right(sitting, action, command, scope)
    if own is None:
        roles, clauses = _who_may(sitting, action, command, scope)
        names = joined(sitting.procedure.roles[role].name for role in roles)
        text = phrase("“{name}”由{names}办", name=action.name, names=names or phrase("他人"))
        if action.personally and persons.standing(sitting, command.actor, action.who, scope):
            text = phrase("“{name}”须{names}本人亲自办，不得代理", name=action.name, names=names)
        judged.reasons.append(Reason(code="not-yours", text=text, clauses=clauses, who=roles))
    judged.reasons += persons.reasons_against(sitting, action, command.actor, own)
    judged.clauses += list(own.clauses) if own else []
    _together(sitting, action, command, scope, judged)
    return own


def _who_may(sitting: Sitting, action: Action, command: Act, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that may do the act (on the rows named), and the clauses that say so."""
    rows = _possible_rows(sitting, action, scope, keys(sitting, action, command)) if action.each else []
    scopes = [scope.on(item, row) for item, row in rows] or [scope]
    named = [found for here in scopes for found in roles_of(sitting, action.who, here)]
    roles = tuple(dict.fromkeys(role for role, _, _ in named)) or persons.role_names(sitting, action.who, scope)
    said = [party for party in action.who if any(holds(party.when, here) for here in scopes)] or action.who
    return roles, unique(*(party.clauses for party in said)) or action.clauses


def right(sitting: Sitting, action: Action, command: Act, scope: Scope) -> Standing | None:
    """The right to do the act: on some row of those it could be about, if it has rows."""
    own = persons.allowed(sitting, action, command.actor, scope, command.role)
    if own or not action.each:
        return own
    wanted = keys(sitting, action, command)
    for item, row in _possible_rows(sitting, action, scope, wanted):
        own = persons.allowed(sitting, action, command.actor, scope.on(item, row), command.role)
        if own:
            return own
    return None


def rows_allowed(sitting: Sitting, action: Action, command: Act, entry: Entry, judged: Judged) -> None:
    """Rows of other units are not this person's."""
    if not action.each:
        return
    scope, items = sitting.scope(acting=True), entries.items_of(sitting, action, entry)
    for item, row in _possible_rows(sitting, action, scope, items):
        if item in items and not persons.allowed(sitting, action, command.actor, scope.on(item, row), command.role):
            roles = persons.role_names(sitting, action.who, scope.on(item, row))
            clauses = unique(*(party.clauses for party in action.who)) or action.clauses
            judged.reasons.append(
                Reason(
                    code="not-your-row",
                    text=phrase("“{item}”不由您办理“{name}”", item=item, name=action.name),
                    clauses=clauses,
                    who=roles,
                )
            )


def _together(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """Everybody who must be there is there, himself; nobody counts twice."""
    people = [command.actor, *command.present]
    for party in action.together:
        rows = _possible_rows(sitting, action, scope, keys(sitting, action, command)) if action.each else [("", None)]
        for item, row in rows:
            here = scope.on(item, row) if action.each else scope
            if truth(party.when, here) is not True:
                continue
            rights = [persons.standing(sitting, person, (party,), here) for person in people[1:]]
            if not any(right and not right.deputy for right in rights):
                name = sitting.procedure.roles[party.role].name if party.role else ""
                judged.reasons.append(
                    Reason(
                        code="not-present",
                        text=phrase("“{name}”须{name2}本人一同到场", name=action.name, name2=name),
                        who=(party.role or "",),
                        clauses=unique(party.clauses, action.clauses),
                    )
                )
            else:
                judged.clauses += party.clauses


def _possible_rows(
    sitting: Sitting, action: Action, scope: Scope, wanted: tuple[str, ...]
) -> list[tuple[str, Mapping[str, Value] | None]]:
    rows = dict(rows_of(scope, action.each)) if sitting.case.step else {}
    rule = sitting.procedure.fields.get(action.each or "")
    key = rule.key if rule and rule.key else "item"
    named = {item: rows.get(item) or {"item": item, key: item} for item in wanted}
    return list((named or rows).items())


def keys(sitting: Sitting, action: Action, command: Act) -> tuple[str, ...]:
    """The keys of the rows that were entered, before anything is typed."""
    found = []
    for form, fields in entries.by_form(command.values):
        for name, raw in fields.items():
            rule = sitting.procedure.fields.get(f"{form}.{name}")
            lines = [raw] if isinstance(raw, Mapping) else raw if isinstance(raw, list | tuple) else []
            if rule and rule.key:
                keyed = [line for line in lines if isinstance(line, Mapping) and rule.key in line]
                found += [entries.key_of(line[rule.key]) for line in keyed]
    return tuple(dict.fromkeys(found))
