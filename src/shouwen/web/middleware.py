"""What every request and answer goes through: letters that cannot be kept are dropped, and a page is kept to its own
(scripts and styles from here only, no framing, no leaking addresses)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict

__all__ = ["POLICY", "ContentPolicyMiddleware", "KeepableMiddleware"]

#: `style="--p:.5"` is how a page hands a number to its style sheet; style elements and scripts in it stay forbidden.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}


class KeepableMiddleware:
    """PostgreSQL keeps no NUL, and nobody means one: it is dropped from what was asked and typed, before anything else
    reads it. An address with one leads nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _kept(request.GET)  # type: ignore[assignment]  # as good as one that cannot change
        if request.method == "POST" and any(
            "\0" in one for sent in request.POST.lists() for one in (sent[0], *sent[1])
        ):
            request.POST = _kept(request.POST)  # type: ignore[assignment]  # as above
        return self.get_response(request)


def _kept(sent: QueryDict) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, texts in sent.lists():
        for text in texts:
            found.appendlist(name.replace("\0", ""), text.replace("\0", ""))
    return found


class ContentPolicyMiddleware:
    """Adds the headers to every answer; a view that has set one keeps its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
