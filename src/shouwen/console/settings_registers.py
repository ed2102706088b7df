"""Registers and the words of open catalogs: listed, searched, added to, ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen.casework import procedures, registers
from shouwen.casework.figures import Faulty
from shouwen.casework.procedures import Law
from shouwen.casework.registers import Row
from shouwen.console.people_rights import administers, must_administer
from shouwen.core.procedure import Catalog, Form
from shouwen.web import phrases, toasts
from shouwen.web.masked import mask
from shouwen.web.staff import StaffRequest, staff

__all__ = ["register_pages"]

Chosen = tuple[Law, Form | Catalog]


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def register_pages(request: StaffRequest) -> HttpResponse:
    """All registers and open catalogs; `?procedure=&of=` shows one. A POST changes it (administrators only)."""
    every = list(_every())
    chosen = _chosen(every, request.GET.get("procedure", ""), request.GET.get("of", ""))
    typed = {key: str(value)[:400] for key, value in request.POST.items()}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        must_administer(request)
        if chosen is None:
            raise Http404
        try:
            toasts.say(request, _change(request, *chosen, typed))
            return redirect(_address(*chosen))
        except Faulty as faulty:
            faults = phrases.faults(faulty.faults)
    context = {
        "section": "settings",
        "every": [(law, one, _address(law, one)) for law, one in every],
        "may": administers(request),
        "asked": request.GET.get("q", "").strip()[:60],
        "typed": typed,
        "faults": faults,
        **(_one(request, *chosen, typed, faults) if chosen else {}),
    }
    return render(request, "console/settings_registers.html", context, status=422 if faults else 200)


def _every() -> Iterator[Chosen]:
    for law in procedures.all_current():
        yield from ((law, form) for form in registers.registers(law.procedure))
        yield from ((law, catalog) for catalog in registers.open_catalogs(law.procedure))


def _chosen(every: list[Chosen], procedure: str, of: str) -> Chosen | None:
    """The one asked for; else the first of the regulation asked for; else the first."""
    of_law = [one for one in every if not procedure or one[0].procedure.id == procedure]
    return next((one for one in of_law if one[1].id == of), of_law[0] if of_law else None)


def _address(law: Law, one: Form | Catalog) -> str:
    return f"{reverse('registers')}?{urlencode({'procedure': law.procedure.id, 'of': one.id})}"


def _one(
    request: StaffRequest, law: Law, one: Form | Catalog, typed: Mapping[str, str], faults: Mapping[str, str]
) -> Mapping[str, object]:
    day = request.viewer.at.astimezone(law.procedure.zone).date()
    if isinstance(one, Catalog):
        return {
            "law": law,
            "catalog": one,
            "words": registers.words_of(law.procedure, one, request.viewer.organisation),
        }
    asked = request.GET.get("q", "").strip()[:60]
    fields = [(name, rule, typed.get(name, ""), faults.get(name, "")) for name, rule in one.fields.items()]
    return {
        "law": law,
        "form": one,
        "rows": [_masked(one, row) for row in registers.rows_of(law.procedure, one, day, asked)],
        "fields": fields,
        "today": day,
    }


def _masked(form: Form, row: Row) -> Row:
    """A row as it may be shown to everybody: private cells masked."""
    cells = zip(form.fields.values(), row.cells, strict=True)
    return replace(row, cells=tuple(mask(cell) if field.private else cell for field, cell in cells))


def _change(request: StaffRequest, law: Law, one: Form | Catalog, typed: Mapping[str, str]) -> str:
    actor, at = request.viewer.code, request.viewer.at
    match one, typed.get("op", ""):
        case Catalog(), "add" | "retire" as op:
            word = typed.get("word", "")
            registers.put_word(law, one, word, retired=op == "retire", actor=actor, at=at)
            return (_("“{word}”不再可选") if op == "retire" else _("“{word}”可以选了")).format(word=word.strip())
        case Form(), "add":
            return _("“{row}”已记入《{name}》").format(
                row=registers.put_row(law, one, typed, actor=actor, at=at), name=one.name
            )
        case Form(), "end":
            registers.end_row(law, one, typed.get("key", ""), typed.get("until", ""), actor=actor, at=at)
            return _("“{row}”已止").format(row=typed.get("key", ""))
        case _:
            raise Http404
