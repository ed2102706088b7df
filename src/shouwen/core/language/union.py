"""Two statements about the same rule made one."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree
from shouwen.core.language.yaml_text import Text
from shouwen.core.procedure import Clauses

__all__ = ["Union", "both"]


@dataclass(frozen=True)
class Union:
    """How two statements about the same rule become one: lists appended, maps united, scalars kept or amended."""

    report: Report
    amends: bool

    def structs(self, first: Struct, second: Struct) -> Struct:
        """Two structures as one."""
        parts = dict(first.parts)
        for name, tree in second.parts.items():
            parts[name] = self._trees(name, parts[name], tree) if name in parts else tree
        return Struct(parts, first.place, both(first.clauses, second.clauses), first.cites, first.said | second.said)

    def _trees(self, name: str, first: Tree, second: Tree) -> Tree:
        match first, second:
            case Many(), Many():
                return Many((*first.items, *second.items), first.place)
            case Named(), Named():
                return self._named(name, first, second)
            case Struct(), Struct():
                return self.structs(first, second)
            case Leaf(), Leaf():
                return self._leaves(name, first, second)
            case _:
                return first

    def _named(self, outer: str, first: Named, second: Named) -> Named:
        entries = dict(first.entries)
        for name, tree in second.entries.items():
            entries[name] = self._trees(name or outer, entries[name], tree) if name in entries else tree
        return Named(entries, {**second.places, **first.places}, first.place)

    def _leaves(self, name: str, first: Leaf, second: Leaf) -> Leaf:
        clauses = both(first.clauses, second.clauses)
        if self.amends:
            return Leaf(second.node, second.value, clauses)
        if isinstance(first.node, Text) and first.text == second.text:
            return Leaf(first.node, first.value, clauses)
        self.report.add(
            "said-twice",
            second.place,
            f"{name} 已写为“{first.text}”，这里又写“{second.text}”",
            "只留一处；后来的规定要替代它，在补充规程里写 amend",
            [first.place],
        )
        return first


def both(first: Clauses, second: Clauses) -> Clauses:
    """The clauses of two entries, each once."""
    return tuple(dict.fromkeys((*first, *second)))
