"""Signing in and out, one's own account, and the program's pulse."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shouwen import clock
from shouwen.accounts import SignedIn, access, forms, limits, open_to_all, origin, sealing, second_factor, session
from shouwen.accounts.models import Account

__all__ = [
    "account",
    "change_password",
    "drop_second_factor",
    "health",
    "second_step",
    "set_second_factor",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]


@open_to_all
@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then in, or on to the second step."""
    if request.method == "GET" and request.account:  # type: ignore[attr-defined]  # set by SignedInMiddleware
        return redirect(_next(request))
    form = forms.SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "sign_in", form, next=_next(request))
    try:
        typed, seen = form.cleaned_data, origin.address(request)
        found = access.recognise(typed["username"], typed["password"], address=seen, at=clock.now())
    except limits.TooMany as many:
        return _page(request, "sign_in", form, next=_next(request), wait=many.minutes, status=429)
    if found is None:
        form.add_error("password", _("账号或密码不对，请再试一次；忘了密码，请找管理员重设"))
        return _page(request, "sign_in", form, next=_next(request))
    if found.has_second_factor:
        session.wait_for_code(request, found)
        return redirect(_with_next("sign_in_code", request))
    session.begin(request, found)
    return redirect(_next(request))


@open_to_all
@never_cache
@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    """The code from the telephone, or a recovery code."""
    found = session.pending(request)
    if found is None:
        return redirect(_with_next("sign_in", request))
    form = forms.CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "code", form, next=_next(request))
    now, counted = clock.now(), (limits.code(found.pk),)
    try:
        limits.try_once(counted, now)
        passed = second_factor.passes(found, form.cleaned_data["code"], now)
    except limits.TooMany as many:
        return _page(request, "code", form, next=_next(request), wait=many.minutes, status=429)
    except sealing.Unreadable:
        form.add_error("code", _("程序换过密钥，认不出原来的验证码：请用恢复码，或请管理员撤销第二步"))
        return _page(request, "code", form, next=_next(request))
    if not passed:
        form.add_error("code", _("验证码不对，或已经用过；请等应用显示下一个再输入"))
        return _page(request, "code", form, next=_next(request))
    limits.forget(counted, now)
    session.begin(request, found)
    return redirect(_next(request))


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """This browser only. What it keeps for work without a network goes too."""
    session.end(request)
    answer = redirect("sign_in")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: password, second step, sessions."""
    own = _own(request)
    left = second_factor.recovery_codes_left(own) if own.has_second_factor else 0
    return _page(request, "account", own=own, left=left, done=request.GET.get("done", ""))


@never_cache
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password: other browsers are signed out, this one stays."""
    own = _own(request)
    form = forms.PasswordForm(own, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "password", form, own=own)
    access.change_password(own, form.cleaned_data["new"])
    session.begin(request, own)
    return redirect(f"{reverse('account')}?done=password")


@never_cache
@sensitive_post_parameters()
def set_second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second step up: square, first code, then the recovery codes, which are shown only now."""
    own = _own(request)
    secret = session.secret(request)
    form = forms.SecondFactorForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.confirm(own, secret, form.cleaned_data["code"], clock.now())
        if codes:
            access.sign_out_everywhere(own)
            session.begin(request, own)
            return _page(request, "recovery_codes", codes=codes)
        form.add_error("code", _("验证码不对：请看应用上现在的 6 位数字，并核对手机的时间"))
    square = segno.make(second_factor.uri(own, secret), error="m").svg_inline(scale=5, border=2, svgclass="qr")
    return _page(request, "second_factor", form, own=own, square=square, secret=secret)


@never_cache
@sensitive_post_parameters()
def drop_second_factor(request: HttpRequest) -> HttpResponse:
    """Back to one step."""
    own = _own(request)
    form = forms.SureForm(own, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "drop_second_factor", form, own=own)
    second_factor.drop(own)
    access.sign_out_everywhere(own)
    session.begin(request, own)
    return redirect(f"{reverse('account')}?done=dropped")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """All browsers, this one too."""
    access.sign_out_everywhere(_own(request))
    session.end(request)
    return redirect("sign_in")


@open_to_all
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Alive, and the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})


def _page(
    request: HttpRequest, template: str, form: forms.Form | None = None, *, status: int = 200, **shown: object
) -> HttpResponse:
    if form is not None and form.is_bound:
        form.mark()
    return render(request, f"accounts/{template}.html", {"form": form, **shown}, status=status)


def _own(request: HttpRequest) -> Account:
    """The account of who is signed in; SignedInMiddleware lets nobody else come here."""
    who: SignedIn = request.account  # type: ignore[attr-defined]  # set by SignedInMiddleware
    return Account.objects.get(pk=who.account)


def _next(request: HttpRequest) -> str:
    """Where to go on: only to a page of this program."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else "/"


def _with_next(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({'next': _next(request)}, safe='/')}"
