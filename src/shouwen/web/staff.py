"""Who stands behind a page for staff: the viewer and the person, or the page that says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwen.casework import access, procedures
from shouwen.casework.access import Viewer

__all__ = ["Self", "StaffRequest", "role_names", "staff"]

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


@dataclass(frozen=True)
class Self:
    """Who is signed in, as the frame of a page names him."""

    viewer: Viewer

    @property
    def code(self) -> str:
        """His code."""
        return self.viewer.code

    @property
    def name(self) -> str:
        """His name."""
        return self.viewer.person.name

    @cached_property
    def roles(self) -> str:
        """The words of his roles, looked for when a page shows them."""
        return _("、").join(role_names(self.viewer))


class StaffRequest(HttpRequest):
    """A request behind `@staff`: whoever sends it works here."""

    viewer: Viewer
    person: Self


def staff(view: Callable[Concatenate[StaffRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Hands a view its `request.viewer` and `request.person`. An account without a person who works here gets a page
    that says so."""

    @wraps(view)
    def behind(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        account = request.account  # type: ignore[attr-defined]  # the middleware has put it there
        viewer = access.viewer(account.person) if account.person else None
        if viewer is None:
            return render(request, "web/not_staff.html", {"account": account}, status=403)
        request.viewer = viewer  # type: ignore[attr-defined]  # see StaffRequest
        request.person = Self(viewer)  # type: ignore[attr-defined]  # see StaffRequest
        request.organisation = viewer.organisation.name  # type: ignore[attr-defined]  # the frame shows it
        request.at = viewer.at  # type: ignore[attr-defined]  # the frame's countdowns go by it
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it has become a StaffRequest

    return behind


def role_names(viewer: Viewer) -> tuple[str, ...]:
    """The words of the roles that he holds now."""
    held = (procedures.role_name(viewer.organisation, unit, role) for unit, role in viewer.positions)
    return tuple(dict.fromkeys(held))
