"""Settings: the house's name and its own days on the year's calendar, and whether everything is in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen import calendars
from shouwen.casework import house
from shouwen.casework.figures import Faulty
from shouwen.casework.house import Day
from shouwen.console.people_rights import administers, must_administer
from shouwen.web import moments, phrases, toasts
from shouwen.web.staff import StaffRequest, staff

__all__ = ["settings"]


@dataclass(frozen=True)
class MonthView:
    """A month as weeks from Monday to Sunday; None where another month's days would stand."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def name(self) -> str:
        """9月, Sep."""
        return moments.month(self.number)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: StaffRequest) -> HttpResponse:
    """The page; a POST names the house or sets days (administrators only)."""
    viewer, edition = request.viewer, calendars.public_edition()
    typed = {key: str(value)[:200] for key, value in request.POST.items()}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        must_administer(request)
        try:
            return _change(request, typed)
        except Faulty as faulty:
            faults = phrases.faults(faulty.faults)
    today = viewer.at.astimezone(calendars.public_calendar().zone).date()
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 5 else today.year
    year = wanted if edition.first_year <= wanted <= today.year + 3 else today.year
    own = sorted((day, name, works) for day, (name, works) in viewer.organisation.days.items() if day.year == year)
    context = {
        "section": "settings",
        "may": administers(request),
        "organisation": viewer.organisation,
        "year": year,
        "before": year - 1 if year > edition.first_year else None,
        "after": year + 1 if year < today.year + 3 else None,
        "months": [_month(number, days) for number, days in enumerate(house.year(viewer.organisation, year), 1)],
        "published": year <= edition.last_year,
        "edition": edition,
        "own": own,
        "today": today,
        "findings": list(house.findings(viewer.organisation, viewer.at)) if administers(request) else (),
        "version": version("shouwen"),
        "typed": typed,
        "faults": faults,
    }
    return render(request, "console/settings.html", context, status=422 if faults else 200)


def _change(request: StaffRequest, typed: Mapping[str, str]) -> HttpResponse:
    actor, at = request.viewer.code, request.viewer.at
    match typed.get("op", ""):
        case "name":
            house.name(typed.get("name", ""), actor=actor, at=at)
            toasts.say(request, _("单位名称已改"))
            return redirect("settings")
        case "day":
            first, last = house.put_day(
                typed.get("day", ""),
                typed.get("until", ""),
                typed.get("name", ""),
                typed.get("kind", ""),
                actor=actor,
                at=at,
            )
            span = f"{first}" if first == last else _("{first} 至 {last}").format(first=first, last=last)
            toasts.say(request, _("{span} 已记下，此后的时限照此算").format(span=span))
            return redirect(f"{reverse('settings')}?year={first.year}#calendar")
        case _:
            raise Http404


def _month(number: int, days: tuple[Day, ...]) -> MonthView:
    cells: list[Day | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return MonthView(number, tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)))
