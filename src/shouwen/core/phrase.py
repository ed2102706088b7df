"""Sentences that can still be said in another language: finished Chinese text that remembers how it was put together.

A phrase is a `str` like any other, compared and kept as one; who shows it to people may say it anew from its message
and its arguments (`shouwen.web.phrases.translated`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["Argument", "Joined", "Phrase", "counted", "joined", "phrase"]

Argument = str | int


class _Sayable(str):
    """What is added to it keeps being sayable."""

    __slots__ = ()

    def __add__(self, other: str) -> Joined:
        return joined((self, other), "")

    def __radd__(self, other: str) -> Joined:
        return joined((other, self), "")


class Phrase(_Sayable):
    """The sentence. `message` is what stands in the catalogues, with named places for the `arguments`; a phrase that
    was `counted` has its number there as `n`, and languages with a plural ask for it."""

    __slots__ = ("arguments", "counts", "message")

    message: str
    arguments: dict[str, Argument]
    counts: bool


class Joined(_Sayable):
    """Several texts in one, each still a phrase of its own; `by` is a message too."""

    __slots__ = ("by", "parts")

    by: str
    parts: tuple[str, ...]


def phrase(message: str, /, **arguments: Argument) -> Phrase:
    """The sentence of this message: phrase("办过“{name}”的人不得再办", name=…). The message is written out where the
    call stands, since `scripts/messages` reads it there."""
    made = Phrase(message.format_map(arguments) if arguments else message)
    made.message, made.arguments, made.counts = message, arguments, False
    return made


def counted(message: str, /, *, n: int, **arguments: Argument) -> Phrase:
    """As `phrase`, of a number of things: counted("{n}个工作日", n=3)."""
    arguments["n"] = n
    made = phrase(message, **arguments)
    made.counts = True
    return made


#: what stands between the parts of a list
_COMMA: Final = phrase("、")


def joined(parts: Iterable[str], by: str = _COMMA) -> Joined:
    """The texts in a row."""
    kept = tuple(parts)
    made = Joined(by.join(kept))
    made.by, made.parts = by, kept
    return made
