"""Numbers of cases and papers: allotted from a row per series, in blocks as large as the rush demands."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from threading import Lock, local
from time import monotonic

from django.db import connection

from shouwen import clock
from shouwen.core.procedure import Procedure

__all__ = ["Numbers", "allotting", "case_number", "forget"]

#: no block is larger
MOST = 256
#: a block used up faster than this doubles the next one
RUSH_SECONDS = 1.0


class _Pool(local):
    """What the command of this thread has been allotted: series → number, and when it acts."""

    taken: dict[str, str] | None = None
    at: datetime | None = None
    #: series → numbers only pretended, for a command that is not carried out
    pretended: dict[str, int] | None = None


_here = _Pool()
_lock = Lock()
_free: dict[str, deque[int]] = {}
_blocks: dict[str, tuple[int, float]] = {}
#: before a number that is only pretended
PRETENDED = "试"  # zh: in place of a number


def forget() -> None:
    """Numbers that this process has taken and not used are not used any more."""
    with _lock:
        _free.clear()
        _blocks.clear()


class Numbers(Mapping[str, str]):
    """Form → the number that its next paper gets; allotted when it is first asked for in a command."""

    def __init__(self, procedure: Procedure, unit: str) -> None:
        self._patterns = {form.id: form.number for form in procedure.forms.values() if form.number}
        self._zone, self._unit = procedure.zone, unit

    def __getitem__(self, form: str) -> str:
        return _number(self._patterns[form], self._unit, (_here.at or clock.now()).astimezone(self._zone))

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)

    def __len__(self) -> int:
        return len(self._patterns)


@contextmanager
def allotting(at: datetime, *, pretended: dict[str, int] | None = None) -> Iterator[dict[str, str]]:
    """A command's numbers: yields series → number as they are taken. Those still in it at the end go back; take out
    what the command has used. `pretended`: nothing is taken; the numbers count from there on."""
    _here.taken, _here.at, _here.pretended = {}, at, pretended
    try:
        yield _here.taken
    finally:
        for series, number in _here.taken.items():
            if pretended is None:
                _give_back(series, number)
        _here.taken = _here.pretended = None


def case_number(pattern: str, unit: str, at: datetime) -> str:
    """The number of a case that is about to be opened, by its flow's pattern; `at` in the procedure's zone."""
    return _number(pattern, unit, at)


def _number(pattern: str, unit: str, at: datetime) -> str:
    series = _series(pattern, unit, at.date())
    taken = _here.taken
    if taken is not None and series in taken:
        return taken[series]
    if _here.pretended is not None:
        count = _here.pretended[series] = _here.pretended.get(series, 0) + 1
        number = PRETENDED + _filled(series, count)
    else:
        number = _filled(series, _next(series))
    if taken is not None:
        taken[series] = number
    return number


@lru_cache(1000)
def _series(pattern: str, unit: str, day: date) -> str:
    return re.sub(r"\{(?!seq)([^}:]*)[^}]*\}", lambda slot: _slot(slot.group(1), unit, day), pattern)


def _slot(name: str, unit: str, day: date) -> str:
    return day.strftime({"yyyy": "%Y", "mm": "%m", "dd": "%d"}[name]) if name in ("yyyy", "mm", "dd") else unit


def _filled(series: str, count: int) -> str:
    return _slots(series).format(count)


@lru_cache(1000)
def _slots(series: str) -> str:
    """The series as a format, its number of so many digits in each slot."""
    plain = series.replace("{", "{{").replace("}", "}}")
    return re.sub(r"\{\{seq:?(\d*)\}\}", lambda found: f"{{0:0{found.group(1) or 1}}}", plain)


def _next(series: str) -> int:
    with _lock:
        free = _free.setdefault(series, deque())
        if free:
            return free.popleft()
        size, since = _blocks.get(series, (1, float("-inf")))
        size = min(size * 2, MOST) if monotonic() - since < RUSH_SECONDS else 1
        first = _take(series, size)
        _blocks[series] = (size, monotonic())
        free.extend(range(first + 1, first + size))
        return first


def _take(series: str, size: int) -> int:
    """The first of `size` numbers that are this process's own from now on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO number_series (series, next) VALUES (%s, 1 + %s) "
            "ON CONFLICT (series) DO UPDATE SET next = number_series.next + %s RETURNING next - %s",
            [series, size, size, size],
        )
        (first,) = cursor.fetchone()
    return int(first)


def _give_back(series: str, number: str) -> None:
    """A number that was not used is the next one to go out."""
    pattern = re.escape(series)
    pattern = re.sub(r"\\\{seq(?::\d*)?\\\}", r"(\\d+)", pattern)
    found = re.fullmatch(pattern, number)
    if found:
        with _lock:
            _free.setdefault(series, deque()).appendleft(int(found.group(1)))


# What a process has been allotted is its own: one that branches off it takes numbers anew.
os.register_at_fork(after_in_child=forget)
