"""A paper of a case as the copy that goes to its customer, to be read, printed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from shouwen.casework import attachments
from shouwen.casework.papers import Numbered
from shouwen.core.values import Value
from shouwen.core.world import CUSTOMER
from shouwen.portal.case_page import CasePage, PaperOf
from shouwen.portal.visitor import own_case, visitor
from shouwen.web import moments, pdf
from shouwen.web.papers import PaperView, paper_view

__all__ = ["paper", "paper_pdf"]


@dataclass(frozen=True)
class _Sheet:
    page: CasePage
    kept: PaperOf
    shown: Numbered | None


@require_safe
@visitor
def paper(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The paper."""
    sheet = _sheet(request, number, form)
    context = {
        "page": sheet.page,
        "procedure": sheet.page.procedure,
        "paper": _view(sheet),
        "kept": sheet.kept.paper,
        "shown": sheet.shown,
    }
    return render(request, "portal/paper.html", context)


@require_safe
@visitor
def paper_pdf(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The same as a file."""
    sheet = _sheet(request, number, form)
    view = _view(sheet)
    html = render_to_string("web/paper_pdf.html", {"procedure": sheet.page.procedure, "paper": view}, request)
    return pdf.answer(request, (html,), " ".join(part for part in (view.number, view.title) if part))


def _sheet(request: HttpRequest, number: str, form: str) -> _Sheet:
    page = CasePage(*own_case(request, number))
    kept = next((one for one in page.papers if one.paper.form.id == form), None)
    if kept is None:
        raise Http404
    wanted = str(request.GET.get("no") or kept.number)
    shown = next((one for one in kept.paper.numbered if one.number == wanted), None)
    if wanted and shown is None:
        raise Http404
    return _Sheet(page, kept, shown)


def _view(sheet: _Sheet) -> PaperView:
    page, form, shown = sheet.page, sheet.kept.paper.form, sheet.shown
    values: Mapping[str, Value] = page.values
    if shown and shown.values is not None:
        others = {path: value for path, value in values.items() if not path.startswith(f"{form.id}.")}
        values = {**others, **shown.values}
    drawn = attachments.drawn(page.seen.row.case_id)
    # A paper that goes to him bears the names that are signed on it.
    names = {**page.viewer.organisation.names, CUSTOMER: page.names[CUSTOMER]}
    return paper_view(
        page.procedure,
        form,
        values,
        names,
        number=shown.number if shown and form.number else page.number,
        copy=sheet.kept.copy,
        drawn={path: url for path, url in drawn.items() if "#" in path or values.get(path)},
        signed={
            path: moments.written(mark.happened)
            for path, mark in page.case.filled.items()
            if values.get(path) and path in page.procedure.fields
        },
        roles=page.roles,
        voided=shown is not None and shown.voided_at is not None,
    )
