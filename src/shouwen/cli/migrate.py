"""`shouwen migrate` and `shouwen django`: tables as this version wants them; Django's own commands for developers."""

from __future__ import annotations

import argparse

from shouwen.cli import database
from shouwen.config import tables

__all__ = ["pass_through", "run"]


def run(options: argparse.Namespace) -> int:
    """Bring the tables up to this version, take in the procedures."""
    with database.connected():
        made = tables.migrate()
        taken = tables.load_procedures()
    print(f"数据库已就绪：新执行 {made} 步建表" + (f"，装入规程 {'、'.join(taken)}" if taken else "，规程无变化"))
    return 0


def pass_through(options: argparse.Namespace) -> int:
    """Any command of Django's, with the database at hand."""
    with database.connected():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["shouwen django", *options.words])
    return 0
