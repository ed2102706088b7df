"""`shouwen doctor`: is everything there that the program needs? Each line says so, or what to do."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO

from shouwen import calendars, clock
from shouwen.cli import database
from shouwen.config import tables
from shouwen.config.home import home

__all__ = ["run"]

#: bytes that should be free
ROOM = 2 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice`: what to do; empty: nothing, it is well."""

    what: str
    state: str
    advice: str = ""


def run(options: argparse.Namespace) -> int:
    """1 if anything is wrong."""
    wrong = 0
    for finding in _findings():
        wrong += bool(finding.advice)
        mark = "✗" if finding.advice else "✓"
        print(f"{mark} {finding.what}：{finding.state}" + (f"\n    → {finding.advice}" if finding.advice else ""))
    print(f"\n{wrong} 处要处理。" if wrong else "\n一切正常。")
    return int(bool(wrong))


def _findings() -> Iterator[Finding]:
    for look in (_python, _disk, _papers, _calendar, _procedures):
        yield look()
    with database.connected() as found:
        yield _server("内嵌" if found.embedded else "外部")
        prepared = _tables()
        yield prepared
        if not prepared.advice:
            yield _secret()
            yield _organisation()
            yield _accounts()


def _python() -> Finding:
    number = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Finding("Python", number, "" if good else "需要 3.11 以上：make run PYTHON=python3.12")


def _disk() -> Finding:
    place = home()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(
        "磁盘", f"{place} 还有 {free / 1e9:.1f} GB", "" if free > ROOM else "不足 2 GB：请清理，或换 SHOUWEN_HOME"
    )


def _papers() -> Finding:
    from shouwen.web import pdf

    # What does not load says so on standard output; here it is said once, in our words.
    with redirect_stdout(StringIO()):
        lack = pdf.lack()
    if lack is pdf.Lack.PANGO:
        advice = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
        return Finding("文书 PDF", "没有排版库 Pango，做不成 PDF", advice)
    if lack is pdf.Lack.FONT:
        return Finding("文书 PDF", "没有中文字体，PDF 会缺字，所以不做", "apt install fonts-noto-cjk")
    return Finding("文书 PDF", f"能做，字体 {'、'.join(pdf.fonts()[:3])}")


def _calendar() -> Finding:
    last, today = calendars.public_edition().last_year, clock.now().astimezone()
    advice = ""
    if last < today.year:
        advice = "没有今年的法定节假日，时限只能按周末推算：请升级 chinese-calendar（pip install -U chinese-calendar）"
    elif last == today.year and today.month == 12:
        advice = "还没有明年的法定节假日，跨年的时限是暂定的：请升级 chinese-calendar"
    return Finding("节假日", f"到 {last} 年", advice)


def _procedures() -> Finding:
    from shouwen.library import library

    shelves = library(None).shelves
    broken = [shelf.name for shelf in shelves if shelf.compile().procedure is None]
    advice = f"编译不过：{'、'.join(broken)}；用 shouwen check 看原因" if broken else ""
    return Finding("自带规程", f"{len(shelves)} 部", advice)


def _server(kind: str) -> Finding:
    from django.db import connection

    number = connection.pg_version  # type: ignore[attr-defined]  # PostgreSQL is the only engine
    good = number >= 150000
    return Finding("数据库", f"PostgreSQL {number // 10000}.{number % 10000}（{kind}）", "" if good else "需要 15 以上")


def _tables() -> Finding:
    good = tables.are_current()
    return Finding("数据表", "与程序一致" if good else "不是这一版的", "" if good else "请运行 shouwen migrate")


def _secret() -> Finding:
    from shouwen.accounts import sealing
    from shouwen.accounts.models import Account

    kept = Account.objects.exclude(totp_secret="").values_list("totp_secret", flat=True).first()
    try:
        if kept:
            sealing.opened(kept)
    except sealing.Unreadable:
        advice = f"数据是用另一个密钥加密的：请把原来的 secret-key 放回 {home()}，或设 SHOUWEN_SECRET_KEY"
        return Finding("密钥", "与数据不符", advice)
    return Finding("密钥", "与数据相符")


def _organisation() -> Finding:
    from shouwen.organisation import stream

    try:
        count = stream.verify()
    except stream.Broken as error:
        return Finding("单位记录", str(error), "记录被改动过：请从备份恢复（shouwen restore），并查明是谁改的")
    return Finding("单位记录", f"{count} 条，前后相扣")


def _accounts() -> Finding:
    from shouwen.accounts.models import Account

    administrators = Account.objects.filter(administers=True, is_active=True).count()
    advice = "" if administrators else "没有管理员：shouwen account add 账号 --administers"
    return Finding("账号", f"{Account.objects.filter(is_active=True).count()} 个，管理员 {administrators} 个", advice)
