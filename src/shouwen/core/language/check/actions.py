"""Actions: somebody can take each, its needs can hold together, and what it offers instead is offered there."""

from __future__ import annotations

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import TRUE, Formula, Variable, Worth, possible, tests
from shouwen.core.language.check.producers import why_not_taken
from shouwen.core.language.check.reach import unless
from shouwen.core.procedure import Action, Need, Party

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All actions."""
    for action in x.procedure.actions.values():
        if action.reports:
            _reports(x, action)
        _same_person(x, action)
        for need in action.needs:
            _instead(x, action, need)


def _name(action: Action) -> str:
    return show.rule_name("action", action)


def impossible(x: Examination, action: Action) -> None:
    """Tell why nobody can ever take an action."""
    if not action.reports and (conflict := _conflict(x, action)):
        _contradiction(x, action, conflict)
        return
    code, at = "action-nobody", "who"
    if x.reach.able(action.who, action.flow):
        code, at = "action-never-offered", "when"
    x.found.problem(
        code,
        action.place,
        f"{_name(action)}{why_not_taken(x, action)}",
        "改正 who、in 或 when，使它至少在一种情形下有人能办",
        at=at,
    )


def _conflict(x: Examination, action: Action) -> tuple[Need, ...]:
    """A smallest set of needs of an act that can never hold together."""
    hard = [need for need in action.needs if need.otherwise in ("refuse", "record")]
    with x.reach.after(action):
        if not hard or not _contradict(x, action, hard):
            return ()
        for need in tuple(hard):
            fewer = [other for other in hard if other is not need]
            if fewer and _contradict(x, action, fewer):
                hard = fewer
    return tuple(hard)


def _contradict(x: Examination, action: Action, needs: list[Need]) -> bool:
    space = x.space()
    wanted = [(unless(space, need.when, need.that), TRUE) for need in needs]
    return x.searcher.find(wanted, flow=action.flow).none


def _contradiction(x: Examination, action: Action, needs: tuple[Need, ...]) -> None:
    conditions = [need.that.source for need in needs]
    if len(needs) == 1:
        message = f"{_name(action)}永远办不成：这一条 needs 不能成立：{conditions[0]}"
    else:
        message = f"{_name(action)}永远办不成：这 {len(needs)} 条 needs 不能同时成立：{'；'.join(conditions)}"
    x.found.problem(
        "needs-never-hold",
        needs[0].place or action.place,
        message,
        "改正其中一条，或给它们各写 when，说明各在什么情形下要求",
        also=[n.place for n in needs[1:] if n.place],
        example=_tried(x, action, needs),
    )


def _tried(x: Examination, action: Action, needs: tuple[Need, ...]) -> tuple[tuple[str, str], ...]:
    """If one name decides: each of its values, and the need that it fails."""
    space = x.space()
    with x.reach.after(action):
        formulas = [unless(space, need.when, need.that) for need in needs]
        asked = {test.variable: test for formula in formulas for test in tests(formula)}
        if len({variable.subject for variable in asked}) != 1 or len(asked) != 1:
            return tuple((f"要求 {place}", need.that.source) for place, need in enumerate(needs, 1))
        (variable,) = asked
        found = []
        for worth in x.searcher.values(formulas, variable, action.flow):
            failed = next((p for p, formula in enumerate(formulas) if _fails(formula, variable, worth)), None)
            if failed is not None:
                name, words = show.case_of(x.searcher.known, {variable: worth})[0]
                found.append((f"{name} = {words}", f"不满足 {needs[failed].that.source}"))
    return tuple(found)


def _fails(formula: Formula, variable: Variable, worth: Worth) -> bool:
    return not possible(formula, {variable: worth}) & TRUE


def _reports(x: Examination, action: Action) -> None:
    if action.needs:
        x.found.problem(
            "reports-with-needs",
            action.needs[0].place or action.place,
            f"{_name(action)}是如实记录已发生的事（reports），它的 needs 一条也不判",
            "违反规定的事也要能记下来：删去 needs，或删去 reports",
        )


def _instead(x: Examination, action: Action, need: Need) -> None:
    here = x.reach.steps_of(action)
    for name in need.instead:
        other = x.procedure.actions[name]
        if other.opens or action.opens or not here or not x.reach.may(other):
            continue
        if other.flow == action.flow and not here & x.reach.steps_of(other):
            mark = f"instead.{need.place}.{name}"
            if need.place and mark in x.told:
                continue
            x.told.add(mark)
            x.found.problem(
                "instead-not-offered",
                need.place or action.place,
                f"{_name(action)}被拒时指人去做“{other.name}”（{name}），但这些环节里没有它",
                f"给“{other.name}”的 in 加上这里的环节，或换一个能做的操作",
                at="instead",
                also=[other.place],
            )


def _same_person(x: Examination, action: Action) -> None:
    """An act kept from those who did another one, where both are for one and the same person."""
    own = _one_person(x, action.who)
    for name in action.excluded if own else ():
        other = x.procedure.actions[name]
        if _one_person(x, other.who) == own:
            x.found.problem(
                "nobody-left",
                action.place,
                f"{_name(action)}不许办过“{other.name}”的人办，而这两件事都只能由{own}一人办",
                "让另一个角色也能办其中一件，或删去 not",
                at="not",
                also=[other.place],
            )


def _one_person(x: Examination, who: tuple[Party, ...]) -> str:
    """The name of the only person who can be meant, or nothing."""
    roles = {role for party in who for role in x.reach.roles_of(party)}
    if len(roles) == 1:
        rule = x.procedure.roles[next(iter(roles))]
        item = x.procedure.fields.get(rule.named_by or "")
        if item and item.type == "person":
            return f"“{rule.name}”"
    held = [x.persons(role) for role in roles]
    if held and all(persons is not None for persons in held):
        everybody = frozenset[str]().union(*(persons for persons in held if persons))
        return f"“{next(iter(everybody))}”" if len(everybody) == 1 else ""
    return ""
