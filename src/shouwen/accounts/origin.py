"""From which address a request comes: by it tries are counted."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

__all__ = ["address"]


def address(request: HttpRequest) -> str:
    """Whose tries are counted: the other end, or what the outermost of our own proxies saw there."""
    seen = [*request.headers.get("X-Forwarded-For", "").split(","), request.META.get("REMOTE_ADDR", "")]
    return str(seen[-1 - min(settings.PROXIES, len(seen) - 1)]).strip()
