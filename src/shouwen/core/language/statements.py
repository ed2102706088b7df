"""The statements of rule blocks: `kind name:`, `also kind a b:` and `amend kind name:`, each with its attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shouwen.core.language import yaml_text
from shouwen.core.language.document import Block, Heading
from shouwen.core.language.grammar import KINDS
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.trees import is_id

__all__ = ["Statement", "statements"]

_HEAD = re.compile(r"[^\s#\-\]}][^\n]*")
_MODES = ("also", "amend")
_ATTRIBUTES = frozenset(attribute.name for attributes in KINDS.values() for attribute in attributes)


@dataclass(frozen=True)
class Statement:
    """One statement: how it speaks (`""`, also, amend), of which kind, about which rules, and what it says."""

    mode: str
    kind: str
    names: tuple[str, ...]
    node: yaml_text.Mapping
    place: Place
    heading: Heading


def statements(block: Block, report: Report) -> Iterator[Statement]:
    """The statements of a block. One that cannot be read does not spoil its neighbours."""
    parts = list(_parts(block.text))
    for number, (line, text) in enumerate(parts):
        start = Place(block.start.file, block.start.line + line, block.start.column)
        if _is_attribute(text):
            continue  # told with the rule above it
        if number + 1 < len(parts) and _is_attribute(parts[number + 1][1]):
            word = parts[number + 1][1].partition(":")[0]
            place = Place(start.file, block.start.line + parts[number + 1][0], start.column)
            report.add("yaml-syntax", place, f"“{word}”没有缩进，不属于任何一条规则", "缩进得与它上面的属性一样")
            report.broken.update(text.split("\n", 1)[0].partition(":")[0].split()[1:])
            continue
        node = yaml_text.compose(text, start, report)
        if isinstance(node, yaml_text.Mapping):
            for head, value in node.entries.items():
                yield from _statement(head, value, node.places[head], block.heading, report)
        else:
            _lost(text, start, node, report)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text of each statement and the line (from 0) on which it begins."""
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    if not heads and not all(line.lstrip().startswith("#") or not line.strip() for line in lines):
        heads = [0]
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=False):
        yield head, "\n".join(lines[head:end]) + "\n"


def _is_attribute(text: str) -> bool:
    """Whether a line without indentation begins like an attribute, and like no rule."""
    head, colon, _ = text.split("\n", 1)[0].partition(":")
    return bool(colon) and head in _ATTRIBUTES and head not in KINDS


def _lost(text: str, start: Place, node: yaml_text.Node | None, report: Report) -> None:
    """Remembers which rules could not be read; says so where YAML had nothing against it."""
    words = text.split("\n", 1)[0].partition(":")[0].split()
    report.broken.update(words[1:])
    if node is not None:
        report.add("bad-statement", start, "规则块里应是“种类 名字:”", "写作 task answer_major: 换行再缩进写属性")


def _statement(head: str, node: yaml_text.Node, place: Place, heading: Heading, report: Report) -> Iterator[Statement]:
    words = head.split()
    mode = words.pop(0) if words and words[0] in _MODES else ""
    if not words:
        report.add("bad-statement", place, f"“{head}”缺种类和名字", "写作 also task answer_major:")
        return
    kind, names = words[0], words[1:]
    if kind not in KINDS:
        report.broken.update(names)
        advice = nearest(kind, KINDS) or f"种类有 {'、'.join(KINDS)}"
        report.add("unknown-kind", place, f"没有“{kind}”这种规则", advice)
        return
    if not names or (len(names) > 1 and mode != "also"):
        report.broken.update(names)
        report.add("bad-statement", place, f"“{head}”应有一个名字", f"写作 {kind} 名字:；只有 also 可以一次写几个名字")
        return
    for name in names:
        if not is_id(name):
            report.add("bad-id", place, f"“{name}”不能作名字", "名字用小写字母开头，只含小写字母、数字和下划线")
    if isinstance(node, yaml_text.Text) and node.empty:
        node = yaml_text.Mapping({}, {}, node.place)
    if not isinstance(node, yaml_text.Mapping):
        report.broken.update(names)
        report.add("wrong-shape", node.place, f"{head} 下面应是属性", "写作 {属性: 值}，或换行缩进写“属性: 值”")
        return
    yield Statement(mode, kind, tuple(dict.fromkeys(filter(is_id, names))), node, place, heading)
