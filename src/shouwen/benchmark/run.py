"""The benchmark itself: openings, acts and pages over HTTP at eight connections, each rate with its ratio."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg

from shouwen.benchmark.http import Answer, Client, Measured, measure
from shouwen.benchmark.instance import Instance, instance
from shouwen.benchmark.plain import TABLES, plain_inserts

__all__ = ["CONNECTIONS", "Rate", "Report", "bench"]

CONNECTIONS = 8


@dataclass(frozen=True)
class Rate:
    """One rate: per second, its ratio to the plain inserts of an opening's rows, the 50th and 95th percentile in ms."""

    name: str
    per_second: float
    ratio: float
    median_ms: float
    p95_ms: float
    answers: int
    wrong: int


@dataclass(frozen=True)
class Report:
    """All rates of one run; `plain` is what PostgreSQL alone does: cases per second, and how many rows each has."""

    plain: float
    rows: int
    rates: tuple[Rate, ...]
    #: the first answers that were not as expected, for whoever looks into it
    wrong: tuple[str, ...] = ()


def bench(*, quick: bool, tell: Callable[[str], None] = lambda _: None) -> Report:
    """Run it on an instance of its own. `quick`: under 45 seconds in all."""
    seconds = 3.5 if quick else 15.0
    tell("启动一个独立的实例")
    with instance() as place:
        return asyncio.run(_run(place, seconds, tell))


async def _run(place: Instance, seconds: float, tell: Callable[[str], None]) -> Report:
    clients = await _signed_in(place)
    counter = itertools.count(1)
    numbers: list[str] = []
    opening = f"/intake/{place.typed['procedure']}/{place.typed['open']['act']}/"

    def open_one() -> tuple[str, bytes]:
        number = next(counter)
        return opening, _form(clients[0], place.typed["open"]["typed"], number, f"bench-{number}")

    def opened(answer: Answer) -> bool:
        found = re.fullmatch(r"/cases/([^/]+)/", answer.header("location"))
        if answer.status == 302 and found:
            numbers.append(found.group(1))
        return answer.status == 302 and found is not None

    tell("预热")
    await measure(clients, min(2.0, seconds / 2), open_one, opened)
    # The first list in each process reads all regulations.
    await measure(clients, min(4.0, seconds / 2), lambda: ("/cases/", None), lambda answer: answer.status == 200)
    tell("受理")
    openings = await measure(clients, seconds, open_one, opened)
    if not numbers:
        raise RuntimeError(f"一件也没有受理成功：{openings.wrong[:1]}")
    turn = itertools.cycle(list(numbers))

    def act_once() -> tuple[str, bytes]:
        number = next(counter)
        act = place.typed["act"]
        return f"/cases/{next(turn)}/do/{act['act']}/", _form(clients[0], act["typed"], number, f"bench-{number}")

    tell("办理")
    acts = await measure(clients, seconds, act_once, lambda answer: answer.status == 302)
    tell("列表页")
    queue = await measure(clients, seconds / 2, lambda: ("/cases/", None), lambda answer: answer.status == 200)
    tell("案件页")
    page = await measure(
        clients, seconds / 2, lambda: (f"/cases/{next(turn)}/", None), lambda answer: answer.status == 200
    )
    for client in clients:
        await client.close()
    tell("同样的行，直接插入")
    # The client of this measurement is quiet now; the plain inserts have both cores to themselves, as they should.
    case_id, rows = _one_case(place.database)
    plain = plain_inserts(place.database, case_id, CONNECTIONS, seconds)
    named = (("openings", openings), ("acts", acts), ("queue_page", queue), ("case_page", page))
    wrong = tuple(text for _, measured in named for text in measured.wrong[:3])
    return Report(plain, rows, tuple(_rate(name, measured, plain) for name, measured in named), wrong)


async def _signed_in(place: Instance) -> list[Client]:
    """As many connections as are measured, all of one person who is signed in."""
    first = Client(place.host, place.port)
    await first.get("/sign-in/")
    form = {"username": place.username, "password": place.password, "csrfmiddlewaretoken": first.cookies["csrftoken"]}
    answer = await first.post("/sign-in/", urlencode(form).encode())
    if answer.status != 302:
        raise RuntimeError(f"登录没有成功（{answer.status}）")
    return [first, *(Client(place.host, place.port, first.cookies) for _ in range(CONNECTIONS - 1))]


def _form(client: Client, typed: Mapping[str, Any], number: int, key: str) -> bytes:
    turns = {path: text[number % len(text)] if isinstance(text, list) else text for path, text in typed.items()}
    values = {path: str(text).format(n=number) for path, text in turns.items()}
    return urlencode({**values, "key": key, "csrfmiddlewaretoken": client.cookies["csrftoken"]}).encode()


def _one_case(url: str) -> tuple[str, int]:
    """A case as it was opened and nothing more, and how many rows it has."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT case_id FROM cases ORDER BY opened_at DESC LIMIT 1").fetchone()
        assert found is not None
        counts = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE case_id = %s", [found[0]]).fetchone()
            for table in TABLES
            if table != "subjects"
        ]
    return str(found[0]), 1 + sum(count[0] for count in counts if count is not None)


def _rate(name: str, measured: Measured, plain: float) -> Rate:
    return Rate(
        name=name,
        per_second=measured.rate,
        ratio=measured.rate / plain if plain else 0.0,
        median_ms=measured.percentile(0.5) * 1000,
        p95_ms=measured.percentile(0.95) * 1000,
        answers=measured.answers,
        wrong=len(measured.wrong),
    )
