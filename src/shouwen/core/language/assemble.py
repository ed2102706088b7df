"""Rules put together from their statements, each entry with the clauses and the place it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shouwen.core.language import yaml_text
from shouwen.core.language.document import Document
from shouwen.core.language.grammar import HEADER, KINDS
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.shapes import Shaper
from shouwen.core.language.statements import Statement, statements
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree
from shouwen.core.language.union import Union, both
from shouwen.core.procedure import Clauses

__all__ = ["Assembled", "Assembly", "assemble", "header"]


@dataclass(frozen=True)
class Assembled:
    """One rule, all its statements united. `order` is its place in the document."""

    kind: str
    name: str
    body: Struct
    place: Place
    order: int


Assembly = Mapping[str, Mapping[str, Assembled]]


def header(document: Document, shaper: Shaper) -> Struct:
    """The front matter by its grammar."""
    node = document.header or yaml_text.Mapping({}, {}, Place(document.file, 1))
    return shaper.struct(HEADER, node, (), "")


def assemble(documents: Sequence[tuple[Document, Shaper, bool]], report: Report) -> Assembly:
    """All rules of the documents (each with its shaper and whether it may amend), united by kind and name."""
    found: dict[str, dict[str, _Pile]] = {kind: {} for kind in KINDS}
    order = 0
    for document, shaper, amends in documents:
        for block in document.blocks:
            for statement in statements(block, report):
                order += 1
                body = _body(statement, shaper, report)
                for name in statement.names:
                    pile = found[statement.kind].setdefault(name, _Pile(statement.kind, name))
                    pile.take(statement, body, order, amends, report)
    return {kind: dict(_in_order(piles, report)) for kind, piles in found.items()}


def _in_order(piles: Mapping[str, _Pile], report: Report) -> Iterator[tuple[str, Assembled]]:
    """The rules of one kind as the documents define them, one after the other."""
    rules = [rule for pile in piles.values() if (rule := pile.rule(report, piles))]
    yield from ((rule.name, rule) for rule in sorted(rules, key=lambda rule: rule.order))


def _body(statement: Statement, shaper: Shaper, report: Report) -> Struct:
    """What a statement says, with its clauses told: its own, or those of a heading with one."""
    own, heading = "clause" in statement.node.entries, statement.heading.clauses
    inherited = heading if len(heading) == 1 else ()
    body = shaper.struct(KINDS[statement.kind], statement.node, inherited, "")
    if len(heading) > 1 and not own and not _told(body):
        report.add(
            "clause-not-told",
            statement.place,
            f"标题写明 {len(heading)} 条，看不出这里执行哪一条",
            f"加一行 clause: {statement.heading.clauses[0].partition('.')[2]}（或逐项写 clause）",
            [statement.heading.place],
        )
    return body


def _told(body: Struct) -> bool:
    """Whether every entry names its own clause, and there is one."""
    entries = [entry for tree in body.parts.values() for entry in _structure(tree)]
    return bool(entries) and all(entries)


def _structure(tree: Tree) -> Iterator[bool]:
    """A structure may carry a clause but need not: it stands for a single value."""
    if isinstance(tree, Struct) and not tree.clauses:
        return
    yield from _entries(tree)


def _entries(tree: Tree) -> Iterator[bool]:
    match tree:
        case Struct() if tree.cites:
            yield bool(tree.clauses) or _told(tree)
        case Struct(parts):
            for part in parts.values():
                yield from _entries(part)
        case Many(items):
            for item in items:
                yield from _entries(item)
        case Named(entries):
            for item in entries.values():
                yield from _entries(item)
        case Leaf():
            return


@dataclass
class _Pile:
    """The statements about one rule as they come."""

    kind: str
    name: str
    defined: Place | None = None
    order: int = 0
    body: Struct | None = None
    first: Place | None = None

    def take(self, statement: Statement, body: Struct, order: int, amends: bool, report: Report) -> None:
        self.first = self.first or statement.place
        if not statement.mode:
            if self.defined:
                report.add(
                    "defined-twice",
                    statement.place,
                    f"{self.kind} {self.name} 已经写过",
                    f"补充写 also {self.kind} {self.name}:；另一条规则换个名字",
                    [self.defined],
                )
                return
            self.defined, self.order = statement.place, order
        if statement.mode == "amend" and not amends:
            report.add(
                "amend-not-allowed",
                statement.place,
                "amend 只能用在补充规程里，或第 2 版以后",
                f"直接改原处；只是补充则写 also {self.kind} {self.name}:",
            )
        self._unite(statement, body, report)

    def _unite(self, statement: Statement, body: Struct, report: Report) -> None:
        body = replace(body, clauses=_whole(self.kind, statement, body))
        if self.body is None:
            self.body = body
            return
        defines = not statement.mode
        united = Union(report, statement.mode == "amend").structs(self.body, body)
        clauses = (body.clauses, self.body.clauses) if defines else (self.body.clauses, body.clauses)
        self.body = replace(united, clauses=both(*clauses))

    def rule(self, report: Report, known: Mapping[str, _Pile]) -> Assembled | None:
        if self.body is None or self.first is None:
            return None
        if self.defined is None:
            if self.name not in report.broken:
                defined = [name for name, pile in known.items() if pile.defined]
                report.add(
                    "not-defined",
                    self.first,
                    f"没有 {self.kind} {self.name}，无从补充",
                    nearest(self.name, defined) or f"先写 {self.kind} {self.name}:",
                )
            return None
        return Assembled(self.kind, self.name, self.body, self.defined, self.order)


#: attributes that are cited by themselves, not with the rule as a whole
_APART = {
    "task": frozenset({
        "within", "by", "replaced_by", "no_later_than", "pauses", "wait", "restarts", "done", "undone", "expires",
        "remind", "missed", "overdue", "climb", "blocks", "outlives",
    }),
    "action": frozenset({"fills"}),
}  # fmt: skip


def _whole(kind: str, statement: Statement, body: Struct) -> Clauses:
    """The clauses that a statement gives to the rule as a whole, not only to the entries that it adds."""
    if not statement.mode or not body.parts:
        return body.clauses
    apart = _APART.get(kind, frozenset())
    whole = [name for name, tree in body.parts.items() if name not in apart and not list(_entries(tree))]
    return body.clauses if whole else ()
