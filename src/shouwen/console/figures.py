"""Reports: what a regulation counts of a period, over the desks of a unit, compared, drawn, as a page or a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.casework import closing, counting, insight, lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.counting import OPENED
from shouwen.casework.lists import Filter
from shouwen.casework.periods import KINDS, Period, counts_weeks
from shouwen.casework.procedures import Law
from shouwen.console import figures_sheet
from shouwen.console.figures_report import Asked, Report, desk_name
from shouwen.console.figures_words import BEFORE, period_words
from shouwen.console.figures_words import KINDS as KIND_WORDS
from shouwen.organisation.state import Organisation
from shouwen.web import pdf
from shouwen.web.staff import StaffRequest, staff

__all__ = ["figure_cases", "figure_pdf", "figure_sheet", "reports"]

#: cases counted, and seconds spent on closing periods, before somebody's page is shown; the worker does the rest
COUNTED_FIRST, SECONDS_FIRST = 2000, 2.0
#: periods to choose from, besides a month
CHOSEN = {"quarter": 12, "year": 6, "week": 30}
#: cases behind a figure that are shown
MOST_BEHIND = 200


@dataclass(frozen=True)
class UnitChoice:
    """A unit whose desks one may choose, with its depth in the tree."""

    code: str
    name: str
    depth: int

    @property
    def indent(self) -> range:
        """As many steps as it lies deep."""
        return range(self.depth)


@staff
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """The report asked for: `?procedure=…&flow=…&period=2026-09&unit=…&split=…&trend=…`."""
    found = _asked(request)
    if found is None:
        return _none(request)
    asked, choices = found
    made = _report(asked, request.viewer)
    period, now = asked.period, Period.of(request.viewer.at, asked.law.procedure.zone, asked.period.kind)
    context = {
        **choices,
        "section": "figures",
        "report": made,
        "asked": asked,
        "procedure": asked.law.procedure,
        "before": period.moved(-1),
        "after": period.moved(1) if period < now else None,
        "now": now,
        "said_before": BEFORE[period.kind],
        "kinds": [
            (kind, KIND_WORDS[kind], _alike(period, kind, request.viewer, asked.law))
            for kind in KINDS
            if kind != "week" or counts_weeks(asked.law.procedure)
        ],
        "periods": [
            (one, period_words(one)) for one in (now.moved(-back) for back in range(CHOSEN.get(period.kind, 0)))
        ],
        "late": lists.count(
            request.viewer, Filter(state="open", due="late", procedure=asked.law.procedure.id, flow=asked.flow.id)
        ),
    }
    return render(request, "console/figures.html", context)


@staff
@require_safe
def figure_sheet(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    found = _asked(request)
    if found is None:
        raise Http404
    return figures_sheet.download(_report(found[0], request.viewer))


@staff
@require_safe
def figure_pdf(request: StaffRequest) -> HttpResponse:
    """The same as a PDF, with its charts."""
    found = _asked(request)
    if found is None:
        raise Http404
    made = _report(found[0], request.viewer)
    context = {
        "report": made,
        "procedure": made.procedure,
        "said_before": BEFORE[made.period.kind],
        "printed_by": request.viewer.person.name,
    }
    page = render(request, "console/figures_pdf.html", context).content.decode()
    return pdf.answer(request, [page], f"{made.procedure.title} {made.period}")


@staff
@require_safe
def figure_cases(request: StaffRequest) -> HttpResponse:
    """The cases behind a figure, as they count now: `?measure=…`, and of it a value of a break-down (`by`, `key`),
    the hits (`hit`), or those of a number (`number`)."""
    found = _asked(request)
    if found is None:
        raise Http404
    asked, get = found[0], request.GET
    measure = get.get("measure", f"{OPENED}{asked.flow.id}")
    part = {name: int(get[name]) for name in ("hit", "number") if get.get(name, "") in ("0", "1", "2")}
    part |= {"hit": min(part["hit"], 1)} if "hit" in part else {}
    report = _report(asked, request.viewer)
    behind = insight.behind(
        asked.law, asked.period, asked.units, measure, split=get.get("by", ""), key=get.get("key", ""), **part
    )
    context = {
        "section": "figures",
        "report": report,
        "asked": asked,
        "procedure": asked.law.procedure,
        "named": report.figure_words(measure, get.get("by", ""), get.get("key", ""), **part),
        "behind": behind,
        "lines": lists.lines(behind.cases[:MOST_BEHIND]),
        "many": len(asked.units) > 1,
        "names": {code: desk_name(request.viewer.organisation, code) for code in asked.units},
    }
    return render(request, "console/figures_cases.html", context)


def _asked(request: StaffRequest) -> tuple[Asked, dict[str, object]] | None:
    """What is asked for, and what else may be; None if he may see no report. What means nothing is left out."""
    viewer, get = request.viewer, request.GET
    laws = [law for law in procedures.all_current() if law.procedure.measures and _whole(viewer, law)]
    if not laws:
        return None
    law = next((one for one in laws if one.procedure.id == get.get("procedure")), None) or _busiest(viewer, laws)
    procedure = law.procedure
    counted = {rule.flow for rule in procedure.measures.values()}
    flows = [flow for flow in procedure.flows.values() if flow.id in counted]
    flow = next((one for one in flows if one.id == get.get("flow")), flows[0])
    now = Period.of(viewer.at, procedure.zone)
    period = Period.read(get.get("period") or get.get("month", "")) or now
    period = min(period, Period.of(viewer.at, procedure.zone, period.kind))
    whole = _whole(viewer, law)
    units = _choices(viewer.organisation, whole)
    unit = get.get("unit", "")
    unit = unit if unit in {one.code for one in units} else ""
    desks = tuple(desk for desk in whole if not unit or desk in viewer.organisation.below(unit))
    asked = Asked(law, flow, period, desks, unit, get.get("split", ""), get.get("trend", ""))
    laws.sort(key=lambda one: one.procedure.title)
    return asked, {"laws": laws, "flows": flows, "units": units if len(units) > 1 else ()}


def _report(asked: Asked, viewer: Viewer) -> Report:
    """Counted up to now, as far as somebody can be let wait for it."""
    law = asked.law
    waiting = 0
    if counting.catch_up(law, viewer.organisation, viewer.at, COUNTED_FIRST) >= COUNTED_FIRST:
        waiting = counting.waiting(law)
    closing.settle_all(law, viewer.organisation, viewer.at, SECONDS_FIRST)
    return Report(asked, viewer.organisation, viewer.at, waiting)


def _none(request: StaffRequest) -> HttpResponse:
    laws = [law for law in procedures.all_current() if law.procedure.measures]
    return render(request, "console/figures_none.html", {"section": "figures", "laws": laws})


def _whole(viewer: Viewer, law: Law) -> tuple[str, ...]:
    """The desks that live by a regulation and all of whose cases he sees, in order."""
    return tuple(desk for desk in sorted(viewer.whole) if viewer.organisation.lives_by(desk, law.procedure.id))


def _busiest(viewer: Viewer, laws: list[Law]) -> Law:
    """The regulation under which most cases count this month and the last."""
    return max(laws, key=lambda law: counting.busy(law, _whole(viewer, law), viewer.at))


def _choices(organisation: Organisation, whole: tuple[str, ...]) -> tuple[UnitChoice, ...]:
    """The units all of whose desks he sees, as a tree: those with several desks, and the desks."""
    seen, found = set(whole), list[UnitChoice]()

    def walk(parent: str, depth: int) -> None:
        for unit in organisation.units.values():
            if unit.parent != parent:
                continue
            desks = {code for code in organisation.below(unit.code) if organisation.units[code].desk}
            shown = bool(desks) and (desks & seen) == desks and (unit.desk or len(desks) > 1)
            if shown:
                found.append(UnitChoice(unit.code, unit.name, depth))
            if desks:
                walk(unit.code, depth + shown)

    walk("", 0)
    return tuple(found)


def _alike(period: Period, kind: str, viewer: Viewer, law: Law) -> Period:
    """The period of another kind that holds the last day of this one, or now if that is still to come."""
    zone = law.procedure.zone
    last = min(period.period(zone)[1] - timedelta(days=1), viewer.at)
    return Period.of(last, zone, kind)
