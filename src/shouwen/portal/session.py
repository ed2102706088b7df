"""What lets a browser in without an account: a signed cookie that names the few cases and reports which its owner has
shown to be his. It is apart from the session of staff, and neither opens what the other does."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

__all__ = ["COOKIE", "begin", "end", "owned", "receipt"]

COOKIE = "portal"
SALT = "shouwen.portal"
PLACE = "/portal/"
LASTS = timedelta(hours=12)
#: how long a receipt may be looked at again
RECEIPT = timedelta(minutes=30)
#: so many are kept at once, the last ones
MOST = 8


def owned(request: HttpRequest) -> tuple[UUID, ...]:
    """The cases and reports that this browser may follow, the last one first."""
    return tuple(UUID(one) for one in _read(request, LASTS).get("own", ()))


def receipt(request: HttpRequest) -> tuple[UUID, str] | None:
    """What was just brought, with the key of its form, from which its code is made."""
    fresh = _read(request, RECEIPT).get("fresh", ())
    return (UUID(fresh[0]), fresh[1]) if len(fresh) == 2 else None


def begin(request: HttpRequest, response: HttpResponseBase, about: UUID, *, key: str = "") -> None:
    """From here on this browser follows it; with a `key`, it was just brought and its receipt may be read."""
    own = [str(about), *(str(one) for one in owned(request) if one != about)][:MOST]
    kept = {"own": own, "fresh": [str(about), key] if key else []}
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=int(LASTS.total_seconds()),
        path=PLACE,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def end(response: HttpResponseBase) -> None:
    """This browser follows nothing any more."""
    response.delete_cookie(COOKIE, path=PLACE, samesite="Lax")


def _read(request: HttpRequest, lasts: timedelta) -> dict[str, list[str]]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=lasts)
    except (signing.BadSignature, json.JSONDecodeError):
        return {}
    return kept if isinstance(kept, dict) else {}
