"""Today's jobs, one job, what was done today, what waits to be sent, and who one is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts import open_to_all
from shouwen.casework import access, looks, procedures, visits
from shouwen.casework.access import Viewer
from shouwen.casework.visits import Done, Visit
from shouwen.field import words
from shouwen.field.matter import Job, job_of
from shouwen.web.staff import StaffRequest, staff

__all__ = ["done", "home", "job", "locked", "look", "me", "mine", "outbox"]

#: so many jobs of one's own, and of one's colleagues, stand on the page
MOST_OWN = 40
MOST_OTHERS = 20
#: what is to be done until the day ends, or whenever one comes to it
_TODAY = ("late", "today", "free", "waiting")


@dataclass(frozen=True)
class DoneLine:
    """An act of today, with its name."""

    done: Done
    name: str


@require_safe
@staff
def home(request: StaffRequest) -> HttpResponse:
    """Today's jobs in order."""
    found = visits.visits(request.viewer)
    own = _seen(request.viewer, [one for one in found if not one.whose][:MOST_OWN])
    context = {
        "today": [one for one in own if one.visit and one.visit.kind in _TODAY],
        "later": [one for one in own if one.visit and one.visit.kind not in _TODAY],
        "others": _seen(request.viewer, [one for one in found if one.whose][:MOST_OTHERS]),
        "counts": Counter(one.kind for one in found if not one.whose),
        "goes_out": visits.goes_out(request.viewer),
    }
    return _page(request, "jobs", **context)


@require_safe
@staff
def job(request: StaffRequest, number: str) -> HttpResponse:
    """One job: the next act is the one big button."""
    one = job_of(request.viewer, number)
    return _page(request, "job", job=one, procedure=one.procedure)


@require_POST
@staff
def look(request: StaffRequest, number: str) -> HttpResponse:
    """Shows personal data of a colleague's job for a while; that somebody looked is written down."""
    one = job_of(request.viewer, number)
    for path in one.masked:
        looks.look(one.seen.row.case_id, request.viewer.code, path, request.viewer.at)
    return HttpResponseRedirect(reverse("field_job", args=(number,)))


@require_safe
@staff
def done(request: StaffRequest) -> HttpResponse:
    """What one has done today."""
    found = visits.done_today(request.viewer)
    lines = [
        DoneLine(one, procedures.version(one.line.procedure, one.line.law).procedure.actions[one.action].name)
        for one in found
    ]
    return _page(request, "done", lines=lines)


@require_safe
@staff
def outbox(request: StaffRequest) -> HttpResponse:
    """What waits on the telephone to be sent: the page's script draws it."""
    return _page(request, "outbox")


@require_safe
@staff
def me(request: StaffRequest) -> HttpResponse:
    """Who one is, how the page looks, what the telephone keeps, and the way out."""
    return _page(request, "me")


@open_to_all
@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """What stands instead of every page when the telephone has been without its server for too long."""
    return render(request, "field/locked.html")


def mine(viewer: Viewer) -> list[Job]:
    """His own jobs, the most urgent first."""
    return _seen(viewer, [one for one in visits.visits(viewer) if not one.whose][:MOST_OWN])


def _seen(viewer: Viewer, found: list[Visit]) -> list[Job]:
    cases = ((visit, access.case_by_id(viewer, visit.line.case_id)) for visit in found)
    return [Job(viewer, seen, visit) for visit, seen in cases if seen is not None]


def _page(request: StaffRequest, template: str, **context: object) -> HttpResponse:
    return render(request, f"field/{template}.html", {**context, "words": words.of_script(), "section": template})
