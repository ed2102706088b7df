"""Messages told to the viewer: to be read, and some to be acknowledged on their case."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.casework import inbox as mail
from shouwen.casework import procedures
from shouwen.casework.access import Viewer
from shouwen.casework.inbox import Message
from shouwen.console import lists, lists_rows, lists_views
from shouwen.web import toasts
from shouwen.web.phrases import several, translated
from shouwen.web.staff import StaffRequest, staff

__all__ = ["inbox", "inbox_all", "inbox_read"]


@require_safe
@staff
def inbox(request: StaffRequest) -> HttpResponse:
    """The messages, unread ones first."""
    viewer = request.viewer
    raw = request.GET.get("page", "")
    number = max(1, int(raw)) if raw.isdecimal() and len(raw) < 5 else 1
    only = request.GET.get("only") == "unread"
    told, more = mail.messages(viewer, unread_only=only, number=number)
    unread = mail.unread(viewer)

    def context() -> dict[str, object]:
        views = [_view(viewer, one) for one in told]
        return {
            "messages": views, "more": more, "number": number, "only": only, "unread": unread, "section": "inbox"
        }  # fmt: skip

    if request.headers.get("HX-Target") == "list":
        return lists.fragment(request, "console/list_inbox.html", (told, more, unread), context)
    return render(request, "console/inbox.html", {**context(), "side": lists_views.side(viewer, page="inbox")})


@require_POST
@staff
def inbox_read(request: StaffRequest, case_id: UUID, seq: int) -> HttpResponse:
    """The viewer has read a message; one that wants a receipt is acknowledged on its case."""
    viewer = request.viewer
    if not mail.mark_read(viewer, case_id, seq):
        answer = mail.acknowledge(viewer, case_id, seq, _key(request, case_id, seq))
        if answer is None:
            raise Http404
        if answer.refusal is not None:
            toasts.say(request, translated(answer.refusal.reasons[0].text), state="late")
        else:
            toasts.say(
                request,
                _("已确认收到，记入{number}").format(number=answer.number),
                href=reverse("case", args=(answer.number,)),
            )
    return redirect(f"{reverse('inbox')}{'?only=unread' if request.POST.get('only') else ''}")


@require_POST
@staff
def inbox_all(request: StaffRequest) -> HttpResponse:
    """Everything that wants no receipt is read."""
    n = mail.mark_all(request.viewer)
    toasts.say(request, several("{n}条标为已读；要回执的还在", n) if n else _("没有可以标为已读的；要回执的须逐条确认"))
    return redirect("inbox")


def _key(request: StaffRequest, case_id: UUID, seq: int) -> str:
    sent = "".join(filter(str.isalnum, request.POST.get("key", "")))[:40]
    return f"read:{case_id}:{seq}:{sent or uuid4().hex}"


def _view(viewer: Viewer, one: Message) -> dict[str, object]:
    procedure = procedures.version(one.line.procedure, one.line.law).procedure
    notice = procedure.notices.get(one.notice)
    return {
        "message": one,
        "title": lists_rows.title(procedure, one.line),
        "notice": notice,
        "procedure": procedure,
        "href": reverse("case", args=(one.line.number,)),
    }
