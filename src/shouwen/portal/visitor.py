"""What stands around every page of the portal: nobody needs an account, how often an address may try, and what the
frame shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shouwen import clock
from shouwen.accounts import limits, open_to_all, origin
from shouwen.casework import customers, follow
from shouwen.casework.access import Seen
from shouwen.casework.customers import Customer
from shouwen.organisation.state import recent
from shouwen.portal import session
from shouwen.web import drawn

__all__ = ["count_once", "own_case", "owned", "visitor"]

P = ParamSpec("P")
#: what is counted: so many from one address in a quarter of an hour (a whole office may stand behind it), and so many
#: about one number
_MOST = {"report": (30, 30), "follow": (40, 8), "send": (12, 4), "act": (120, 60)}


def visitor(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever comes: no account is asked for, and none is looked at."""

    @open_to_all
    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.organisation = recent().name  # type: ignore[attr-defined]  # the frame shows it
        reading = drawn.article.set("portal:article")
        try:
            response = view(request, *args, **kwargs)
        finally:
            drawn.article.reset(reading)
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return page


def own_case(request: HttpRequest, number: str) -> tuple[Customer, Seen]:
    """The case of this number as its customer sees it; Http404 unless this browser has shown that it is his."""
    about = next((one for one in owned(request) if number == one.number and one.case_id is not None), None)
    found = customers.of_case(about.case_id) if about is not None and about.case_id is not None else None
    if found is None:
        raise Http404
    viewer, seen = found
    request.at = viewer.at  # type: ignore[attr-defined]  # the frame's countdowns go by it
    return viewer, seen


def owned(request: HttpRequest) -> list[follow.About]:
    """What this browser may follow; a report that has become a case is followed under both numbers."""
    found = list[follow.About]()
    for about_id in session.owned(request):
        about = follow.of_id(about_id)
        if about is None:
            continue
        found.append(about)
        case = follow.of_id(about.case_id) if about.case_id is not None and about.case_id != about_id else None
        if case is not None:
            found.append(case)
    return found


def count_once(request: HttpRequest, what: str, about: str = "") -> None:
    """Count a try from this address, and about this number. Raises `limits.TooMany`."""
    here, each = _MOST[what]
    counted = [limits.of(f"portal-{what}", origin.address(request), here)]
    if about:
        counted.append(limits.of(f"portal-{what}-of", about.strip().upper(), each))
    limits.try_once(counted, clock.now())
