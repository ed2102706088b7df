"""Finding by a few words: cases by number, customer, telephone, room; articles by number or words; people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouwen.casework import access, lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Filter, Line
from shouwen.casework.procedures import Law
from shouwen.core.procedure import Excerpt
from shouwen.organisation.state import Person

__all__ = ["Article", "Found", "find"]


@dataclass(frozen=True)
class Article:
    """A clause that was found: in which law, and the words of it that fit."""

    law: Law
    excerpt: Excerpt
    words: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search has found, a few of each; `more_cases`: there are others."""

    cases: tuple[Line, ...] = ()
    more_cases: bool = False
    articles: tuple[Article, ...] = ()
    laws: tuple[Law, ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.cases or self.articles or self.laws or self.people)


def find(viewer: Viewer, words: str, *, most: int = 8) -> Found:
    """What he may see that these words fit."""
    words = words.strip()
    if not words:
        return Found()
    cases = _cases(viewer, words, most + 1)
    everything = procedures.all_current()
    return Found(
        cases=cases[:most],
        more_cases=len(cases) > most,
        articles=tuple(_first(_articles(everything, words), most)),
        laws=tuple(law for law in everything if words in law.procedure.title or words == law.procedure.id)[:most],
        people=tuple(one for one in viewer.organisation.people.values() if one.active and words in one.name)[:most],
    )


def _cases(viewer: Viewer, words: str, most: int) -> tuple[Line, ...]:
    """The case of this number first, then the newest that fit."""
    exact = access.cases(viewer).filter(number__in={words, words.upper()}).values_list("case_id", flat=True)[:1]
    ids = dict.fromkeys(exact)
    if not ids:
        ids = dict.fromkeys(
            line.case_id for line in lists.every(viewer, Filter(words=words), sort="-opened", most=most)
        )
    return lists.lines(ids)


def _articles(laws: tuple[Law, ...], words: str) -> Iterator[Article]:
    """Articles by number, then those whose heading says it, then those whose words do."""
    every = [(law, excerpt) for law in laws for excerpt in law.procedure.excerpts.values()]
    seen = set()
    for fits in (_by_number, _by_heading, _by_prose):
        for law, excerpt in every:
            said = fits(law, excerpt, words) if (law.procedure.id, excerpt.line) not in seen else None
            if said is not None:
                seen.add((law.procedure.id, excerpt.line))
                yield Article(law, excerpt, said)


def _by_number(law: Law, excerpt: Excerpt, words: str) -> str | None:
    number = excerpt.clause.removeprefix(f"{law.procedure.id}.")
    return excerpt.heading if words[:1].isascii() and number.startswith(words) else None


def _by_heading(law: Law, excerpt: Excerpt, words: str) -> str | None:
    return excerpt.heading if words in excerpt.heading else None


def _by_prose(law: Law, excerpt: Excerpt, words: str) -> str | None:
    prose = "".join(excerpt.prose.split())
    place = prose.find(words) if len(words) > 1 else -1
    if place < 0:
        return None
    start = max(0, place - 12)
    return f"{'…' if start else ''}{prose[start : place + 24]}{'…' if place + 24 < len(prose) else ''}"


def _first(found: Iterator[Article], most: int) -> Iterator[Article]:
    for _, one in zip(range(most), found, strict=False):
        yield one
