"""A procedure as a document to read: its articles in order, each with the rules that stand under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shouwen.casework.procedures import Law
from shouwen.core.language import document, statements
from shouwen.core.language.report import Report

__all__ = ["Article", "Stated", "articles"]

#: documents kept taken apart, per process
MOST_KEPT = 32


@dataclass(frozen=True)
class Stated:
    """A rule as a block names it. `adds`: written under this article, defined under another."""

    kind: str
    name: str
    adds: bool


@dataclass(frozen=True)
class Article:
    """A heading with its prose (Markdown, without rule blocks) and its rules. `level` 1 opens a chapter."""

    level: int
    title: str
    clauses: tuple[str, ...]
    prose: str
    rules: tuple[Stated, ...]
    #: the document's file, for supplements
    file: str = ""


@lru_cache(MOST_KEPT)
def articles(law: Law) -> tuple[Article, ...]:
    """Every article of the documents, in order, chapters and articles without clauses included."""
    found: list[Article] = []
    for file, text in law.documents.items():
        found += _of_document(file, text)
    return tuple(found)


def _of_document(file: str, text: str) -> list[Article]:
    report = Report()
    read = document.read(file, text, report)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rules: dict[int, list[Stated]] = {}
    for block in read.blocks:
        below = rules.setdefault(block.heading.place.line, [])
        for one in statements.statements(block, report):
            below += [Stated(one.kind, name, bool(one.mode)) for name in one.names]
    starts = [heading.place.line for heading in read.headings]
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    return [
        Article(
            level=_level(lines[start - 1]),
            title=heading.title,
            clauses=heading.clauses,
            prose=_prose(lines[start:end]),
            rules=tuple(dict.fromkeys(rules.get(start, ()))),
            file=file,
        )
        for heading, start, end in zip(read.headings, starts, ends, strict=True)
    ]


def _level(line: str) -> int:
    return len(line) - len(line.lstrip("#"))


def _prose(lines: list[str]) -> str:
    """The lines without rule blocks."""
    kept: list[str] = []
    fence = ""
    for line in lines:
        if fence:
            fence = "" if line.strip() == fence else fence
        elif line.startswith("```"):
            fence = "`" * (len(line) - len(line.lstrip("`")))
        else:
            kept.append(line)
    return "\n".join(kept).strip()
