"""What PostgreSQL itself does with the same rows: one INSERT a row, one transaction a case, nothing judged."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

__all__ = ["TABLES", "plain_inserts"]

#: what an opening writes, in the order in which a plain program would
TABLES = ("subjects", "cases", "case_words", "records", "tasks", "occasions", "claims", "messages", "uncounted")
#: columns that must differ from one case to the next
_OWN = {"subjects": ("subject_id", "phone_digest"), "claims": ("key",)}


def plain_inserts(url: str, case_id: str, connections: int, seconds: float) -> float:
    """Cases per second: the rows of this case, again and again under new ids, into tables of the same make."""
    rows = _prepared(url, case_id)
    counts = [0] * connections
    start = time.perf_counter()

    def work(place: int) -> None:
        with psycopg.connect(url) as connection:
            while time.perf_counter() - start < seconds:
                fresh = uuid4()
                with connection.cursor() as cursor:
                    for table, statement, row in rows:
                        own = dict(row)
                        if "case_id" in own:
                            own["case_id"] = fresh
                        for column in _OWN.get(table, ()):
                            own[column] = fresh if column == "subject_id" else _unlike(own[column])
                        cursor.execute(statement, own)
                connection.commit()
                counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


def _unlike(value: object) -> object:
    return uuid4().bytes if isinstance(value, bytes) else str(uuid4())


def _prepared(url: str, case_id: str) -> list[tuple[str, sql.Composed, dict[str, object]]]:
    """Tables of the same make beside the real ones, and the case's rows with the statement that inserts each."""
    found: list[tuple[str, sql.Composed, dict[str, object]]] = []
    with psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS plain")
        subject = connection.execute("SELECT subject_id FROM cases WHERE case_id = %s", [case_id]).fetchone()
        assert subject is not None
        for table in TABLES:
            there = sql.Identifier("plain", table)
            connection.execute(
                sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE public.{} INCLUDING ALL)").format(
                    there, sql.Identifier(table)
                )
            )
            key, value = ("subject_id", subject["subject_id"]) if table == "subjects" else ("case_id", case_id)
            select = sql.SQL("SELECT * FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(key))
            for row in connection.execute(select, [value]).fetchall():
                names = [sql.Identifier(name) for name in row]
                statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    there, sql.SQL(", ").join(names), sql.SQL(", ").join(sql.Placeholder(name) for name in row)
                )
                found.append((table, statement, {name: _json(value) for name, value in row.items()}))
    return found


def _json(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict) else value
