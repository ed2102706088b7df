"""What a house announces, to be found by one's address: outages and the like, with their clause and how they stand."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.casework import announcements, customers
from shouwen.casework.announcements import Announced
from shouwen.portal import houses
from shouwen.portal.visitor import visitor
from shouwen.web.clauses import Cited, cited
from shouwen.web.shown import hidden, shown

__all__ = ["announced"]

_LONG = 80
#: what tells of single people, or can only be read on the paper itself
_LEFT_OUT = frozenset({"rows", "signature", "file", "person", "people", "phone", "id_number"})


@dataclass(frozen=True)
class Notice:
    """An announcement as it is read: its lines in words, its article, whether it speaks of the address."""

    one: Announced
    lines: tuple[tuple[str, str], ...]
    article: Cited | None
    mine: bool

    @property
    def step(self) -> str:
        """How the matter stands."""
        case = self.one.filed.case
        return self.one.procedure.flows[case.flow].steps[case.step].name


@require_safe
@visitor
def announced(request: HttpRequest, unit: str) -> HttpResponse:
    """All that is announced now; with an address, what speaks of it first."""
    house = houses.find(unit)
    viewer = customers.of_house(house.code)
    address = str(request.GET.get("q") or "").strip()[:_LONG]
    found = [_notice(one, address) for one in announcements.current(viewer)]
    context = {
        "house": house,
        "address": address,
        "mine": [one for one in found if one.mine],
        "rest": [one for one in found if not one.mine],
        "possible": announcements.possible(viewer),
    }
    return render(request, "portal/announced.html", context)


def _notice(one: Announced, address: str) -> Notice:
    procedure, roles = one.procedure, customers.roles(one.procedure)
    # What rules keep on the paper for themselves nobody has written there for others to read.
    written = {fill.path for action in procedure.actions.values() for fill in action.fills}
    fields = [
        field
        for field in one.form.fields.values()
        if field.path in written
        and field.type not in _LEFT_OUT
        and not field.private
        and field.path not in one.copy.hides
        and not hidden(procedure, field, roles)
    ]
    lines = [
        (field.name, shown(procedure, field, one.values[field.path], {}, written=True))
        for field in fields
        if one.values.get(field.path) not in (None, "", ())
    ]
    article = cited(procedure, one.form.clauses[0]) if one.form.clauses else None
    return Notice(one, tuple(lines), article, bool(address) and announcements.about(one, address))
