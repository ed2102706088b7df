"""Roles, catalogs and facts from their assembled rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwen.core.expression import Expression
from shouwen.core.language.assemble import Assembled, Assembly
from shouwen.core.language.conditions import ACT, STANDING
from shouwen.core.language.fields import FieldType
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.language.yaml_text import Mapping as YamlMapping
from shouwen.core.language.yaml_text import Text
from shouwen.core.procedure import Catalog, CatalogEntry, Fact, Flow, Role, Window
from shouwen.core.values import Value

__all__ = ["catalog", "fact", "fact_types", "role"]

#: fields that hold people
_PERSONS = frozenset({"person", "people", "signature"})
_GIVEN = {"number": "int", "ratio": "int"}
#: shape → columns that its answer always has
_ALWAYS: Mapping[str, Mapping[str, str]] = {
    "tally": {"count": "int"},
    "row": {"found": "bool"},
    "last": {"found": "bool"},
    "linked": {"found": "bool"},
    "members": {"size": "int"},
    "people": {"people": "texts"},
}
#: shape → what `of` names
_OF: Mapping[str, tuple[str, ...]] = {
    "row": ("form",),
    "rows": ("form", "flow"),
    "tally": ("flow", "posting", "form", "action", "task"),
    "last": ("flow", "posting", "form"),
    "figures": ("measure",),
    "members": ("flow", "form"),
    "people": ("role",),
    "linked": ("link",),
}


def role(rule: Assembled, bench: Bench) -> Role:
    """Who acts."""
    body = rule.body
    named = body.leaf("named_by")
    if named and bench.index.fields[named.text].type not in _PERSONS:
        bench.report.add(
            "wrong-type", named.place, f"{named.text} 不是人", "named_by 写一个 type: person 或 people 的字段"
        )
    return Role(
        **rule_parts(rule),
        outside=body.flag("outside") or body.flag("customer"),
        customer=body.flag("customer"),
        system=body.flag("system"),
        per_unit=body.text("per") == "unit",
        named_by=body.text("named_by") or None,
        otherwise=body.text("otherwise") or None,
        first_of=body.texts("first_of"),
        any_of=body.texts("any_of"),
        apart=body.texts("apart"),
        deputies=body.text("deputies", "any"),
        oversees=bench.conditions.compile(body.leaf("oversees"), "bool", STANDING),
    )


def catalog(rule: Assembled, bench: Bench) -> Catalog:
    """A closed list, or a tree, of words."""
    body = rule.body
    entries = body.map("entries")
    for entry in entries.values():
        above = entry.leaf("under")
        if above and above.text not in entries:
            bench.report.unknown(above.place, above.text, "上级目录项", entries)
    return Catalog(
        **rule_parts(rule),
        entries=tuple(_entry(word, entry) for word, entry in entries.items()),
        leaf_only=body.flag("leaf_only", default=True),
        ordered=body.flag("ordered"),
        open=body.flag("open"),
    )


def _entry(word: str, entry: Struct) -> CatalogEntry:
    return CatalogEntry(
        word=word,
        name=entry.text("name", word),
        meaning=entry.text("meaning"),
        under=entry.text("under") or None,
        replaces=entry.texts("replaces"),
        retired=entry.day("retired"),
        columns={column: _column(leaf) for column, leaf in entry.values("columns").items()},
        clauses=entry.clauses,
    )


def _column(leaf: Leaf) -> Value:
    node = leaf.node
    if isinstance(node, Text):
        return node.text.strip()
    items = () if isinstance(node, YamlMapping) else node.items
    return tuple(item.text.strip() for item in items if isinstance(item, Text))


def fact_types(rule: Assembled, rules: Assembly, fields: Mapping[str, FieldType]) -> dict[str, str]:
    """Column → type in conditions of what a fact answers; of several rows each column is a list."""
    body = rule.body
    found = dict(_ALWAYS.get(body.text("shape"), {}))
    window = body.part("window")
    if window and window.has("each"):
        found |= {f"count_{place + 1}": "int" for place in range(window.whole("times") or 1)}
    for column, part in body.map("gives").items():
        asked = fields.get(f"{body.text('of')}.{column}")
        kind = part.text("type") or (asked.in_conditions if asked else None) or "text"
        several = body.text("shape") == "rows" and kind != "rows"
        found[column] = "texts" if several else _GIVEN.get(kind, kind)
    return found


def fact(rule: Assembled, bench: Bench, asked: tuple[str, ...], flows: Mapping[str, Flow]) -> Fact:
    """A question to the outside. `asked`: the acts whose conditions read it."""
    body = rule.body
    columns = _columns_of(rule, bench, flows)
    _check_of(rule, bench)
    for column, part in body.map("gives").items():
        if body.text("shape") == "rows" and part.text("type", "text") not in ("text", "texts", "rows"):
            advice = "要整行写 type: rows；要计数、合计写 shape: tally"
            bench.report.add("wrong-type", part.place, f"rows 的列 {column} 只能是文字或整行", advice)
        if body.text("shape") != "rows" and part.text("type") == "rows":
            bench.report.add("wrong-type", part.place, "只有 shape: rows 能给出整行", "改写 shape，或写出各列的类型")
    return Fact(
        **rule_parts(rule),
        flow=bench.flow(body),
        shape=body.text("shape"),
        of=body.text("of"),
        match=dict(_match(body, bench)),
        having=dict(_having(body, columns, bench)),
        window=_window(body.part("window"), bench),
        gives=bench.types.facts[rule.name],
        at_most=body.whole("at_most") or 20,
        before=body.flag("before", default=True),
        asked=body.texts("asked") or asked,
        claim=body.flag("claim"),
        watch=body.flag("watch"),
        unknown=body.text("unknown", "refuse"),
    )


def _check_of(rule: Assembled, bench: Bench) -> None:
    of, kinds = rule.body.leaf("of"), _OF.get(rule.body.text("shape"), ())
    known = [name for kind in kinds for name in (bench.index.links if kind == "link" else bench.index.ids(kind))]
    if of and kinds and "/" not in of.text and of.text not in known:
        bench.report.unknown(of.place, of.text, "可问的对象", known)


def _columns_of(rule: Assembled, bench: Bench, flows: Mapping[str, Flow]) -> dict[str, FieldType]:
    """The types of columns that may be matched: fields of a register, exported columns of a flow."""
    of = rule.body.text("of")
    if of in flows:
        own = {name: FieldType(_field_type(term)) for name, term in flows[of].columns.items()}
        return {**own, "step": FieldType(), "no": FieldType()}
    prefix = f"{of}."
    paths = {path: kind for path, kind in bench.index.fields.items() if path.startswith(prefix)}
    return {path.removeprefix(prefix): kind for path, kind in paths.items() if path.count(".") == 1}


def _field_type(term: Expression) -> str:
    return {"int": "number", "any": "text"}.get(term.result, term.result)


def _match(body: Struct, bench: Bench) -> Iterator[tuple[str, Expression]]:
    for column, leaf in body.values("match").items():
        if term := bench.conditions.compile(leaf, "any", ACT):
            yield column, term


def _having(body: Struct, columns: Mapping[str, FieldType], bench: Bench) -> Iterator[tuple[str, Value]]:
    for column, leaf in body.values("having").items():
        kind = columns.get(column, FieldType("list" if not isinstance(leaf.node, Text) else "text"))
        if (value := bench.literals.literal(leaf.node, kind, column)) is not None:
            yield column, value


def _window(part: Struct | None, bench: Bench) -> Window | None:
    if part is None:
        return None
    return Window(
        on=part.text("on", "opened"),
        last=bench.spans.source(part.leaf("last")),
        each=bench.spans.source(part.leaf("each")),
        times=part.whole("times") or 1,
    )
