"""Forms and flows from their assembled rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwen.core.expression import Expression, Term
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING, Where
from shouwen.core.language.fields import FieldType
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.procedure import BeforeOpening, Copy, Field, Flow, Form, Leave, LinkRule, Step

__all__ = ["distinct", "flow", "form"]

_AUTO = frozenset({"at", "actor", "number"})


def form(rule: Assembled, bench: Bench) -> Form:
    """A paper, or a register outside any case."""
    body = rule.body
    fields = {name: _field(f"{rule.name}.{name}", part, bench, "") for name, part in body.map("fields").items()}
    key = body.leaf("key")
    if key and key.text not in fields:
        bench.report.unknown(key.place, key.text, "字段", fields)
    return Form(
        **rule_parts(rule),
        fields=fields,
        number=body.text("number") or None,
        copies=tuple(
            Copy(name=name, hides=part.texts("hides"), to=part.texts("to")) for name, part in body.map("copies").items()
        ),
        alias=body.texts("alias"),
        many=body.flag("many"),
        register=body.flag("register"),
        key=key.text if key else None,
        keep=bench.retention(body),
    )


def distinct(rules: Mapping[str, Assembled], report: Report) -> None:
    """Reports an alias that is given to two papers."""
    names: dict[str, str] = {}
    for rule in rules.values():
        for leaf in rule.body.leaves("alias"):
            if names.setdefault(leaf.text, rule.name) != rule.name:
                other = rules[names[leaf.text]]
                report.add(
                    "name-clash",
                    leaf.place,
                    f"“{leaf.text}”也是单据 {other.name} 的别名，看不出指哪一张",
                    "别名只写给一张单据",
                    [other.place],
                )


def _field(path: str, part: Struct, bench: Bench, rows: str) -> Field:
    kind = bench.index.fields[path]
    where = STANDING.under(rows)
    computed = part.leaf("computed")
    least, most = part.whole("least"), part.whole("most")
    if least is not None and most is not None and least > most:
        place = part.parts["most"].place
        bench.report.add("bad-value", place, f"{path} 至少 {least}、至多 {most}，没有值合适", "改正 least 或 most")
    return Field(
        path=path,
        name=part.text("name", path.rpartition(".")[2]),
        type=kind.type,
        words=kind.words,
        catalog=kind.catalog,
        optional=part.flag("optional"),
        needed=bench.conditions.compile(part.leaf("needed"), "bool", where),
        auto=_auto(part.leaf("auto"), kind, path, bench, where),
        computed=_computed(computed, kind, path, bench, where) if computed else None,
        same_as=kind.same_as,
        private=part.flag("private"),
        hidden_from=part.texts("hidden_from"),
        sign_by=part.texts("sign_by"),
        past=part.flag("past"),
        holds=part.texts("holds"),
        unit_of=bench.conditions.compile(part.leaf("unit_of"), "text", where),
        only=part.texts("only"),
        scale=kind.scale,
        unit=part.text("unit"),
        least=least,
        most=most,
        shortest=part.whole("shortest"),
        key=_key(part, kind, bench),
        columns=_columns(path, part, kind, bench),
        clauses=part.clauses,
        basis=part.text("basis", "source"),
    )


def _columns(path: str, part: Struct, kind: FieldType, bench: Bench) -> dict[str, Field]:
    """The columns of rows; those of a field that is printed from another are that one's."""
    own = part.map("columns")
    if own:
        return {name: _field(f"{path}.{name}", column, bench, path) for name, column in own.items()}
    origin = kind.same_as or ""
    form_name, _, name = origin.partition(".")
    source = bench.index.rules["form"][form_name].body.map("fields").get(name) if origin else None
    columns = source.map("columns") if source else {}
    return {name: _field(f"{path}.{name}", column, bench, path) for name, column in columns.items()}


def _key(part: Struct, kind: FieldType, bench: Bench) -> str | None:
    key = part.leaf("key")
    if key and key.text not in kind.columns:
        bench.report.unknown(key.place, key.text, "列", kind.columns)
    return key.text if key else None


def _auto(leaf: Leaf | None, kind: FieldType, path: str, bench: Bench, where: Where) -> str | Term | None:
    if leaf is None or leaf.text in _AUTO:
        return leaf.text if leaf else None
    return bench.literals.term(leaf, kind, path, ACT.under(where.rows))


def _computed(leaf: Leaf, kind: FieldType, path: str, bench: Bench, where: Where) -> Expression | None:
    want = kind.in_conditions
    if want is None:
        bench.report.add("wrong-type", leaf.place, f"{path} 是 {kind.type}，不能算出", "改由人填写")
        return None
    return bench.conditions.compile(leaf, want, where)


def flow(rule: Assembled, bench: Bench) -> Flow:
    """One kind of case."""
    body = rule.body
    steps = {name: _step(name, part, bench) for name, part in body.map("steps").items()}
    return Flow(
        **rule_parts(rule),
        number=body.text("number") or None,
        answers=bench.parties(body, "answers", STANDING),
        transfer_to=bench.parties(body, "transfer_to", STANDING),
        start=body.text("start") or next(iter(steps), ""),
        steps=steps,
        before_opening=tuple(_before(item, bench) for item in body.items("before_opening")),
        columns=dict(_exported(body, bench)),
        customer={name: leaf.text for name, leaf in body.values("customer").items()},
        links=dict(_links(body, bench)),
        keep=bench.retention(body),
    )


def _step(name: str, part: Struct, bench: Bench) -> Step:
    return Step(
        id=name,
        name=part.text("name", name),
        answers=bench.parties(part, "answers", STANDING),
        leave=tuple(_leave(item, bench) for item in part.items("leave")),
        end=part.flag("end"),
        rest=part.text("rest"),
        clauses=part.clauses,
        place=str(part.place),
    )


def _leave(item: Struct, bench: Bench) -> Leave:
    to = item.leaf("to")
    is_table = to is not None and to.sort == "table"
    if to and is_table:
        name, _, column = to.text.partition(".")
        if bench.types.tables[name].get(column) != "step":
            bench.report.add("wrong-type", to.place, f"判定表 {to.text} 给出的不是环节", "表里写 gives: step")
    return Leave(
        to=to.text if to and not is_table else None,
        table=to.text if to and is_table else None,
        when=bench.conditions.compile(item.leaf("when"), "bool", STANDING),
        clauses=item.clauses,
    )


def _before(item: Struct, bench: Bench) -> BeforeOpening:
    return BeforeOpening(
        when=bench.conditions.compile(item.leaf("when"), "bool", ACT),
        do=item.text("do", "warn"),
        case=bench.conditions.compile(item.leaf("case"), "text", ACT),
        act=item.text("as") or None,
        says=item.text("or"),
        clauses=item.clauses,
    )


def _exported(body: Struct, bench: Bench) -> Iterator[tuple[str, Expression]]:
    for name, leaf in body.values("columns").items():
        if term := bench.conditions.compile(leaf, "any", STANDING):
            yield name, term


def _links(body: Struct, bench: Bench) -> Iterator[tuple[str, LinkRule]]:
    flows: Mapping[str, Assembled] = bench.index.rules["flow"]
    for name, part in body.map("links").items():
        leaf = part.leaf("flow")
        if leaf and "/" not in leaf.text and leaf.text not in flows:
            bench.report.unknown(leaf.place, leaf.text, "流程", flows)
        yield name, LinkRule(id=name, flow=leaf.text if leaf else "", must_close=part.flag("must_close"))
