"""Problems of a document: what is wrong, where, the words there, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.language import codes_proving, codes_reading

__all__ = ["CODES", "Note", "Place", "Problem"]

#: every code and its one-line meaning; `docs/problems.md` has a paragraph for each
CODES: dict[str, str] = {
    **codes_reading.CODES,
    **codes_proving.CODES,
    "example-failed": "an example does not go as it says",
}


@dataclass(frozen=True, order=True)
class Place:
    """A place in a document: file, line (from 1), column (from 1)."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """What keeps a document from being in force. `excerpt` is the line it stands on; `also` a second place."""

    code: str
    place: Place
    message: str
    advice: str
    excerpt: str = ""
    also: tuple[Place, ...] = ()
    #: a concrete case that shows it, name by name
    example: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"problem code {self.code} is not declared")


@dataclass(frozen=True)
class Note:
    """Something for a person to confirm, such as the sentence that a threshold makes."""

    code: str
    place: Place
    message: str
