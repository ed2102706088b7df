"""An act on a case from its form to what becomes of it: what every face does with it before it draws its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpRequest, QueryDict

from shouwen.casework import handle, papers
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.handle import Answer
from shouwen.core import values
from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.events import Event
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Action, Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.web import case_acts, case_people, case_words, drawn, handed_in
from shouwen.web.case_doing import Doing, Typed, added, read
from shouwen.web.forms import Setting, act_form, offer_form

__all__ = [
    "carry_out",
    "doing",
    "happened",
    "may_backdate",
    "offered",
    "rule_of",
    "sent",
    "setting",
    "version_seen",
    "was_done",
]


def offered(viewer: Viewer, seen: Seen) -> tuple[Offer, ...]:
    """What the viewer may do."""
    return offers(seen.filed.law.procedure, seen.filed.case, viewer.code, viewer.at, seen.world)


def setting(viewer: Viewer, seen: Seen) -> Setting:
    """What a form of this case is drawn for."""
    procedure = seen.filed.law.procedure
    known = case_people.people(procedure, seen.world, viewer.organisation)
    return Setting(
        actor=case_people.actor(viewer, known),
        people=known,
        values=papers.values(seen.filed, seen.world, viewer.at),
        words=seen.world.words,
        at=viewer.at,
    )


def rule_of(seen: Seen, action: str) -> Action:
    """The act of this name in the case's flow; raises Http404."""
    rule = seen.filed.law.procedure.actions.get(action)
    if rule is None or rule.opens or rule.flow != seen.filed.case.flow:
        raise Http404
    return rule


def sent(viewer: Viewer, seen: Seen, rule: Action, request: HttpRequest) -> tuple[Typed, Refusal | None]:
    """What a form of this act brought, and why files that came with it cannot be kept. Those that can are kept at once
    if the act is open to the viewer: a file cannot be put back into a form, whatever becomes of the act."""
    procedure = seen.filed.law.procedure
    against = handed_in.against(procedure, request)
    post = request.POST if against else handed_in.named(procedure, request)
    typed = _unchanged_left_out(viewer, seen, rule, read(procedure, rule, post))
    if against is None and any(one.action == rule.id and not one.builtin for one in offered(viewer, seen)):
        handed_in.keep_files(procedure, request, seen.row.case_id, viewer)
    return typed, against


def carry_out(
    viewer: Viewer, seen: Seen, rule: Action, typed: Typed, *, request: HttpRequest, moment: datetime | None, place: str
) -> Answer:
    """The act, done if it is allowed; signatures drawn for it are kept with it."""
    command = Act(
        action=rule.id,
        actor=viewer.code,
        values=typed.entered,
        role=typed.role or None,
        present=_people(typed.extras),
        reason=str(typed.extras.get("reason", "")),
        seen=bool(typed.extras.get("seen")),
        happened=moment,
        key=typed.key,
    )
    answer = handle.act(seen.row.case_id, command, expected=version_seen(request.POST), draft=(viewer.code, place))
    if was_done(answer, typed.key):
        handed_in.keep_drawings(seen.filed.law.procedure, request, seen.row.case_id, viewer, typed.drawings)
    return answer


def was_done(answer: Answer, key: str) -> bool:
    """Whether the act took effect: now, or when it came the first time, though others have acted since."""
    return answer.done or bool(answer.since and key in answer.case.keys)


def doing(
    viewer: Viewer,
    seen: Seen,
    rule: Action,
    typed: Typed,
    *,
    address: str = "act",
    refusal: Refusal | None = None,
    others: tuple[Event, ...] = (),
    restored: datetime | None = None,
) -> Doing:
    """An act in progress: its form as the viewer fills it, or why it is not open to him. `address`: the url name of
    the face's page of an act."""
    procedure = seen.filed.law.procedure
    found = offered(viewer, seen)
    offer = next((one for one in found if one.action == rule.id and not one.builtin), None)
    form = None
    around = replace(
        setting(viewer, seen),
        entered=typed.entered,
        extras=typed.extras,
        drawings=typed.drawings,
        more=added(typed.more),
        refusal=refusal,
        backdate=may_backdate(procedure, rule, viewer, seen),
    )
    if offer is not None:
        form = offer_form(procedure, offer, around)
    elif typed.entered or others:
        form = act_form(procedure, rule, around)
    elif refusal is None:
        refused = decide(procedure, seen.filed.case, Act(action=rule.id, actor=viewer.code), viewer.at, seen.world)
        refusal = Refusal(reasons=refused.reasons) if isinstance(refused, Refusal) else None
    roles = _roles(procedure, rule, viewer, seen)
    ways = case_acts.ways_of(seen, found, address)
    return Doing(
        action=rule,
        form=form,
        refusal=refusal,
        version=seen.filed.case.seq,
        key=typed.key,
        href=drawn.address(address, seen.row.number, rule.id),
        draft_href=drawn.address(f"{address}_draft", seen.row.number, rule.id),
        restored=restored,
        roles=roles if len(roles) > 1 else (),
        role=typed.role or (offer.role if offer else ""),
        others=others,
        whys=tuple(case_acts.why(procedure, reason, ways) for reason in form.reasons) if form else (),
    )


def happened(procedure: Procedure, typed: Typed) -> datetime | Refusal | None:
    """When it really happened, if that was typed; a refusal if nobody can read it."""
    raw = str(typed.extras.get("happened", "")).strip()
    if not raw:
        return None
    try:
        found = values.read("moment", raw, procedure.zone)
    except values.Unreadable:
        found = None
    if isinstance(found, datetime):
        return found
    return Refusal(reasons=(Reason(code="unclear", text=case_words.unreadable_moment(raw)),))


def may_backdate(procedure: Procedure, rule: Action, viewer: Viewer, seen: Seen) -> bool:
    """Whether to ask when it really happened: where the act has no field of its own for it."""
    if rule.at is not None or not (rule.backdate or procedure.backdate):
        return False
    held = case_people.held_roles(seen.world, viewer.code)
    return not procedure.backdate_who or bool(held & set(procedure.backdate_who))


def version_seen(post: QueryDict) -> int | None:
    """The version of the case that the form was drawn from."""
    raw = str(post.get("version") or "")
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None


def _unchanged_left_out(viewer: Viewer, seen: Seen, rule: Action, typed: Typed) -> Typed:
    """A moment that stands as it was drawn is not entered again: the page shows minutes, the case knows more."""
    procedure = seen.filed.law.procedure
    blank = act_form(procedure, rule, setting(viewer, seen))
    shown = {one.path: one.value for section in blank.sections for one in section.fields if one.kind == "moment"}
    entered = {
        form: {name: raw for name, raw in fields.items() if not raw or shown.get(f"{form}.{name}") != raw}
        for form, fields in typed.entered.items()
    }
    return replace(typed, entered=entered)


def _roles(procedure: Procedure, rule: Action, viewer: Viewer, seen: Seen) -> tuple[tuple[str, str], ...]:
    """The roles in which he could do it, if there are several."""
    held = case_people.held_roles(seen.world, viewer.code)
    named = [party.role for party in rule.who if party.role in held]
    return tuple((role, procedure.roles[role].name) for role in dict.fromkeys(named) if role)


def _people(extras: Mapping[str, object]) -> tuple[str, ...]:
    present = extras.get("present", ())
    return tuple(str(code) for code in present) if isinstance(present, tuple) else ()
