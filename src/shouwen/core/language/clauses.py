"""The clauses that documents state, and the reading of `clause:` against them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shouwen.core.language import yaml_text
from shouwen.core.language.document import Document, full_id
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report
from shouwen.core.procedure import Clauses

__all__ = ["Cited"]


@dataclass
class Cited:
    """The clauses that the documents state, and the reading of `clause:` against them."""

    report: Report
    stated: dict[str, Place] = field(default_factory=dict)

    def state(self, document: Document) -> None:
        """Takes note of the headings of a document."""
        for heading in document.headings:
            for clause in heading.clauses:
                if first := self.stated.get(clause):
                    self.report.add(
                        "clause-stated-twice",
                        heading.place,
                        f"条款 {clause} 有两个标题",
                        "一条只能在一处写出：改一处的条款号，或合并两节",
                        [first],
                    )
                else:
                    self.stated[clause] = heading.place

    def read(self, node: yaml_text.Node, prefixes: Sequence[str]) -> Clauses:
        """The full ids in a `clause:`; those that no heading states are reported."""
        nodes = node.items if isinstance(node, yaml_text.Sequence) else (node,)
        found: list[str] = []
        for item in nodes:
            if not isinstance(item, yaml_text.Text):
                self.report.add(
                    "wrong-shape", item.place, "clause 写条款号", "写作 clause: 4.1.2-1 或 clause: [4.1.2-1, 4.1.2-2]"
                )
                continue
            for word in filter(None, re.split(r"[,，、\s]+", item.text)):
                found += self._one(word, item.place, prefixes)
        return tuple(dict.fromkeys(found))

    def _one(self, word: str, place: Place, prefixes: Sequence[str]) -> list[str]:
        for name in (*(full_id(word, prefix) for prefix in prefixes), word):
            if name in self.stated:
                return [name]
        short = [clause.removeprefix(f"{prefixes[0]}.") for clause in self.stated] if prefixes else []
        advice = self.report.near(word, short) or "在标题末尾写出这条的条款号，如 ## 标题 {4.1.2}，或改正这里"
        self.report.add("unknown-clause", place, f"没有哪个标题写明条款 {word}", advice)
        return []
