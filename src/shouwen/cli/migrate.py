"""`shouwen migrate` and `shouwen django`: tables as this version wants them; Django's own commands for developers."""

from __future__ import annotations

import argparse

from shouwen.cli import database

__all__ = ["migrate", "pass_through", "run"]


def run(options: argparse.Namespace) -> int:
    """Bring the tables up to this version, take in the procedures."""
    with database.connected():
        made = migrate()
        taken = load_procedures()
    print(f"数据库已就绪：新执行 {made} 步建表" + (f"，装入规程 {'、'.join(taken)}" if taken else "，规程无变化"))
    return 0


def migrate() -> int:
    """How many steps were taken. Two programs that start at once do not both take them."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('shouwen migrate'))")
        try:
            executor = MigrationExecutor(connection)
            steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
            if steps:
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('shouwen migrate'))")
    return steps


def load_procedures() -> tuple[str, ...]:
    """The ids of those that are new or in a new version."""
    from shouwen.casework import procedures

    return procedures.load()


def pass_through(options: argparse.Namespace) -> int:
    """Any command of Django's, with the database at hand."""
    with database.connected():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["shouwen django", *options.words])
    return 0
