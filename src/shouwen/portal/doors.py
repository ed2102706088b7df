"""Being let in to one's own case: by its number and the code of the receipt, or one that is sent to the telephone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shouwen import clock
from shouwen.accounts.limits import TooMany
from shouwen.casework import follow, sms
from shouwen.portal import session
from shouwen.portal.visitor import count_once, owned, visitor

__all__ = ["enter", "leave", "send_code"]

_LONG = 60


@require_http_methods(["GET", "HEAD", "POST"])
@visitor
def enter(request: HttpRequest) -> HttpResponse:
    """Number and code. Whatever does not fit gets the same answer."""
    number, code = _said(request, "number"), _said(request, "code")
    if request.method != "POST":
        return _page(request, number)
    try:
        count_once(request, "follow", number)
    except TooMany as many:
        return _page(request, number, wait=many.minutes, status=429)
    about = follow.by_code(number, code, clock.now())
    if about is None:
        return _page(request, number, wrong=True, status=422)
    response = HttpResponseRedirect(_place(about))
    session.begin(request, response, about.about_id)
    return response


@require_POST
@visitor
def send_code(request: HttpRequest) -> HttpResponse:
    """A code for the telephone. What is said does not tell whether there is such a number, or whose it is."""
    number, phone = _said(request, "number"), _said(request, "phone")
    if not sms.possible():
        return redirect("portal:follow")
    try:
        count_once(request, "send", number)
    except TooMany as many:
        return _page(request, number, phone=phone, wait=many.minutes, status=429)
    follow.send_code(number, phone, clock.now())
    return _page(request, number, phone=phone, sent=True)


@require_POST
@visitor
def leave(request: HttpRequest) -> HttpResponse:
    """This browser follows nothing any more."""
    response = redirect("portal:houses")
    session.end(response)
    return response


def _page(request: HttpRequest, number: str, *, status: int = 200, **shown: object) -> HttpResponse:
    followed = list(dict.fromkeys(one.number for one in owned(request) if one.case_id in (None, one.about_id)))
    context = {"number": number, "texts": sms.possible(), "minutes": int(follow.LASTS.total_seconds()) // 60}
    return render(request, "portal/follow.html", {**context, "owned": followed, **shown}, status=status)


def _place(about: follow.About) -> str:
    case = follow.of_id(about.case_id) if about.case_id is not None else None
    return reverse("portal:case", args=(case.number,)) if case else reverse("portal:brought", args=(about.number,))


def _said(request: HttpRequest, name: str) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    return str(sent.get(name) or "").strip()[:_LONG]
