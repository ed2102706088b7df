"""What became of the rows of a file, in words and as a table: totals, reasons with how often, and every row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shouwen.casework.procedures import Law
from shouwen.channels.files.intake import Outcome, Why
from shouwen.channels.files.table import Unusable
from shouwen.core.phrase import joined, phrase
from shouwen.web import clauses

__all__ = ["CALLED", "Group", "Report", "as_row", "cited", "write"]

CALLED = {
    "opened": phrase("已开案"),
    "there": phrase("已在案"),
    "would": phrase("可以开案"),
    "refused": phrase("不能导入"),
}
_HEADINGS = ("行号", "结果", "案号", "原因", "条款", "有关的格子", "说明")  # zh: the file is kept by the house


@dataclass
class Group:
    """One sort of reason: an example of it, its clauses, and the rows that it stands against."""

    text: str
    clauses: tuple[str, ...]
    lines: list[int] = field(default_factory=list)


@dataclass
class Report:
    """Counts and refusals as they come in; all outcomes, if they are wanted."""

    total: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CALLED, 0))
    refused: list[Outcome] = field(default_factory=list)
    noted: list[Outcome] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Some more rows are done."""
        for one in outcomes:
            self.counts[one.result] += 1
            self.outcomes.append(one)
            if one.reasons:
                self.refused.append(one)
            if one.notes:
                self.noted.append(one)

    def finish(self) -> None:
        """Put the rows into the order of the file."""
        for part in (self.refused, self.noted, self.outcomes):
            part.sort(key=lambda one: one.line)

    @property
    def done(self) -> int:
        """Rows that something has become of."""
        return sum(self.counts.values())

    def groups(self) -> list[Group]:
        """The reasons, the commonest first. A row with two reasons stands under both."""
        found: dict[tuple[object, ...], Group] = {}
        for one in self.refused:
            for why in one.reasons:
                key = (why.kind, why.columns, why.clauses)
                group = found.setdefault(key, Group(why.text, why.clauses))
                if not group.lines or group.lines[-1] != one.line:
                    group.lines.append(one.line)
        return sorted(found.values(), key=lambda group: -len(group.lines))


def cited(law: Law, cites: Sequence[str]) -> str:
    """Clauses as people look them up: number and heading."""
    found = [clauses.cited(law.procedure, clause) for clause in cites]
    return "、".join(f"{one.number} {one.heading}".strip() for one in found)  # zh: in the file


def as_row(law: Law, outcome: Outcome) -> dict[str, object]:
    """One row for machines."""
    return {
        "line": outcome.line,
        "result": outcome.result,
        "number": outcome.number,
        "reasons": [_reason(law, why) for why in outcome.reasons],
        "cells": dict(outcome.cells),
        "notes": list(outcome.notes),
    }


def _reason(law: Law, why: Why) -> Mapping[str, object]:
    return {"kind": why.kind, "text": why.text, "clauses": list(why.clauses), "columns": list(why.columns)}


def write(path: Path, law: Law, outcomes: Iterable[Outcome]) -> None:
    """Every row, as CSV for spreadsheets or (if the file is called .json) as JSON. Raises `Unusable`."""
    try:
        if path.suffix.lower() == ".json":
            rows = [as_row(law, one) for one in outcomes]
            path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
            return
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(_HEADINGS)
            table.writerows([_inert(text) for text in _cells(law, one)] for one in outcomes)
    except OSError as error:
        raise Unusable(phrase("报告“{path}”写不了：{strerror}", path=path, strerror=error.strerror)) from None


def _cells(law: Law, one: Outcome) -> Iterable[str]:
    yield str(one.line)
    yield CALLED[one.result]
    yield one.number
    yield joined((why.text for why in one.reasons), phrase("；"))
    yield cited(law, list(dict.fromkeys(clause for why in one.reasons for clause in why.clauses)))
    yield joined(
        (phrase("{heading}：{text}", heading=heading, text=text) for heading, text in one.cells.items()), phrase("；")
    )
    yield joined(one.notes, phrase("；"))


def _inert(text: str) -> str:
    """A spreadsheet must not take what somebody typed for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
