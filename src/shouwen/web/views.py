"""The page of the design system: every part of it in every state, drawn from real rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwen.accounts import open_to_all
from shouwen.web import specimen

__all__ = ["design"]


@open_to_all
def design(request: HttpRequest) -> HttpResponse:
    """The catalogue; nothing on it belongs to anybody, so nobody needs to sign in."""
    found = specimen.context()
    request.at = found["at"]  # type: ignore[attr-defined] # the page stands still at the specimen's moment
    return render(request, "web/design.html", found)
