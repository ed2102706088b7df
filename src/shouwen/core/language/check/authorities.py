"""Authorities: whatever exceeds what one may do alone has a level that can decide it, and each level is reached."""

from __future__ import annotations

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import FALSE, NOT_TRUE, TRUE
from shouwen.core.language.check.search import Requirement
from shouwen.core.procedure import Action, Authority, Level, Party

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All authorities that hold acts back; a mere line above decides nothing."""
    for authority in x.procedure.authorities.values():
        for level in authority.levels:
            _level(x, authority, level)
        for name in authority.over:
            action = x.procedure.actions[name]
            if x.reach.may(action):
                _decided(x, authority, action)
                _by_another(x, authority, action)


def _name(authority: Authority) -> str:
    return show.rule_name("authority", authority)


def _decided(x: Examination, authority: Authority, action: Action) -> None:
    """For each role that may ask: no case is beyond what it may alone and without a level."""
    for role in x.reach.able(action.who, action.flow):
        wanted = _beyond(x, authority, role)
        if wanted is None:
            continue
        space = x.space()
        levels = [level.party.when for level in authority.levels]
        if any(when is None for when in levels):
            continue
        wanted += [(space.of(when), FALSE) for when in levels]
        answer = x.searcher.find(wanted, flow=authority.flow, filled=True)
        if answer.case is None:
            continue
        example = show.case_of(x.searcher.known, answer.case)
        words = "，".join(f"{show.label(x.procedure, name)}：{value}" for name, value in example) or "任何情形"
        x.found.problem(
            "authority-no-level",
            authority.place,
            f"{_name(authority)}：{x.procedure.roles[role].name}办“{action.name}”时，{words}超出他能单独决定的范围，却没有一级可批",
            "给这种情形写一级 levels，或放宽最后一级的 when",
            at="levels" if authority.levels else "alone",
            also=[action.place],
            example=example,
        )
        return


def _beyond(x: Examination, authority: Authority, role: str) -> list[Requirement] | None:
    """That an act needs the authority and exceeds what this role may alone; None if it never does."""
    space = x.space()
    wanted: list[Requirement] = [(space.of(authority.when), TRUE)] if authority.when else []
    for party in authority.alone:
        if role in x.reach.roles_of(party):
            if party.when is None:
                return None
            wanted.append((space.of(party.when), FALSE))
    return wanted


def _level(x: Examination, authority: Authority, level: Level) -> None:
    if level.party.when is None or not authority.over:
        return
    space = x.space()
    own: list[Requirement] = [(space.of(level.party.when), TRUE)]
    asking = [x.procedure.actions[name] for name in authority.over]
    askers = {role for action in asking for role in x.reach.able(action.who, action.flow)}
    cases = [beyond for role in askers if (beyond := _beyond(x, authority, role)) is not None]
    if cases and all(x.searcher.find([*own, *_loose(case)], flow=authority.flow).none for case in cases):
        x.found.problem(
            "authority-level-unreached",
            authority.place,
            f"{_name(authority)}的一级“{level.id}”轮不到：条件 {level.party.when.source} 与要审批的情形不能同时成立",
            "改正这一级的 when，或删去这一级",
            at=level.id,
        )


def _loose(wanted: list[Requirement]) -> list[Requirement]:
    """The same with the unknown counted as beyond."""
    return [(formula, mask if mask == TRUE else NOT_TRUE) for formula, mask in wanted]


def _by_another(x: Examination, authority: Authority, action: Action) -> None:
    """The asker never decides: where only he could, nobody can."""
    asking = {role for party in action.who for role in x.reach.roles_of(party)}
    for level in authority.levels:
        deciding = set(x.reach.roles_of(level.party))
        if not deciding or not deciding <= asking or len(asking) != 1:
            continue
        (role,) = asking
        if _is_one(x, role, level.party):
            x.found.problem(
                "authority-only-asker",
                authority.place,
                f"{_name(authority)}的一级“{level.id}”没人能批：只有“{x.procedure.roles[role].name}”可批，"
                f"而“{action.name}”正是他提出的，提出的人不得批自己的",
                "让另一个角色来批，或让另一个角色来办",
                at=level.id,
                also=[action.place],
            )
        else:
            x.found.note(
                "authority-only-asker",
                authority.place,
                f"{_name(authority)}的一级“{level.id}”与提出人同为“{x.procedure.roles[role].name}”：须由另一人批，请确认这个角色不止一人",
                at=level.id,
            )


def _is_one(x: Examination, role: str, party: Party) -> bool:
    """Whether a role is certainly a single person."""
    rule = x.procedure.roles[role]
    item = x.procedure.fields.get(rule.named_by or "")
    persons = x.persons(role)
    return bool(item and item.type == "person") or (persons is not None and len(persons) == 1 and party.unit is None)
