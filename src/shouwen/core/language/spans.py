"""Spans in rules: written out, or a figure, a table or a field that gives one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from shouwen.core.calendar import Days, Months, Point, Span, Workdays, parse_clock, parse_every, parse_span
from shouwen.core.expression import Constant, NamedSpan, Term
from shouwen.core.language.index import Index
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Struct, is_id
from shouwen.core.procedure import ClockSpan, FieldSpan, FigureSpan, FixedSpan, Recurrence, SpanSource, TableSpan

__all__ = ["Spans"]

_GIVES = "时长写作 2 workdays、24 h，或一个时长的 figure、给出 span 的判定表、type: span 的字段"


@dataclass(frozen=True)
class Spans:
    """Reads spans; knows which figures and tables give one."""

    index: Index
    report: Report
    #: figure → type; table → column → type
    figures: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]

    def fixed(self, leaf: Leaf | None) -> Span | None:
        """A span that is written out."""
        if leaf is None:
            return None
        try:
            return parse_span(leaf.text)
        except ValueError as error:
            self._bad("bad-span", leaf, error)
            return None

    def outcome(self, leaf: Leaf) -> Term | None:
        """A span that a table gives: written out, or a figure."""
        if self.figures.get(leaf.text) == "span":
            return NamedSpan(leaf.text)
        if leaf.text in self.figures:
            self._not_a_span(leaf)
            return None
        return Constant(leaf.text) if self.fixed(leaf) else None

    def every(self, leaf: Leaf | None) -> Recurrence | None:
        """A recurrence: written out, at the hour of a figure, or a figure that gives it whole."""
        if leaf is None:
            return None
        if self.figures.get(leaf.text) == "span":
            return FigureSpan(leaf.text)
        if clocked := self._at_figure(leaf):
            return clocked
        try:
            return parse_every(leaf.text)
        except ValueError as error:
            self._bad("bad-recurrence", leaf, error)
            return None

    def within(self, struct: Struct | None) -> SpanSource | None:
        """A span with, perhaps, another end of the day."""
        if struct is None:
            return None
        if "span" not in struct.said:
            self.report.add("missing-attribute", struct.place, "within 里没写时长", _GIVES)
        return self.source(struct.leaf("span"), struct.leaf("end"))

    def source(self, leaf: Leaf | None, end: Leaf | None = None) -> SpanSource | None:
        """A span, or what will give one."""
        if leaf is None:
            return None
        clock = self.clock(end)
        if named := self._named(leaf, clock) or self._at_figure(leaf):
            return named
        if is_id(leaf.text.replace(".", "_")) and " " not in leaf.text:
            self._not_a_span(leaf)
            return None
        span = self.fixed(leaf)
        if span is None or end is None or clock is None:
            return FixedSpan(span) if span else None
        if isinstance(span, Workdays | Days | Months):
            return self._ending(span, clock, end)
        self.report.add(
            "bad-span",
            end.place,
            f"“{leaf.text}”不能另写一天的终点“{end.text}”",
            "终点只给按天、按月计的时长，写作 24:00",
        )
        return None

    def _ending(self, span: Workdays | Days | Months, clock: time, end: Leaf) -> SpanSource | None:
        try:
            return FixedSpan(replace(span, end=clock))
        except ValueError as error:
            self._bad("bad-span", end, error)
            return None

    def clock(self, leaf: Leaf | None) -> time | None:
        """An hour of the day."""
        if leaf is None:
            return None
        try:
            return parse_clock(leaf.text)
        except ValueError as error:
            self._bad("bad-span", leaf, error)
            return None

    def _named(self, leaf: Leaf, end: time | None) -> SpanSource | None:
        name, _, column = leaf.text.partition(".")
        if self.figures.get(leaf.text) == "span":
            return FigureSpan(leaf.text, end)
        if self.tables.get(name, {}).get(column) == "span":
            return TableSpan(leaf.text, end)
        field = self.index.fields.get(leaf.text)
        return FieldSpan(leaf.text, end) if field and field.type == "span" else None

    def _at_figure(self, leaf: Leaf) -> ClockSpan | None:
        """`next workday office_end`: a point whose hour a figure gives."""
        head, _, name = leaf.text.strip().rpartition(" ")
        if not head or self.figures.get(name) not in ("span", "moment"):
            return None
        written = self._written(name)
        try:
            span = parse_span(f"{head} {written}")
        except ValueError as error:
            self._bad("bad-span", leaf, error)
            return None
        return ClockSpan(span, name) if isinstance(span, Point) else None

    def _written(self, name: str) -> str:
        """The first value of a figure, as it is written."""
        body = self.index.rules["figure"][name].body
        return body.text("value") or next((item.text("value") for item in body.items("values")), "")

    def point(self, leaf: Leaf | None) -> SpanSource | None:
        """A point in time: written out, at the hour of a figure, or a figure that gives it; None if it is none."""
        if leaf is None:
            return None
        if self.figures.get(leaf.text) == "span":
            return FigureSpan(leaf.text) if isinstance(self._parsed(self._written(leaf.text)), Point) else None
        if clocked := self._at_figure(leaf):
            return clocked
        span = self._parsed(leaf.text)
        return FixedSpan(span) if isinstance(span, Point) else None

    @staticmethod
    def _parsed(text: str) -> Span | None:
        try:
            return parse_span(text)
        except ValueError:
            return None

    def _not_a_span(self, leaf: Leaf) -> None:
        name = leaf.text.partition(".")[0]
        if leaf.text in self.figures or name in self.tables or leaf.text in self.index.fields:
            figure = self.index.rules["figure"].get(leaf.text)
            written = f"：写的是“{figure.body.text('value')}”" if figure and figure.body.has("value") else ""
            also = [figure.place] if figure else []
            self.report.add("wrong-type", leaf.place, f"{leaf.text} 不是时长{written}", _GIVES, also)
        else:
            spans = [figure for figure, kind in self.figures.items() if kind == "span"]
            self.report.unknown(leaf.place, leaf.text, "时长", [*spans, *self.tables, *self.index.fields])

    def _bad(self, code: str, leaf: Leaf, error: ValueError) -> None:
        message, _, advice = str(error).partition("：")
        self.report.add(code, leaf.place, message, advice or _GIVES)
