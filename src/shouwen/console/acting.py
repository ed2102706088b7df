"""Doing something with a case: the form of an act, what was typed into it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.casework import access, drafts, handle
from shouwen.casework.access import Seen, Viewer
from shouwen.console import case_page
from shouwen.console.staff import StaffRequest, staff
from shouwen.core import values
from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.events import Event
from shouwen.core.procedure import Action, Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.web import case_acts, case_people, case_words, handed_in, toasts
from shouwen.web.case_doing import Doing, Typed, added, as_typed, blank, read
from shouwen.web.forms import act_form, offer_form

__all__ = ["act", "act_draft", "kept"]

#: controls that belong to the page, not to what was typed
_OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "key", "version", "discard", "add-row", "drop-row"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """The form of an act within the page of its case; sent, the act is done or refused with all that was typed."""
    viewer = request.viewer
    seen = _seen(viewer, number)
    rule = _rule(seen, action)
    place = drafts.of_act(seen.row.case_id, action)
    if request.method != "POST":
        draft = drafts.find(viewer.code, place)
        post = as_typed(draft.values) if draft else _given(rule, request.GET)
        typed = read(seen.filed.law.procedure, rule, post) if post else blank()
        doing = _doing(viewer, seen, rule, typed, restored=draft.saved_at if draft else None)
        return case_page.answer(request, seen, doing=doing)
    procedure = seen.filed.law.procedure
    against = handed_in.against(procedure, request)
    post = request.POST if against else handed_in.named(procedure, request)
    typed = _unchanged_left_out(viewer, seen, rule, read(procedure, rule, post))
    if against:
        return case_page.answer(request, seen, doing=_doing(viewer, seen, rule, typed, refusal=against), status=422)
    if any(one.action == rule.id and not one.builtin for one in case_page.offered(viewer, seen)):
        # A file cannot be put back into a form: whatever becomes of the act, it is kept.
        handed_in.keep_files(procedure, request, seen.row.case_id, viewer)
    if typed.more:
        return case_page.answer(request, seen, doing=_doing(viewer, seen, rule, typed))
    return _act(request, seen, rule, typed, place)


@require_POST
@staff
def act_draft(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """Keeps what is typed; `discard` forgets it."""
    seen = _seen(request.viewer, number)
    rule = _rule(seen, action)
    place = drafts.of_act(seen.row.case_id, action)
    return kept(request, place, reverse("act", args=(number, rule.id)))


def _act(request: StaffRequest, seen: Seen, rule: Action, typed: Typed, place: str) -> HttpResponse:
    viewer, procedure = request.viewer, seen.filed.law.procedure
    moment = _happened(procedure, typed)
    if isinstance(moment, Refusal):
        doing = _doing(viewer, seen, rule, typed, refusal=moment)
        return case_page.answer(request, seen, doing=doing, status=422)
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
    answer = handle.act(seen.row.case_id, command, expected=_version(request.POST), draft=(viewer.code, place))
    if answer.done or (answer.since and typed.key in answer.case.keys):
        handed_in.keep_drawings(procedure, request, seen.row.case_id, viewer, typed.drawings)
        if not answer.repeated:
            toasts.say(request, case_words.brought(procedure, rule.name, answer.events))
        return HttpResponseRedirect(reverse("case", args=(seen.row.number,)))
    again = _seen(viewer, seen.row.number)
    doing = _doing(viewer, again, rule, typed, refusal=answer.refusal, others=answer.since)
    return case_page.answer(request, again, doing=doing, status=409 if answer.since else 422)


def kept(request: StaffRequest, place: str, back: str) -> HttpResponse:
    """Keep or forget a draft; the browser's script wants no page, a button pressed wants the form again."""
    if request.POST.get("discard"):
        drafts.drop(request.viewer.code, place)
        toasts.say(request, "草稿已丢弃")
        return HttpResponseRedirect(back)
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in _OF_THE_PAGE}
    stored = drafts.keep(request.viewer.code, place, typed, request.viewer.at)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204 if stored else 413)
    toasts.say(request, "草稿已存" if stored else "内容太长，草稿没有存上", state="done" if stored else "late")
    return HttpResponseRedirect(back)


def _doing(
    viewer: Viewer,
    seen: Seen,
    rule: Action,
    typed: Typed,
    *,
    refusal: Refusal | None = None,
    others: tuple[Event, ...] = (),
    restored: datetime | None = None,
) -> Doing:
    procedure = seen.filed.law.procedure
    found = case_page.offered(viewer, seen)
    offer = next((one for one in found if one.action == rule.id and not one.builtin), None)
    form = None
    setting = case_page.setting(viewer, seen)
    setting = replace(
        setting,
        entered=typed.entered,
        extras=typed.extras,
        drawings=typed.drawings,
        more=added(typed.more),
        refusal=refusal,
        backdate=_may_backdate(procedure, rule, viewer, seen),
    )
    if offer is not None:
        form = offer_form(procedure, offer, setting)
    elif typed.entered or others:
        form = act_form(procedure, rule, setting)
    elif refusal is None:
        refused = decide(procedure, seen.filed.case, Act(action=rule.id, actor=viewer.code), viewer.at, seen.world)
        refusal = Refusal(reasons=refused.reasons) if isinstance(refused, Refusal) else None
    roles = _roles(procedure, rule, viewer, seen)
    ways = case_acts.ways_of(seen, found)
    return Doing(
        action=rule,
        form=form,
        refusal=refusal,
        version=seen.filed.case.seq,
        key=typed.key,
        href=reverse("act", args=(seen.row.number, rule.id)),
        draft_href=reverse("act_draft", args=(seen.row.number, rule.id)),
        restored=restored,
        roles=roles if len(roles) > 1 else (),
        role=typed.role or (offer.role if offer else ""),
        others=others,
        whys=tuple(case_acts.why(procedure, reason, ways) for reason in form.reasons) if form else (),
    )


def _seen(viewer: Viewer, number: str) -> Seen:
    seen = access.case(viewer, number)
    if seen is None:
        raise Http404
    return seen


def _rule(seen: Seen, action: str) -> Action:
    rule = seen.filed.law.procedure.actions.get(action)
    if rule is None or rule.opens or rule.flow != seen.filed.case.flow:
        raise Http404
    return rule


def _given(rule: Action, asked: QueryDict) -> QueryDict:
    """What a link brings along: controls of this form by their names."""
    paths = tuple(fill.path for fill in rule.fills)
    return as_typed({name: asked.getlist(name) for name in asked if name.startswith(paths)}) if paths else as_typed({})


def _unchanged_left_out(viewer: Viewer, seen: Seen, rule: Action, typed: Typed) -> Typed:
    """A moment that stands as it was drawn is not entered again: the page shows minutes, the case knows more."""
    procedure = seen.filed.law.procedure
    drawn = act_form(procedure, rule, case_page.setting(viewer, seen))
    shown = {one.path: one.value for section in drawn.sections for one in section.fields if one.kind == "moment"}
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


def _may_backdate(procedure: Procedure, rule: Action, viewer: Viewer, seen: Seen) -> bool:
    """Whether to ask when it really happened: where the act has no field of its own for it."""
    if rule.at is not None or not (rule.backdate or procedure.backdate):
        return False
    held = case_people.held_roles(seen.world, viewer.code)
    return not procedure.backdate_who or bool(held & set(procedure.backdate_who))


def _happened(procedure: Procedure, typed: Typed) -> datetime | Refusal | None:
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


def _people(extras: Mapping[str, object]) -> tuple[str, ...]:
    present = extras.get("present", ())
    return tuple(str(code) for code in present) if isinstance(present, tuple) else ()


def _version(post: QueryDict) -> int | None:
    raw = str(post.get("version") or "")
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None
