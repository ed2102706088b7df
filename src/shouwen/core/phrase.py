"""Sentences that can still be said in another language: finished Chinese text that remembers how it was put together.

A phrase is a `str` like any other, compared and kept as one; who shows it to people may say it anew from its message
and its arguments (`shouwen.web.phrases.translated`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["Argument", "Joined", "Phrase", "counted", "joined", "phrase", "replaced"]

#: what may stand in a place: it is said as it prints, a phrase in its own words
Argument = object


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


def replaced(text: str, old: str, new: str) -> str:
    """The sentence with something else in place of `old`, still sayable."""
    if isinstance(text, Phrase):
        made = phrase(text.message, **{name: _replaced(value, old, new) for name, value in text.arguments.items()})
        made.counts = text.counts
        return made
    if isinstance(text, Joined):
        return joined((replaced(part, old, new) for part in text.parts), text.by)
    return new if text == old else text.replace(old, new)


def _replaced(value: Argument, old: str, new: str) -> Argument:
    return replaced(value, old, new) if isinstance(value, str) else value


#: what stands between the parts of a list
_COMMA: Final = phrase("、")


def joined(parts: Iterable[str], by: str = _COMMA) -> Joined:
    """The texts in a row."""
    kept = tuple(parts)
    made = Joined(by.join(kept))
    made.by, made.parts = by, kept
    return made
