"""What may be done now, as buttons: for what, until when, why not yet and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from shouwen.casework.access import Seen, Viewer
from shouwen.core.case import Case
from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.index import index_of
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Action, Procedure, Task
from shouwen.core.reason import Reason, Refusal
from shouwen.web import drawn
from shouwen.web.case_limits import Limit
from shouwen.web.phrases import translated

__all__ = ["ActView", "Acts", "WhyNot", "acts", "discharged_by", "ways_of", "why"]

#: so many acts stand side by side without being told apart
FEW = 4
_LAST = datetime.max.replace(tzinfo=UTC)
#: reasons that will pass: what stands in the way is told, with what would help
_PASSING = frozenset({"blocked", "too-early"})


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """A reason against an act now; `ways`: acts that would help, with their addresses ('' if not open to him)."""

    text: str
    clauses: tuple[str, ...]
    who: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ActView:
    """An act: open to the viewer, or not yet (`whys`)."""

    action: str
    name: str
    href: str
    clauses: tuple[str, ...]
    limits: tuple[Limit, ...] = ()
    items: tuple[str, ...] = ()
    missing: int = 0
    whys: tuple[WhyNot, ...] = ()
    #: its place among the acts that end the same limit, as the regulation names them
    place: int = 0
    #: may be done in any step: not what this one is about
    always: bool = False

    @property
    def due(self) -> datetime:
        """When the first of what it discharges is due."""
        return min((one.deadline.due or _LAST for one in self.limits), default=_LAST)


@dataclass(frozen=True, kw_only=True)
class Acts:
    """`now`: what may be done, what is owed first; `later`: what may not be done yet; `builtin`: decisions that wait
    for the viewer."""

    now: tuple[ActView, ...]
    later: tuple[ActView, ...]
    builtin: tuple[Offer, ...]
    offers: tuple[Offer, ...]

    @property
    def first(self) -> tuple[ActView, ...]:
        """What this step is about, or all if that is little."""
        return self.now if self._few else tuple(one for one in self.now if not one.always)

    @property
    def any_time(self) -> tuple[ActView, ...]:
        """What may be done in any step, kept out of the way where there is more."""
        return () if self._few else tuple(one for one in self.now if one.always)

    @property
    def _few(self) -> bool:
        return len(self.now) <= FEW

    def offer(self, action: str) -> Offer | None:
        """The offer of an action, if it is open to the viewer."""
        return next((one for one in self.offers if one.action == action and not one.builtin), None)


def acts(viewer: Viewer, seen: Seen, limits: Iterable[Limit], address: str = "act") -> Acts:
    """Everything that the viewer may do, and what of his own must wait. `address`: the url name of an act's page."""
    procedure, case = seen.filed.law.procedure, seen.filed.case
    found = offers(procedure, case, viewer.code, viewer.at, seen.world)
    own = [one for one in found if not one.builtin]
    ways = ways_of(seen, own, address)
    owed = [one for one in limits if one.open]
    views = [_view(procedure, seen, offer, owed, ways, address) for offer in own]
    # Of what ends the same limit, that which ends more stands first, then what the regulation names first.
    now = sorted(
        (one for one in views if not one.whys),
        key=lambda one: (not one.limits, one.due, -len(one.limits), one.place, one.always),
    )
    later = [one for one in views if one.whys]
    offered = {one.action for one in own}
    for action in procedure.actions.values():
        if (
            action.id not in offered
            and _stands_here(procedure, action, case.flow, case.step)
            and _held_up(procedure, case, action)
        ):
            later += _waiting(viewer, seen, action, ways, address)
    return Acts(
        now=tuple(now), later=tuple(later), builtin=tuple(one for one in found if one.builtin), offers=tuple(found)
    )


def ways_of(seen: Seen, own: Iterable[Offer], address: str = "act") -> dict[str, str]:
    """The acts that are open now: action → address."""
    return {
        one.action: drawn.address(address, seen.row.number, one.action)
        for one in own
        if not one.builtin and not one.unmet
    }


def discharged_by(procedure: Procedure, action: Action, task: str) -> bool:
    """Whether an act ends a task: itself, by a paper that it issues, or by a field that it fills."""
    issues = {it.target for it in action.do if it.verb == "issue"}
    brings = {
        f"act.{action.id}",
        *(f"form.{form}.issued" for form in issues),
        *(f"field.{fill.path}" for fill in action.fills),
    }
    rule = procedure.tasks[task]
    return bool(brings & {*rule.done_any, *rule.done_all})


def _view(
    procedure: Procedure, seen: Seen, offer: Offer, owed: list[Limit], ways: dict[str, str], address: str
) -> ActView:
    action = procedure.actions[offer.action]
    ends = [one for one in owed if discharged_by(procedure, action, one.deadline.task)]
    if offer.items:
        ends = [one for one in ends if one.deadline.item in ("", *offer.items)]
    return ActView(
        action=offer.action,
        name=translated(offer.name),
        href=drawn.address(address, seen.row.number, offer.action),
        clauses=offer.clauses,
        limits=tuple(ends),
        items=offer.items,
        missing=len(offer.missing),
        whys=tuple(why(procedure, reason, ways) for reason in offer.unmet),
        place=min((_place(procedure.tasks[one.deadline.task], action.id) for one in ends), default=0),
        always=not action.steps and not ends,
    )


def _place(task: Task, action: str) -> int:
    """Where an act stands among those that end a task; the last place for what ends it by a paper or a field."""
    named = (*task.done_any, *task.done_all)
    return named.index(f"act.{action}") if f"act.{action}" in named else len(named)


def _waiting(viewer: Viewer, seen: Seen, action: Action, ways: dict[str, str], address: str) -> list[ActView]:
    """An act of the viewer's that other things stand before; nothing if it is not his or not of this moment."""
    procedure = seen.filed.law.procedure
    asked = Act(action=action.id, actor=viewer.code)
    judged = decide(procedure, seen.filed.case, asked, viewer.at, seen.world)
    if not isinstance(judged, Refusal) or not judged.reasons:
        return []
    against = [reason for reason in judged.reasons if reason.code in _PASSING]
    if not against or len(against) < len([r for r in judged.reasons if r.code not in ("need", "reason-needed")]):
        return []
    whys = tuple(why(procedure, reason, ways) for reason in against)
    href = drawn.address(address, seen.row.number, action.id)
    return [ActView(action=action.id, name=action.name, href=href, clauses=action.clauses, whys=whys)]


def why(procedure: Procedure, reason: Reason, ways: Mapping[str, str]) -> WhyNot:
    """A reason in words, with what would help."""
    return WhyNot(
        text=translated(reason.text),
        clauses=reason.clauses,
        # Who must be there too is no one who might do it instead.
        who=tuple(
            procedure.roles[role].name
            for role in reason.who
            if role in procedure.roles and reason.code != "not-present"
        ),
        ways=tuple(
            (_called(procedure, procedure.actions[act], act in ways), ways.get(act, ""))
            for act in reason.instead
            if act in procedure.actions
        ),
    )


def _held_up(procedure: Procedure, case: Case, action: Action) -> bool:
    """Whether an open task stands before the act, or its own time has not come: only then is it judged as a whole."""
    waits = (
        task
        for task in procedure.tasks.values()
        if task.wait and f"act.{action.id}" in (*task.done_any, *task.done_all)
    )
    before = (*index_of(procedure).blockers.get(action.id, ()), *waits)
    return any(state.state == "open" for task in before for state in case.tasks.get(task.id, {}).values())


def _called(procedure: Procedure, action: Action, mine: bool) -> str:
    """An act by name; one that is not open to the viewer with those who may do it."""
    roles = [procedure.roles[party.role].name for party in action.who if party.role]
    return (
        action.name
        if mine or not roles
        else _("{name}（{names}）").format(name=action.name, names=_("、").join(dict.fromkeys(roles)))
    )


def _stands_here(procedure: Procedure, action: Action, flow: str, step: str) -> bool:
    if action.opens or action.flow != flow:
        return False
    return step in action.steps if action.steps else not procedure.flows[flow].steps[step].end
