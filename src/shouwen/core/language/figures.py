"""Figures: named numbers, amounts, spans, hours, texts; typed by `type` or by their spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shouwen.core import values
from shouwen.core.calendar import Span, parse_clock, parse_span, timeline
from shouwen.core.language import yaml_text
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.parts import rule_parts
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.trees import Leaf
from shouwen.core.language.yaml_text import Text
from shouwen.core.procedure import Dated, Figure, Procedure
from shouwen.core.values import Unreadable, Value

__all__ = ["figure", "figure_type", "figure_value", "hours"]

_HOURS = re.compile(r"\d{1,2}:\d\d ?[-–—~至] ?\d{1,2}:\d\d")
_SPELLED = {
    "money": re.compile(r"-?[\d,]+(\.\d+)? ?元"),
    "ratio": re.compile(r"\d+(\.\d+)? ?%"),
    "number": re.compile(r"-?\d+"),
    "bool": re.compile(r"yes|no|true|false"),
}


def figure_type(rule: Assembled) -> str:
    """Its type: as it says, or as its first value is spelled."""
    if rule.body.has("type"):
        return rule.body.text("type")
    first = next(_written(rule), None)
    if first is None or isinstance(first.node, yaml_text.Sequence):
        return _list_type(first)
    text = first.text
    if _is_hours(text):
        return "hours"
    for kind, pattern in _SPELLED.items():
        if pattern.fullmatch(text):
            return kind
    try:
        parse_span(text)
    except ValueError:
        return "text"
    return "span"


def _list_type(first: Leaf | None) -> str:
    items = first.node.items if first and isinstance(first.node, yaml_text.Sequence) else ()
    is_hours = items and all(isinstance(item, Text) and _is_hours(item.text) for item in items)
    return "hours" if is_hours else "texts" if items else "text"


def _written(rule: Assembled) -> Iterator[Leaf]:
    if value := rule.body.leaf("value"):
        yield value
    for item in rule.body.items("values"):
        if value := item.leaf("value"):
            yield value


def _is_hours(text: str) -> bool:
    return bool(text.strip()) and all(_HOURS.fullmatch(part) for part in _ranges(text))


def _ranges(text: str) -> list[str]:
    return re.split(r"[\s,，]+(?=\d{1,2}:\d\d ?[-–—~至])", text.strip())


def read(kind: str, raw: object, zone: ZoneInfo) -> Value | Span:
    """The value of a figure of this type from what was written; ValueError says what is wrong."""
    match kind:
        case "span":
            return parse_span(_text(raw))
        case "hours":
            return hours(raw)
        case "texts":
            return tuple(map(_text, _listed(raw)))
        case "moment" if isinstance(raw, str) and re.fullmatch(r"\d{1,2}:\d\d", raw):
            return raw
        case "ratio":
            return values.read("ratio", _text(raw), zone, scale=4)
        case _:
            return values.read(kind, _text(raw), zone)


def figure_value(procedure: Procedure, name: str, written: object) -> Value | Span:
    """The value that an organisation writes over a figure; ValueError says what is wrong."""
    if name not in procedure.figures:
        raise ValueError(f"没有数值“{name}”。{nearest(name, procedure.figures)}")
    return read(procedure.figures[name].type, written, procedure.zone)


def _text(raw: object) -> str:
    if not isinstance(raw, str | int):
        raise Unreadable("这里只写一个值")
    return values.show(raw).strip() if isinstance(raw, str) else str(raw)


def _listed(raw: object) -> Sequence[object]:
    return [raw] if isinstance(raw, str | int) else raw if isinstance(raw, Sequence) else []


def hours(raw: object) -> tuple[str, ...]:
    """Office hours as `09:00-12:00` texts in order; ValueError says what is wrong."""
    found: list[str] = []
    for part in (part for item in _listed(raw) for part in _ranges(_text(item))):
        if not _HOURS.fullmatch(part):
            raise ValueError(f"“{part}”不是办公时间：写作 09:00-18:00，中间休息写 [09:00-12:00, 13:30-18:00]")
        start, end = re.split(r" ?[-–—~至] ?", part)
        if timeline.clock_minutes(parse_clock(start)) >= timeline.clock_minutes(parse_clock(end)):
            raise ValueError(f"办公时间“{part}”的终点不在起点之后：写作 09:00-18:00")
        if found and f"{start:0>5}" < found[-1].partition("-")[2]:
            raise ValueError(f"办公时间“{part}”与前一段重叠：按先后写")
        found.append(f"{start:0>5}-{end:0>5}")
    return tuple(found)


@dataclass(frozen=True)
class _Reader:
    """Reads the values of one figure."""

    report: Report
    zone: ZoneInfo
    kind: str

    def value(self, leaf: Leaf) -> Value | Span | None:
        """The value, or None if it is wrong (then a problem says why)."""
        if isinstance(leaf.node, Text) and leaf.text.startswith("="):
            self.report.add("bad-value", leaf.place, "数值不能由条件算出", "写出数值；随情况而变的值写成 table")
            return None
        try:
            return read(self.kind, yaml_text.plain(leaf.node), self.zone)
        except ValueError as error:
            message, _, advice = str(error).partition("：")
            self.report.add("bad-value", leaf.place, message, advice or f"这个数值的类型是 {self.kind}")
        return None


def figure(rule: Assembled, kind: str, report: Report, zone: ZoneInfo) -> Figure:
    """The figure with its dated values, the oldest first."""
    reader, body = _Reader(report, zone, kind), rule.body
    dated: list[Dated] = []
    if (leaf := body.leaf("value")) and (value := reader.value(leaf)) is not None:
        dated.append(Dated(since=None, value=value, clauses=leaf.clauses))
    for item in body.items("values"):
        if (leaf := item.leaf("value")) and (value := reader.value(leaf)) is not None:
            dated.append(Dated(since=item.day("from"), value=value, clauses=item.clauses))
    if not body.has("value") and not body.items("values") and not body.has("type"):
        report.add(
            "missing-attribute",
            rule.place,
            f"数值 {rule.name} 没有值",
            "写 value: 值；由单位自定、条文没有的，写 type: 类型",
        )
    unread = any("from" in item.said and item.day("from") is None for item in body.items("values"))
    days = [] if unread else [entry.since for entry in dated]
    if len(set(days)) < len(days):
        report.add("said-twice", rule.place, f"数值 {rule.name} 同一天起有两个值", "每个起始日只写一个值")
    dated.sort(key=lambda entry: (entry.since is not None, entry.since or 0))
    return Figure(**rule_parts(rule), type=kind, values=tuple(dated), dated=body.texts("dated"), unit=body.text("unit"))
