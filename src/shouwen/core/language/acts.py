"""Actions and authorities from their assembled rules."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING, Where
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.procedure import Action, Authority, Fill, Level, Rung

__all__ = ["action", "authority"]


def action(rule: Assembled, bench: Bench) -> Action:
    """What somebody may do."""
    body = rule.body
    each = bench.rows(body, "each")
    where = ACT.under(each)
    at = body.leaf("at")
    if at and bench.index.fields[at.text].type != "moment":
        bench.report.add("wrong-type", at.place, f"{at.text} 不是时刻", "at 写一个 type: moment 的字段")
    return Action(
        **rule_parts(rule),
        flow=bench.flow(body),
        who=bench.parties(body, "who", where),
        together=bench.parties(body, "together", where),
        personally=body.flag("personally"),
        excluded=body.texts("not"),
        steps=body.texts("in"),
        opens=body.text("opens") or None,
        when=bench.conditions.compile(body.leaf("when"), "bool", ACT),
        needs=bench.needs(body, where),
        fills=tuple(_fills(body, bench, each)),
        each=each,
        sets=bench.literals.fills(body.values("sets"), where),
        at=at.text if at else None,
        backdate=bench.spans.source(body.leaf("backdate")),
        batch=body.flag("batch"),
        times=body.whole("times"),
        reports=body.flag("reports"),
        do=bench.consequences(body, "do", where),
    )


def _fills(body: Struct, bench: Bench, each: str | None) -> Iterator[Fill]:
    found: dict[str, Fill] = {}
    for form, leaves in body.lists("fills").items():
        if form not in bench.index.rules["form"]:
            if leaves:
                bench.report.unknown(leaves[0].place, form, "单据", bench.index.rules["form"])
            continue
        for leaf in leaves:
            for fill in _fill(form, leaf, bench, each):
                before = found.get(fill.path)
                clauses = tuple(dict.fromkeys((*before.clauses, *fill.clauses))) if before else fill.clauses
                needed = fill.needed if fill.needed is not None or before is None else before.needed
                found[fill.path] = Fill(path=fill.path, needed=needed, clauses=clauses)
    yield from found.values()


def _fill(form: str, leaf: Leaf, bench: Bench, each: str | None) -> Iterator[Fill]:
    """`field`, `field?` (optional here), `field!` (needed here), `rows.column`."""
    name, mark = leaf.text.rstrip("?!"), leaf.text[-1:]
    needed = {"?": False, "!": True}.get(mark)
    path = f"{form}.{name}"
    if path not in bench.index.fields:
        own = [known.removeprefix(f"{form}.") for known in bench.index.fields if known.startswith(f"{form}.")]
        bench.report.unknown(leaf.place, name, f"字段（单据 {form}）", own)
        return
    rows = path.rpartition(".")[0]
    if rows in bench.index.fields and rows != each:
        bench.report.add(
            "column-without-each",
            leaf.place,
            f"{name} 是行里的一列，操作没说逐行办",
            f"加一行 each: {rows}，或改填整个 {rows.partition('.')[2]}",
        )
    yield Fill(path=path, needed=needed, clauses=leaf.clauses)


def authority(rule: Assembled, bench: Bench) -> Authority:
    """Who may decide what, and the line above."""
    body = rule.body
    return Authority(
        **rule_parts(rule),
        flow=bench.flow(body),
        over=body.texts("over"),
        when=bench.conditions.compile(body.leaf("when"), "bool", ACT),
        alone=bench.parties(body, "alone", ACT),
        levels=tuple(_level(name, part, bench) for name, part in body.map("levels").items()),
        seals=body.texts("seals"),
        excluded=body.texts("not"),
        within=bench.spans.source(body.leaf("within")),
        missed=bench.consequences(body, "missed", STANDING),
        granted=bench.consequences(body, "granted", ACT),
        returned=bench.consequences(body, "returned", ACT),
        declined=bench.consequences(body, "declined", ACT),
        climb=tuple(_rung(item, bench, STANDING) for item in body.items("climb")),
        skip=body.text("skip", "vacant"),
    )


def _level(name: str, part: Struct, bench: Bench) -> Level:
    return Level(id=name, party=bench.party(part, ACT), within=bench.spans.source(part.leaf("within")))


def _rung(item: Struct, bench: Bench, where: Where) -> Rung:
    return Rung(party=bench.party(item, where), after=bench.spans.source(item.leaf("after")))
