"""The tray of what customers have brought by themselves: open a case with it, put it with one, or answer it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.casework import access, attachments, follow, history
from shouwen.casework import incoming as tray
from shouwen.casework.access import Viewer
from shouwen.casework.incoming import Report
from shouwen.console import lists_views
from shouwen.core.procedure import Flow, Procedure
from shouwen.web import toasts
from shouwen.web.staff import StaffRequest, staff

__all__ = ["incoming", "incoming_file", "incoming_report"]

LONGEST = 1000


@dataclass(frozen=True)
class Brought:
    """A report as it is read: what it is about, what was told, and by which acts the viewer may open its case."""

    viewer: Viewer
    report: Report

    @property
    def procedure(self) -> Procedure:
        """The regulation that it falls under."""
        return self.report.law.procedure

    @property
    def flow(self) -> Flow:
        """What kind of case it asks for."""
        return self.procedure.flows[self.report.flow]

    @property
    def house(self) -> str:
        """Where it was brought."""
        unit = self.viewer.organisation.units.get(self.report.unit)
        return unit.name if unit else self.report.unit

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What was told, field by field."""
        fields = self.procedure.fields
        return tuple(
            (fields[path].name, _("、").join(texts)) for path, texts in self.report.typed.items() if path in fields
        )

    @property
    def gist(self) -> str:
        """The first words of it."""
        about = set(self.flow.customer.values())
        texts = (text for path, found in self.report.typed.items() if path not in about for text in found)
        return next(texts, self.flow.name)[:60]

    @property
    def opens(self) -> tuple[tuple[str, str], ...]:
        """The acts that open its case: name, address."""
        asked = f"?incoming={self.report.incoming_id}"
        found = ((one.name, one.action) for one in tray.openings(self.viewer, self.report))
        return tuple((name, reverse("intake_form", args=(self.procedure.id, act)) + asked) for name, act in found)

    @property
    def waits(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.report.state == tray.WAITING

    @property
    def settled_by(self) -> str:
        """Who has."""
        return self.viewer.organisation.called(self.report.settled_by)

    @property
    def case(self) -> str:
        """The number of the case that goes on with it, if the viewer may see it."""
        seen = access.case_by_id(self.viewer, self.report.case_id) if self.report.case_id else None
        return seen.row.number if seen else ""

    @property
    def likely(self) -> tuple[history.CaseRow, ...]:
        """Open cases of the same person that it may belong to."""
        found = access.cases(self.viewer).filter(subject_id=self.report.subject_id, closed_at__isnull=True)
        return tuple(found.order_by("-opened_at")[:5])


@require_safe
@staff
def incoming(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first; and what was settled last."""
    viewer = request.viewer
    context = {
        "waiting": [Brought(viewer, one) for one in tray.waiting(viewer)],
        "settled": [Brought(viewer, one) for one in tray.settled(viewer)],
        "side": lists_views.side(viewer, page="incoming"),
        "section": "incoming",
    }
    return render(request, "console/incoming.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def incoming_report(request: StaffRequest, incoming_id: UUID) -> HttpResponse:
    """One of them; answered, declined, or put with a case that there is already."""
    found = tray.find(request.viewer, incoming_id)
    if found is None:
        raise Http404
    brought = Brought(request.viewer, found)
    if request.method != "POST":
        return _page(request, brought)
    wanted, reply = str(request.POST.get("do") or ""), str(request.POST.get("reply") or "").strip()[:LONGEST]
    if wanted == "join":
        return _join(request, brought, str(request.POST.get("number") or "").strip().upper(), reply)
    state = {"answer": tray.ANSWERED, "decline": tray.DECLINED}.get(wanted)
    if state is None:
        raise Http404
    if not reply:
        return _page(request, brought, wrong=wanted, status=422)
    done = tray.settle(incoming_id, state, reply, person=request.viewer.code, at=request.viewer.at)
    return _settled(request, brought, done=done, words=_("已答复，客户凭回执号看得到"))


@require_safe
@staff
def incoming_file(request: StaffRequest, incoming_id: UUID, attachment: UUID) -> HttpResponse:
    """A file that came with it, to be saved and never run in the page."""
    report = tray.find(request.viewer, incoming_id)
    found = attachments.content(incoming_id, attachment) if report is not None else None
    if found is None:
        raise Http404
    kept, content = found
    answer = HttpResponse(content, content_type=kept.media_type)
    shown = "inline" if kept.media_type in ("image/png", "image/jpeg", "image/gif", "image/webp") else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(kept.name, safe='')}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _join(request: StaffRequest, brought: Brought, number: str, reply: str) -> HttpResponse:
    """Put it with a case. Its own customer follows it there; anybody else is told so and sees nothing of the case."""
    viewer, report = request.viewer, brought.report
    seen = access.case(viewer, number)
    if seen is None:
        return _page(request, brought, wrong="join", number=number, status=422)
    if seen.row.subject_id == report.subject_id:
        done = tray.take(report.incoming_id, seen.row.case_id, person=viewer.code, at=viewer.at)
        if done:
            follow.hand_on(report.incoming_id, seen.row.case_id)
    else:
        told = reply or _("同一件事已经在处理，您的来件已转给承办人。")
        done = tray.settle(
            report.incoming_id, tray.JOINED, told, person=viewer.code, at=viewer.at, case_id=seen.row.case_id
        )
    return _settled(request, brought, done=done, words=_("已并到 {number}").format(number=number))


def _settled(request: StaffRequest, brought: Brought, *, done: bool, words: str) -> HttpResponse:
    if done:
        toasts.say(request, words)
    else:
        toasts.say(request, _("{number} 已有人办过").format(number=brought.report.number), state="soon")
    return redirect("incoming")


def _page(
    request: StaffRequest, brought: Brought, *, wrong: str = "", number: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "brought": brought,
        "procedure": brought.procedure,
        "wrong": wrong,
        "number": number,
        "typed": request.POST.get("reply", ""),
        "section": "incoming",
    }
    return render(request, "console/incoming_report.html", context, status=status)
