"""Puts who is signed in on each request, and leads everybody else to the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from shouwen.accounts import session

__all__ = ["SignedInMiddleware"]


class SignedInMiddleware:
    """`request.account`: a `SignedIn`, or None, which only views marked `open_to_all` get to see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.account = session.read(request)  # type: ignore[attr-defined]  # every view finds it there
        response = self.get_response(request)
        if request.account is not None:  # type: ignore[attr-defined]  # set above
            # A page of somebody's does not stay behind in the browser for the next person.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.account is not None or getattr(view, "open_to_all", False):  # type: ignore[attr-defined]  # set above
            return None
        door = f"{reverse('sign_in')}?{urlencode({'next': _wanted(request)}, safe='/')}"
        if request.headers.get("HX-Request"):
            # htmx would put the sign-in page into the middle of the other: the whole page has to go.
            return HttpResponse(status=401, headers={"HX-Redirect": door})
        return HttpResponseRedirect(door)


def _wanted(request: HttpRequest) -> str:
    """The page to come back to: what was sent with a form is gone, but the page with the form is there again."""
    if request.headers.get("HX-Request"):
        place = request.headers.get("HX-Current-URL", "")
    elif request.method in ("GET", "HEAD"):
        return request.get_full_path()
    else:
        place = request.headers.get("Referer", "")
    try:
        parts = urlsplit(place)
    except ValueError:
        return "/"
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
