"""Postings and measures from their assembled rules."""

from __future__ import annotations

import re

from shouwen.core.expression import Expression
from shouwen.core.language import reads
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING, Where
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.procedure import Measure, Posting

__all__ = ["measure", "posting"]

#: what measures are broken down by, besides names
_BREAKDOWNS = ("month", "unit")
_COMPARED = ("yoy", "mom")
_TARGET = re.compile(r"(>=|<=|>|<|=) ?\d+(\.\d+)? ?(%|h|min|days|元)?")


def posting(rule: Assembled, bench: Bench) -> Posting | None:
    """An entry in the ledger."""
    body = rule.body
    rows, after = bench.rows(body), body.texts("after")
    where = (ACT if after and all(event.startswith("act.") for event in after) else STANDING).under(rows)
    when = bench.conditions.compile(body.leaf("when"), "bool", where)
    key = bench.conditions.compile(body.leaf("key"), "text", where)
    amount = bench.conditions.compile(body.leaf("amount"), "money", where)
    if amount is None:
        return None
    return Posting(
        **rule_parts(rule),
        flow=bench.flow(body),
        debit=body.text("debit"),
        credit=body.text("credit"),
        amount=amount,
        after=after,
        when=when,
        for_each=rows,
        key=key,
        reads=frozenset(reads.of([amount, when, key])),
    )


def measure(rule: Assembled, bench: Bench) -> Measure:
    """A figure for managers."""
    body = rule.body
    of = body.leaf("of")
    kind, name = (of.sort, of.text) if of else ("", "")
    where = _where(kind, name, bench)
    lapse = body.part("lapse")
    _check_by(rule, bench, where)
    _check_words(body, bench)
    compiled = {
        part: bench.conditions.compile(body.leaf(part), want, where)
        for part, want in (
            ("where", "bool"), ("share", "bool"), ("sum", "any"), ("mean", "any"), ("median", "any"),
            ("distinct", "any"),
        )
    }  # fmt: skip
    for part in ("sum", "mean", "median"):
        _numeric(compiled[part], body.leaf(part), bench)
    return Measure(
        **rule_parts(rule),
        flow=bench.flow(body),
        of_kind=kind,
        of=name,
        dated=body.text("dated", "opened"),
        where=compiled["where"],
        share=compiled["share"],
        sum=compiled["sum"],
        mean=compiled["mean"],
        median=compiled["median"],
        distinct=compiled["distinct"],
        lapse=(lapse.text("from"), lapse.text("until")) if lapse else None,
        by=body.texts("by"),
        target=body.text("target"),
        compare=body.texts("compare"),
        frozen_after=bench.spans.source(body.leaf("frozen")),
        good=body.text("good"),
    )


def _where(kind: str, name: str, bench: Bench) -> Where:
    """Over what a measure runs: the rows of a task (`this.missed`, `this.in_time` …), the entries of a posting
    (`this.amount`), or plainly cases."""
    if kind == "posting":
        return STANDING.under("posting:")
    rule = bench.index.rules["task"].get(name)
    return STANDING.under(f"task:{rule.body.text('for_each') if rule else ''}") if kind == "task" else STANDING


def _check_words(body: Struct, bench: Bench) -> None:
    """The target is a comparison with a figure; periods are compared in two ways."""
    target = body.leaf("target")
    if target and not _TARGET.fullmatch(target.text):
        bench.report.add("bad-value", target.place, f"看不懂的目标“{target.text}”", "写作 >= 98 %、<= 24 h 或 = 100 %")
    for leaf in body.leaves("compare"):
        if leaf.text not in _COMPARED:
            bench.report.add("bad-word", leaf.place, f"“{leaf.text}”不能写在这里", f"可写 {'、'.join(_COMPARED)}")


def _numeric(compiled: Expression | None, leaf: Leaf | None, bench: Bench) -> None:
    """What is summed up must be a number."""
    if compiled and leaf and compiled.result in ("text", "bool", "moment", "date", "texts", "rows"):
        bench.report.add(
            "wrong-type", leaf.place, f"这里要数或金额，“{leaf.text}”不是", "数件数用 distinct，按词分开用 by"
        )


def _check_by(rule: Assembled, bench: Bench, where: Where) -> None:
    names = bench.conditions.scope(where.rows).environment.names
    for leaf in rule.body.leaves("by"):
        if leaf.text not in names and leaf.text not in _BREAKDOWNS:
            bench.report.unknown(leaf.place, leaf.text, "分组", [*names, *_BREAKDOWNS])
