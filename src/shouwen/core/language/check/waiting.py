"""Who waits for the outcome of a table, and which fields may stay empty for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shouwen.core.expression import Expression
from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.formula import NOT_TRUE, TRUE, Assignment, Formula, Test, Variable, Worth
from shouwen.core.language.check.reach import standing
from shouwen.core.language.check.search import Requirement
from shouwen.core.procedure import Action, Flow, Leave, NamedValue, Notice, Party, Posting, Step, Table, TableSpan, Task

__all__ = ["Waits", "changeable", "optional_fields", "waits"]


@dataclass(frozen=True)
class Waits:
    """Something that stands still without the outcome: in which cases it needs it, and in which step, if in one."""

    why: str
    wanted: tuple[Requirement, ...]
    flow: str = ""
    step: str = ""


def waits(x: Examination, table: Table) -> Iterator[Waits]:
    """What stands still while a table is undecided: a way out, an owner, a limit."""
    for flow in x.procedure.flows.values():
        for step in flow.steps.values():
            if (flow.id, step.id) in x.reach.steps:
                yield from _standing_still(x, flow, step, table)
    for kind, rule in walk.rules(x.procedure):
        name = show.rule_name(kind, rule)
        match rule:
            case Task():
                owed = _all_hold(x, table, rule.when, rule.holds)
                if _named_by(rule.owed_by, table):
                    yield Waits(f"，{name}就不知由谁办", owed)
                if any(
                    isinstance(s, TableSpan) and s.name.split(".")[0] == table.id for s in walk.spans(x.things(rule))
                ):
                    yield Waits(f"，{name}就没有时限", owed)
            case Action() if _named_by(rule.who, table):
                yield Waits(f"，{name}就没有人能办", _all_hold(x, table, rule.when))
            case Posting() if _amount(x, rule, table):
                yield Waits(f"，{name}就记不上", _all_hold(x, table, rule.when), rule.flow)
            case Notice() if _named_by(rule.to, table):
                yield Waits(f"，{name}就不知告诉谁", _all_hold(x, table, rule.when))
            case _:
                pass


def _amount(x: Examination, posting: Posting, table: Table) -> bool:
    """Whether an amount is worked out from a table, also through computed fields."""
    if posting.when and table.id in _tables(x, posting.when.names):
        return False  # it is not made then
    waiting, seen = list(posting.amount.names), set(posting.amount.names)
    while waiting:
        named = x.procedure.names.get(waiting.pop())
        if named and named.kind == "table" and named.target == table.id:
            return True
        item = x.procedure.fields.get(named.target) if named and named.kind == "field" else None
        more = set(item.computed.names) - seen if item and item.computed else set[str]()
        seen |= more
        waiting += more
    return False


def changeable(x: Examination, waiting: Waits, case: Assignment, decided: Formula) -> bool:
    """Whether somebody can still change the case where it stands, so that the table is decided after all."""
    if not waiting.step:
        return False
    here = [a for a in x.procedure.actions.values() if a.flow == waiting.flow and waiting.step in x.reach.steps_of(a)]
    filled = {path for action in here for path in (*(fill.path for fill in action.fills), *action.sets)}
    empty = {v.subject for v, worth in case.items() if v.kind == "filled" and worth is False}
    kept = [(_as_it_is(v, w), TRUE) for v, w in case.items() if not filled & empty & {v.subject, *v.names}]
    return x.searcher.find([(decided, TRUE), *kept], flow=waiting.flow).case is not None


def _as_it_is(variable: Variable, worth: Worth) -> Test:
    if variable.kind in ("amount", "order"):
        return Test(variable, "==", number=int(worth))
    return Test(variable, "in", frozenset([worth]))


def _named_by(parties: Iterable[Party], table: Table) -> bool:
    """Whether only this table says who."""
    named = [(party.table or "").split(".")[0] for party in parties]
    return bool(named) and all(name == table.id for name in named)


def _all_hold(x: Examination, table: Table, *conditions: Expression | None) -> tuple[Requirement, ...]:
    space = x.space()
    space.undecided = table.id
    return tuple((space.of(condition), TRUE) for condition in conditions if condition)


def _standing_still(x: Examination, flow: Flow, step: Step, table: Table) -> Iterator[Waits]:
    """Ways out of a step that only an undecided table keeps shut."""
    reading = [leave for leave in step.leave if _reads(x, leave, table)]
    if step.end or step.rest or not reading or any(_open(x, flow, step, leave, table) for leave in reading):
        return
    led = {leave.to for leave in step.leave} | ({*flow.steps} if any(leave.table for leave in step.leave) else set())
    if x.reach.ways.get((flow.id, step.id), set()) - led - {step.id}:
        return
    space = x.space()
    others = tuple((space.of(leave.when), NOT_TRUE) for leave in step.leave if leave not in reading)
    for leave in reading:
        wanted = (*_all_hold(x, table, leave.when), *others, *standing([step.id]))
        yield Waits(f"，工单停在环节“{step.name}”走不了", wanted, flow.id, step.id)


def _open(x: Examination, flow: Flow, step: Step, leave: Leave, table: Table) -> bool:
    """Whether a way out can be taken although the table is undecided."""
    target, _, column = (leave.table or "").partition(".")
    if target == table.id:
        return False
    own = [(name, n) for name, n in x.procedure.names.items() if n.target == table.id]
    known = x.searcher.known
    never_known, never_true = known.never_known, known.never_true
    known.never_known = never_known | {name for name, named in own if named.kind == "table"}
    known.never_true = never_true | {name for name, named in own if named.kind == "table_filled"}
    try:
        space = x.space()
        space.undecided = table.id
        wanted = [(space.of(leave.when), TRUE), *standing([step.id])]
        if target:
            wanted.append((space.decided(NamedValue("table", "text", target, column)), TRUE))
        return not x.searcher.find(wanted, flow=flow.id).none
    finally:
        known.never_known, known.never_true = never_known, never_true


def _reads(x: Examination, leave: Leave, table: Table) -> bool:
    """Whether a way out depends on a table, directly or through other tables."""
    reading = {table.id}
    for other in x.procedure.tables.values():  # each comes after those that it reads
        if reading & set(_tables(x, other.reads)):
            reading.add(other.id)
    named = [(leave.table or "").split(".")[0], *_tables(x, leave.when.names if leave.when else ())]
    return bool(reading & set(named))


def _tables(x: Examination, names: Iterable[str]) -> Iterator[str]:
    found = (x.procedure.names[name] for name in names if name in x.procedure.names)
    yield from (named.target for named in found if named.kind in ("table", "table_filled"))


def optional_fields(x: Examination) -> frozenset[str]:
    """What may stay unknown for good: fields that no act must fill, facts that are passed over without an answer."""
    filled: dict[str, bool] = {}
    for action in x.reach.acts():
        for fill in action.fills:
            filled[fill.path] = filled.get(fill.path, False) or fill.needed is True
    found = {
        path
        for path, item in x.procedure.fields.items()
        if (item.optional or item.needed)
        and path in filled
        and not filled[path]
        and item.auto is None
        and not item.computed
    }
    for action in x.reach.acts():
        found -= set(action.sets)
    return frozenset(found | {f"{fact.id}.known" for fact in x.procedure.facts.values() if fact.unknown == "pass"})
