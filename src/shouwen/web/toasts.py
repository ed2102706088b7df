"""Short words after an act that survive the redirect: “已登记”, with a way on."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest

__all__ = ["Toast", "say", "taken"]

_KEY = "toasts"
MOST_KEPT = 3


@dataclass(frozen=True)
class Toast:
    """Words, how it stands ('', done, soon, late, wait) and an address to go on to, with its words."""

    text: str
    state: str = "done"
    href: str = ""
    link: str = ""


def say(request: HttpRequest, text: str, *, state: str = "done", href: str = "", link: str = "") -> None:
    """Say this on the next page that the browser draws."""
    # The session is a cookie: what nobody has come to see gives way.
    kept = request.session.get(_KEY, [])[-MOST_KEPT + 1 :]
    request.session[_KEY] = [*kept, asdict(Toast(text, state, href, link))]


def taken(request: HttpRequest) -> list[Toast]:
    """What is to be said now; it is said once."""
    session = getattr(request, "session", None)
    if session is None or not session.get(_KEY):
        return []
    return [Toast(**kept) for kept in session.pop(_KEY)]
