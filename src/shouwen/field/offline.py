"""What a browser takes in before anybody signs in: the service worker and what the page is called on a home screen."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shouwen.accounts import open_to_all

__all__ = ["manifest", "service_worker"]

_WORKER = Path(__file__).parent / "static" / "field" / "sw.js"


@open_to_all
@never_cache
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from where its scope begins; the same file for everybody."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


@open_to_all
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """How the page stands on a home screen."""
    return JsonResponse(
        {
            "name": _("首问外勤"),
            "short_name": _("外勤"),
            "start_url": reverse("field"),
            "scope": reverse("field"),
            "display": "standalone",
            "icons": [{"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )
