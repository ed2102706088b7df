"""Who may: whether a person holds a role in a case, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.case import Case
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Action, Party
from shouwen.core.reason import Reason
from shouwen.core.scope import Scope
from shouwen.core.sitting import Sitting, persons, roles_of, unique

__all__ = ["Standing", "allowed", "apart", "meant", "outside", "reasons_against", "role_names", "standing"]


#: how somebody must hold a role to act in it, by what it says of deputies
_MAY = {"appointed": {"", "appointed"}, "none": {""}}


@dataclass(frozen=True)
class Standing:
    """The right by which somebody acts: the role, whether as a deputy, and the clauses that give it."""

    role: str
    deputy: bool
    clauses: tuple[str, ...]


def standing(
    sitting: Sitting, person: str, parties: tuple[Party, ...], scope: Scope, *, preferred: str | None = None
) -> Standing | None:
    """The first of these parties that the person belongs to (in the preferred role only), himself before as a deputy;
    or None."""
    found = []
    for party in parties:
        for role, unit, cited in roles_of(sitting, (party,), scope):
            deputy = None if preferred and role != preferred else _holds(sitting, person, role, unit, scope)
            if deputy is False:
                return Standing(role, deputy, cited)
            if deputy:
                found.append(Standing(role, deputy, cited))
    return found[0] if found else None


def allowed(sitting: Sitting, action: Action, person: str, scope: Scope, preferred: str | None) -> Standing | None:
    """The right by which a person may do an action (of this row, if it has rows), or None."""
    right = standing(sitting, person, action.who, scope, preferred=preferred)
    return None if right and right.deputy and action.personally else right


def reasons_against(sitting: Sitting, action: Action, person: str, right: Standing | None) -> list[Reason]:
    """Why this person must not, though the role may: people who acted before, roles kept apart."""
    case, found = sitting.case, []
    for other in action.excluded:
        if person in _doers(case, other):
            name = sitting.procedure.actions[other].name
            found.append(
                Reason(
                    code="same-person",
                    text=phrase("办过“{name}”的人不得再办“{name2}”", name=name, name2=action.name),
                    clauses=action.clauses,
                )
            )
    if right:
        found += apart(sitting, person, right.role)
    return found


def meant(sitting: Sitting, person: str, label: str, scope: Scope) -> bool:
    """Whether a label (role, or role@unit) means this person."""
    role, _, unit = label.partition("@")
    return role in sitting.procedure.roles and _holds(sitting, person, role, unit or None, scope) is not None


def role_names(sitting: Sitting, parties: tuple[Party, ...], scope: Scope) -> tuple[str, ...]:
    """The roles that may, for a refusal; conditions that are not known count as met."""
    now = [role for role, _, _ in roles_of(sitting, parties, scope)]
    return tuple(dict.fromkeys(now or [party.role for party in parties if party.role]))


def outside(sitting: Sitting, role: str) -> bool:
    """Whether people who are not of the organisation stand in this role."""
    rule = sitting.procedure.roles[role]
    return rule.outside or any(outside(sitting, other) for other in (*rule.any_of, *rule.first_of))


def _doers(case: Case, action: str) -> set[str]:
    return {mark.actor for mark in case.marks.get(f"act.{action}", ())}


def apart(sitting: Sitting, person: str, role: str) -> list[Reason]:
    """Why a person must not act in this role: he has acted in one that is kept apart from it."""
    names = [
        sitting.procedure.roles[other].name
        for other in sitting.index.apart[role]
        for mark in sitting.case.marks.get(f"role.{other}", ())
        if mark.actor == person
    ]
    clauses = unique(sitting.procedure.roles[role].clauses)
    return [
        Reason(
            code="roles-apart",
            text=phrase("本案中已以“{name}”身份办过事，不得再以此身份办", name=name),
            clauses=clauses,
        )
        for name in dict.fromkeys(names)
    ]


def _holds(sitting: Sitting, person: str, role: str, unit: str | None, scope: Scope) -> bool | None:
    """None: does not hold the role in this case; else whether only as a deputy."""
    kinds = _kinds(sitting, person, role, unit, scope)
    return "" not in kinds if kinds else None


def _kinds(sitting: Sitting, person: str, role: str, unit: str | None, scope: Scope) -> set[str]:
    """How a person holds a role in this case: '' himself, else as which deputy, if the role lets him; empty: not."""
    asked = (person, role, unit)
    if asked not in scope.held:
        scope.held[asked] = _kinds_now(sitting, person, role, unit, scope)
    return scope.held[asked]


def _kinds_now(sitting: Sitting, person: str, role: str, unit: str | None, scope: Scope) -> set[str]:
    rule = sitting.procedure.roles[role]
    others = [other for other in rule.first_of if persons(sitting, other, unit, scope)][:1] or list(rule.any_of)
    if rule.named_by and scope.field(rule.named_by):
        kinds = {""} if person in persons(sitting, role, unit, scope) else set()
    elif rule.named_by or others or (rule.otherwise and not sitting.world.holders(role, unit)):
        others = others if others and not rule.named_by else [rule.otherwise] if rule.otherwise else []
        kinds = {kind for other in others for kind in _kinds(sitting, person, other, unit, scope)}
    else:
        kinds = {
            holding.deputy
            for holding in sitting.world.held_by(person)
            if holding.role == role and (unit is None or holding.unit is None or holding.unit == unit)
        }
    return kinds if rule.deputies == "any" else kinds & _MAY[rule.deputies]
