"""Where a customer begins: which house, what may be brought there, and one article of its regulations."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shouwen.casework import announcements, customers, procedures
from shouwen.core.procedure import Procedure
from shouwen.organisation.state import Organisation, Unit, recent
from shouwen.portal import asked
from shouwen.portal.asked import Choice
from shouwen.portal.visitor import owned, visitor
from shouwen.web.clauses import cited
from shouwen.web.phrases import listed

__all__ = ["article", "find", "house", "houses"]


@dataclass(frozen=True)
class Door:
    """A house to choose: under whose roof it stands, and what may be brought there."""

    unit: Unit
    roof: str
    brings: tuple[str, ...]

    @property
    def told(self) -> str:
        """It in a line."""
        return listed(self.brings)


@dataclass(frozen=True)
class Shelf:
    """What may be brought under one regulation."""

    procedure: Procedure
    choices: tuple[Choice, ...]


@require_safe
@visitor
def houses(request: HttpRequest) -> HttpResponse:
    """The houses; where there is but one, its page at once."""
    organisation = recent()
    found = customers.houses(organisation)
    if len(found) == 1:
        return redirect("portal:house", found[0].code)
    doors = [_door(organisation, unit) for unit in found]
    roofs = {door.roof: [one for one in doors if one.roof == door.roof] for door in doors}
    return render(request, "portal/houses.html", {"roofs": roofs, "owned": _followed(request)})


@require_safe
@visitor
def house(request: HttpRequest, unit: str) -> HttpResponse:
    """What may be brought to this house, and what it announces."""
    one = find(unit)
    viewer = customers.of_house(one.code)
    brought: dict[str, list[Choice]] = {}
    for choice in asked.choices(viewer, one.code):
        brought.setdefault(choice.procedure.id, []).append(choice)
    shelves = [Shelf(found[0].procedure, tuple(found)) for found in brought.values()]
    context = {
        "house": one,
        "shelves": shelves,
        "announces": announcements.possible(viewer),
        "current": len(announcements.current(viewer)),
        "others": len(customers.houses(viewer.organisation)) > 1,
        "owned": _followed(request),
    }
    return render(request, "portal/house.html", context)


@require_safe
@visitor
def article(request: HttpRequest, procedure: str, clause: str) -> HttpResponse:
    """One article, as it binds the house."""
    try:
        law = procedures.current(procedure)
    except KeyError:
        raise Http404 from None
    if not customers.roles(law.procedure) or f"{procedure}.{clause}" not in law.procedure.excerpts:
        raise Http404
    context = {"procedure": law.procedure, "article": cited(law.procedure, f"{procedure}.{clause}")}
    return render(request, "portal/article.html", context)


def find(unit: str) -> Unit:
    """The house of this code; raises Http404."""
    found = next((one for one in customers.houses(recent()) if one.code == unit), None)
    if found is None:
        raise Http404
    return found


def _door(organisation: Organisation, unit: Unit) -> Door:
    viewer = customers.of_house(unit.code)
    above = [one.name for one in organisation.above(unit.code)][1:]
    brings = tuple(dict.fromkeys(choice.flow.name for choice in asked.choices(viewer, unit.code)))
    return Door(unit, above[0] if above else "", brings)


def _followed(request: HttpRequest) -> list[str]:
    """The numbers that this browser follows, each once."""
    return list(dict.fromkeys(one.number for one in owned(request) if one.case_id in (None, one.about_id)))
