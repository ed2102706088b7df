"""What a reading has found wrong so far, each with the line it stands on and the nearest name that would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shouwen.core.language.problems import Note, Place, Problem

#: more names than this are looked at roughly first
_MANY = 200
_SEARCHES = 300
#: what is said is short, however long a word of the document may be
_LONGEST = 600
#: the name that nothing bears, at the end of what is said of it, and what may be asked of one name
_MISSED = re.compile(r"没有(?:\S*?)“([^”]+)”(?:这个词)?$")
_ASKED = re.compile(r"\.(filled|before|from|until|known|open|done|missed|due)$")


class Report:
    """Collects problems; knows the lines of every document, so that each problem can show its own."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self.notes: list[Note] = []
        #: ids of rules that could not be read: what only misses them is not reported again
        self.broken: set[str] = set()
        self._lines: dict[str, Sequence[str]] = {}
        self._searches = 0

    def keep_lines(self, file: str, lines: Sequence[str]) -> None:
        """The lines of a document, for excerpts."""
        self._lines[file] = lines

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found so far."""
        return tuple(self._problems)

    def add(self, code: str, place: Place, message: str, advice: str, also: Iterable[Place] = ()) -> None:
        """One problem; said once, however often it is found."""
        problem = Problem(code, place, message[:_LONGEST], advice[:_LONGEST], self._excerpt(place), tuple(also))
        self._problems[problem] = None

    def unknown(self, place: Place, name: str, what: str, known: Iterable[str]) -> None:
        """A name that nothing in the document bears."""
        if name.split(".")[0] in self.broken or name in self.broken:
            return
        advice = self.near(name, known) or f"先写出这个{what}，或改用已有的"
        self.add("unknown-name", place, f"没有{what}“{name}”", advice)

    def near(self, name: str, known: Iterable[str]) -> str:
        """Advice that names what may have been meant; a document full of strange names is not searched for each."""
        self._searches += 1
        return nearest(name, known) if self._searches <= _SEARCHES else ""

    def inside(self, place: Place, text: str, offset: int) -> Place:
        """The place of a character of a scalar, if it stands on its line as it is written."""
        lines = self._lines.get(place.file, ())
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        for quote in (0, 1):
            start = place.column - 1 + quote
            if line[start:].startswith(text[: offset + 1]):
                return Place(place.file, place.line, start + offset + 1)
        return place

    def in_order(self, files: Sequence[str]) -> tuple[Problem, ...]:
        """All problems, by document and line; what is wrong in one way at several places is one problem."""
        rank: Mapping[str, int] = {file: place for place, file in enumerate(files)}
        found = sorted(self.problems, key=lambda p: (rank.get(p.place.file, -1), p.place.line, p.place.column, p.code))
        return tuple(_gathered(found))

    def _excerpt(self, place: Place) -> str:
        lines = self._lines.get(place.file, ())
        return lines[place.line - 1].strip()[:200] if 0 < place.line <= len(lines) else ""


def _gathered(found: Iterable[Problem]) -> Iterable[Problem]:
    """One problem for a name that several places miss, for a heading that several rules stand under."""
    first: dict[tuple[str, ...], Problem] = {}
    problems = list(found)
    nobody = {_fault(problem) for problem in problems if problem.code == "unknown-name"}
    for problem in problems:
        key = _fault(problem)
        if problem.code == "unknown-choice" and key not in nobody:
            key = (problem.code, problem.message)
        if key in first:
            also = dict.fromkeys((*first[key].also, problem.place))
            first[key] = replace(first[key], also=tuple(place for place in also if place != first[key].place))
        else:
            first[key] = problem
    return first.values()


def _fault(problem: Problem) -> tuple[str, ...]:
    """What two problems have in common that are the same fault."""
    match problem.code:
        case "unknown-name" | "unknown-choice" if missed := _MISSED.search(problem.message):
            return ("unknown", _ASKED.sub("", missed[1]))
        case "unknown-clause":
            return (problem.code, problem.message)
        case "clause-not-told":
            return (problem.code, *map(str, problem.also))
        case _:
            return (problem.code, str(problem.place), problem.message)


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice that names what may have been meant, or nothing."""
    candidates = list(known)
    if len(candidates) > _MANY:
        candidates = [name for name in candidates if _alike(word, name)]
    close = difflib.get_close_matches(word[:80], candidates, n=3, cutoff=0.6)
    return f"是不是 {'、'.join(close)}？" if close else ""


def _alike(word: str, name: str) -> bool:
    """Whether a closer look is worth its time: a part in common, or the same beginning and nearly the same length."""
    if not {*word.split(".")}.isdisjoint(name.split(".")):
        return True
    return name[:1] == word[:1] and abs(len(name) - len(word)) <= 2
