"""Making accounts and changing what they open with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db.models import F

from shouwen import clock
from shouwen.accounts import limits, presence
from shouwen.accounts.models import Account

__all__ = [
    "Newcomer",
    "change_password",
    "close",
    "create",
    "create_all",
    "recognise",
    "sign_out_everywhere",
    "username_of",
]


@dataclass(frozen=True)
class Newcomer:
    """An account to be made."""

    username: str
    person: str = ""
    administers: bool = False


def username_of(typed: str) -> str:
    """The account name as it is kept: full-width and capital letters are the same as others."""
    return Account.normalize_username(typed).strip().casefold()


def create(username: str, password: str, person: str, administers: bool = False) -> Account:
    """A new account. Raises `ValidationError` for a weak password, `IntegrityError` for a name that is taken."""
    account = Account(username=username_of(username), person=person, administers=administers, created_at=clock.now())
    validate_password(password, account)
    account.set_password(password)
    account.save(force_insert=True)
    return account


def create_all(newcomers: Iterable[Newcomer], password: str) -> list[Account]:
    """Many at once with one password: for demonstrations, where hashing it for each would take minutes."""
    hashed, at = make_password(password), clock.now()
    return Account.objects.bulk_create(
        Account(
            username=username_of(one.username),
            person=one.person,
            administers=one.administers,
            password=hashed,
            created_at=at,
        )
        for one in newcomers
    )


def recognise(username: str, password: str, *, address: str, at: datetime) -> Account | None:
    """The account whose name and password these are. Raises `limits.TooMany`, for names that do not exist too."""
    name = username_of(username)
    counted = (limits.name(name), limits.address(address))
    limits.try_once(counted, at)
    account = Account.objects.filter(username=name).first()
    # The same work is done for a name that does not exist: the time an answer takes gives nothing away.
    known = check_password(password, account.password) if account else not make_password(password)
    if account is None or not known or not account.is_active:
        return None
    limits.forget(counted, at)
    return account


def change_password(account: Account, password: str) -> None:
    """A new password; all sessions end. Raises `ValidationError` for a weak one."""
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    sign_out_everywhere(account)


def sign_out_everywhere(account: Account) -> None:
    """Every session of the account ends: in this process at once, in others within seconds."""
    Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)
    account.refresh_from_db(fields=["epoch"])
    presence.forget(account.pk)


def close(account: Account) -> None:
    """Nobody signs in with it any more; what was done with it stays."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    sign_out_everywhere(account)
