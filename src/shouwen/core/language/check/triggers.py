"""Triggers and notices: each can fire, and no chain of rules that act by themselves returns to its beginning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shouwen.core.calendar import Monthly, every_words
from shouwen.core.language.check import show
from shouwen.core.language.check.circles import circles
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.producers import why_never
from shouwen.core.procedure import Consequence, Notice, Procedure, Rule, Task, Trigger

__all__ = ["prove"]

#: some months have no day between these; the 31st is written for the month's end
SHORTEST_MONTH, LAST_OF_MONTH = 28, 31


def prove(x: Examination) -> None:
    """All triggers and notices."""
    for trigger in x.procedure.triggers.values():
        if isinstance(trigger.every, Monthly) and SHORTEST_MONTH < trigger.every.day < LAST_OF_MONTH:
            x.found.note(
                "every-late-in-month",
                trigger.place,
                f"{show.rule_name('trigger', trigger)}{every_words(trigger.every)}：没有这一天的月份取月末，请确认",
                at="every",
            )
    for notice in x.procedure.notices.values():
        if x.reach.may(notice) and not x.reach.able(notice.to, notice.flow):
            x.found.problem(
                "notice-never-sent",
                notice.place,
                f"{show.rule_name('notice', notice)}没有收件人：to 的条件不能成立",
                "改正 to 里的 when",
                at="to",
            )
    _returning(x)


def never_sent(x: Examination, notice: Notice) -> None:
    """Tell why a notice is never sent."""
    why = "；".join(why_never(x, event) for event in notice.after if event not in x.reach.events)
    x.found.problem(
        "notice-never-sent",
        notice.place,
        f"{show.rule_name('notice', notice)}永远不会发出：{why or _when(notice)}",
        "改正 after 里的事件或 when 的条件",
        at="after",
    )


def _when(rule: Trigger | Notice) -> str:
    return f"条件 {rule.when.source if rule.when else ''} 不能成立"


def never_fires(x: Examination, trigger: Trigger) -> None:
    """Tell why a trigger never fires."""
    never = [event for event in trigger.after if event not in x.reach.events]
    why = _when(trigger)
    if trigger.after and len(never) == len(trigger.after):
        why = "；".join(why_never(x, event) for event in never)
    x.found.problem(
        "trigger-never-fires",
        trigger.place,
        f"{show.rule_name('trigger', trigger)}永远不会发生：{why}",
        "改正 after 里的事件或 when 的条件",
        at="after" if never else "when",
    )


def _returning(x: Examination) -> None:
    """Chains of what happens by itself: trigger, consequence, event, trigger."""
    procedure = x.procedure
    own: dict[str, Rule] = {f"trigger.{rule.id}": rule for rule in procedure.triggers.values() if x.reach.may(rule)}
    own |= {f"task.{rule.id}": rule for rule in procedure.tasks.values() if x.reach.may(rule)}
    own |= {f"notice.{rule.id}": rule for rule in procedure.notices.values() if x.reach.may(rule)}
    brings = {name: frozenset(_brought(procedure, rule)) for name, rule in own.items()}
    ways = {name: [other for other, rule in own.items() if brings[name] & set(_awaited(rule))] for name in own}
    for circle in circles(ways):
        rules = [own[name] for name in circle]
        triggers = [rule for rule in rules if isinstance(rule, Trigger)]
        if not triggers:
            continue
        chain = " → ".join(f"{_kind(rule)}“{rule.name}”" for rule in (*rules, rules[0]))
        if any(map(_is_guarded, rules)):
            x.found.note(
                "trigger-circle", triggers[0].place, f"这一串规则会回到起点，靠条件或次数停住，请确认：{chain}"
            )
            continue
        x.found.problem(
            "trigger-circle",
            triggers[0].place,
            f"这一串规则会自己回到起点，没有人经手：{chain}",
            "给其中一条写 when、once_per 或 times，或去掉引起下一条的后果",
            at="do",
            also=[rule.place for rule in rules if rule is not triggers[0]],
        )


def _kind(rule: Rule) -> str:
    return {Trigger: "触发", Task: "待办", Notice: "告知"}.get(type(rule), "")


def _is_guarded(rule: Rule) -> bool:
    if not isinstance(rule, Trigger):
        return isinstance(rule, Task | Notice) and bool(rule.when)
    guarded = [bool(it.when or it.key or it.for_each) for it in rule.do if it.verb not in ("tell", "note")]
    return bool(rule.when or rule.once_per or rule.times or rule.every) or (bool(guarded) and all(guarded))


def _awaited(rule: Rule) -> tuple[str, ...]:
    """The events after which a rule acts by itself, with the flow in whose cases it does."""
    match rule:
        case Trigger():
            return tuple(f"{rule.flow}:{event}" for event in rule.after)
        case Task():
            return tuple(f"{rule.flow}:{event}" for event in (*rule.since, *rule.done_any))
        case Notice():
            return tuple(f"{rule.flow}:{event}" for event in rule.after)
        case _:
            return ()


def _brought(procedure: Procedure, rule: Rule) -> Iterator[str]:
    """The events that a rule brings about at once, with the flow in which they happen."""
    flow = getattr(rule, "flow", "")
    match rule:
        case Trigger():
            yield f"{flow}:trigger.{rule.id}"
            for consequence in rule.do:
                yield from _of(procedure, consequence, flow)
        case Task():
            yield from (f"{flow}:task.{rule.id}.begun", f"{flow}:task.{rule.id}.done")
        case Notice():
            yield f"{flow}:notice.{rule.id}.sent"
        case _:
            return


def _of(procedure: Procedure, it: Consequence, flow: str) -> Iterator[str]:
    match it.verb:
        case "open":
            yield f"{it.target}:opened"
        case "go" | "end" | "reopen" if it.case is None:
            yield f"{flow}:step.{it.target}.entered"
            step = procedure.flows[flow].steps.get(it.target)
            if it.verb == "reopen":
                yield f"{flow}:reopened"
            if step and step.end:
                yield f"{flow}:closed"
        case "set" if it.case is None:
            yield from (f"{flow}:field.{path}" for path in it.values)
            yield from (f"{flow}:table.{table}.changed" for table in _judged_by(procedure, it.values))
        case "add":
            yield from (f"{flow}:field.{path}" for path in (it.target, *it.values))
            yield from (f"{flow}:table.{table}.changed" for table in _judged_by(procedure, [it.target]))
        case "issue":
            yield f"{flow}:form.{it.target}.issued"
        case _:
            return


def _judged_by(procedure: Procedure, paths: Iterable[str]) -> Iterator[str]:
    """The tables that read one of these fields, directly or through other tables."""
    changed = set(paths)
    for table in procedure.tables.values():
        names = [procedure.names[name] for name in table.reads if name in procedure.names]
        if any(named.target in changed for named in names) and not table.decided_by:
            changed.add(table.id)
            yield table.id
