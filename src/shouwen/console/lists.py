"""My work, and lists of cases: what stands in them, a glance at one, and taking a list along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from shouwen.casework import access, duties, inbox, procedures
from shouwen.casework import lists as found
from shouwen.casework.access import Viewer
from shouwen.casework.duties import Work
from shouwen.console import lists_asked, lists_rows, lists_views
from shouwen.console.case_page import Page
from shouwen.console.lists_asked import Asked
from shouwen.console.lists_rows import Row
from shouwen.core.procedure import Procedure
from shouwen.web.staff import StaffRequest, staff

__all__ = ["cases", "fragment", "preview", "work"]

_KINDS = {
    "late": (_noop("已逾期"), "late"),
    "today": (_noop("今天到期"), "soon"),
    "later": (_noop("以后到期"), ""),
    "waiting": (_noop("等待中"), "wait"),
    "free": (_noop("不限时"), ""),
}


_SORTS = (
    ("due", _noop("最急的在前")),
    ("-opened", _noop("新立案的在前")),
    ("opened", _noop("先立案的在前")),
    ("number", _noop("按单号")),
    ("-due", _noop("最不急的在前")),
    ("-number", _noop("按单号倒排")),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows under a heading. `count`: how many tasks there are of the kind, `more` if there may be others."""

    name: str
    state: str
    count: int
    more: bool
    rows: tuple[Row, ...]


@require_safe
@staff
def work(request: StaffRequest) -> HttpResponse:
    """What the viewer owes, the most urgent first."""
    viewer = request.viewer
    number = request.GET.get("page", "")
    found_work = duties.work(viewer, number=int(number) if number.isdecimal() and len(number) < 5 else 1)

    def context() -> dict[str, object]:
        groups = _groups(viewer, found_work)
        first = groups[0].rows[0].line.number if groups else ""
        desks = len(viewer.desks) > 1
        return {"work": found_work, "groups": groups, "section": "work", "many_desks": desks, "opened": first}

    if _asks_for_list(request):
        return fragment(request, "console/list_work.html", found_work, context)
    beside = {
        "side": lists_views.side(viewer, page="work", owed=found_work.total),
        "asked_over": found.asked_over(viewer),
        "unread": inbox.unread(viewer),
    }
    return render(request, "console/work.html", {**context(), **beside})


@require_safe
@staff
def cases(request: StaffRequest) -> HttpResponse:
    """The cases that the viewer may see, by conditions."""
    viewer, asked = request.viewer, lists_asked.asked(request.GET)
    page = found.page(viewer, asked.filter, sort=asked.sort, number=asked.page)

    def context() -> dict[str, object]:
        return {
            "asked": asked,
            "page": page,
            "rows": lists_rows.rows(viewer, page.lines),
            "section": "cases",
            "heads": _heads(asked),
            "many_desks": len(viewer.desks) > 1,
            "opened": page.lines[0].number if page.lines else "",
        }

    if _asks_for_list(request):
        return fragment(request, "console/list_cases.html", page, context)
    beside = {
        "side": lists_views.side(viewer, query=asked.query),
        "chips": asked.chips(viewer),
        "choices": _choices(viewer, asked),
        "sorts": [(value, _(words)) for value, words in _SORTS],
        "narrowed": bool(set(asked.given) - {"q", "sort"}),
    }
    return render(request, "console/cases.html", {**context(), **beside})


@require_safe
@staff
def preview(request: StaffRequest, number: str) -> HttpResponse:
    """A glance at a case: its limits, what may be done, what happened last."""
    seen = access.case(request.viewer, number)
    if seen is None:
        raise Http404
    return render(request, "console/preview.html", {"page": Page(request.viewer, seen)})


def fragment(
    request: StaffRequest, template: str, shown: object, context: Callable[[], Mapping[str, object]]
) -> HttpResponse:
    """A part of a page drawn anew; nothing (204) if what it shows is what the browser has, in the same minute."""
    viewer = request.viewer
    minute = viewer.at.replace(second=0, microsecond=0)
    mark = sha256(repr((minute, viewer.organisation.seq, shown)).encode()).hexdigest()[:16]
    if request.headers.get("X-Drawn") == mark:
        return HttpResponse(status=204)
    return HttpResponse(render_to_string(template, context(), request), headers={"X-Drawn": mark})


def _asks_for_list(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "list"


def _groups(viewer: Viewer, found_work: Work) -> tuple[Group, ...]:
    groups = []
    for kind, (name, state) in _KINDS.items():
        own = [owed for owed in found_work.owed if owed.kind == kind]
        if own:
            rows = tuple(lists_rows.row(viewer, owed.line, owed.duties) for owed in own)
            last = kind == next(k for k in reversed(_KINDS) if found_work.counts.get(k))
            more = found_work.more and last
            groups.append(Group(name=_(name), state=state, count=found_work.counts[kind], more=more, rows=rows))
    return tuple(groups)


@dataclass(frozen=True)
class Head:
    """The head of a column that a list may be sorted by: the address of the other order, and how it stands now."""

    name: str
    query: str
    order: str


def _heads(asked: Asked) -> dict[str, Head]:
    heads = {}
    for sort, name in (("due", _("最近时限")), ("opened", _("立案")), ("number", _("单号"))):
        now = asked.sort == sort
        turned = asked.sort == f"-{sort}"
        order = "ascending" if now else "descending" if turned else ""
        first = f"-{sort}" if sort == "opened" else sort
        following = (f"-{sort}" if now else sort) if order else first
        heads[sort] = Head(name, asked.but(sort=following), order)
    return heads


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A condition that may be chosen: its name in the address, its words, its options, what is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def _choices(viewer: Viewer, asked: Asked) -> tuple[Choice, ...]:
    """What the list may be narrowed to; steps and columns are those of the flow that is chosen, or of the only one."""
    laws = [law.procedure for law in procedures.all_current()]
    chosen = next((one for one in laws if one.id == asked.filter.procedure), laws[0] if len(laws) == 1 else None)
    choices = [
        Choice(
            name="state",
            label=_("状态"),
            options=(("open", _("在办")), ("closed", _("已办结")), ("all", _("全部"))),
            chosen=asked.given.get("state") or ("all" if asked.filter.words else "open"),
        ),
        _choice(asked, "due", _("时限"), (("late", _("已逾期")), ("today", _("今天到期")))),
    ]
    if len(laws) > 1:
        choices.append(_choice(asked, "procedure", _("规程"), [(one.id, one.title) for one in laws]))
    if chosen is not None:
        choices += _of_procedure(asked, chosen)
    units = viewer.organisation.units
    desks = [(desk, units[desk].name) for desk in viewer.desks if desk in units]
    if len(desks) > 1:
        choices.append(_choice(asked, "desk", _("项目"), desks))
    people = [(code, viewer.organisation.people[code].name) for code in _colleagues(viewer)]
    choices.append(_choice(asked, "answers", _("承办"), [(found.ME, _("我")), *people]))
    choices.append(_choice(asked, "first", pgettext("role", "首问"), [(found.ME, _("我")), *people]))
    return tuple(choices)


def _of_procedure(asked: Asked, procedure: Procedure) -> list[Choice]:
    flows = list(procedure.flows.values())
    flow = procedure.flows.get(asked.filter.flow)
    choices = [_choice(asked, "flow", _("流程"), [(one.id, one.name) for one in flows])] if len(flows) > 1 else []
    main = flow or flows[0]
    choices.append(_choice(asked, "step", _("环节"), [(step.id, step.name) for step in main.steps.values()]))
    for column in lists_asked.columns(procedure, main):
        choices.append(_choice(asked, f"c.{column.id}", column.name, [(word, word) for word in column.words]))
    return choices


def _choice(asked: Asked, name: str, label: str, options: Iterable[tuple[str, str]]) -> Choice:
    chosen = asked.given.get(name, "")
    listed = list(options)
    if chosen and chosen not in dict(listed):
        listed.append((chosen, chosen))
    return Choice(name=name, label=label, options=(("", _("全部")), *listed), chosen=chosen)


def _colleagues(viewer: Viewer) -> list[str]:
    """The people who work at the desks that he sees, by name."""
    organisation = viewer.organisation
    units = {unit for desk in viewer.desks for unit in organisation.below(desk)}
    held = {one.person for one in organisation.positions if one.unit in units}
    return sorted((code for code in held if organisation.people[code].active), key=organisation.called)
