"""Writing what commands have made of cases: one statement for one command or for many, all or none.

Each part takes its rows as one JSON array, so the statement is the same however many rows there are and is prepared
once per connection. What many cases have alike is sent once, with those cases; the texts of records, JSON themselves,
are not written as JSON once more. The order of writers is settled by the records' key: two commands on one version of a
case both bring a record at the same place, and the second fails (`Stale`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg
from django.db import connection, transaction

__all__ = ["Rows", "Stale", "Taken", "append", "read"]

Row = Mapping[str, object]


class Stale(Exception):
    """Somebody was faster: the case, or what it counts on, has changed since it was read."""


class Taken(Exception):
    """The key was used by another command in the meantime."""


@dataclass
class Rows:
    """The rows of a command by table, each row by column. JSON values; moments ISO, bytes hexadecimal (`\\x…`)."""

    cases: list[Row] = field(default_factory=list)
    case_words: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    #: the text of each record
    bodies: list[str] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    occasions: list[Row] = field(default_factory=list)
    occasions_gone: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    counted: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    read: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    requests_gone: list[Row] = field(default_factory=list)
    subjects: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    drafts_gone: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    #: rows that are JSON text already, by table
    written: dict[str, list[str]] = field(default_factory=dict)
    #: tasks that cases have alike: JSON text without the case → those cases
    alike: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is a case to write."""
        return bool(self.cases or self.written.get("cases"))

    def add(self, other: Rows) -> None:
        """The rows of another command too."""
        for name, more in vars(other).items():
            own = getattr(self, name)
            if isinstance(own, list):
                own += more
            else:
                for key, texts in more.items():
                    own.setdefault(key, []).extend(texts)

    def given(self) -> dict[str, str]:
        """By table, in the order of the statement, its rows as one JSON array."""
        found = {}
        for name in _PARTS:
            texts = list(self.written.get(name, ()))
            if rows := getattr(self, name):
                texts.append(_json(rows)[1:-1])
            if name == "tasks":
                texts += [f'{{"case_ids":{_json(cases)},{text[1:]}' for text, cases in self.alike.items()]
            if texts:
                found[name] = f"[{','.join(texts)}]"
        return found


_json = json.JSONEncoder(ensure_ascii=False).encode
#: stands between the texts of records: no JSON holds it as it is
_BETWEEN = "\x1e"

_CASE = (
    "case_id uuid, number text, procedure text, law int, flow text, unit text, step text, version int, digest bytea, "
    "edition text, first_contact text, answers text, asked_of text, opened_at timestamptz, closed_at timestamptz, "
    "changed_at timestamptz, wake_at timestamptz, due_at timestamptz, late int, subject_id uuid, title text, "
    "customer jsonb, columns jsonb, circle text[], search text"
)
_RECORD = "case_id uuid, seq int, count int, at timestamptz, sealed bytea, digest bytea"
_TASK = (
    "case_id uuid, task text, item text, round int, owed_by text[], begun_at timestamptz, since_at timestamptz, "
    "due_at timestamptz, provisional bool, state text, missed_at timestamptz, corrected bool, ended_at timestamptz, "
    "in_time bool"
)


def _columns(declared: str) -> list[str]:
    return [column.split()[0] for column in declared.split(", ")]


def _rows(place: str, declared: str) -> str:
    return f"json_to_recordset(%({place})s::json) AS r({declared})"


def _insert(table: str, place: str, declared: str, conflict: str = "") -> str:
    names = ", ".join(_columns(declared))
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {_rows(place, declared)} {conflict}"


def _upsert(table: str, place: str, declared: str, key: str, where: str = "") -> str:
    return _insert(table, place, declared, f"{where} ON CONFLICT ({key}) DO UPDATE SET {_sets(declared, key)}")


def _sets(declared: str, key: str) -> str:
    keys = key.split(", ")
    return ", ".join(f"{name} = excluded.{name}" for name in _columns(declared) if name not in keys)


_KEPT_CIRCLE = (
    "circle = CASE WHEN cases.circle @> excluded.circle THEN cases.circle ELSE "
    "ARRAY(SELECT DISTINCT one FROM unnest(cases.circle || excluded.circle) one ORDER BY one) END"
)
#: PostgreSQL carries out the parts of a statement in an order of its own: who writes a case locks its row before all
#: else, so that two writers wait for one another and never both.
_AFTER_CASES = "WHERE (SELECT count(*) FROM cases_part) > 0"
#: part → its statement
_PARTS: Mapping[str, str] = {
    "cases": _upsert("cases", "cases", _CASE, "case_id").replace("circle = excluded.circle", _KEPT_CIRCLE)
    + " RETURNING case_id, procedure, law, version, unit",
    # They seldom change after the opening: what is equal is not written again.
    "case_words": _upsert("case_words", "case_words", "case_id uuid, pairs text[]", "case_id", _AFTER_CASES)
    + " WHERE case_words.pairs <> excluded.pairs",
    "records": f"INSERT INTO records ({', '.join(_columns(_RECORD))}, body) SELECT r.* FROM ROWS FROM ("
    f"json_to_recordset(%(records)s::json) AS ({_RECORD}), "
    f"unnest(string_to_array(%(bodies)s::text, chr({ord(_BETWEEN)})))) r {_AFTER_CASES}",
    "tasks": f"INSERT INTO tasks ({', '.join(_columns(_TASK))}, procedure, law, unit) "
    f"SELECT c.case_id, {', '.join(_columns(_TASK)[1:])}, c.procedure, c.law, c.unit "
    f"FROM json_to_recordset(%(tasks)s::json) AS r(case_ids uuid[], {_TASK}) "
    "CROSS JOIN unnest(coalesce(r.case_ids, ARRAY[r.case_id])) one JOIN cases_part c ON c.case_id = one "
    f"ON CONFLICT (case_id, task, item, round) DO UPDATE SET {_sets(_TASK, 'case_id, task, item, round')}",
    "occasions": _upsert(
        "occasions",
        "occasions",
        "case_id uuid, key bytea, place int, happened_at timestamptz, gives jsonb",
        "case_id, key, place",
        _AFTER_CASES,
    ),
    "occasions_gone": "DELETE FROM occasions o USING "
    + _rows("occasions_gone", "case_id uuid, key bytea, place int")
    + " WHERE (o.case_id, o.key, o.place) = (r.case_id, r.key, r.place)",
    "claims": _insert("claims", "claims", "scope text, key text, case_id uuid, version int, at timestamptz"),
    # A counted fact is claimed by whoever saw its last version; RETURNING tells how many got it.
    "counted": "INSERT INTO claims (scope, key, version, at) SELECT 'fact', key, seen + 1, at FROM "
    + _rows("counted", "key text, seen int, at timestamptz")
    + " ON CONFLICT (scope, key) DO UPDATE SET version = claims.version + 1, at = excluded.at "
    "WHERE claims.version = excluded.version - 1 RETURNING key",
    "messages": _insert(
        "messages",
        "messages",
        "case_id uuid, seq int, person text, at timestamptz, text text, notice text, item text, receipt text",
    ),
    "read": "UPDATE messages m SET read_at = r.at FROM "
    + _rows("read", "case_id uuid, notice text, item text, person text, at timestamptz")
    + " WHERE m.case_id = r.case_id AND m.notice = r.notice AND m.item = r.item AND m.read_at IS NULL "
    "AND (r.person = '' OR m.person = r.person)",
    "postings": _insert(
        "postings",
        "postings",
        "case_id uuid, seq int, posting text, key text, debit text, credit text, amount bigint, "
        "happened_at timestamptz, reverses int",
    ),
    "papers": _upsert(
        "papers",
        "papers",
        "case_id uuid, form text, number text, copies text[], issued_at timestamptz, voided_at timestamptz",
        "case_id, form, number",
    ),
    "links": _upsert("links", "links", "case_id uuid, bond text, number text, closed bool", "case_id, bond, number"),
    "requests": _insert(
        "requests", "requests", "case_id uuid, key text, at timestamptz, body text, tries int, failed text"
    ),
    "requests_gone": "DELETE FROM requests q USING "
    + _rows("requests_gone", "case_id uuid, key text")
    + " WHERE (q.case_id, q.key) = (r.case_id, r.key)",
    "subjects": _insert(
        "subjects", "subjects", "subject_id uuid, phone_digest bytea, key bytea, created_at timestamptz"
    ),
    # Cases that know a case which has just closed hear of it.
    "closed": "INSERT INTO requests (case_id, key, at, body, tries, failed) "
    "SELECT r.case_id, r.number || '/closed/' || l.bond || '/' || l.case_id, r.at, "
    "json_build_object('closed', r.number, 'bond', l.bond, 'to', l.case_id)::text, 0, '' FROM "
    + _rows("closed", "case_id uuid, number text, at timestamptz")
    + " JOIN links l ON l.number = r.number AND NOT l.closed ON CONFLICT DO NOTHING",
    "drafts_gone": "DELETE FROM drafts d USING "
    + _rows("drafts_gone", "person text, place text")
    + " WHERE (d.person, d.place) = (r.person, r.place)",
    # procrastinate's own function: what is to be sent is enqueued with what it is about, or not at all.
    "jobs": "SELECT procrastinate_defer_jobs_v1(array_agg("
    "ROW('mail', r.task, 0, NULL, NULL, r.args, NULL)::procrastinate_job_to_defer_v1)) FROM "
    + _rows("jobs", "task text, args jsonb"),
}


#: every case written is to be counted anew for the figures
_UNCOUNTED = (
    "INSERT INTO uncounted (case_id, procedure, version) SELECT case_id, procedure, version FROM cases_part "
    "ON CONFLICT (case_id) DO UPDATE SET version = excluded.version"
)


def append(rows: Rows) -> None:
    """Write them. Raises `Stale` or `Taken`, and then has written nothing."""
    # Whoever writes many cases claims them in one order, so that no two wait for each other's claims.
    for claims in (rows.claims, rows.counted, rows.subjects):
        claims.sort(key=lambda row: str(row.get("phone_digest") or row.get("key")))
    given = rows.given()
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            read(_statement(tuple(given)), {**given, "bodies": _BETWEEN.join(rows.bodies), "counts": len(rows.counted)})
    except psycopg.errors.UniqueViolation as error:
        table = error.diag.table_name
        raise (Taken if table == "claims" else Stale)(error.diag.message_primary) from None
    except (psycopg.errors.DivisionByZero, psycopg.errors.DeadlockDetected) as error:
        raise Stale(error.diag.message_primary) from None


def read(statement: str, given: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of a prepared statement, bound on the server, in one round trip."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), given, prepare=True)
        return cursor.fetchall()


@cache
def _statement(parts: tuple[str, ...]) -> str:
    named = ", ".join(f"{name}_part AS ({_PARTS[name]})" for name in parts)
    named += f", uncounted_part AS ({_UNCOUNTED})" if "cases" in parts else ""
    # A part that only selects is not carried out unless it is read.
    jobs = ", (SELECT count(*) FROM jobs_part)" if "jobs" in parts else ""
    if "counted" not in parts:
        return f"WITH {named} SELECT %(counts)s::int{jobs}"
    # Nothing may stay of a command whose count was stale: the division fails, and the statement with it.
    won = "(SELECT count(*) FROM counted_part) = %(counts)s::int"
    return f"WITH {named} SELECT 1 / (CASE WHEN {won} THEN 1 ELSE 0 END){jobs}"
