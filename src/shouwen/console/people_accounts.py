"""Sign-in of a person: made, locked and opened again, its password and second step set anew by an administrator."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts import access, presence, second_factor
from shouwen.accounts.models import Account
from shouwen.casework.people import Faulty

__all__ = ["change", "create", "of_person"]

#: without the letters and digits that are taken for one another
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def of_person(person: str) -> list[Account]:
    """The accounts of a person."""
    return list(Account.objects.filter(person=person).order_by("username"))


def create(person: str, typed: Mapping[str, str]) -> tuple[Account, str]:
    """A new account with its first password. Raises `Faulty`."""
    username = access.username_of(typed.get("username", ""))
    if not username or " " in username or len(username) > 60:
        raise Faulty({"username": _("请填账号，不含空格，如 li.na")})
    password = _password()
    try:
        with transaction.atomic():
            made = access.create(username, password, person, typed.get("administers", "") == "yes")
    except IntegrityError:
        raise Faulty({"username": _("账号 {username} 已有人用：换一个").format(username=username)}) from None
    except ValidationError as wrong:
        raise Faulty({"username": _("；").join(wrong.messages)}) from None
    return made, password


def change(person: str, typed: Mapping[str, str], *, own: int) -> tuple[str, str]:
    """Lock, open, set the password anew or drop the second step: what was done, and a password to be shown once.
    Nobody shuts himself out. Raises `Faulty`."""
    chosen, wanted = typed.get("account", ""), typed.get("what", "")
    account = Account.objects.filter(person=person, pk=chosen).first() if chosen.isdecimal() else None
    if account is None or wanted not in _CHANGES:
        raise Faulty({"account": _("没有这个账号")})
    if wanted == "lock" and account.pk == own:
        raise Faulty({"account": _("不能锁自己的账号：请另一位管理员来办")})
    return _CHANGES[wanted](account)


def _lock(account: Account) -> tuple[str, str]:
    access.close(account)
    return _("账号 {username} 已锁，正在用它的人已退出").format(username=account.username), ""


def _unlock(account: Account) -> tuple[str, str]:
    Account.objects.filter(pk=account.pk).update(is_active=True)
    presence.forget(account.pk)
    return _("账号 {username} 可以登录了").format(username=account.username), ""


def _new_password(account: Account) -> tuple[str, str]:
    password = _password()
    access.change_password(account, password)
    return _("账号 {username} 的密码已重设").format(username=account.username), password


def _drop_factor(account: Account) -> tuple[str, str]:
    second_factor.drop(account)
    access.sign_out_everywhere(account)
    return _("账号 {username} 的第二步已撤销，下次只用密码登录").format(username=account.username), ""


_CHANGES: dict[str, Callable[[Account], tuple[str, str]]] = {
    "lock": _lock,
    "unlock": _unlock,
    "password": _new_password,
    "factor": _drop_factor,
}


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
