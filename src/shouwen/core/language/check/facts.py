"""Facts from outside: each is asked before what reads it, and claimed only where that is possible."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.expression import Expression
from shouwen.core.language.check import show
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Action, Fact, Table

__all__ = ["prove"]

#: shapes whose answer can be reserved in the same transaction
_CLAIMABLE = ("row", "tally", "last", "balances")
#: what every case can be told by besides the columns of its flow
_BASICS = ("case", "step")


def prove(x: Examination) -> None:
    """All facts."""
    for fact in x.procedure.facts.values():
        if fact.claim and fact.shape not in _CLAIMABLE:
            x.found.problem(
                "claim-impossible",
                fact.place,
                f"{_name(fact)}是 {fact.shape}，不能占用（claim）：它的答案不是可以占住的一行或一笔",
                f"只有 {'、'.join(_CLAIMABLE)} 可以写 claim",
                at="claim",
            )
        _match(x, fact)
        _asked(x, fact)


def _name(fact: Fact) -> str:
    return show.rule_name("fact", fact)


def _match(x: Examination, fact: Fact) -> None:
    """Rows of a register are told by its fields, cases by the columns that their flow exports."""
    known = _columns(x, fact)
    for column in (*fact.match, *fact.having) if known is not None else ():
        if known is not None and column not in known:
            x.found.problem(
                "match-unknown-column",
                fact.place,
                f"{_name(fact)}按“{column}”找，而 {fact.of} 没有这一列，永远找不到",
                f"可用的列：{show.listed(known)}；工单的列写在 flow 的 columns 里",
                at=column,
            )


def _columns(x: Examination, fact: Fact) -> tuple[str, ...] | None:
    """The columns by which what is asked can be told; None if they are not ours to know."""
    form = x.procedure.forms.get(fact.of)
    if form and form.register:
        return tuple(form.fields)
    flow = x.procedure.flows.get(fact.of)
    return (*flow.columns, *_BASICS) if flow else None


def _asked(x: Examination, fact: Fact) -> None:
    """Where the asking acts are named, one of them can come before each act that reads it."""
    asking = [x.procedure.actions[name] for name in fact.asked]
    reading = list(_readers(x, fact))
    if not reading and not x.readers.get(("fact", fact.id)):
        x.found.note("fact-unused", fact.place, f"{_name(fact)}没有规则读它")
        return
    if not asking:
        return
    for action in reading:
        if action.id not in fact.asked and not any(_before(x, other, action) for other in asking):
            x.found.problem(
                "fact-not-asked-before",
                fact.place,
                f"{show.rule_name('action', action)}要读{_name(fact)}，"
                f"而只在{show.listed(a.name for a in asking)}时才去问，那都在它之后",
                f"在 asked 里加上 {action.id}，或删去 asked（读它的操作都会先问）",
                at="asked",
                also=[action.place],
            )


def _before(x: Examination, asking: Action, reading: Action) -> bool:
    """Whether an act can have been done before another one."""
    if asking.opens:
        return asking.opens == reading.flow
    if reading.opens or asking.flow != reading.flow:
        return False
    later = x.reach.steps_of(reading)
    return any(later & x.reach.beyond(asking.flow, step) for step in x.reach.steps_of(asking))


def _readers(x: Examination, fact: Fact) -> Iterator[Action]:
    """The acts that are judged by a fact, themselves or through the tables that they read."""
    for action in x.procedure.actions.values():
        conditions = [action.when, *(c for need in action.needs for c in (need.that, need.when))]
        conditions += [term for term in action.sets.values() if isinstance(term, Expression)]
        conditions += [party.when for party in action.who]
        names = {name for condition in conditions if condition for name in condition.names}
        if _reads(x, names, fact.id, frozenset()):
            yield action


def _reads(x: Examination, names: set[str] | frozenset[str], fact: str, seen: frozenset[str]) -> bool:
    for name in names:
        named = x.procedure.names.get(name)
        if named is None:
            continue
        if named.kind in ("fact", "fact_known") and named.target == fact:
            return True
        if named.kind in ("table", "table_filled") and named.target not in seen:
            table: Table = x.procedure.tables[named.target]
            if _reads(x, table.reads, fact, seen | {named.target}):
                return True
    return False
