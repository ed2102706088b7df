"""The people whom a form of a case may name, with their posts in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shouwen.casework.access import Seen, Viewer
from shouwen.core.procedure import Procedure
from shouwen.core.sitting import Sitting, persons
from shouwen.core.world import CUSTOMER, World
from shouwen.organisation.state import Organisation
from shouwen.web.forms import Person
from shouwen.web.phrases import several
from shouwen.web.sentences import role_label

__all__ = ["actor", "behind", "called", "held_roles", "holders", "names", "people"]


def people(procedure: Procedure, world: World, organisation: Organisation) -> tuple[Person, ...]:
    """Everybody who holds a role in the cases of a unit, in the order of their names."""
    roles: dict[str, dict[str, None]] = {}
    posts: dict[str, dict[str, None]] = {}
    for held in world.holdings:
        if held.role not in procedure.roles or held.person == CUSTOMER:
            continue
        roles.setdefault(held.person, {})[held.role] = None
        label = role_label(procedure, f"{held.role}@{held.unit}" if held.unit else held.role)
        posts.setdefault(held.person, {})[label + (_("（代）") if held.deputy else "")] = None
    found = [
        Person(code=code, name=organisation.called(code), roles=tuple(held), post=_("、").join(posts[code]))
        for code, held in roles.items()
    ]
    return tuple(sorted(found, key=lambda person: (person.name, person.code)))


def actor(viewer: Viewer, known: tuple[Person, ...]) -> Person:
    """The viewer himself, as a form names him."""
    own = next((person for person in known if person.code == viewer.code), None)
    return own or Person(code=viewer.code, name=viewer.person.name)


def names(organisation: Organisation) -> Mapping[str, str]:
    """Person code → name; the customer of a case has none of his own here."""
    return {**{code: person.name for code, person in organisation.people.items()}, CUSTOMER: _("客户本人")}


def held_roles(world: World, person: str) -> frozenset[str]:
    """The roles that a person holds in the cases of this world."""
    return frozenset(held.role for held in world.held_by(person))


def called(procedure: Procedure, organisation: Organisation, label: str) -> str:
    """A person by name, a role or role@unit in words."""
    if label in organisation.people:
        return organisation.called(label)
    if label == CUSTOMER:
        return _("客户本人")
    return role_label(procedure, label) if label else ""


def behind(viewer: Viewer, seen: Seen, label: str) -> str:
    """Who is behind a role or role@unit in this case now: their names, at most three; '' for a person."""
    procedure, organisation = seen.filed.law.procedure, viewer.organisation
    role, _, unit = label.partition("@")
    if label in organisation.people or role not in procedure.roles:
        return ""
    case, local = seen.filed.case, viewer.at.astimezone(procedure.zone)
    sitting = Sitting(procedure, seen.world, case, case, local, local)
    held = persons(sitting, role, unit or None, sitting.scope())
    return _some(organisation, held)


def holders(procedure: Procedure, world: World, organisation: Organisation, label: str) -> str:
    """As `behind`, for lists, without reading the case: roles that its fields name stay without a name."""
    role, _, unit = label.partition("@")
    if label in organisation.people or role not in procedure.roles:
        return ""
    return _some(organisation, world.holders(role, unit or None))


def _some(organisation: Organisation, held: tuple[str, ...]) -> str:
    held = tuple(person for person in held if person != CUSTOMER)
    found = _("、").join(organisation.called(person) for person in held[:3])
    return several("{found}等{n}人", len(held), found=found) if len(held) > 3 else found
