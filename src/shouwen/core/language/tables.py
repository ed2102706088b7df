"""Types that tables and facts give, the building of tables, and their order: each after those that it reads."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence

from shouwen.core.expression import Term
from shouwen.core.language.assemble import Assembled, Assembly
from shouwen.core.language.conditions import STANDING
from shouwen.core.language.fields import SCALES, FieldType, words_of_catalog
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report, nearest
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.language.yaml_text import Text
from shouwen.core.procedure import Form, NamedValue, Row, Table

__all__ = ["derived", "given_types", "given_words", "ordered", "table"]

#: how a type is written → its name in conditions
_TYPES = {
    "text": "text", "int": "int", "number": "int", "decimal": "int", "ratio": "int", "money": "money", "bool": "bool",
    "moment": "moment", "date": "date", "texts": "texts", "role": "role", "step": "step", "span": "span",
}  # fmt: skip
_LITERALS = {"int": "number", "role": "text", "step": "text"}


def given_types(rule: Assembled, rules: Assembly, report: Report) -> dict[str, str]:
    """Column → type of what a table gives ('' for a table of one value)."""
    found: dict[str, str] = {}
    for column, leaf in rule.body.values("gives").items():
        if leaf.text not in _TYPES and leaf.text not in rules["catalog"]:
            if leaf.text not in report.broken:
                known = [*_TYPES, *rules["catalog"]]
                advice = nearest(leaf.text, known) or f"写一个目录名，或 {'、'.join(_TYPES)}"
                report.add("unknown-name", leaf.place, f"没有“{leaf.text}”这种类型或目录", advice)
            found[column] = "text"
        else:
            found[column] = _TYPES.get(leaf.text, leaf.text)
    if rule.body.text("hit") == "all" and not {*found.values()} <= {"text", "role", "step", *rules["catalog"]}:
        report.add("wrong-type", rule.place, "hit: all 只能给出文字的列表", "数额和时长的表用 hit: first 或 one")
    return found or {"": "text"}


def given_words(rule: Assembled, gives: Mapping[str, str], rules: Assembly) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name → the words that a table can give, where they are closed."""
    steps = tuple(dict.fromkeys(step for flow in rules["flow"].values() for step in flow.body.map("steps")))
    for column, kind in gives.items():
        name = f"{rule.name}.{column}" if column else rule.name
        if kind in rules["catalog"]:
            if not rules["catalog"][kind].body.flag("open"):
                yield name, words_of_catalog(rules["catalog"][kind])
        elif kind in ("role", "step"):
            yield name, tuple(rules["role"]) if kind == "role" else steps
        elif kind == "text" and (words := _outcomes(rule.body, column)):
            yield name, words


def _outcomes(body: Struct, column: str) -> tuple[str, ...]:
    """The outcomes of a column if all of them are written out."""
    leaves = [item.values("is").get(column) for item in body.items("rows")] + [body.values("else").get(column)]
    said = [leaf for leaf in leaves if leaf is not None]
    if any(not isinstance(leaf.node, Text) or leaf.text.startswith("=") for leaf in said):
        return ()
    return tuple(dict.fromkeys(leaf.text.strip() for leaf in said))


def table(rule: Assembled, bench: Bench) -> Table:
    """The table with its rows in order."""
    body, gives = rule.body, bench.types.tables[rule.name]
    written = {column: leaf.text for column, leaf in body.values("gives").items()} or gives
    rows = tuple(_row(item, rule.name, written, bench) for item in body.items("rows"))
    otherwise = _outcome(body, "else", rule.name, written, bench) if body.has("else") else None
    if body.text("hit") == "strictest":
        _check_rank(rule, gives, bench)
    if body.has("dated") and bench.index.fields[body.text("dated")].type not in ("date", "moment"):
        place = body.parts["dated"].place
        bench.report.add("wrong-type", place, f"{body.text('dated')} 不是日期", "dated 写一个日期或时刻字段")
    read: set[str] = set()
    for row in rows:
        read |= {name for term in (row.when, *row.gives.values()) if term for name in term.names}
    read |= {name for term in (otherwise or {}).values() for name in term.names}
    return Table(
        **rule_parts(rule),
        flow=bench.flow(body),
        gives=gives,
        rows=rows,
        hit=body.text("hit", "first"),
        otherwise=otherwise,
        dated=body.text("dated") or None,
        decided_by=body.texts("decided_by"),
        reads=frozenset(read | ({body.text("dated")} if body.has("dated") else set())),
    )


def _check_rank(rule: Assembled, gives: Mapping[str, str], bench: Bench) -> None:
    catalog = bench.index.rules["catalog"].get(gives.get("", ""))
    if catalog is None or not catalog.body.flag("ordered"):
        bench.report.add(
            "wrong-type",
            rule.place,
            "hit: strictest 要知道哪个更严",
            "gives 写一个目录，那个目录写 ordered: yes，由轻到重",
        )


def _row(item: Struct, name: str, gives: Mapping[str, str], bench: Bench) -> Row:
    return Row(
        when=bench.conditions.compile(item.leaf("when"), "bool", STANDING),
        gives=_outcome(item, "is", name, gives, bench),
        since=item.day("from"),
        until=item.day("until"),
        clauses=item.clauses,
        place=str(item.place),
    )


def _outcome(item: Struct, part: str, name: str, gives: Mapping[str, str], bench: Bench) -> dict[str, Term]:
    """What a row gives, column by column, typed."""
    found: dict[str, Term] = {}
    given = item.values(part)
    for column, leaf in given.items():
        if column not in gives:
            _unknown_column(leaf, column, name, gives, bench)
        elif term := _term(leaf, gives[column], f"{name}.{column}".rstrip("."), bench):
            found[column] = term
    missing = [column for column in gives if column not in given]
    if given and missing and not set(given) - set(gives):
        bench.report.add(
            "missing-attribute", item.place, f"这一行没给出 {'、'.join(missing) or '值'}", "每一列都写出值"
        )
    return found


def _unknown_column(leaf: Leaf, column: str, name: str, gives: Mapping[str, str], bench: Bench) -> None:
    if "" in gives:
        message, advice = f"判定表 {name} 只给一个值，没有“{column}”这一列", "直接写值，或在 gives 里写明各列"
    elif column:
        message, advice = f"判定表 {name} 没有“{column}”这一列", nearest(column, gives) or f"列有 {'、'.join(gives)}"
    else:
        message, advice = f"判定表 {name} 给出 {'、'.join(gives)}，这里只写了一个值", "写作 {列: 值, 列: 值}"
    bench.report.add("unknown-column", leaf.place, message, advice)


def _term(leaf: Leaf, kind: str, name: str, bench: Bench) -> Term | None:
    rules = bench.index.rules
    if kind == "span":
        return bench.spans.outcome(leaf)
    if kind == "texts":
        return bench.literals.term(leaf, FieldType("list"), name, STANDING)
    words = {"role": tuple(rules["role"]), "step": bench.index.ids("step")}.get(kind)
    if kind in rules["catalog"]:
        words = None if rules["catalog"][kind].body.flag("open") else words_of_catalog(rules["catalog"][kind])
        kind = "text"
    scale = SCALES.get(kind, 0)
    return bench.literals.term(leaf, FieldType(_LITERALS.get(kind, kind), words, scale=scale), name, STANDING)


def derived(tables: Mapping[str, Table], forms: Mapping[str, Form]) -> dict[str, tuple[str, ...]]:
    """Each table, computed field and field printed from another, with the names that its value comes from."""
    found = {name: tuple(sorted(table.reads)) for name, table in tables.items()}
    for item in (item for form in forms.values() for item in form.fields.values()):
        if item.same_as:
            found[item.path] = (item.same_as,)
        elif item.computed:
            found[item.path] = item.computed.names
    return found


def ordered(
    tables: Mapping[str, Table],
    reads: Mapping[str, tuple[str, ...]],
    names: Mapping[str, NamedValue],
    rules: Mapping[str, Assembled],
    report: Report,
) -> dict[str, Table]:
    """The tables, each after those that it reads, also by way of computed fields; a circle is reported."""
    graph = {node: [to for name in found if (to := _target(name, names)) in reads] for node, found in reads.items()}
    try:
        order = tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        _circle(error.args[1], rules, report)
        order = tuple(tables)
    return {name: tables[name] for name in order if name in tables}


def _target(name: str, names: Mapping[str, NamedValue]) -> str:
    """The table or field behind a name, if it is its value now."""
    found = names.get(name)
    return found.target if found and found.kind in ("table", "table_filled", "field", "filled") else ""


def _circle(way: Sequence[str], rules: Mapping[str, Assembled], report: Report) -> None:
    place = next((rules[name].place for name in way if name in rules), Place("", 1))
    advice = "其中一个改为只读字段；要用上次的结果写 .before"
    report.add("table-circle", place, f"判定互相依赖：{' → '.join(reversed(way))}", advice)
