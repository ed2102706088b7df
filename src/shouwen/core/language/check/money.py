"""Postings and measures: amounts are money, every posting is made, and a measure is told by names that exist."""

from __future__ import annotations

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Flow, Measure, Posting

__all__ = ["prove"]

#: what a measure may be broken down by besides names of conditions
_BY = frozenset({"month", "unit", "year", "quarter", "week", "day", "step", "role", "person", "flow", "task"})


def prove(x: Examination) -> None:
    """All postings and measures, and how long cases are kept."""
    for posting in x.procedure.postings.values():
        _posting(x, posting)
    for measure in x.procedure.measures.values():
        _measure(x, measure)
    for flow in x.procedure.flows.values():
        _kept(x, flow)


def _posting(x: Examination, posting: Posting) -> None:
    name = show.rule_name("posting", posting)
    if posting.amount.result not in ("money", "any"):
        x.found.problem(
            "amount-not-money",
            posting.place,
            f"{name}的 amount 不是金额，是 {posting.amount.result}：{posting.amount.source}",
            "写金额类型的栏或 figure；次数乘单价写 times(次数, 单价)",
            at="amount",
        )
    posted = f"posting.{posting.id}" in x.reach.events or any(event in x.reach.events for event in posting.after)
    if not posted or not x.reach.can_hold(posting.when, posting.flow):
        x.found.problem(
            "posting-never-made",
            posting.place,
            f"{name}永远记不上：没有事件或后果 post 引起它，或它的条件不能成立",
            "写 after: 在什么之后记，或在某个后果里写 post",
            at=posting.id,
        )


def _measure(x: Examination, measure: Measure) -> None:
    name = show.rule_name("measure", measure)
    known = {*_BY, *x.procedure.names, *x.procedure.fields}
    for by in measure.by:
        if by not in known and f"case.{by}" not in known and by not in _columns(x, measure):
            x.found.problem(
                "measure-unknown-by",
                measure.place,
                f"{name}按“{by}”分，没有这个名字",
                "写 month、unit，或字段、判定表的名字，如 complaint.channel",
                at="by",
            )
    counted = [measure.share, measure.sum, measure.mean, measure.median, measure.distinct, measure.lapse]
    if not any(counted):
        x.found.note("measure-counts", measure.place, f"{name}没有写 share、sum、mean 等，只数件数，请确认")


def _columns(x: Examination, measure: Measure) -> set[str]:
    flow = x.procedure.flows.get(measure.flow)
    return {*flow.columns, *flow.customer} if flow else set()


def _kept(x: Examination, flow: Flow) -> None:
    ends = any(step.end and (flow.id, step.id) in x.reach.steps for step in flow.steps.values())
    if ends and not flow.keep:
        x.found.note(
            "retention-missing", flow.place, f"{show.rule_name('flow', flow)}办结以后保存多久没有写（keep），将一直保存"
        )
