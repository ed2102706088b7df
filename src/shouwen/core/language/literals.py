"""Values in rules: literals typed by the field they go to, or `=` and a condition of that type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shouwen.core import values
from shouwen.core.calendar import parse_span
from shouwen.core.expression import Constant, Term
from shouwen.core.language import words, yaml_text
from shouwen.core.language.conditions import Conditions, Where
from shouwen.core.language.fields import FieldType
from shouwen.core.language.index import Index
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.trees import Leaf
from shouwen.core.language.yaml_text import Node, Text
from shouwen.core.values import Unreadable, Value

__all__ = ["Literals"]


@dataclass(frozen=True)
class Literals:
    """Reads values by the types of the fields that they go to."""

    report: Report
    conditions: Conditions
    index: Index
    zone: ZoneInfo

    def fills(self, given: Mapping[str, Leaf], where: Where, form: str = "") -> dict[str, Term]:
        """field: value, as in `set`, `sets` and `with`; also nested by form."""
        found: dict[str, Term] = {}
        for name, leaf in given.items():
            if name in self.index.rules["form"] and isinstance(leaf.node, yaml_text.Mapping):
                nested = {f"{name}.{key}": Leaf(v, _text(v), leaf.clauses) for key, v in leaf.node.entries.items()}
                found |= self.fills(nested, where, name)
            elif term := self._fill(name, leaf, where):
                found[self._path(name, where)] = term
        return found

    def _path(self, name: str, where: Where) -> str:
        return f"{where.rows}.{name.removeprefix('this.')}" if where.rows and name.startswith("this.") else name

    def _fill(self, name: str, leaf: Leaf, where: Where) -> Term | None:
        path = self._path(name, where)
        kind = self.index.fields.get(path)
        if kind is None:
            self.report.unknown(leaf.place, name, "字段", self.index.fields)
            return None
        return self.term(leaf, kind, path, where)

    def term(self, leaf: Leaf, kind: FieldType, name: str, where: Where) -> Term | None:
        """A literal of this type, or a condition that gives one."""
        if isinstance(leaf.node, Text) and leaf.text.startswith("="):
            return self._computed(leaf, kind, name, where)
        value = self.literal(leaf.node, kind, name)
        return None if value is None else Constant(value)

    def _computed(self, leaf: Leaf, kind: FieldType, name: str, where: Where) -> Term | None:
        want = kind.in_conditions
        if want is None:
            self.report.add("wrong-type", leaf.place, f"{name} 是 {kind.type}，不能用 = 算出", "写出值，或改由人填写")
            return None
        for token in words.results(leaf.text[1:]) if kind.words else ():
            self._word(token.text[1:-1], leaf.place, kind, name)
        return self.conditions.compile(leaf, want, where)

    def literal(self, node: Node, kind: FieldType, name: str) -> Value | None:
        """A literal of this type; an empty text empties a field of any type."""
        if isinstance(node, Text) and node.quoted and not node.text:
            return ""
        if kind.type == "rows":
            return self._rows(node, kind, name)
        try:
            value = values.read(kind.type, yaml_text.plain(node), self.zone, scale=kind.scale)
        except Unreadable as error:
            self.report.add(
                "bad-value", node.place, f"{name}：{error}", f"{name} 的类型是 {kind.type}；要计算的值以 = 开头"
            )
            return None
        if kind.type == "span" and isinstance(value, str):
            self._span(value, node.place)
        for word in _each(value):
            self._word(word, node.place, kind, name)
        return value

    def _span(self, text: str, place: Place) -> None:
        try:
            parse_span(text)
        except ValueError as error:
            message, _, advice = str(error).partition("：")
            self.report.add("bad-span", place, message, advice)

    def _word(self, word: str, place: Place, kind: FieldType, name: str) -> None:
        if word and kind.words is not None and word not in kind.words:
            advice = f"{nearest(word, kind.words)}可用的词：{'、'.join(kind.words[:12])}；要计算的值以 = 开头"
            self.report.add("unknown-choice", place, f"{name} 没有“{word}”这个词", advice)

    def _rows(self, node: Node, kind: FieldType, name: str) -> Value | None:
        nodes = node.items if isinstance(node, yaml_text.Sequence) else (node,)
        rows: list[Value] = []
        for item in nodes:
            if not isinstance(item, yaml_text.Mapping):
                self.report.add(
                    "wrong-shape", item.place, f"{name} 的一行写成 {{列: 值}}", f"列有 {'、'.join(kind.columns)}"
                )
                continue
            rows.append(dict(self._row(item, kind, name)))
        return tuple(rows)

    def _row(self, item: yaml_text.Mapping, kind: FieldType, name: str) -> Iterator[tuple[str, Value]]:
        for column, node in item.entries.items():
            if column not in kind.columns:
                advice = nearest(column, kind.columns) or f"列有 {'、'.join(kind.columns)}"
                self.report.add("unknown-column", item.places[column], f"{name} 没有“{column}”这一列", advice)
            elif (value := self.literal(node, kind.columns[column], f"{name}.{column}")) is not None:
                yield column, value


def _each(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (item for item in value if isinstance(item, str))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Text) else ""
