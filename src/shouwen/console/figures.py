"""Reports: the measures of each regulation for a month, by desk, beside earlier months, with how limits were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.casework import access, compliance, measures, procedures
from shouwen.casework.compliance import Kept
from shouwen.casework.measures import Counted, Month
from shouwen.casework.procedures import Law
from shouwen.console import figures_sheet
from shouwen.console.figures_words import Trend, difference, trend, value_words
from shouwen.console.library_document import words_of
from shouwen.core.measure import Figure, meets
from shouwen.core.procedure import Measure, Task
from shouwen.organisation.state import Organisation
from shouwen.web.staff import StaffRequest, staff

__all__ = ["Line", "Report", "TaskLine", "reports"]

#: the month shown and those before it, so that a year ago is among them
MONTHS = 13
#: more parts than these are not shown one by one
MOST_PARTS = 20
#: what a break-down by these says stands in columns of its own
_APART = ("unit", "month")


@dataclass(frozen=True)
class Line:
    """A measure of the month. `met`: whether its target is reached; None: it has none, or nothing was counted."""

    rule: Measure
    figure: Figure
    value: str
    mom: str
    yoy: str
    met: bool | None
    trend: Trend
    desks: tuple[tuple[str, str, Figure], ...]
    parts: tuple[tuple[str, tuple[tuple[str, str, Figure], ...]], ...]

    @property
    def of(self) -> str:
        """What a share is of: 25/26."""
        return f"{self.figure.hits}/{self.figure.count}" if self.figure.hits is not None else ""


@dataclass(frozen=True)
class TaskLine:
    """An obligation with a limit, and how it was kept."""

    task: Task
    kept: Kept


@dataclass(frozen=True)
class Report:
    """All that the page shows of one regulation."""

    law: Law
    month: Month
    desks: tuple[str, ...]
    running: bool
    lines: tuple[Line, ...]
    tasks: tuple[TaskLine, ...]


@staff
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """The month asked for (`?month=2026-09`), of one regulation and of all desks or one; `?as=xlsx` as a workbook."""
    viewer = request.viewer
    busy = access.counts(viewer)
    counting = [law for law in procedures.all_current() if law.procedure.measures]
    laws = [law for law in counting if _whole(viewer, law)]
    laws.sort(key=lambda law: -busy[law.procedure.id])
    law = next((one for one in laws if one.procedure.id == request.GET.get("procedure")), laws[0] if laws else None)
    if law is None or not viewer.whole:
        return render(request, "console/figures_none.html", {"section": "figures", "laws": counting})
    now = Month.of(viewer.at, law.procedure.zone)
    month = min(Month.read(request.GET.get("month", "")) or now, now)
    whole, desk = _whole(viewer, law), request.GET.get("desk", "")
    desks = (desk,) if desk and desk in whole else whole
    report = _report(law, month, desks, viewer, now)
    if request.GET.get("as") == "xlsx":
        return figures_sheet.download(report, viewer.organisation)
    context = {
        "section": "figures",
        "procedure": law.procedure,
        "laws": laws,
        "report": report,
        "month": month,
        "before": month.moved(-1),
        "after": month.moved(1) if month < now else None,
        "now": now,
        "desk": desk if desk in whole else "",
        "choices": [(code, desk_name(viewer.organisation, code)) for code in whole if code],
    }
    return render(request, "console/figures.html", context)


def _whole(viewer: access.Viewer, law: Law) -> tuple[str, ...]:
    """The desks that live by a regulation and all of whose cases he sees, in order."""
    return tuple(desk for desk in sorted(viewer.whole) if viewer.organisation.lives_by(desk, law.procedure.id))


def desk_name(organisation: Organisation, code: str) -> str:
    """A desk by its name; without one the whole organisation."""
    return organisation.units[code].name if code in organisation.units else organisation.name or "全单位"


def _report(law: Law, month: Month, desks: tuple[str, ...], viewer: access.Viewer, now: Month) -> Report:
    organisation, at = viewer.organisation, viewer.at
    shown = [month.moved(-back) for back in range(MONTHS - 1, -1, -1)]
    counted = {one: measures.of_month(law, one, desks, organisation, at) for one in shown}
    since, until = month.period(law.procedure.zone)
    kept = compliance.by_task(access.cases(viewer).filter(procedure=law.procedure.id, unit__in=desks), since, until)
    return Report(
        law=law,
        month=month,
        desks=desks,
        running=month == now,
        lines=tuple(_line(law, rule, month, desks, viewer, counted) for rule in law.procedure.measures.values()),
        tasks=tuple(
            TaskLine(task, kept[task.id]) for task in law.procedure.tasks.values() if task.has_clock and task.id in kept
        ),
    )


def _line(
    law: Law,
    rule: Measure,
    month: Month,
    desks: tuple[str, ...],
    viewer: access.Viewer,
    counted: Mapping[Month, Mapping[str, Counted]],
) -> Line:
    figure = counted[month][rule.id].whole
    by_desk = counted[month][rule.id].desks
    year = [(one, counted[one][rule.id].whole) for one in sorted(counted)[1:]]
    return Line(
        rule=rule,
        figure=figure,
        value=value_words(rule, figure),
        mom=difference(rule, figure, counted[month.moved(-1)][rule.id].whole),
        yoy=difference(rule, figure, counted[month.moved(-12)][rule.id].whole),
        met=meets(rule, figure),
        trend=trend(rule, year, month),
        desks=tuple(
            (desk_name(viewer.organisation, desk), value_words(rule, by_desk[desk]), by_desk[desk])
            for desk in desks
            if by_desk[desk].count
        ),
        parts=tuple(_parts(law, rule, name, month, desks, viewer) for name in rule.by if name not in _APART)
        if figure.count
        else (),
    )


def _parts(
    law: Law, rule: Measure, by: str, month: Month, desks: tuple[str, ...], viewer: access.Viewer
) -> tuple[str, tuple[tuple[str, str, Figure], ...]]:
    words = words_of(law, viewer.organisation, viewer.at.astimezone(law.procedure.zone).date())
    found = measures.split(law, rule, by, month, desks, viewer.organisation, viewer.at)
    ordered = sorted(found, key=lambda part: -part[1].count)[:MOST_PARTS]
    role_table = law.procedure.tables.get(by)
    kind = role_table.gives.get("", "") if role_table else ""
    return words.name(by), tuple(
        (words.named(key, kind) or "未填", value_words(rule, part), part) for key, part in ordered
    )
