"""YAML nodes to trees by the shapes of the grammar: what may stand where, short forms written out, scalars typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shouwen.core.language import yaml_text
from shouwen.core.language.grammar import Attribute, Shape
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree, is_id
from shouwen.core.language.yaml_text import Node, Text
from shouwen.core.procedure import Clauses

__all__ = ["Shaper"]

#: maps whose keys are words for people, not ids
_WORDS = frozenset({"entries", "answers", "copies", "causes", "slots"})
_PLAIN = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Shaper:
    """Reads nodes by shapes. `cite` turns a `clause:` into full ids."""

    report: Report
    cite: Callable[[Node], Clauses]

    def struct(self, parts: tuple[Attribute, ...], node: yaml_text.Mapping, inherited: Clauses, short: str) -> Struct:
        """A structure with these attributes; unknown ones are reported."""
        known = {part.name: part for part in parts}
        own = node.entries.get("clause")
        clauses = self.cite(own) if own and "clause" in known else inherited
        read: dict[str, Tree] = {}
        said = set(node.entries)
        missing = [part.name for part in parts if part.required and part.name not in said]
        for name, value in node.entries.items():
            if name == "clause" and "clause" in known:
                continue
            if name not in known and short and short not in node.entries and _is_empty(value):
                name, value = short, Text(name, node.places[name])
                said.add(short)
            if name not in known:
                self._unknown_attribute(name, node.places[name], known, missing, _is_empty(value))
            elif (tree := self.tree(known[name], value, clauses)) is not None:
                read[name] = tree
        return Struct(read, node.place, clauses, "clause" in known, frozenset(said))

    def tree(self, attribute: Attribute, node: Node, inherited: Clauses) -> Tree | None:
        """What is written for one attribute; None if it cannot be read."""
        shape = attribute.shape
        match shape.word:
            case "entries":
                return self._many(node, lambda item: self._entry(shape, item, inherited))
            case "map":
                return self._named(attribute, node, inherited)
            case "structure":
                return self._entry(shape, node, inherited)
            case "fields by form":
                return self._mapping(node, False, lambda item: self._many(item, lambda one: self._text(one, inherited)))
            case "literal or =CEL, or columns" | "type or columns":
                return self._columns(shape, node, inherited)
            case _ if shape.many:
                return self._many(node, lambda item: self._leaf(shape, item, inherited))
            case _:
                return self._leaf(shape, node, inherited)

    def _unknown_attribute(
        self, name: str, place: Place, known: Mapping[str, Attribute], missing: Sequence[str], alone: bool
    ) -> None:
        """Meant for one that must stand here and does not, if there is such a one."""
        likely = nearest(name, missing or known)
        if missing:
            likely += f"这里还缺必写的 {'、'.join(missing)}"
        message, advice = f"这里没有“{name}”这个属性", likely or f"可以写的有 {'、'.join(known)}"
        if alone and not is_id(name):
            message, advice = f"“{name}”不是属性，像是被逗号切断的文字", "花括号里含逗号的文字和条件整段加引号"
        self.report.add("unknown-attribute", place, message, advice)

    def _many(self, node: Node, read: Callable[[Node], Tree | None]) -> Many | None:
        if isinstance(node, Text) and node.empty:
            return Many((), node.place)
        nodes = node.items if isinstance(node, yaml_text.Sequence) else (node,)
        return Many(tuple(tree for item in nodes if (tree := read(item)) is not None), node.place)

    def _entry(self, shape: Shape, node: Node, inherited: Clauses) -> Struct | None:
        if isinstance(node, yaml_text.Mapping):
            return self.struct(shape.parts, node, inherited, shape.short)
        cites = any(part.name == "clause" for part in shape.parts)
        short = next((part for part in shape.parts if part.name == shape.short), None)
        if short and (isinstance(node, Text) or short.shape.many):
            tree = self.tree(short, node, inherited)
            parts = {short.name: tree} if tree is not None else {}
            return Struct(parts, node.place, inherited, cites, frozenset({short.name}))
        self._wrong(node, f"写成 {{属性: 值}}，属性有 {'、'.join(part.name for part in shape.parts)}")
        return None

    def _named(self, attribute: Attribute, node: Node, inherited: Clauses) -> Named | None:
        shape, plain = attribute.shape, attribute.name in _WORDS
        if shape.parts[0].name == "*":
            return self._mapping(node, True, lambda item: self._leaf(shape.parts[0].shape, item, inherited))
        if shape.of and isinstance(node, Text) and not node.empty:
            node = yaml_text.Sequence((node,), node.place)
        if isinstance(node, yaml_text.Sequence):
            self._doubled(node)
            node = _listed(node)
        return self._mapping(node, plain, lambda item: self._value(shape, item, inherited))

    def _doubled(self, node: yaml_text.Sequence) -> None:
        first: dict[str, Place] = {}
        for item in node.items:
            if isinstance(item, Text) and first.setdefault(item.text, item.place) != item.place:
                self.report.add(
                    "duplicate-key", item.place, f"“{item.text}”在同一处写了两次", "删去一个", [first[item.text]]
                )

    def _value(self, shape: Shape, node: Node, inherited: Clauses) -> Struct | None:
        if isinstance(node, Text) and node.empty:
            return Struct({}, node.place, inherited, any(part.name == "clause" for part in shape.parts))
        return self._entry(shape, node, inherited)

    def _mapping(self, node: Node, plain: bool, read: Callable[[Node], Tree | None]) -> Named | None:
        if isinstance(node, Text) and node.empty:
            return Named({}, {}, node.place)
        if not isinstance(node, yaml_text.Mapping):
            self._wrong(node, "写成 {名: 值, 名: 值}")
            return None
        entries: dict[str, Tree] = {}
        for key, value in node.entries.items():
            if not plain and not is_id(key):
                self.report.add(
                    "bad-id", node.places[key], f"“{key}”不能作名字", "名字用小写字母开头，只含小写字母、数字和下划线"
                )
            elif (tree := read(value)) is not None:
                entries[key] = tree
        return Named(entries, node.places, node.place)

    def _columns(self, shape: Shape, node: Node, inherited: Clauses) -> Tree | None:
        part = shape.parts[0].shape
        if isinstance(node, yaml_text.Mapping):
            return self._mapping(node, False, lambda item: self._leaf(part, item, inherited))
        leaf = self._leaf(part, node, inherited)
        return Named({"": leaf}, {"": node.place}, node.place) if leaf else None

    def _text(self, node: Node, inherited: Clauses) -> Leaf | None:
        return self._leaf(Shape("text"), node, inherited)

    def _leaf(self, shape: Shape, node: Node, inherited: Clauses) -> Leaf | None:
        if shape.word == "literal or =CEL":
            return Leaf(node, node.text if isinstance(node, Text) else "", inherited)
        if not isinstance(node, Text):
            self._wrong(node, "这里写一个值；含逗号、冒号、花括号的文字加引号")
            return None
        if node.empty and shape.word != "text":
            self.report.add("empty-value", node.place, "这里没有写值", "写上值，或删去这一项")
            return None
        value = self._typed(shape, node)
        return None if value is None else Leaf(node, value, inherited)

    def _typed(self, shape: Shape, node: Text) -> str | int | bool | date | None:
        text = node.text.strip()
        match shape.word:
            case "flag":
                return self._expect(_PLAIN.get(text), node, "bad-flag", "写 yes 或 no")
            case "whole number":
                whole = int(text) if re.fullmatch(r"\d{1,15}", text) else None
                return self._expect(whole, node, "bad-number", "写一个不带单位的整数")
            case "day":
                return self._expect(_day(text), node, "bad-day", "写作 2026-01-01")
            case "word":
                if text in shape.words:
                    return text
                advice = f"{nearest(text, shape.words)}可写 {'、'.join(shape.words)}"
                return self._expect(None, node, "bad-word", advice)
            case _:
                return text

    def _expect(
        self, value: str | int | bool | date | None, node: Text, code: str, advice: str
    ) -> str | int | bool | date | None:
        if value is None:
            self.report.add(code, node.place, f"“{node.text}”不能写在这里", advice)
        return value

    def _wrong(self, node: Node, advice: str) -> None:
        written = {"Text": "一个值", "Sequence": "列表", "Mapping": "花括号或缩进的属性"}[type(node).__name__]
        self.report.add("wrong-shape", node.place, f"这里不能写成{written}", advice)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Text) and node.empty


def _listed(node: yaml_text.Sequence) -> Node:
    """A plain list of names stands for a map of names without parts."""
    if not all(isinstance(item, Text) for item in node.items):
        return node
    entries: dict[str, Node] = {item.text: Text("", item.place) for item in node.items if isinstance(item, Text)}
    return yaml_text.Mapping(entries, {key: value.place for key, value in entries.items()}, node.place)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
