"""Who may change the organisation: accounts that administer; for others such pages take no command."""

from __future__ import annotations

from django.http import Http404

from shouwen.web.staff import StaffRequest

__all__ = ["administers", "must_administer"]


def administers(request: StaffRequest) -> bool:
    """Whether this account may change organisation, figures and accounts."""
    return bool(request.account.administers)  # type: ignore[attr-defined]  # set by SignedInMiddleware


def must_administer(request: StaffRequest) -> None:
    """What somebody may not do does not exist for him."""
    if not administers(request):
        raise Http404
