"""The parts that several kinds of rules share (parties, consequences, needs, retention), and what building takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict
from zoneinfo import ZoneInfo

from shouwen.core.expression import Term
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import STANDING, Conditions, Where
from shouwen.core.language.environment import Types
from shouwen.core.language.fields import FieldType
from shouwen.core.language.grammar import CONSEQUENCE_VERBS
from shouwen.core.language.index import Index
from shouwen.core.language.literals import Literals
from shouwen.core.language.report import Report
from shouwen.core.language.spans import Spans
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.procedure import Clauses, Consequence, Need, Party, Retention

__all__ = ["Bench", "RuleParts", "rule_parts"]

_AIMED = frozenset({"go", "end", "reopen", "open", "add", "write", "issue", "void", "post", "reverse", "escalate"})
_LISTS = frozenset({"rows", "choices", "people", "list"})


class RuleParts(TypedDict):
    """What every rule has."""

    id: str
    name: str
    clauses: Clauses
    basis: str
    place: str
    order: int


def rule_parts(rule: Assembled) -> RuleParts:
    """What every rule has, from its assembled form."""
    return {
        "id": rule.name,
        "name": rule.body.text("name", rule.name),
        "clauses": rule.body.clauses,
        "basis": rule.body.text("basis", "source"),
        "place": str(rule.place),
        "order": rule.order,
    }


@dataclass(frozen=True)
class Bench:
    """What is needed to build rules: the names, the types, and the readers of conditions, values and spans."""

    report: Report
    index: Index
    types: Types
    conditions: Conditions
    literals: Literals
    spans: Spans
    zone: ZoneInfo

    def flow(self, struct: Struct) -> str:
        """The flow of a rule."""
        return struct.text("flow", self.index.first_flow)

    def rows(self, struct: Struct, name: str = "for_each") -> str | None:
        """The list that a rule runs over."""
        leaf = struct.leaf(name)
        if leaf is None:
            return None
        if (kind := self.index.fields[leaf.text]).type not in _LISTS:
            self.report.add(
                "wrong-type",
                leaf.place,
                f"{leaf.text} 是 {kind.type}，不是列表",
                f"{name} 用 rows、choices、people 或 list",
            )
        return leaf.text

    def parties(self, struct: Struct, name: str, where: Where) -> tuple[Party, ...]:
        """Who acts, owes or is told."""
        return tuple(self.party(item, where) for item in struct.items(name))

    def party(self, item: Struct, where: Where) -> Party:
        """One of them."""
        role = item.leaf("role")
        is_table = role is not None and role.sort == "table"
        if role and is_table:
            self._gives_roles(role)
        return Party(
            role=role.text if role and not is_table else None,
            table=role.text if role and is_table else None,
            unit=self.conditions.compile(item.leaf("unit"), "text", where),
            when=self.conditions.compile(item.leaf("when"), "bool", where),
            clauses=item.clauses,
        )

    def _gives_roles(self, leaf: Leaf) -> None:
        name, _, column = leaf.text.partition(".")
        if self.types.tables[name].get(column) != "role":
            self.report.add("wrong-type", leaf.place, f"判定表 {leaf.text} 给出的不是角色", "表里写 gives: role")

    def consequences(self, struct: Struct, name: str, where: Where) -> tuple[Consequence, ...]:
        """What follows."""
        return tuple(found for item in struct.items(name) for found in self._consequence(item, where))

    def _consequence(self, item: Struct, where: Where) -> Iterator[Consequence]:
        """One entry; several verbs in it are done in the order in which they are written."""
        verbs = [name for name in item.parts if name in CONSEQUENCE_VERBS and not (name == "link" and item.has("open"))]
        for verb in verbs:
            yield self._verb(verb, item, where.under(self.rows(item)))

    def _verb(self, verb: str, item: Struct, where: Where) -> Consequence:
        key = item.leaf("key")
        return Consequence(
            verb=verb,
            target=item.text(verb) if verb in _AIMED else "",
            parties=self.parties(item, verb, where) if verb in ("tell", "assign") else (),
            values=self._values(verb, item, where),
            when=self.conditions.compile(item.leaf("when"), "bool", where),
            for_each=item.text("for_each") or None,
            key=self.literals.term(key, FieldType("text"), "key", where) if key and verb == "open" else None,
            bond=self._bond(item, verb),
            case=self.conditions.compile(item.leaf("case"), "text", where),
            text=item.text("note") if verb == "note" else item.text("text"),
            clauses=item.clauses,
        )

    def _values(self, verb: str, item: Struct, where: Where) -> Mapping[str, Term]:
        """The fields that are set, the values a case is opened with, or the number of the case to bind to (`link`)."""
        if verb == "link":
            number = self.conditions.compile(item.leaf("link"), "text", where)
            return {"link": number} if number else {}
        if verb in ("add", "write"):
            return self._columns(verb, item, where)
        given = {"set": "set", "open": "with"}.get(verb)
        return self.literals.fills(item.values(given), where) if given else {}

    def _columns(self, verb: str, item: Struct, where: Where) -> Mapping[str, Term]:
        """The columns of a line that is added to rows, or of a row that is written into a register, by path."""
        owner, fields = item.text(verb), self.index.fields
        place = item.place
        if verb == "add" and fields[owner].type != "rows":
            self.report.add("wrong-type", place, f"{owner} 不是逐行的表，不能加行", "add 写 type: rows 的字段")
            return {}
        form = self.index.rules["form"].get(owner)
        if verb == "write" and (form is None or not form.body.flag("register")):
            self.report.add("wrong-type", place, f"{owner} 不是登记簿，不能写入一行", "write 写 register: yes 的表")
            return {}
        columns = fields[owner].columns if verb == "add" else self._of_register(owner)
        key = self.index.row_key(owner) if verb == "add" else form.body.text("key") if form else ""
        given = item.values("with")
        if key and key not in given:
            self.report.add("missing-attribute", place, f"没写这一行的“{key}”", f"with 里写 {key}: …，按它分辨各行")
        found: dict[str, Term] = {}
        for name, leaf in given.items():
            if name not in columns:
                self.report.unknown(leaf.place, name, "列", columns)
            elif term := self.literals.term(leaf, columns[name], f"{owner}.{name}", where):
                found[f"{owner}.{name}"] = term
        return found

    def _of_register(self, form: str) -> dict[str, FieldType]:
        own = {path.partition(".")[2]: kind for path, kind in self.index.fields.items() if path.startswith(f"{form}.")}
        return {name: kind for name, kind in own.items() if "." not in name}

    def _bond(self, item: Struct, verb: str) -> str:
        leaf = item.leaf("as") or (item.leaf("link") if verb == "open" else None)
        if leaf and leaf.text not in self.index.links:
            self.report.unknown(leaf.place, leaf.text, "联系（links）", self.index.links)
        return leaf.text if leaf else ""

    def needs(self, struct: Struct, where: Where) -> tuple[Need, ...]:
        """Conditions of an act."""
        return tuple(need for item in struct.items("needs") if (need := self._need(item, where)))

    def _need(self, item: Struct, where: Where) -> Need | None:
        when = self.conditions.compile(item.leaf("when"), "bool", where)
        tell = self.parties(item, "tell", where)
        by = item.leaf("by")
        written = item.leaf("that") if by is None else replace(by, value=f"at <= ({by.text})")
        if written is None or (by and item.has("that")):
            advice = "写 that: 条件；不得晚于某时刻的写 by: 时刻字段，提前多久写 minus"
            self.report.add("missing-attribute", item.place, "要求里写 that 和 by 其中一个", advice)
        that = self.conditions.compile(written, "bool", where)
        if that is None:
            return None
        return Need(
            that=that,
            when=when,
            by=self.conditions.compile(by, "moment", where),
            minus=self.spans.source(item.leaf("minus")) if by else None,
            says=item.text("or"),
            otherwise=item.text("else", "refuse"),
            instead=item.texts("instead"),
            tell=tell,
            clauses=item.clauses,
            place=str(item.place),
        )

    def retention(self, struct: Struct) -> tuple[Retention, ...]:
        """How long something is kept."""
        return tuple(kept for item in struct.items("keep") if (kept := self._kept(item)))

    def _kept(self, item: Struct) -> Retention | None:
        when = self.conditions.compile(item.leaf("when"), "bool", STANDING)
        span = self.spans.source(item.leaf("for"))
        return (
            Retention(span=span, since=item.text("from", "closed"), when=when, clauses=item.clauses) if span else None
        )
