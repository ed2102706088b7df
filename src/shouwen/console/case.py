"""The page of a case, its pulse, and looking at what is masked on it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shouwen.casework import access, looks
from shouwen.console import case_page
from shouwen.web.staff import StaffRequest, staff

__all__ = ["case", "case_look", "case_pulse"]


@require_safe
@staff
def case(request: StaffRequest, number: str) -> HttpResponse:
    """Everything about a case, and what may be done with it."""
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    return case_page.answer(request, seen)


@require_safe
@staff
def case_pulse(request: StaffRequest, number: str) -> HttpResponse:
    """Whether something has happened since the page was drawn (`since`: the version it shows)."""
    row = access.cases(request.viewer).filter(number=number).only("version").first()
    if row is None:
        raise Http404
    if str(row.version) == request.GET.get("since", ""):
        return HttpResponse(status=204)
    page = reverse("case", args=(number,))
    # Where the browser stands: an act in progress comes back with its draft.
    stands = _path(request.headers.get("HX-Current-URL", ""))
    here = stands if stands.startswith(f"{page}do/") else page
    return render(request, "console/case_pulse.html", {"here": here, "moved": True})


@require_POST
@staff
def case_look(request: StaffRequest, number: str) -> HttpResponse:
    """Shows personal data in full for a while; that somebody looked is written down."""
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    for path in dict.fromkeys(request.POST.getlist("field")):
        if path in seen.filed.law.private:
            looks.look(seen.row.case_id, request.viewer.code, path, request.viewer.at)
    return HttpResponseRedirect(_back(request, reverse("case", args=(number,))))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _back(request: StaffRequest, page: str) -> str:
    """The page of this case from which it was asked (with an act in progress, say)."""
    wanted = str(request.POST.get("back") or "")
    return wanted if wanted.startswith(page) and "\\" not in wanted else page
