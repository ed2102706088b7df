"""`shouwen run`: everything that the program needs, started with one command and stopped with one key."""

from __future__ import annotations

import argparse
import os
import sys
import time
import unicodedata
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from typing import NoReturn

from tqdm import tqdm

from shouwen.cli import database, serve
from shouwen.cli.supervise import Child, Stopped, stoppable, supervise
from shouwen.config import tables

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Database, tables, procedures, demonstration; then pages and worker until somebody stops it."""
    stoppable()
    try:
        return _run(options)
    except Stopped:
        print("\n已停止。", flush=True)
        return 0


def _run(options: argparse.Namespace) -> int:
    serve.free_port(options.host, options.port)
    os.environ["SHOUWEN_STATIC"] = "gathered"  # before Django reads its settings
    with ExitStack() as stack:
        with _step("启动数据库"):
            stack.enter_context(database.connected())
        with _step("更新数据表"):
            tables.migrate()
        with _step("装入规程"):
            tables.load_procedures()
        log_ins = _demonstration(wanted=not options.no_demo)
        with _step("准备网页"):
            serve.gather_static()
        _close_connection()
        supervise(_children(options), once=partial(_announced, options, log_ins, time.monotonic() + 120))
    return 0


def _children(options: argparse.Namespace) -> list[Child]:
    program = [sys.executable, "-m", "shouwen.cli"]
    where = ["--host", options.host, "--port", str(options.port), "--workers", str(options.workers)]
    return [
        Child("网页进程", [*program, "serve", *where, "--supervised"]),
        Child("后台进程", [*program, "worker", "--supervised"]),
    ]


def _demonstration(*, wanted: bool) -> list[str]:
    """Fill an empty database with an organisation to try things in. The lines that say how to sign in there."""
    if not wanted:
        return []
    from shouwen import demo
    from shouwen.accounts.models import Account

    if Account.objects.exists():
        logins = demo.logins()
        known = list(Account.objects.filter(username__in=[one.username for one in logins])[: len(logins)])
        if len(known) < len(logins) or not known[0].check_password(demo.PASSWORD):
            return []
    else:
        try:
            # The bar stands on the step's own line, so the line is written when it is gone.
            began = time.monotonic()
            with tqdm(desc="装入演示单位", unit=" 步", leave=False, disable=None) as bar:
                logins = demo.load(progress=partial(_moved, bar)).logins
            _report("装入演示单位", began)
        except demo.NotEmpty:
            return []
    widths = [
        max(_width(text) for text in texts) for texts in zip(*((one.username, one.name) for one in logins), strict=True)
    ]
    lines = []
    for house, there in groupby(logins, key=lambda one: one.house):
        lines += ["", f"  {house}"]
        lines += [f"    {_padded(one.username, widths[0])}  {_padded(one.name, widths[1])}  {one.see}" for one in there]
    first = f"  这是演示单位，可以用这些账号登录，密码都是 {demo.PASSWORD}（其他人的账号就是他们的代码，见“人员”页）"
    customers = "  客户不用账号：在同一网址的 portal/ 下报修、自查、查进度，手机上最顺手"
    return [first, *lines, "", customers, ""]


def _moved(bar: tqdm[NoReturn], done: int, whole: int) -> None:
    bar.total = whole
    bar.update(done - bar.n)


def _close_connection() -> None:
    from django.db import connection

    connection.close()


def _announced(options: argparse.Namespace, log_ins: Sequence[str], until: float) -> bool:
    """Once the pages answer, say where."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(options.host, options.host)
    address = f"http://{host}:{options.port}/"
    try:
        with urllib.request.urlopen(f"{address}health/", timeout=2) as answer:
            answer.read()
    except OSError:
        if time.monotonic() > until:
            print("shouwen: 网页一直没有应答；上面的出错信息说明了原因", file=sys.stderr, flush=True)
            return True
        return False
    lines = ["", f"  首问已启动：{address}", ""]
    if log_ins:
        lines += log_ins
    elif _nobody_yet():
        lines += ["  还没有账号，请另开一个终端建立第一个：shouwen account add 账号 --administers", ""]
    lines += ["  按 Ctrl-C 停止。", ""]
    print("\n".join(lines), flush=True)
    return True


def _nobody_yet() -> bool:
    from shouwen.accounts.models import Account

    exists = Account.objects.exists()
    _close_connection()
    return not exists


@contextmanager
def _step(name: str) -> Iterator[None]:
    """One line: what was done, and how long it took."""
    began = time.monotonic()
    yield
    _report(name, began)


def _report(name: str, began: float) -> None:
    print(f"{_padded(name, 14)}{time.monotonic() - began:5.1f} 秒", flush=True)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
