"""Sentences gathered by day for the time line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shouwen.web import moments
from shouwen.web.sentences import Category, Sentence

__all__ = ["Day", "days_of", "tally"]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day and what happened on it, newest first."""

    day: date
    label: str
    weekday: str
    sentences: tuple[Sentence, ...]


def days_of(sentences: Iterable[Sentence], now: datetime) -> tuple[Day, ...]:
    """The days, newest first; what is hidden is left out."""
    command, seen = 0, []
    for place, sentence in enumerate(sentences):
        command += sentence.begins
        if not sentence.hidden:
            # Within one command what was done stands above what it brought about.
            seen.append((sentence.happened, command, -place, sentence))
    seen.sort(key=lambda line: line[:3], reverse=True)
    groups: dict[date, list[Sentence]] = {}
    for *_, sentence in seen:
        groups.setdefault(moments.local(sentence.happened).date(), []).append(sentence)
    today = moments.local(now).date()
    return tuple(
        Day(day=when, label=moments.date_words(when, now=today), weekday=moments.weekday(when), sentences=tuple(found))
        for when, found in groups.items()
    )


def tally(sentences: Iterable[Sentence]) -> dict[Category, int]:
    """How many sentences there are of each category, for the tabs above the time line."""
    found = dict.fromkeys(Category, 0)
    for sentence in sentences:
        if not sentence.hidden:
            found[sentence.category] += 1
    return found
