"""The front matter of the documents as the head of the procedure: id, force, calendar, back-dating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from shouwen.core.calendar import parse_clock
from shouwen.core.language import figures
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Struct, is_id
from shouwen.core.procedure import Clauses, Figure

__all__ = ["Front", "front"]

_ZONE = "Asia/Shanghai"
Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Front:
    """What the front matter says."""

    body: Struct
    text_only: Clauses
    zone: ZoneInfo

    @property
    def id(self) -> str:
        """The procedure's id."""
        return self.body.text("procedure")

    @property
    def title(self) -> str:
        """Its title."""
        return self.body.text("title", self.id)

    @property
    def version(self) -> int:
        """Its version."""
        return self.body.whole("version") or 1

    @property
    def in_force(self) -> date | None:
        """The day from which it is in force."""
        return self.body.day("in_force")

    @property
    def calendar_clauses(self) -> Clauses:
        """The clauses of the calendar."""
        part = self.body.part("calendar")
        return part.clauses if part else ()

    @property
    def backdate(self) -> Leaf | None:
        """How far back facts may be recorded."""
        part = self.body.part("backdate")
        return part.leaf("within") if part else None

    @property
    def backdate_who(self) -> tuple[str, ...]:
        """Who may record late."""
        part = self.body.part("backdate")
        return part.texts("who") if part else ()

    @property
    def backdate_clauses(self) -> Clauses:
        """The clauses of back-dating."""
        part = self.body.part("backdate")
        return part.clauses if part else ()

    def day_end(self, report: Report) -> time | None:
        """The end of working days, if it is not the close of hours."""
        part = self.body.part("calendar")
        leaf = part.leaf("day_end") if part else None
        return _clock(leaf, report) if leaf else None

    def hours(self, known: Mapping[str, Figure], report: Report) -> tuple[Hours, str | None]:
        """Office hours, and the figure that gives them."""
        part = self.body.part("calendar")
        leaves = part.leaves("hours") if part else ()
        if len(leaves) == 1 and is_id(leaves[0].text):
            return _of_figure(leaves[0], known, report)
        found: list[str] = []
        for leaf in leaves:
            try:
                found += figures.hours(leaf.text)
            except ValueError as error:
                message, _, advice = str(error).partition("：")
                report.add("bad-value", leaf.place, message, advice)
        return _times(found or ["09:00-18:00"]), None


def _of_figure(leaf: Leaf, known: Mapping[str, Figure], report: Report) -> tuple[Hours, str | None]:
    figure = known.get(leaf.text)
    if figure is None:
        report.unknown(leaf.place, leaf.text, "办公时间的数值", [f.id for f in known.values() if f.type == "hours"])
    elif figure.type != "hours":
        report.add("wrong-type", leaf.place, f"{leaf.text} 不是办公时间", "那个 figure 写 09:00-18:00")
    else:
        value = figure.values[0].value if figure.values else ()
        words = [word for word in value if isinstance(word, str)] if isinstance(value, tuple) else []
        return _times(words or ["09:00-18:00"]), figure.id
    return _times(["09:00-18:00"]), None


def _times(words: Sequence[str]) -> Hours:
    pairs = (word.split("-") for word in words)
    return tuple((parse_clock(start), parse_clock(end)) for start, end in pairs)


def _clock(leaf: Leaf, report: Report) -> time | None:
    try:
        return parse_clock(leaf.text)
    except ValueError as error:
        message, _, advice = str(error).partition("：")
        report.add("bad-value", leaf.place, message, advice or "写作 18:00")
        return None


def front(heads: Sequence[Struct], known: Mapping[str, Place], prefixes: Sequence[str], report: Report) -> Front:
    """The head of the procedure: the first document's; further ones may add to `text_only` alone."""
    base, text_only = heads[0], []
    for head, prefix in zip(heads, prefixes, strict=True):
        for leaf in head.leaves("text_only"):
            clause = next((name for name in (f"{prefix}.{leaf.text}", leaf.text) if name in known), None)
            if clause is None:
                report.add(
                    "unknown-clause", leaf.place, f"没有哪个标题写明条款 {leaf.text}", "改正条款号，或从 text_only 删去"
                )
            else:
                text_only.append(clause)
    for head in heads[1:]:
        for name in ("calendar", "backdate"):
            if head.has(name):
                report.add(
                    "said-twice", head.parts[name].place, f"补充规程不能另定 {name}", "改在基本规程里，或改它的 figure"
                )
    return Front(base, tuple(dict.fromkeys(text_only)), _zone(base, report))


def _zone(base: Struct, report: Report) -> ZoneInfo:
    part = base.part("calendar")
    leaf = part.leaf("zone") if part else None
    if leaf is None:
        return ZoneInfo(_ZONE)
    try:
        return ZoneInfo(leaf.text)
    except (KeyError, ValueError, OSError):
        report.add("bad-value", leaf.place, f"没有“{leaf.text}”这个时区", f"写作 {_ZONE}")
        return ZoneInfo(_ZONE)
