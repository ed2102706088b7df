"""`shouwen account`: accounts from the command line: the first one, and those whose owner is locked out."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from typing import TYPE_CHECKING

from shouwen.cli import database, serve

if TYPE_CHECKING:
    from shouwen.accounts.models import Account

__all__ = ["CHOICES", "run"]

CHOICES = {
    "list": "列出全部",
    "add": "建立",
    "password": "重设密码",
    "one-step": "撤销第二步（手机和恢复码都丢了）",
    "close": "停用",
}


def run(options: argparse.Namespace) -> int:
    """Do what was chosen; a password is asked for at the terminal, else made up and shown once."""
    if options.what != "list" and not options.username:
        print("shouwen: 请写明账号，如 shouwen account add li.na --administers", file=sys.stderr)
        return 2
    with database.connected():
        serve.prepare()
        from shouwen.accounts.models import Account

        if options.what == "list":
            for one in Account.objects.order_by("username"):
                print("\t".join([one.username, one.person or "—", *_remarks(one)]))
            return 0
        return _change(options)


def _change(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError

    from shouwen.accounts import access, second_factor
    from shouwen.accounts.models import Account

    name = access.username_of(options.username)
    found = Account.objects.filter(username=name).first()
    if found is None and options.what != "add":
        print(f"shouwen: 没有账号“{name}”；shouwen account list 列出全部", file=sys.stderr)
        return 2
    try:
        if options.what == "add":
            password = _password()
            access.create(name, password, options.person, options.administers)
        elif options.what == "password" and found:
            access.change_password(found, _password())
        elif options.what == "one-step" and found:
            second_factor.drop(found)
        elif found:
            access.close(found)
    except ValidationError as error:
        print(f"shouwen: {'；'.join(error.messages)}", file=sys.stderr)
        return 2
    except IntegrityError:
        print(
            f"shouwen: 账号“{name}”已经有了：换一个名字，或用 shouwen account password {name} 重设密码", file=sys.stderr
        )
        return 2
    print(f"{name}：已{CHOICES[options.what].partition('（')[0]}")
    return 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("密码（至少 8 个字符，输入时不显示）：")
    made = secrets.token_urlsafe(12)
    print(f"密码：{made}")
    return made


def _remarks(account: Account) -> list[str]:
    remarks = {"管理员": account.administers, "两步登录": account.has_second_factor, "已停用": not account.is_active}
    return [text for text, holds in remarks.items() if holds]
