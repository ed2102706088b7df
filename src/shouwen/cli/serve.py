"""`shouwen serve` and `shouwen worker`: the two kinds of processes that a running program is made of."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys

from shouwen.cli import database
from shouwen.config import tables

__all__ = ["free_port", "gather_static", "prepare", "serve", "worker"]

#: threads that answer requests in each process; a request waits for the database about as long as it computes
THREADS = 4


def serve(options: argparse.Namespace) -> int:
    """The web server. Needs tables that are up to date: `shouwen migrate`."""
    if not options.supervised:
        free_port(options.host, options.port)
        os.environ["SHOUWEN_STATIC"] = "gathered"  # before Django reads its settings
        with database.connected():
            prepare()
            gather_static()
            return _granian(options)
    return _granian(options)


def worker(options: argparse.Namespace) -> int:
    """What happens without a hand: limits, reminders, messages."""
    with database.connected():
        if not options.supervised:
            prepare()
        from shouwen import worker as loop

        loop.run()
    return 0


def prepare() -> None:
    """Refuse to work on tables of another version."""
    if not tables.are_current():
        sys.exit("shouwen: 数据库的表还不是这一版的：请先运行 shouwen migrate")


def free_port(host: str, port: int) -> None:
    """Say at once, and with what to do, that somebody else listens there already."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"端口 {port} 已被别的程序占用：换一个端口（--port {port + 1}），或先停掉那个程序"
            reason += f"（用 ss -ltnp | grep :{port} 找到它）"
        elif error.errno == errno.EACCES:
            reason = f"没有权利使用端口 {port}：请用 1024 以上的端口，如 --port 8000"
        else:
            reason = f"不能在 {host} 上提供服务（{error}）：请查对 --host"
        sys.exit(f"shouwen: {reason}")


def gather_static() -> None:
    """Style sheets and scripts under names that change with their content, compressed beforehand."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def _granian(options: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "shouwen.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=THREADS,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve()
    return 0
