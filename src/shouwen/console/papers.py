"""A form of a case as the paper that it replaces, to be read, printed, signed and filed."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.casework import access, attachments
from shouwen.console.case_page import Page
from shouwen.console.staff import StaffRequest, staff
from shouwen.web import moments
from shouwen.web.papers import paper_view

__all__ = ["paper"]


@require_safe
@staff
def paper(request: StaffRequest, number: str, form: str) -> HttpResponse:
    """The paper, or one of its copies (`copy`), which leaves out what that copy hides."""
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    page = Page(request.viewer, seen)
    found = next((one for one in page.papers if one.form.id == form), None)
    if found is None:
        raise Http404
    wanted = request.GET.get("copy", "")
    copy = next((one for one in found.form.copies if one.name == wanted), None)
    if wanted and copy is None:
        raise Http404
    hidden = [one.path for one in found.form.fields.values() if one.private and one.path not in page.veil.lifted]
    shown = found.numbered[0] if found.numbered else None
    view = paper_view(
        page.procedure,
        found.form,
        page.values,
        page.names,
        number=shown.number if shown and found.form.number else seen.row.number,
        copy=copy,
        # A signature that was given up stands on no paper, though its drawing is kept.
        drawn={path: url for path, url in attachments.drawn(seen.row.case_id).items() if page.values.get(path)},
        signed={
            path: moments.moment(mark.happened)
            for path, mark in page.case.filled.items()
            if page.values.get(path) and path in page.procedure.fields
        },
        roles=page.roles,
        masked=bool(hidden),
    )
    if hidden:
        signed = tuple(replace(one, text=page.veil.over(one.text)) for one in view.signatures)
        view = replace(view, signatures=signed)
    context = {
        "page": page,
        "procedure": page.procedure,
        "paper": view,
        "kept": found,
        "issued": shown,
        "copy": copy,
        "hidden": hidden,
    }
    return render(request, "console/paper.html", context)
