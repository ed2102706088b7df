"""In which language a page speaks: what was chosen last in this browser, Simplified Chinese until somebody chooses."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwen.accounts import open_to_all

__all__ = ["LanguageMiddleware", "back", "choose", "chosen", "house", "names", "script_words", "tag"]

COOKIE = "language"
YEAR = 31536000
#: how a page names its language to browsers and to readers of screens
_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def names() -> tuple[tuple[str, str, str], ...]:
    """What may be chosen: its code, the tag of the page's language, its own name."""
    return tuple((code, _TAGS[code], str(name)) for code, name in settings.LANGUAGES)


def chosen(request: HttpRequest) -> str:
    """The code chosen in this browser; the house's own for any other."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in _TAGS else settings.LANGUAGE_CODE


def tag() -> str:
    """The tag of the language that is spoken now: zh-Hans, zh-Hant, en."""
    return _TAGS.get(translation.get_language() or "", _TAGS[settings.LANGUAGE_CODE])


def back(request: HttpRequest) -> str:
    """Where the switch leads back to: the page itself; for one that answered a form, the page that has the form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return request.path
    return f"{parts.path or request.path}{'?' if parts.query else ''}{parts.query}"


def script_words() -> dict[str, str]:
    """What the page's script says; the lengths as `moments.length` does."""
    return {
        "on": _("开"),
        "off": _("关"),
        "days_hours": _("{days}天{hours}时"),
        "days": _("{days}天"),
        "hours": _("{hours}时{minutes}分"),
        "minutes": _("{minutes}分"),
        "left": _("余{length}"),
        "late": _("逾期{length}"),
        "wait": _("还要等{length}"),
        "ready": _("现在可以答了"),
        "saved": _("自动存于{time}"),
        "unsaved": _("还没存上，联网后再存"),
        "failed": _("这一步没有做成，请刷新后再试"),
    }


def house() -> translation.override:
    """The language of the house and its regulations: for what goes on paper, whoever looks at it."""
    return translation.override(settings.LANGUAGE_CODE)


class LanguageMiddleware:
    """Pages are in the language of the browser's cookie. What browsers say by themselves is not asked: the house
    speaks Chinese to everybody who has not chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(chosen(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", tag())
        patch_vary_headers(response, ("Cookie",))
        return response


@open_to_all
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language and go back to the page; the door is passed in a language, too."""
    asked, wanted = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe and wanted.startswith("/") else "/")
    if asked in _TAGS:
        response.set_cookie(COOKIE, asked, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
