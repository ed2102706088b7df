"""Pauses: half-open intervals in which a clock stands still."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

Interval = tuple[datetime, datetime | None]
"""Half-open [start, end); None is an end that is not known yet."""

Stop = tuple[int, int | None]
"""The same on a line of numbers."""


def merged(pauses: Sequence[Interval], since: int, position: Callable[[datetime], int]) -> list[Stop]:
    """Their union from `since` on, in order and apart from each other."""
    lines = [(max(position(begin), since), None if end is None else position(end)) for begin, end in pauses]
    union: list[Stop] = []
    for begin, end in sorted(lines, key=lambda stop: stop[0]):
        if end is not None and end <= begin:
            continue
        if union and _touches(union[-1], begin):
            union[-1] = union[-1][0], _later(union[-1][1], end)
        else:
            union.append((begin, end))
    return union


def carried(target: int, stops: Iterable[Stop]) -> int | None:
    """The target moved by every pause that begins before it is reached; None if one of these has no end."""
    for begin, end in stops:
        if begin >= target:
            break
        if end is None:
            return None
        target += end - begin
    return target


def on_line(stops: Iterable[Stop], position: Callable[[int], int]) -> Iterable[Stop]:
    """The pauses measured on another line, for example in open minutes."""
    return ((position(begin), None if end is None else position(end)) for begin, end in stops)


def _touches(stop: Stop, begin: int) -> bool:
    return stop[1] is None or begin <= stop[1]


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
