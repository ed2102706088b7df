"""A form of a case as the paper that it replaces, to be read, printed, kept as PDF, signed and filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.casework import access, attachments
from shouwen.casework.papers import Numbered, Paper
from shouwen.console.case_page import Page
from shouwen.core.procedure import Copy, Form
from shouwen.web import languages, moments, pdf
from shouwen.web.papers import PaperView, paper_view
from shouwen.web.staff import StaffRequest, staff

__all__ = ["paper", "paper_pdf", "papers_pdf"]


@require_safe
@staff
def paper(request: StaffRequest, number: str, form: str) -> HttpResponse:
    """The paper, or one of its copies (`copy`), which leaves out what that copy hides."""
    desk = _Desk(_page(request, number))
    found, copy = desk.find(form), _copy(request, desk.find(form).form)
    shown = _shown(request, found)
    context = {
        "page": desk.page,
        "procedure": desk.page.procedure,
        "paper": desk.view(found, copy, shown),
        "kept": found,
        "shown": shown,
        "copy": copy,
        "hidden": [one for one in desk.masked(found.form) if one.count(".") == 1 and not desk.hides(one)],
    }
    return render(request, "console/paper.html", context)


@require_safe
@staff
def paper_pdf(request: StaffRequest, number: str, form: str) -> HttpResponse:
    """The same as PDF; `copies`: each of its copies, one after the other."""
    desk = _Desk(_page(request, number))
    found, copy = desk.find(form), _copy(request, desk.find(form).form)
    every = found.form.copies if request.GET.get("copies") and copy is None else ()
    views = [desk.view(found, one, _shown(request, found)) for one in every or (copy,)]
    name = " ".join(part for part in (views[0].number, views[0].title, copy.name if copy else "") if part)
    return pdf.answer(request, (_html(request, desk, view) for view in views), name)


@require_safe
@staff
def papers_pdf(request: StaffRequest, number: str) -> HttpResponse:
    """All papers of a case on which there is anything, as they came, behind a cover; `past`: what happened, on it."""
    desk = _Desk(_page(request, number))
    views = [
        desk.view(one, None, sheet)
        for one in desk.page.filed
        for sheet in (reversed(one.numbered) if one.form.many and one.numbered else one.numbered[:1] or (None,))
    ]
    context = {"page": desk.page, "papers": views, "past": bool(request.GET.get("past"))}
    with languages.house():
        cover = render_to_string("console/paper_cover.html", context, request)
    name = _("{number} 全部文书").format(number=number)
    return pdf.answer(request, (cover, *(_html(request, desk, view) for view in views)), name)


@dataclass(frozen=True)
class _Desk:
    """What is needed to lay the papers of a case before its viewer."""

    page: Page

    def find(self, form: str) -> Paper:
        """The paper of this form."""
        found = next((one for one in self.page.papers if one.form.id == form and one.printed), None)
        if found is None:
            raise Http404
        return found

    def masked(self, form: Form) -> frozenset[str]:
        """The private fields and columns that the viewer has not asked to see."""
        fields = [one for field in form.fields.values() for one in (field, *field.columns.values())]
        return frozenset(one.path for one in fields if one.private) - self.page.veil.lifted

    def hides(self, path: str) -> bool:
        """Whether the field must not be seen at all."""
        return self.page.veil.hides(self.page.procedure.fields[path])

    @languages.house()
    def view(self, found: Paper, copy: Copy | None, shown: Numbered | None) -> PaperView:
        """The paper as it lies before the viewer: under one of its numbers, with what stood on it then."""
        page = self.page
        values = page.values
        if shown and shown.values is not None:
            values = {path: value for path, value in values.items() if not path.startswith(f"{found.form.id}.")}
            values |= shown.values
        view = paper_view(
            page.procedure,
            found.form,
            values,
            page.names,
            number=shown.number if shown and found.form.number else page.row.number,
            copy=copy,
            drawn=self._drawn,
            signed=self._signed,
            attached=self._attached,
            roles=page.roles,
            masked=self.masked(found.form),
            voided=shown is not None and shown.voided_at is not None,
        )
        signed = tuple(replace(one, text=page.veil.over(one.text)) for one in view.signatures)
        return replace(view, signatures=signed)

    @cached_property
    def _drawn(self) -> Mapping[str, str]:
        # A signature that was given up stands on no paper, though its drawing is kept.
        drawn = attachments.drawn(self.page.row.case_id)
        return {path: url for path, url in drawn.items() if "#" in path or self.page.values.get(path)}

    @cached_property
    def _signed(self) -> Mapping[str, str]:
        return {
            path: moments.written(mark.happened)
            for path, mark in self.page.case.filled.items()
            if self.page.values.get(path) and path in self.page.procedure.fields
        }

    @cached_property
    def _attached(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for one in self.page.attachments:
            path = one.field.partition("#")[0]
            found[path] = (*found.get(path, ()), one.name)
        return found


def _page(request: StaffRequest, number: str) -> Page:
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    return Page(request.viewer, seen)


def _shown(request: StaffRequest, found: Paper) -> Numbered | None:
    """The number that is asked for (`no`); else the one that stands, or the last one."""
    wanted = request.GET.get("no", "")
    if wanted:
        shown = next((one for one in found.numbered if one.number == wanted), None)
        if shown is None:
            raise Http404
        return shown
    standing = (one for one in found.numbered if one.voided_at is None)
    return next(standing, found.numbered[0] if found.numbered else None)


def _copy(request: StaffRequest, form: Form) -> Copy | None:
    wanted = request.GET.get("copy", "")
    copy = next((one for one in form.copies if one.name == wanted), None)
    if wanted and copy is None:
        raise Http404
    return copy


@languages.house()
def _html(request: StaffRequest, desk: _Desk, view: PaperView) -> str:
    return render_to_string("web/paper_pdf.html", {"procedure": desk.page.procedure, "paper": view}, request)
