"""What a proof has found so far: problems and notes, each with the line of the rule that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from shouwen.core.language.problems import Note, Place, Problem

__all__ = ["Example", "Findings", "place_of"]

Example = Sequence[tuple[str, str]]

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+)(?::(?P<column>\d+))?")


class Findings:
    """Collects problems and notes. With the documents at hand it narrows a place to the line that names a word."""

    def __init__(self, documents: Mapping[str, str] | None = None) -> None:
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self._lines = {file: text.splitlines() for file, text in (documents or {}).items()}

    def problem(
        self,
        code: str,
        place: str,
        message: str,
        advice: str,
        *,
        at: str = "",
        also: Iterable[str] = (),
        example: Example = (),
    ) -> None:
        """One problem at the rule's `place`, or at the line below it that begins with the word `at`."""
        where = self._narrowed(place_of(place), at)
        others = tuple(place_of(other) for other in also)
        found = Problem(code, where, message, advice, self._excerpt(where), others, tuple(example))
        if found not in self.problems:
            self.problems.append(found)

    def note(self, code: str, place: str, message: str, *, at: str = "") -> None:
        """One note."""
        found = Note(code, self._narrowed(place_of(place), at), message)
        if found not in self.notes:
            self.notes.append(found)

    def in_order(self) -> tuple[Problem, ...]:
        """All problems, by document and line."""
        return tuple(sorted(self.problems, key=lambda found: (found.place, found.code)))

    def _narrowed(self, place: Place, word: str) -> Place:
        lines = self._lines.get(place.file, ())
        for number in range(place.line, min(len(lines), place.line + 400) + 1 if word else 0):
            line = lines[number - 1]
            if number > place.line and (line.startswith("```") or re.match(r"[a-z]", line)):
                break
            found = re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", line)
            if found:
                return Place(place.file, number, found.start() + 1)
        return place

    def _excerpt(self, place: Place) -> str:
        lines = self._lines.get(place.file, ())
        return lines[place.line - 1].strip()[:200] if 0 < place.line <= len(lines) else ""


def place_of(text: str) -> Place:
    """The place that a compiled rule carries as text."""
    found = _PLACE.fullmatch(text)
    if not found:
        return Place(text or "procedure", 1)
    return Place(found["file"], int(found["line"]), int(found["column"] or 1))
