"""The left side of lists: views with their counts, those that somebody has saved, and saving them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.casework import inbox, incoming, lists, procedures
from shouwen.casework import views as saved
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Tally
from shouwen.console import lists_asked
from shouwen.web import toasts
from shouwen.web.staff import StaffRequest, staff

__all__ = ["Group", "View", "count", "save_view", "side", "view", "views"]

#: counts of saved views stop here
MOST_COUNTED = 999


@dataclass(frozen=True, kw_only=True)
class View:
    """A view: its name, its address, how many cases it holds (None: not counted) and how that stands."""

    name: str
    href: str
    n: int | None = None
    state: str = ""
    current: bool = False
    count_href: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Views under a heading."""

    name: str
    views: tuple[View, ...]
    #: whether somebody has put them together
    kept: bool = False


def side(
    viewer: Viewer, *, query: str | None = None, page: str = "cases", owed: int | None = None
) -> tuple[Group, ...]:
    """The views that somebody has; that of this `query` (of the list of cases) or `page` is the current one."""
    tallies = lists.tallies(viewer)
    known = _Known(query if page == "cases" else None)
    here = [
        View(name=_("我的工作"), href=reverse("work"), n=owed, current=page == "work"),
        known.view(_("我承办的"), sum(one.answers for one in tallies), answers=lists.ME),
        known.view(_("我首问的"), sum(one.first for one in tallies), first=lists.ME),
    ]
    asked = lists.asked_over(viewer)
    if asked:
        here.append(known.view(_("请我接办"), asked, "soon", asked=lists.ME))
    unread = inbox.unread(viewer)
    here.append(
        View(name=_("消息"), href=reverse("inbox"), n=unread, state="soon" if unread else "", current=page == "inbox")
    )
    brought = incoming.count(viewer)
    if brought or page == "incoming":
        state, current = "soon" if brought else "", page == "incoming"
        here.append(View(name=_("来件"), href=reverse("incoming"), n=brought, state=state, current=current))
    late, today = sum(one.late for one in tallies), sum(one.today for one in tallies)
    due = [
        known.view(_("已逾期"), late, "late" if late else "", due="late"),
        known.view(_("今天到期"), today, "soon" if today else "", due="today"),
        known.view(_("全部在办"), sum(one.open for one in tallies)),
        known.view(_("已办结"), None, state="closed"),
    ]
    steps = [Group(name=name, views=tuple(found)) for name, found in _steps(tallies, known)]
    kept = tuple(
        View(
            name=one.name,
            href=f"{reverse('cases')}?{one.query}",
            current=page == "cases" and query == one.query,
            count_href=reverse("view_count", args=(one.view_id,)),
        )
        for one in saved.own(viewer.code)
    )
    groups = [Group(name=_("归我"), views=tuple(here)), Group(name=_("全部"), views=tuple(due)), *steps]
    return (*groups, Group(name=_("存下的"), views=kept, kept=True)) if kept else tuple(groups)


@dataclass(frozen=True)
class _Known:
    """Views of the list of cases; the one of the `query` that is shown is the current one."""

    query: str | None

    def view(self, name: str, n: int | None, mark: str = "", /, **conditions: str) -> View:
        query = lists_asked.query_of(urlencode(conditions))
        href = reverse("cases") + (f"?{query}" if query else "")
        return View(name=name, href=href, n=n, state=mark, current=self.query is not None and self.query == query)


def _steps(tallies: Iterable[Tally], known: _Known) -> list[tuple[str, list[View]]]:
    """The steps in which open cases stand, flow by flow, in the order of the flow."""
    found = {(one.procedure, one.flow, one.step): one for one in tallies}
    groups = []
    for law in procedures.all_current():
        procedure = law.procedure
        for flow in procedure.flows.values():
            listed = [
                known.view(step.name, one.open, procedure=procedure.id, flow=flow.id, step=step.id)
                for step in flow.steps.values()
                if (one := found.get((procedure.id, flow.id, step.id)))
            ]
            if listed:
                groups.append((flow.name, listed))
    return groups


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def save_view(request: StaffRequest) -> HttpResponse:
    """Keep the conditions of a list under a name."""
    query = lists_asked.query_of(str((request.POST or request.GET).get("query", "")))
    if request.method != "POST":
        return _asks_for_name(request, query, "", "")
    name = _name(request.POST.get("name"))
    if not name:
        return _asks_for_name(request, query, "", _("请写一个名字，如“三栋电梯”"))
    if saved.save(request.viewer.code, name, query, request.viewer.at) is None:
        return _asks_for_name(request, query, name, _("已经存了{most}个，请先删掉不用的").format(most=saved.MOST))
    toasts.say(request, _("已存为“{name}”").format(name=name))
    return redirect(f"{reverse('cases')}?{query}")


@require_safe
@staff
def views(request: StaffRequest) -> HttpResponse:
    """The saved views, to be called otherwise, moved or deleted."""
    kept = [
        (one, lists_asked.asked(QueryDict(one.query)).chips(request.viewer)) for one in saved.own(request.viewer.code)
    ]
    return render(request, "console/list_views_page.html", {"kept": kept, "section": "cases", "longest": saved.LONGEST})


@require_POST
@staff
def view(request: StaffRequest, view_id: UUID) -> HttpResponse:
    """Call a saved view otherwise, move it, or delete it."""
    person, do = request.viewer.code, request.POST.get("do")
    if do == "delete":
        done = saved.delete(person, view_id)
    elif do in ("up", "down"):
        done = saved.move(person, view_id, -1 if do == "up" else 1)
    else:
        name = _name(request.POST.get("name"))
        if not name:
            toasts.say(request, _("名字不能空着"), state="late")
            return redirect("views")
        done = saved.rename(person, view_id, name)
    if not done:
        raise Http404
    return redirect("views")


@require_safe
@staff
def count(request: StaffRequest, view_id: UUID) -> HttpResponse:
    """How many cases a saved view holds, for its place on the left side."""
    one = next((one for one in saved.own(request.viewer.code) if one.view_id == view_id), None)
    if one is None:
        raise Http404
    n = lists.count(request.viewer, lists_asked.asked(QueryDict(one.query)).filter, MOST_COUNTED + 1)
    return HttpResponse(f"{MOST_COUNTED}+" if n > MOST_COUNTED else str(n))


def _asks_for_name(request: HttpRequest, query: str, name: str, fault: str) -> HttpResponse:
    chips = lists_asked.asked(QueryDict(query)).chips(request.viewer)  # type: ignore[attr-defined]  # behind @staff
    context = {
        "query": query,
        "name": name,
        "fault": fault,
        "chips": chips,
        "section": "cases",
        "longest": saved.LONGEST,
    }
    return render(request, "console/list_save.html", context, status=422 if fault else 200)


def _name(raw: object) -> str:
    return " ".join(str(raw or "").replace("\x00", "").split())[: saved.LONGEST]
