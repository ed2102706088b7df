"""Roles: somebody can be in each, it is used, and none stands for itself."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check import show, walk
from shouwen.core.language.check.circles import circles
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Party, Role

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All roles."""
    roles = x.procedure.roles
    standing_in = {
        role.id: [*role.first_of, *role.any_of, *([role.otherwise] if role.otherwise else [])]
        for role in roles.values()
    }
    for circle in circles(standing_in):
        chain = " → ".join(roles[name].name for name in (*circle, circle[0]))
        x.found.problem(
            "role-circle",
            roles[circle[0]].place,
            f"角色互相代替，绕了一圈：{chain}",
            "去掉其中一个 otherwise、first_of 或 any_of",
            also=[roles[name].place for name in circle[1:]],
        )
    used = frozenset(_used(x))
    for role in roles.values():
        if role.id not in used:
            x.found.note("role-unused", role.place, f"{show.rule_name('role', role)}没有规则用到")
        elif not x.held(role.id):
            _unheld(x, role)
    _apart(x)


def _unheld(x: Examination, role: Role) -> None:
    acts = [f"“{rule.name}”" for rule in x.procedure.actions.values() if _only(x, rule.who, role)]
    held = x.procedure.authorities.values()
    granted = [f"“{rule.name}”" for rule in held if any(_only(x, (level.party,), role) for level in rule.levels)]
    lost = [f"没人能{verb}{show.listed(names)}" for verb, names in (("办", acts), ("批", granted)) if names]
    x.found.problem(
        "role-unheld",
        role.place,
        f"{show.rule_name('role', role)}在本组织无人担任{'：' if lost else ''}{'；'.join(lost)}",
        "派人担任它，或写 otherwise、first_of，说明由谁代替",
    )


def _only(x: Examination, parties: tuple[Party, ...], role: Role) -> bool:
    """Whether these parties mean this role, and no other that somebody holds."""
    named = {name for party in parties for name in x.reach.roles_of(party)}
    return role.id in named and not any(x.held(name) for name in named)


def _apart(x: Examination) -> None:
    """Two roles that one person must not combine, held by one and the same person."""
    for role in x.procedure.roles.values():
        for name in role.apart:
            if name == role.id:
                x.found.problem(
                    "nobody-left",
                    role.place,
                    f"“{role.name}”写了与自己分开（apart），没有人能办",
                    "apart 写另一个角色",
                    at="apart",
                )
                continue
            one, other = x.persons(role.id), x.persons(name)
            if one and other and len(one | other) == 1:
                x.found.problem(
                    "nobody-left",
                    role.place,
                    f"“{role.name}”与“{x.procedure.roles[name].name}”不得由同一人办，而两者都只有{show.listed(one)}一人担任",
                    "其中一个角色另派人",
                    at="apart",
                    also=[x.procedure.roles[name].place],
                )


def _used(x: Examination) -> Iterator[str]:
    """Roles that a rule names, other than by being one."""
    procedure = x.procedure
    yield from procedure.backdate_who
    for _, rule in walk.rules(procedure):
        for trail, thing in x.things(rule):
            if isinstance(thing, str) and thing in procedure.roles and trail[-1] not in ("id", "name"):
                yield thing
    for use in x.uses:
        source = use.condition.source.replace('"', "'")
        yield from (name for name in procedure.roles if f"'{name}'" in source)
