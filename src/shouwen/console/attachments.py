"""Files of a case: handing one in, and getting it back as it was."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.casework import access, attachments
from shouwen.console import case_page
from shouwen.console.case_page import FileRefused
from shouwen.web import toasts
from shouwen.web.staff import StaffRequest, staff

__all__ = ["attach", "attachment"]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def attach(request: StaffRequest, number: str) -> HttpResponse:
    """Takes files in; one that is not taken is named with the reason, the others stay."""
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(reverse("case", args=(number,)) + "#files")
    taken, refused = list[str](), list[FileRefused]()
    for file in request.FILES.getlist("file"):
        name = file.name or ""
        data = file.read() if (file.size or 0) <= attachments.LARGEST else None
        if data is None:
            refused.append(FileRefused(name, attachments.Fault.TOO_LARGE))
            continue
        kept = attachments.add(seen.row.case_id, name, data, person=request.viewer.code, at=request.viewer.at)
        if isinstance(kept, attachments.Fault):
            refused.append(FileRefused(name, kept))
        else:
            taken.append(kept.name)
    if refused or not taken:
        return case_page.answer(request, seen, files=tuple(refused) or (FileRefused("", ""),), status=422)
    toasts.say(request, _("已添加{names}").format(names=_("、").join(taken)))
    return HttpResponseRedirect(reverse("case", args=(number,)) + "#files")


@require_safe
@staff
def attachment(request: StaffRequest, number: str, attachment: UUID) -> HttpResponse:
    """A file, to be saved and never run in the page."""
    seen = access.case(request.viewer, number)
    listed = case_page.Page(request.viewer, seen).attachments if seen else ()
    if seen is None or attachment not in {one.attachment_id for one in listed}:
        raise Http404
    found = attachments.content(seen.row.case_id, attachment)
    if found is None:
        raise Http404
    kept, data = found
    answer = HttpResponse(data, content_type=kept.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
