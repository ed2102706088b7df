"""Guided diagnosis: one question a page, large answers, the way back, and what its conclusion leads to. Every answer is
an act on the case, so it goes on on another day and another telephone."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwen.accounts.limits import TooMany
from shouwen.casework import handle
from shouwen.core.commands import BuiltIn
from shouwen.core.reason import Refusal
from shouwen.core.world import CUSTOMER
from shouwen.portal.case_page import CasePage
from shouwen.portal.reporting import KEY
from shouwen.portal.visitor import count_once, own_case, visitor
from shouwen.web.case_guides import Given, Walk

__all__ = ["guide"]


@require_http_methods(["GET", "HEAD", "POST"])
@visitor
def guide(request: HttpRequest, number: str, guide: str) -> HttpResponse:
    """The question whose turn it is; `ask`: an earlier one, to be answered anew."""
    page = CasePage(*own_case(request, number))
    walk = _walk(page, guide)
    if request.method != "POST":
        return _page(request, page, walk, again=str(request.GET.get("ask") or ""))
    post = request.POST
    ask, reason, key = str(post.get("ask") or ""), str(post.get("reason") or "").strip(), str(post.get("key") or "")
    try:
        count_once(request, "act", number)
    except TooMany as many:
        return _page(request, page, walk, again=ask, reason=reason, wait=many.minutes, status=429)
    answered = {"skip": "yes"} if post.get("skip") else {"answer": str(post.get("answer") or "")}
    command = BuiltIn(
        verb="answer",
        actor=CUSTOMER,
        target=walk.guide.id,
        values={"ask": ask, **answered},
        reason=reason[:200],
        seen=bool(post.get("seen")),
        key=f"portal:{key}" if KEY.fullmatch(key) else "",
    )
    answer = handle.act(page.seen.row.case_id, command)
    if answer.done:
        return HttpResponseRedirect(reverse("portal:guide", args=(number, walk.guide.id)))
    fresh = CasePage(*own_case(request, number))
    return _page(request, fresh, _walk(fresh, guide), again=ask, reason=reason, refusal=answer.refusal, status=422)


def _page(
    request: HttpRequest,
    page: CasePage,
    walk: Walk,
    *,
    again: str = "",
    reason: str = "",
    refusal: Refusal | None = None,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    given = _given(walk, again)
    before = walk.path[-1] if walk.path else None
    context = {
        "page": page,
        "procedure": page.procedure,
        "walk": walk,
        "given": given,
        "before": before,
        "refusal": refusal,
        "reason": reason,
        "key": uuid4().hex,
        "wait": wait,
        "ways": {one.action: one.href for one in page.acts_now},
        "asks": len(walk.guide.asks),
    }
    return render(request, "portal/guide.html", context, status=status)


def _walk(page: CasePage, guide: str) -> Walk:
    found = next((walk for walk in page.walks if walk.guide.id == guide), None)
    if found is None:
        raise Http404
    return found


def _given(walk: Walk, again: str) -> Given | None:
    """An answer that is to be changed, if it may be."""
    return next((one for one in walk.path if one.ask.id == again and one.changeable), None)
