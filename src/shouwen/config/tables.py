"""The tables as this version of the program wants them, and the procedures that it brings."""

from __future__ import annotations

__all__ = ["are_current", "load_procedures", "migrate"]


def are_current() -> bool:
    """Is there no step left to take?"""
    return _steps() == 0


def migrate() -> int:
    """How many steps were taken. Two programs that start at once do not both take them."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('shouwen migrate'))")
        try:
            steps = _steps()
            if steps:
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('shouwen migrate'))")
    return steps


def load_procedures() -> tuple[str, ...]:
    """The ids of those that are new or in a new version."""
    from shouwen.casework import procedures

    return procedures.load()


def _steps() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
