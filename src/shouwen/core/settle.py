"""Until still: after every event, tables, tasks, triggers, notices and steps follow until nothing more happens."""

from __future__ import annotations

from shouwen.core import consequences, obligations, steps, tables
from shouwen.core import events as e
from shouwen.core.case import Mark
from shouwen.core.index import BEFORE, Standing
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Notice, Posting, Task, Trigger
from shouwen.core.scope import Scope, holds, rows_of, truth, worth
from shouwen.core.sitting import Sitting, unique

__all__ = ["fire", "settle"]

#: a command that is not still after so many rounds has met a fault in the judge itself
MOST_ROUNDS = 200


def settle(sitting: Sitting) -> None:
    """Let everything follow that follows, in the order of `docs/language.md` §4."""
    for _ in range(MOST_ROUNDS):
        keys, sitting.dirty = sitting.dirty, set()
        if not keys:
            return
        keys.add(BEFORE)
        tables.judge_tables(sitting, BEFORE)
        keys |= sitting.dirty
        sitting.dirty = set()
        _approvals(sitting, keys)
        _follow_all(sitting, keys)
        steps.follow(sitting)
        if sitting.case.closed and not sitting.dirty:
            return
    raise RecursionError(f"case {sitting.case.number} is not still after {MOST_ROUNDS} rounds")


def _follow_all(sitting: Sitting, keys: set[str]) -> None:
    """In document order, every rule that reads one of these keys, or what a rule before it has touched."""
    index, flow = sitting.index, sitting.case.flow
    rules = index.flow_of(flow)
    waiting = (1 << len(rules)) - 1 if sitting.thorough else index.readers(flow, keys)
    while waiting:
        first = waiting & -waiting
        waiting -= first
        watched = rules[first.bit_length() - 1]
        if watched.waits_for.isdisjoint(sitting.case.marks) and not sitting.thorough:
            continue
        size = len(sitting.events)
        _follow(sitting, watched.rule)
        if len(sitting.events) > size:  # later ones join in; an earlier one follows in the next round
            waiting |= index.readers(flow, sitting.dirty) & -(first << 1)


def _follow(sitting: Sitting, rule: Standing) -> None:
    match rule:
        case Task():
            obligations.settle_task(sitting, rule)
        case Trigger():
            _trigger(sitting, rule)
        case Notice():
            _notice(sitting, rule)
        case Posting():
            _posting(sitting, rule)


def fire(sitting: Sitting, trigger: Trigger, scope: Scope, key: str = "") -> None:
    """A trigger acts: its event, then what follows from it."""
    sitting.emit(
        e.TriggerFired(
            at=sitting.at,
            happened=sitting.moment,
            trigger=trigger.id,
            key=key,
            clauses=unique(trigger.clauses, sitting.index.cited(trigger.when)),
        )
    )
    consequences.carry_out(sitting, trigger.do, scope, f"trigger.{trigger.id}")


def _trigger(sitting: Sitting, trigger: Trigger) -> None:
    if trigger.over is not None or not _may_fire(sitting, trigger):
        return
    scope = sitting.scope(acting=bool(trigger.after))
    held = truth(trigger.when, scope) is True
    if trigger.every is not None:
        if trigger.when is not None:
            _note(sitting, trigger, held)
        return
    if trigger.after:
        if held and _fresh(sitting, trigger.after):
            _fire_once(sitting, trigger, scope)
        return
    if _note(sitting, trigger, held) and held:
        _fire_once(sitting, trigger, scope)


def _note(sitting: Sitting, trigger: Trigger, held: bool) -> bool:
    """Note that the condition of a trigger turned true or false; whether it turned."""
    if held == (trigger.id in sitting.case.holding):
        return False
    sitting.emit(e.ConditionNoted(at=sitting.at, happened=sitting.moment, rule=trigger.id, holds=held))
    return True


def _may_fire(sitting: Sitting, trigger: Trigger) -> bool:
    fired = len(sitting.case.marks.get(f"trigger.{trigger.id}", ()))
    return trigger.times is None or fired < trigger.times


def _fire_once(sitting: Sitting, trigger: Trigger, scope: Scope) -> None:
    key = worth(trigger.once_per, scope) if trigger.once_per else ""
    if key is None or (trigger.once_per and (trigger.id, str(key)) in sitting.case.fired):
        return
    if sitting.once("fire", trigger.id):
        fire(sitting, trigger, scope, str(key))


def _fresh(sitting: Sitting, names: tuple[str, ...]) -> tuple[Mark, ...]:
    """Marks of these events that this command has made."""
    return tuple(mark for name in names for mark in sitting.case.marks.get(name, ()) if mark.seq >= sitting.before.seq)


def _notice(sitting: Sitting, notice: Notice) -> None:
    marks = _fresh(sitting, notice.after)
    if not marks:
        return
    items = tuple(dict.fromkeys(mark.item for mark in marks))
    scope = sitting.scope()
    rows = rows_of(scope, notice.for_each) if notice.for_each else (("", None),)
    for item, row in rows:
        if notice.for_each and item not in items and "" not in items:
            continue
        here = scope.on(item, row) if notice.for_each else scope.on(items[-1], None)
        if holds(notice.when, here) and sitting.once("notice", notice.id, item):
            consequences.tell(
                sitting,
                notice.to,
                here,
                notice.text or notice.name,
                f"notice.{notice.id}",
                unique(notice.clauses, sitting.index.cited(notice.when)),
                notice=notice.id,
                sender=notice.sender or "",
                by=notice.by,
                apart=True,
                item=item,
            )


def _posting(sitting: Sitting, posting: Posting) -> None:
    """Post for the rows that the events are about; an entry that follows from a miss names it."""
    causes = {
        mark.item: f"{name}#{mark.item}" if name.endswith(".missed") else f"posting.{posting.id}"
        for name in posting.after
        for mark in _fresh(sitting, (name,))
    }
    key = ("post", posting.id, *sorted(causes))
    if causes and key not in sitting.acted:
        size = len(sitting.events)
        consequences.post(sitting, posting, sitting.scope(), next(iter(causes.values())), (), causes)
        if len(sitting.events) > size:
            sitting.acted.add(key)


def _approvals(sitting: Sitting, keys: set[str]) -> None:
    """An approval holds only for exactly what was approved: a sealed value that changes lets it lapse."""
    for name, approval in tuple(sitting.case.approvals.items()):
        sealed = {f"f:{path}" for path in approval.asked.sealed}
        if not sealed & keys:
            continue
        scope = sitting.scope()
        if any(scope.field(path) != value for path, value in approval.asked.sealed.items()):
            rule = sitting.procedure.authorities[name]
            sitting.emit(
                e.ApprovalEnded(
                    at=sitting.at,
                    happened=sitting.moment,
                    authority=name,
                    outcome="lapsed",
                    actor="",
                    level=approval.level,
                    reason=phrase("所批内容已变"),
                    clauses=rule.clauses,
                )
            )
