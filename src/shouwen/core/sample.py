"""Samples: nobody chooses; a recorded seed does, and anybody can draw the same again."""

from __future__ import annotations

from hashlib import sha256

__all__ = ["draw", "permuted"]


def draw(population: tuple[str, ...], share: tuple[int, int], least: int, seed: str) -> tuple[str, ...]:
    """A sample: the population sorted by number, permuted by the seed, exactly ceil(share × N), at least `least`."""
    size = max(-(-len(population) * share[0] // share[1]), min(least, len(population)))
    return permuted(population, seed)[:size]


def permuted(population: tuple[str, ...], seed: str) -> tuple[str, ...]:
    """The whole population in the order in which the seed draws it."""
    return tuple(sorted(sorted(population), key=lambda number: sha256(f"{seed}\0{number}".encode()).digest()))
