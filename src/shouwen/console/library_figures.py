"""Figures of a regulation: what each is, where it comes from, what is in force, and setting it anew from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_http_methods

from shouwen.casework import figures
from shouwen.casework.figures import Faulty, Setting
from shouwen.casework.procedures import Law
from shouwen.console.library import law_of
from shouwen.console.library_words import figure_text
from shouwen.console.people_rights import administers, must_administer
from shouwen.core.procedure import Figure
from shouwen.organisation.state import Organisation
from shouwen.web import phrases, toasts
from shouwen.web.staff import StaffRequest, staff

__all__ = ["figure_values"]

_WRITTEN = {
    "span": _noop("写作 30 min、24 h、3 workdays、2 days、1 month"),
    "money": _noop("写作 5000 元"),
    "number": _noop("写整数"),
    "ratio": _noop("写作 30 %"),
    "hours": _noop("写作 09:00-12:00, 13:30-18:00"),
    "moment": _noop("写作 09:00"),
    "bool": _noop("写 yes 或 no"),
    "texts": _noop("一个词，或用规程改"),
}


@dataclass(frozen=True)
class Value:
    """A value of a figure, from a day on. `state`: now, coming or past."""

    since: date | None
    text: str
    state: str
    who: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A figure with all its values; `typed` and `faults` of a form that was sent and not taken."""

    rule: Figure
    now: str
    own: bool
    values: tuple[Value, ...]
    how: str
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def figure_values(request: StaffRequest, name: str) -> HttpResponse:
    """The figures of a procedure; a POST sets one (administrators only)."""
    law = law_of(name)
    typed: Mapping[str, str] = {}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        must_administer(request)
        typed = {key: str(request.POST.get(key, ""))[:400] for key in ("figure", "since", "value", "reason")}
        try:
            done = figures.put(
                law,
                typed["figure"],
                since=typed["since"],
                text=typed["value"],
                reason=typed["reason"],
                actor=request.viewer.code,
                at=request.viewer.at,
            )
        except Faulty as faulty:
            faults = phrases.faults(faulty.faults)
        else:
            rule = law.procedure.figures[typed["figure"]]
            shown = figure_text(rule.type, done.value, rule.unit)
            toasts.say(
                request,
                _("“{name}”自 {since} 起为 {shown}；此前立的案件不变").format(
                    name=rule.name, since=done.since, shown=shown
                ),
            )
            return redirect(f"{reverse('figure_values', args=[name])}#f-{rule.id}")
    today = request.viewer.at.astimezone(law.procedure.zone).date()
    context = {
        "section": "procedures",
        "procedure": law.procedure,
        "lines": list(_lines(law, request.viewer.organisation, today, typed, faults)),
        "may": administers(request),
        "tomorrow": today + timedelta(days=1),
        "today": today,
        "faults": faults,
    }
    return render(request, "console/procedure_figures.html", context, status=422 if faults else 200)


def _lines(
    law: Law, organisation: Organisation, today: date, typed: Mapping[str, str], faults: Mapping[str, str]
) -> Iterator[Line]:
    now, own = figures.in_force(law.procedure, organisation, today), figures.settings(law.procedure)
    for rule in law.procedure.figures.values():
        mine = typed.get("figure") == rule.id
        yield Line(
            rule=rule,
            now=figure_text(rule.type, now[rule.id], rule.unit) if rule.id in now else _("未定"),
            own=rule.basis == "default",
            values=_values(rule, own.get(rule.id, ()), organisation, today),
            how=_(_WRITTEN.get(rule.type, "")),
            typed=typed if mine else {},
            faults=faults if mine else {},
        )


def _values(rule: Figure, own: tuple[Setting, ...], organisation: Organisation, today: date) -> tuple[Value, ...]:
    """All values, the newest first: the regulation's and the organisation's."""
    stated = [(one.since, figure_text(rule.type, one.value, rule.unit), _("规程"), "") for one in rule.values]
    stated += [
        (one.since, figure_text(rule.type, one.value, rule.unit), organisation.called(one.actor), one.reason)
        for one in own
    ]
    begun = [place for place, one in enumerate(stated) if one[0] is None or one[0] <= today]
    current = begun[-1] if begun else -1
    return tuple(
        Value(since, text, "now" if place == current else "coming" if since and since > today else "past", who, reason)
        for place, (since, text, who, reason) in reversed(list(enumerate(stated)))
    )
