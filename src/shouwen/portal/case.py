"""The page of a case for its customer, and what he hands in or acknowledges there."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.limits import TooMany
from shouwen.casework import attachments, handle
from shouwen.core.commands import BuiltIn
from shouwen.core.world import CUSTOMER
from shouwen.portal import photos
from shouwen.portal.case_page import CasePage
from shouwen.portal.visitor import count_once, own_case, owned, visitor
from shouwen.web import toasts

__all__ = ["acknowledge", "add_files", "case", "file"]


@require_safe
@visitor
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, what binds the house, what happened, what he may do. Whoever is not let in yet is asked for the
    code, whether there is such a case or not."""
    if all(one.number != number for one in owned(request)):
        return redirect(f"{reverse('portal:follow')}?number={quote(number)}")
    viewer, seen = own_case(request, number)
    return render(request, "portal/case.html", {"page": CasePage(viewer, seen), "procedure": seen.filed.law.procedure})


@require_POST
@visitor
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """He has received what was sent to him."""
    viewer, seen = own_case(request, number)
    command = BuiltIn(
        verb="read",
        actor=CUSTOMER,
        target=str(request.POST.get("notice") or ""),
        values={"item": str(request.POST.get("item") or "")},
        key=f"portal:read:{seen.filed.case.seq}",
    )
    answer = handle.act(seen.row.case_id, command, at=viewer.at)
    said = answer.refusal.reasons[0].text if answer.refusal else _("已记下您收到了")
    toasts.say(request, said, state="late" if answer.refusal else "done")
    return HttpResponseRedirect(reverse("portal:case", args=(number,)))


@require_POST
@visitor
def add_files(request: HttpRequest, number: str) -> HttpResponse:
    """Photos that come later."""
    viewer, seen = own_case(request, number)
    files = photos.sent(request)
    wrong = photos.against(files)
    try:
        count_once(request, "act", number)
    except TooMany as many:
        toasts.say(request, _("传得太频繁，请过 {n} 分钟再传").format(n=many.minutes), state="late")
        return HttpResponseRedirect(reverse("portal:case", args=(number,)))
    if wrong or not files:
        toasts.say(request, wrong[0].text if wrong else _("请先选照片"), state="late")
    elif seen.filed.case.closed is not None:
        toasts.say(request, _("这件事已经办结，不再收照片"), state="late")
    else:
        kept = photos.keep(seen.row.case_id, files, viewer.at)
        toasts.say(request, _("收到 {n} 个文件").format(n=kept) if kept else _("这些文件已经有了"))
    return HttpResponseRedirect(reverse("portal:case", args=(number,)) + "#files")


@require_safe
@visitor
def file(request: HttpRequest, number: str, attachment: UUID) -> HttpResponse:
    """A file that he has handed in, to be saved and never run in the page."""
    viewer, seen = own_case(request, number)
    mine = {one.attachment_id for one in CasePage(viewer, seen).files}
    found = attachments.content(seen.row.case_id, attachment) if attachment in mine else None
    if found is None:
        raise Http404
    kept, content = found
    answer = HttpResponse(content, content_type=kept.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
