"""Doing something with a case: the form of an act, what was typed into it, and what becomes of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.casework import access, drafts
from shouwen.casework.access import Seen, Viewer
from shouwen.console import case_page
from shouwen.core.procedure import Action
from shouwen.core.reason import Refusal
from shouwen.web import case_acting, case_words, toasts
from shouwen.web.case_doing import Typed, as_typed, blank, read
from shouwen.web.staff import StaffRequest, staff

__all__ = ["act", "act_draft", "kept"]

#: controls that belong to the page, not to what was typed
_OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "key", "version", "discard", "add-row", "drop-row"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """The form of an act within the page of its case; sent, the act is done or refused with all that was typed."""
    viewer = request.viewer
    seen = _seen(viewer, number)
    rule = case_acting.rule_of(seen, action)
    place = drafts.of_act(seen.row.case_id, action)
    if request.method != "POST":
        draft = drafts.find(viewer.code, place)
        post = as_typed(draft.values) if draft else _given(rule, request.GET)
        typed = read(seen.filed.law.procedure, rule, post) if post else blank()
        doing = case_acting.doing(viewer, seen, rule, typed, restored=draft.saved_at if draft else None)
        return case_page.answer(request, seen, doing=doing)
    typed, against = case_acting.sent(viewer, seen, rule, request)
    if against:
        doing = case_acting.doing(viewer, seen, rule, typed, refusal=against)
        return case_page.answer(request, seen, doing=doing, status=422)
    if typed.more:
        return case_page.answer(request, seen, doing=case_acting.doing(viewer, seen, rule, typed))
    return _act(request, seen, rule, typed, place)


@require_POST
@staff
def act_draft(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """Keeps what is typed; `discard` forgets it."""
    seen = _seen(request.viewer, number)
    rule = case_acting.rule_of(seen, action)
    place = drafts.of_act(seen.row.case_id, action)
    return kept(request, place, reverse("act", args=(number, rule.id)))


def _act(request: StaffRequest, seen: Seen, rule: Action, typed: Typed, place: str) -> HttpResponse:
    viewer, procedure = request.viewer, seen.filed.law.procedure
    moment = case_acting.happened(procedure, typed)
    if isinstance(moment, Refusal):
        doing = case_acting.doing(viewer, seen, rule, typed, refusal=moment)
        return case_page.answer(request, seen, doing=doing, status=422)
    answer = case_acting.carry_out(viewer, seen, rule, typed, request=request, moment=moment, place=place)
    if case_acting.was_done(answer, typed.key):
        if not answer.repeated:
            toasts.say(request, case_words.brought(procedure, rule.name, answer.events))
        return HttpResponseRedirect(reverse("case", args=(seen.row.number,)))
    again = _seen(viewer, seen.row.number)
    doing = case_acting.doing(viewer, again, rule, typed, refusal=answer.refusal, others=answer.since)
    return case_page.answer(request, again, doing=doing, status=409 if answer.since else 422)


def kept(request: StaffRequest, place: str, back: str) -> HttpResponse:
    """Keep or forget a draft; the browser's script wants no page, a button pressed wants the form again."""
    if request.POST.get("discard"):
        drafts.drop(request.viewer.code, place)
        toasts.say(request, _("草稿已丢弃"))
        return HttpResponseRedirect(back)
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in _OF_THE_PAGE}
    stored = drafts.keep(request.viewer.code, place, typed, request.viewer.at)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204 if stored else 413)
    toasts.say(request, _("草稿已存") if stored else _("内容太长，草稿没有存上"), state="done" if stored else "late")
    return HttpResponseRedirect(back)


def _seen(viewer: Viewer, number: str) -> Seen:
    seen = access.case(viewer, number)
    if seen is None:
        raise Http404
    return seen


def _given(rule: Action, asked: QueryDict) -> QueryDict:
    """What a link brings along: controls of this form by their names."""
    paths = tuple(fill.path for fill in rule.fills)
    return as_typed({name: asked.getlist(name) for name in asked if name.startswith(paths)}) if paths else as_typed({})
