"""Circles of a graph: what leads, step by step, back to itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["circles"]


def circles(ways: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """For each name that leads back to itself the shortest such way; the same names only once."""
    seen: set[frozenset[str]] = set()
    for start in ways:
        found = _back(ways, start)
        if found and frozenset(found) not in seen:
            seen.add(frozenset(found))
            yield found


def _back(ways: Mapping[str, Iterable[str]], start: str) -> tuple[str, ...] | None:
    paths: deque[tuple[str, ...]] = deque([(start,)])
    visited: set[str] = set()
    while paths:
        path = paths.popleft()
        for other in ways.get(path[-1], ()):
            if other == start:
                return path
            if other not in visited:
                visited.add(other)
                paths.append((*path, other))
    return None
