"""Postings and measures from their assembled rules."""

from __future__ import annotations

from shouwen.core.language import reads
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING, Where
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.procedure import Measure, Posting

__all__ = ["measure", "posting"]

#: what measures are broken down by, besides names
_BREAKDOWNS = ("month", "unit")


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
    compiled = {
        part: bench.conditions.compile(body.leaf(part), want, where)
        for part, want in (
            ("where", "bool"), ("share", "bool"), ("sum", "any"), ("mean", "any"), ("median", "any"),
            ("distinct", "any"),
        )
    }  # fmt: skip
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
    )


def _where(kind: str, name: str, bench: Bench) -> Where:
    """Over what a measure runs: the rows of a task (`this.missed`, `this.in_time` …), the entries of a posting
    (`this.amount`), or plainly cases."""
    if kind == "posting":
        return STANDING.under("posting:")
    rule = bench.index.rules["task"].get(name)
    return STANDING.under(f"task:{rule.body.text('for_each') if rule else ''}") if kind == "task" else STANDING


def _check_by(rule: Assembled, bench: Bench, where: Where) -> None:
    names = bench.conditions.scope(where.rows).environment.names
    for leaf in rule.body.leaves("by"):
        if leaf.text not in names and leaf.text not in _BREAKDOWNS:
            bench.report.unknown(leaf.place, leaf.text, "分组", [*names, *_BREAKDOWNS])
