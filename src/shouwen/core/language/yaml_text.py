"""YAML as text: every scalar is what was written, with its place; no types, anchors, tags or repeated keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import yaml

from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report

__all__ = ["Mapping", "Node", "Sequence", "Text", "compose", "plain"]

#: deeper nesting is no rule
_DEPTH = 24
_SAYINGS = {
    "mapping values are not allowed in this context": "这里不能再出现“: ”",
    "did not find expected ',' or ']'": "方括号没有合上，或少了逗号",
    "did not find expected ',' or '}'": "花括号没有合上，或少了逗号，或文字里有冒号",
    "did not find expected key": "缩进或括号不对，这里应是一个属性",
    "did not find expected '-' indicator": "列表的缩进不齐",
    "found character that cannot start any token": "这个字符不能用在这里开头（制表符、%、@、` 都不行）",
    "found unexpected end of stream": "引号没有合上",
    "could not find expected ':'": "这里缺一个冒号",
    "did not find expected node content": "这里缺一个值",
}


class _Mark(Protocol):
    """Where a piece of YAML stands, as either loader says it."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


@dataclass(frozen=True)
class Text:
    """A scalar as written."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Mapping:
    """Keys and values; `places` says where each key stands."""

    entries: dict[str, Node]
    places: dict[str, Place]
    place: Place


Node = Text | Sequence | Mapping


def plain(node: Node) -> object:
    """A node as texts, lists and dictionaries."""
    match node:
        case Text():
            return node.text.strip()
        case Sequence(items):
            return [plain(item) for item in items]
        case Mapping(entries):
            return {key: plain(item) for key, item in entries.items()}


@dataclass
class _Open:
    """A list or mapping that is still being read."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    key: Text | None = None


def compose(text: str, start: Place, report: Report) -> Node | None:
    """The node written in `text`, which begins at `start`; None if it cannot be read (a problem says why)."""
    return _Reader(start, report).read(text)


class _Reader:
    def __init__(self, start: Place, report: Report) -> None:
        self.start = start
        self.report = report
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.sound = True

    def read(self, text: str) -> Node | None:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self.take(event)
                if len(self.stack) > _DEPTH:
                    self.refuse("too-deep", self.stack[-1].place, f"嵌套超过 {_DEPTH} 层", "把它拆成几条规则")
                    return None
        except yaml.MarkedYAMLError as error:
            self.refuse("yaml-syntax", self.at(_where(error, text)), *_syntax(error, text))
            return None
        except yaml.YAMLError:
            self.refuse("yaml-syntax", self.start, "含有 YAML 不许用的字符", "删去控制字符")
            return None
        return self.root if self.sound else None

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self.plain(event)
                place = self.at(event.start_mark)
                self.put(Text(str(event.value), place, quoted=bool(event.style)))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.plain(event)
                self.stack.append(_Open(self.at(event.start_mark), isinstance(event, yaml.MappingStartEvent)))
            case yaml.MappingEndEvent():
                done = self.stack.pop()
                self.put(Mapping(done.entries, done.places, done.place))
            case yaml.SequenceEndEvent():
                done = self.stack.pop()
                self.put(Sequence(tuple(done.items), done.place))
            case yaml.AliasEvent():
                place = self.at(event.start_mark)
                self.refuse(
                    "yaml-anchor", place, "规程里不用 YAML 的锚和引用（& *）", "把内容写出来；以 * 开头的文字加引号"
                )
                self.put(Text("", place))
            case yaml.DocumentStartEvent() if self.root is not None:
                self.refuse("yaml-syntax", self.at(event.start_mark), "一个规则块里不能有 ---", "删去 ---")

    def plain(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        """Refuses anchors and tags."""
        place = self.at(event.start_mark)
        if event.anchor is not None:
            self.refuse(
                "yaml-anchor", place, "规程里不用 YAML 的锚和引用（& *）", "把内容写出来；以 & 开头的文字加引号"
            )
        if event.tag is not None:
            self.refuse("yaml-tag", place, f"规程里不用 YAML 的类型标记 {event.tag}", "删去标记；以 ! 开头的文字加引号")

    def put(self, node: Node) -> None:
        if not self.stack:
            self.root = self.root or node
            return
        top = self.stack[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is None:
            top.key = self.key(node)
        else:
            self.enter(top, top.key, node)
            top.key = None

    def key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        self.refuse("yaml-syntax", node.place, "属性名只能是文字", "写作 属性: 值；花括号里的条件加引号")
        return Text("", node.place)

    def enter(self, top: _Open, key: Text, node: Node) -> None:
        if key.text in top.entries:
            self.report.add(
                "duplicate-key",
                key.place,
                f"“{key.text}”在同一处写了两次",
                "合成一个，或删去一个",
                [top.places[key.text]],
            )
            return
        top.entries[key.text] = node
        top.places[key.text] = key.place

    def refuse(self, code: str, place: Place, message: str, advice: str) -> None:
        self.sound = False
        self.report.add(code, place, message, advice)

    def at(self, mark: _Mark | None) -> Place:
        if mark is None:
            return self.start
        return Place(self.start.file, self.start.line + mark.line, self.start.column + mark.column)


def _where(error: yaml.MarkedYAMLError, text: str) -> yaml.Mark | None:
    """Where it went wrong; what was never closed is shown where it was opened."""
    last = text.rstrip().count("\n")
    is_open = error.problem_mark is not None and error.problem_mark.line > last
    return error.context_mark if is_open and error.context_mark is not None else error.problem_mark


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    mark = error.problem_mark
    lines = text.split("\n")
    if mark is not None and "\t" in "".join(lines[mark.line : mark.line + 1])[: mark.column + 1]:
        return "YAML 的缩进里有制表符", "缩进只用空格"
    said = _SAYINGS.get(error.problem or "", error.problem or "写法有误")
    return f"YAML 读不懂：{said}", "含有逗号、冒号、花括号的文字和条件加引号；检查缩进和括号"


_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
