"""Tasks that other rules bring along: receipts of notices, levels of authorities, promises of scripts."""

from __future__ import annotations

from dataclasses import replace

from shouwen.core.language import duties, reads
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.parts import Bench
from shouwen.core.language.trees import Struct
from shouwen.core.procedure import Authority, Consequence, Level, Notice, Party, SpanSource, Task

__all__ = ["level", "promise", "receipt"]


def receipt(found: Notice, rule: Assembled) -> Task:
    """The receipt of a notice is owed by each to whom it went (or for each row), with a clock of its own."""
    owed = _brought(
        f"{found.name}：回执",
        found,
        f"{found.id}.receipt",
        owed_by=found.to,
        since=(f"notice.{found.id}.sent",),
        within=found.within,
        done_any=(f"notice.{found.id}.received",),
        missed=found.missed,
        miss_said=rule.body.has("missed"),
        outlives=True,
    )
    return replace(owed, for_each=found.for_each, per_mark=found.for_each is None)


def level(found: Authority, one: Level, rule: Assembled, called: str) -> Task:
    """A level of an authority owes its decision; `called`: who decides, in words."""
    event = f"authority.{found.id}.{one.id}"
    own = replace(found, clauses=one.party.clauses or found.clauses)
    return _brought(
        f"{found.name}：{called}",
        own,
        f"{found.id}.{one.id}",
        owed_by=(one.party,),
        since=(f"{event}.asked",),
        within=one.within or found.within,
        done_any=(f"{event}.decided",),
        missed=found.missed,
        miss_said=rule.body.has("missed"),
    )


def _brought(
    name: str, rule: Notice | Authority, id: str, *, owed_by: tuple[Party, ...], since: tuple[str, ...],
    within: SpanSource | None, done_any: tuple[str, ...], missed: tuple[Consequence, ...], miss_said: bool,
    outlives: bool = False, for_each: str | None = None,
) -> Task:  # fmt: skip
    read = reads.of((), owed_by, missed) | set(reads.of_span(within))
    return Task(
        id=id, name=name, clauses=rule.clauses, basis=rule.basis, place=rule.place, order=rule.order, flow=rule.flow,
        owed_by=owed_by, since=since, within=within, done_any=done_any, missed=missed, miss_said=miss_said,
        outlives=outlives, for_each=for_each, reads=frozenset(read),
    )  # fmt: skip


def promise(script: Assembled, name: str, part: Struct, bench: Bench) -> Task:
    """What saying a script obliges to: one task per utterance, unless it says when its clock starts."""
    flow = {"flow": leaf} if (leaf := script.body.leaf("flow")) else {}
    rule = Assembled(
        "task", f"{script.name}.{name}", replace(part, parts={**part.parts, **flow}), part.place, script.order
    )
    found = duties.task(rule, bench)
    named = found if part.has("name") else replace(found, name=script.body.text("name", script.name))
    if named.since:
        return named
    return replace(named, since=(f"script.{script.name}.said",), per_mark=named.for_each is None)
