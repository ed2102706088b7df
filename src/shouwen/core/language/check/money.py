"""Postings, measures and retention: every posting is made, and what is left unsaid is put to the manager."""

from __future__ import annotations

from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Flow, Measure, Posting

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All postings and measures, and how long cases are kept."""
    for posting in x.procedure.postings.values():
        _posting(x, posting)
    for measure in x.procedure.measures.values():
        _measure(x, measure)
    for flow in x.procedure.flows.values():
        _kept(x, flow)


def _posting(x: Examination, posting: Posting) -> None:
    posted = f"posting.{posting.id}" in x.reach.events or any(event in x.reach.events for event in posting.after)
    if posting.debit == posting.credit:
        x.found.problem(
            "posting-to-itself",
            posting.place,
            f"{show.rule_name('posting', posting)}的借方和贷方是同一个户“{posting.debit}”，等于没有记",
            "改正 debit 或 credit",
            at="credit",
        )
    if not posted or not x.reach.can_hold(posting.when, posting.flow):
        name = show.rule_name("posting", posting)
        x.found.problem(
            "posting-never-made",
            posting.place,
            f"{name}永远记不上：没有事件或后果 post 引起它，或它的条件不能成立",
            "写 after: 在什么之后记，或在某个后果里写 post",
            at=posting.id,
        )


def _measure(x: Examination, measure: Measure) -> None:
    counted = [measure.share, measure.sum, measure.mean, measure.median, measure.distinct, measure.lapse]
    if not any(counted):
        name = show.rule_name("measure", measure)
        x.found.note("measure-counts", measure.place, f"{name}没有写 share、sum、mean 等，只数件数，请确认")


def _kept(x: Examination, flow: Flow) -> None:
    ends = any(step.end and (flow.id, step.id) in x.reach.steps for step in flow.steps.values())
    if ends and not flow.keep:
        name = show.rule_name("flow", flow)
        x.found.note("retention-missing", flow.place, f"{name}办结以后保存多久没有写（keep），将一直保存")
