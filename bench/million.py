"""A house with a million cases: the demonstration's month multiplied in the database, and how fast its pages come then.

The month itself comes from the engine (`shouwen run`, or the demonstration's `load`). Copies get ids, numbers and
moments of their own: closed cases spread over three years, open ones over the last days. The chains of those that are
read are made true before.

python bench/million.py grow [--cases 1000000] [--open 30000]    DATABASE_URL: the demonstration and nothing else
python bench/million.py read --as xuzhiyuan [--times 200]        pages as one user reads them, in this process
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator

import django

#: tables of a case, and their moments
TABLES = {
    "cases": ("opened_at", "closed_at", "changed_at", "wake_at", "due_at"),
    "case_words": (),
    "records": ("at",),
    "tasks": ("begun_at", "since_at", "due_at", "missed_at", "ended_at"),
    "messages": ("at", "read_at"),
    "occasions": ("happened_at",),
    "papers": ("issued_at", "voided_at"),
    "links": (),
    "postings": ("happened_at",),
}

COPIES = """
create unlogged table copies as
select c.case_id as old, md5(c.case_id::text || n)::uuid as case_id, n,
       md5(c.subject_id::text || n)::uuid as subject_id, c.closed_at is not null as closed,
       make_interval(days => case when c.closed_at is null then n %% 3 else 30 + n * 7919 %% 1065 end) as back
from cases c, generate_series(1, %s) n
where n <= case when c.closed_at is null then %s else %s end
"""


def grow(cases: int, still_open: int) -> None:
    """Multiply what is there until there are about so many cases, so many of them open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '256MB'")
        cursor.execute("select count(*) filter (where closed_at is null), count(closed_at) from cases")
        opened, closed = cursor.fetchone()
        wide, long = still_open // opened, (cases - still_open) // closed
        cursor.execute("drop table if exists copies")
        cursor.execute(COPIES, [max(wide, long), wide, long])
        cursor.execute("create index on copies (old); analyze copies")
        for table, moments in TABLES.items():
            begun = time.perf_counter()
            cursor.execute(
                "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = %s "
                "and indexname not like '%%pkey'",
                [table],
            )
            indexes = cursor.fetchall()
            for name, _ in indexes:
                cursor.execute(f"drop index {name}")
            cursor.execute(
                "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s "
                "order by ordinal_position",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            cursor.execute(
                f"insert into {table} ({', '.join(columns)}) select {', '.join(_values(table, columns, moments))} "
                f"from copies join {table} t on t.case_id = copies.old"
            )
            for _, made in indexes:
                cursor.execute(made)
            cursor.execute(f"vacuum analyze {table}")
            print(f"{table}: {time.perf_counter() - begun:.0f} s", flush=True)
        cursor.execute(
            "insert into subjects (subject_id, phone_digest, key, created_at, erased_at) "
            "select distinct on (copies.subject_id) copies.subject_id, null::bytea, s.key, s.created_at, s.erased_at "
            "from copies join cases c on c.case_id = copies.old join subjects s on s.subject_id = c.subject_id"
        )
        cursor.execute("vacuum analyze subjects")


def _values(table: str, columns: list[str], moments: tuple[str, ...]) -> Iterator[str]:
    """What each column of a copy holds."""
    for column in columns:
        if column in {"case_id", "subject_id"}:
            yield f"copies.{column}"
        elif table == "messages" and column == "read_at":
            yield "coalesce(t.read_at, t.at) - copies.back"
        elif column == "wake_at":
            yield "null"
        elif table == "tasks" and column == "state":
            # What outlives its case is done long since.
            yield "case when t.state = 'open' and copies.closed then 'done' else t.state end"
        elif column in moments:
            yield f"t.{column} - copies.back"
        elif column == "number" and table != "links":
            yield "t.number || '-' || copies.n"
        else:
            yield f"t.{column}"


def make_true(numbers: list[str]) -> None:
    """Seal the records of copies for their own place and chain them, as if the engine had written them."""
    from django.db import connection

    from shouwen.casework import filed, sealing
    from shouwen.store import models as rows

    found = rows.Case.objects.filter(number__in=numbers).values_list("case_id", "subject_id")
    with connection.cursor() as cursor:
        for case_id, subject in found:
            cursor.execute("select old from copies where case_id = %s", [case_id])
            if (origin := cursor.fetchone()) is None:
                continue
            key = bytes(rows.Subject.objects.values_list("key", flat=True).get(subject_id=subject))
            digest = b""
            for record in rows.Record.objects.filter(case_id=case_id).order_by("seq"):
                written = rows.Record.objects.get(case_id=origin[0], seq=record.seq)
                texts = sealing.opened(key, bytes(written.sealed), origin[0], record.seq) if written.sealed else []
                data = sealing.sealed(key, texts or [], case_id, record.seq)
                digest = filed.chained(digest, case_id, record.seq, record.at, record.body, data)
                own = rows.Record.objects.filter(case_id=case_id, seq=record.seq)
                own.update(sealed=data, digest=digest)
            rows.Case.objects.filter(case_id=case_id).update(digest=digest)


def read(times: int, login: str) -> None:
    """Read each page so often, as Django serves it, and print the median and the 95th percentile in milliseconds."""
    from django.test import Client

    from shouwen import demo
    from shouwen.casework import access
    from shouwen.store import models as rows

    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": login, "password": demo.PASSWORD})
    viewer = access.viewer(login)
    assert viewer is not None, f"nobody is called {login}"
    every = max(1, rows.Case.objects.count() // (times * 4))
    numbers = list(access.cases(viewer).values_list("number", flat=True)[::every][:times])
    make_true(numbers)
    pages = {
        "work": ["/work/"],
        "cases": ["/cases/"],
        "cases, next pages": [f"/cases/?page={n}" for n in range(2, 8)],
        "cases, searched": ["/cases/?q=电梯", "/cases/?q=漏水"],
        "board": ["/board/"],
        "case": [f"/cases/{number}/" for number in numbers],
    }
    for name, addresses in pages.items():
        taken, sizes = [], []
        for turn in range(times):
            begun = time.perf_counter()
            answer = client.get(addresses[turn % len(addresses)])
            taken.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, (addresses[turn % len(addresses)], answer.status_code)
            sizes.append(len(answer.content))
            if sum(taken) > 30_000:
                break
        ordered = sorted(taken[1:] or taken)
        high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        shown = f"median {statistics.median(ordered):7.1f} ms  p95 {high:7.1f} ms  first {taken[0]:.0f} ms"
        print(f"{name:20} {shown}  {max(sizes) / 1024:6.0f} KB", flush=True)


def main() -> None:
    """Grow, or read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["grow", "read"])
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=30_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--as", dest="login", default="")
    options = parser.parse_args()
    django.setup()
    if options.what == "grow":
        grow(options.cases, options.open)
    else:
        read(options.times, options.login)


if __name__ == "__main__":
    main()
