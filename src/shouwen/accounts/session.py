"""What a session carries: an account and its epoch, signed; and, between two steps, who has passed the first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from shouwen import clock
from shouwen.accounts import SignedIn, presence, sealing, second_factor
from shouwen.accounts.models import Account

__all__ = ["begin", "end", "pending", "read", "secret", "wait_for_code"]

#: a session goes on while it is used; the cookie is signed anew no more often than this, in seconds
RENEWED = 3600
PENDING = timedelta(minutes=5)


def read(request: HttpRequest) -> SignedIn | None:
    """Who is signed in."""
    kept = request.session.get("account")
    if not (isinstance(kept, list) and len(kept) == 3):
        return None
    account, epoch, since = kept
    found = presence.signed_in(account, epoch)
    if found is not None and (now := int(clock.now().timestamp())) - since > RENEWED:
        request.session["account"] = [account, epoch, now]
    return found


def begin(request: HttpRequest, account: Account) -> None:
    """From here on the request's browser is this account's."""
    request.session.flush()
    request.session["account"] = [account.pk, account.epoch, int(clock.now().timestamp())]
    rotate_token(request)


def end(request: HttpRequest) -> None:
    """This browser is nobody's again."""
    request.session.flush()
    rotate_token(request)


def wait_for_code(request: HttpRequest, account: Account) -> None:
    """The password was right; the second step follows."""
    request.session["pending"] = [account.pk, account.epoch, int(clock.now().timestamp())]


def pending(request: HttpRequest) -> Account | None:
    """Whose second step is awaited."""
    kept = request.session.get("pending")
    if not (isinstance(kept, list) and len(kept) == 3):
        return None
    account, epoch, since = kept
    if datetime.fromtimestamp(since, tz=clock.now().tzinfo) < clock.now() - PENDING:
        return None
    return Account.objects.filter(pk=account, epoch=epoch, is_active=True).exclude(totp_secret="").first()


def secret(request: HttpRequest) -> str:
    """The secret of a second step that is being set up: the same one until it is confirmed."""
    kept = request.session.get("secret")
    if kept:
        try:
            return sealing.opened(kept)
        except sealing.Unreadable:
            pass
    fresh = second_factor.begin()
    request.session["secret"] = sealing.sealed(fresh)
    return fresh
