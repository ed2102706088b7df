"""Acts that every procedure has, sent from the page of a case: saying, answering, deciding, handing over, noting."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwen.casework import access, handle
from shouwen.casework.access import Seen
from shouwen.console import case_page
from shouwen.console.case_page import Page, Problem
from shouwen.core.commands import BuiltIn
from shouwen.core.procedure import Field, Fill
from shouwen.web import case_acting, case_words, toasts
from shouwen.web.forms import read_post
from shouwen.web.forms.field import field_view
from shouwen.web.shown import hidden
from shouwen.web.staff import StaffRequest, staff

__all__ = ["case_also", "case_correct"]

#: what may be sent, and the values that each takes along
_VERBS: Mapping[str, tuple[str, ...]] = {
    "say": ("items",),
    "breach": ("item", "person"),
    "answer": ("ask", "answer", "skip"),
    "read": ("item",),
    "transfer": ("to",),
    "note": ("text",),
    "accept": (),
    "refuse_transfer": (),
    "approve": (),
    "return": (),
    "decline": (),
    "withdraw": (),
}
#: what was decided on the case as it was seen: if somebody was faster, he is asked again
_ON_SIGHT = frozenset({"transfer", "approve", "return", "decline", "withdraw"})
_LISTS = frozenset({"items"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def case_also(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Carries out a built-in act; refused, the page says why and keeps what was typed. Loaded again, it is the case."""
    seen = access.case(request.viewer, number)
    if seen is None or verb not in _VERBS:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(reverse("case", args=(number,)))
    post = request.POST
    command = BuiltIn(
        verb=verb,
        actor=request.viewer.code,
        target=str(post.get("target") or ""),
        values=_values(verb, post),
        reason=str(post.get("reason") or "").strip(),
        seen=bool(post.get("seen")),
        key=str(post.get("key") or "")[:64],
    )
    return _sent(request, seen, command, case_words.also(verb))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def case_correct(request: StaffRequest, number: str, path: str) -> HttpResponse:
    """One field that was filled wrongly, with what it should be and why; the old value stays in the history."""
    seen = access.case(request.viewer, number)
    field = seen.filed.law.procedure.fields.get(path) if seen else None
    if seen is None or field is None or path not in seen.filed.case.values or path.count(".") != 1:
        raise Http404
    if hidden(seen.filed.law.procedure, field, Page(request.viewer, seen).roles):
        raise Http404
    if request.method != "POST":
        return _correcting(request, seen, field, Page(request.viewer, seen))
    entered = read_post(seen.filed.law.procedure, (path,), request.POST)
    command = BuiltIn(
        verb="correct",
        actor=request.viewer.code,
        values=entered,
        reason=str(request.POST.get("reason") or "").strip(),
        key=str(request.POST.get("key") or "")[:64],
    )
    return _sent(request, seen, command, case_words.also("correct"), field)


def _sent(request: StaffRequest, seen: Seen, command: BuiltIn, words: str, field: Field | None = None) -> HttpResponse:
    raw = str(request.POST.get("version") or "")
    wanted = command.verb in _ON_SIGHT and raw.isdecimal() and len(raw) < 10
    answer = handle.act(seen.row.case_id, command, expected=int(raw) if wanted else None)
    if answer.done or (answer.since and command.key in answer.case.keys):
        if not answer.repeated:
            toasts.say(request, words)
        return HttpResponseRedirect(_back(request, reverse("case", args=(seen.row.number,))))
    again = access.case(request.viewer, seen.row.number)
    if again is None:
        raise Http404
    problem = Problem(
        refusal=answer.refusal, verb=command.verb, target=command.target, typed=request.POST, others=answer.since
    )
    if field is not None:
        return _correcting(request, again, field, Page(request.viewer, again, problem=problem))
    return case_page.answer(request, again, problem=problem, status=409 if answer.since else 422)


def _correcting(request: StaffRequest, seen: Seen, field: Field, page: Page) -> HttpResponse:
    setting = case_acting.setting(request.viewer, seen)
    typed: object = None
    if page.problem is not None:
        form, _, name = field.path.partition(".")
        typed = read_post(page.procedure, (field.path,), page.problem.typed).get(form, {}).get(name)
    view = field_view(
        page.procedure, field, Fill(path=field.path), setting, name=field.path if typed is not None else "", typed=typed
    )
    context = {"page": page, "procedure": page.procedure, "field": view, "key": uuid4().hex, "section": "cases"}
    status = 422 if page.problem is not None else 200
    return render(request, "console/case_correct.html", context, status=status)


def _values(verb: str, post: QueryDict) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in _VERBS[verb]:
        if name in _LISTS:
            found[name] = [str(text) for text in post.getlist(name)]
        elif raw := str(post.get(name) or "").strip():
            found[name] = raw
    return found


def _back(request: StaffRequest, page: str) -> str:
    wanted = str(request.POST.get("back") or "")
    return wanted if wanted.startswith(page) and "\\" not in wanted else page
