"""Tasks: each can begin and end, its owner can do it, its limit has consequences, and nothing waits on itself."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.calendar import Days, Elapsed, Workdays, WorkTime
from shouwen.core.language.check import show, within_reach
from shouwen.core.language.check.circles import circles
from shouwen.core.language.check.examination import Examination, in_force
from shouwen.core.language.check.formula import TRUE
from shouwen.core.language.check.producers import dischargers, why_never
from shouwen.core.procedure import Action, FigureSpan, FixedSpan, SpanSource, Task

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All tasks, those of notices and scripts included."""
    for task in x.procedure.tasks.values():
        _clock(x, task)
        _climbs(x, task)
        _too_long(x, task)
        _owner(x, task)
        within_reach.prove(x, task)
        _blocks_itself(x, task)
    _blocking_circles(x)


def _name(task: Task) -> str:
    return show.rule_name("task", task)


def _clock(x: Examination, task: Task) -> None:
    if task.has_clock:
        unsaid = task.expires == "missed" and not (task.missed or task.miss_said or task.overdue or task.climb)
        if unsaid and f"missed.{task.place}" not in x.told:
            x.told.add(f"missed.{task.place}")
            x.found.problem(
                "miss-without-consequence",
                task.place,
                f"{_name(task)}有时限，却没写逾期怎么办",
                "写 missed，例如 missed: [{tell: 上级}]；确实没有后果的写 missed: []",
                at=task.id,
            )
        return
    said = {
        "missed": task.missed,
        "pauses": task.pauses,
        "restarts": task.restarts,
        "overdue": task.overdue,
        "climb": task.climb,
        "expires": task.expires == "done",
        "remind": task.remind,
    }
    without = [name for name, value in said.items() if value]
    if without == ["remind"]:
        x.found.problem(
            "remind-without-limit",
            task.place,
            f"{_name(task)}要提醒，却没有时限，提醒无从算起",
            "写 within 或 by；没有时限的待办不写 remind",
            at="remind",
        )
    elif without:
        x.found.problem(
            "no-limit",
            task.place,
            f"{_name(task)}写了 {show.listed(without)}，却没有时限",
            "写 within（多久之内）或 by（到什么时刻），或删去这些",
            at=without[0],
        )


def _climbs(x: Examination, task: Task) -> None:
    """A miss climbs a line that has rungs."""
    climbed = [task.climb, *(what.target for what in task.missed if what.verb == "escalate")]
    for name in filter(None, climbed):
        authority = x.procedure.authorities[name]
        if not authority.climb:
            x.found.problem(
                "climb-empty",
                task.place,
                f"{_name(task)}逾期要上报“{authority.name}”（{name}），而那里没有写一级一级报给谁",
                "在那条 authority 里写 climb",
                at="climb" if task.climb else "missed",
                also=[authority.place],
            )


def _too_long(x: Examination, task: Task) -> None:
    """What must be waited for, or comes before the limit, is not longer than the limit."""
    limit = _length(x, task.within)
    for attribute, span, clauses in (("wait", task.wait, ()), *(("remind", r.before, r.clauses) for r in task.remind)):
        other, mark = _length(x, span), f"{attribute}.{span}.{clauses or task.id}"
        if limit and other and limit[0] == other[0] and other[1] > limit[1] and mark not in x.told:
            x.told.add(mark)
            why = "还不许办的时间比时限还长，一定逾期" if attribute == "wait" else "提醒比时限还长，开始以前就该提醒"
            x.found.problem("limit-too-short", task.place, f"{_name(task)}：{why}", "改正其中一个时长", at=attribute)


def _length(x: Examination, source: SpanSource | None) -> tuple[type, int] | None:
    """A span as its unit and its number, with figures as they are in force on the first day."""
    span: object = None
    match source:
        case FixedSpan(span):
            pass
        case FigureSpan(name) if name in x.procedure.figures:
            dated = in_force(x.procedure.figures[name], x.procedure)
            span = dated.value if dated else None
        case _:
            return None
    match span:
        case Elapsed(minutes=number) | WorkTime(minutes=number) | Workdays(count=number) | Days(count=number):
            return type(span), number
        case _:
            return None


def never_begins(x: Examination, task: Task) -> None:
    """Tell why a task never begins."""
    if task.since and not any(event in x.reach.events for event in task.since):
        why = "；".join(why_never(x, event) for event in task.since)
        x.found.problem(
            "task-never-begins",
            task.place,
            f"{_name(task)}永远不会开始：{why}",
            "改正 from 里的事件，或让它能够发生",
            at="from",
        )
        return
    conditions = [c.source for c in (task.when, task.holds) if c and not x.reach.can_hold(c, task.flow)]
    x.found.problem(
        "task-never-owed",
        task.place,
        f"{_name(task)}永远不会发生：条件 {'；'.join(conditions)} 不能成立",
        "改正 when 或 while，或删去这个待办",
        at="when" if task.when else "while",
    )


def endless(x: Examination) -> bool:
    """Tasks that nothing can discharge."""
    found = [
        task
        for task in x.procedure.tasks.values()
        if x.reach.may(task) and f"task.{task.id}.done" not in x.reach.events and not x.reach.can_end(task)
    ]
    for task in found:
        _endless(x, task)
    x.reach.grant(events=[f"task.{task.id}.done" for task in found])
    return bool(found)


def _endless(x: Examination, task: Task) -> None:
    events = [*task.done_any, *task.done_all]
    never = [event for event in events if event not in x.reach.events]
    why = "；".join(why_never(x, event) for event in never) or "done 里没有写任何事件"
    x.found.problem(
        "task-endless",
        task.place,
        f"{_name(task)}开始以后没有什么能了结它：{why}",
        "让 done 里的一件事办得成，或换一件能了结它的事",
        at="done",
    )


def _owner(x: Examination, task: Task) -> None:
    """The roles that owe it may do one of the acts that discharge it."""
    owing = _roles(x, task)
    acts = dischargers(x, task)
    if not owing or acts is None or not acts:
        return
    able = {role for action in acts for role in _taking(x, action)}
    members = {member for role in owing for member in _members(x, role)}
    if "" in able | members or able & members:
        return
    roles = x.procedure.roles
    x.found.problem(
        "owner-cannot-act",
        task.place,
        f"{_name(task)}由{show.listed(roles[r].name for r in owing)}办，而能了结它的操作"
        f"（{show.listed(a.name for a in acts)}）只许{show.listed(roles[r].name for r in sorted(able))}做",
        "把 owed_by 改成能做的角色，或在操作的 who 里加上他",
        at="owed_by",
    )


def _roles(x: Examination, task: Task) -> tuple[str, ...]:
    """The roles that owe it, if they are of the organisation and known."""
    found = [role for party in task.owed_by for role in x.reach.roles_of(party)]
    rules = [x.procedure.roles[role] for role in found]
    return () if any(rule.outside or rule.system for rule in rules) else tuple(dict.fromkeys(found))


def _taking(x: Examination, action: Action) -> Iterator[str]:
    for party in action.who:
        for role in x.reach.roles_of(party):
            yield from _members(x, role)


def _members(x: Examination, role: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """A role and the roles whose holders count as it; '' for a person whom a field names."""
    yield role
    rule = x.procedure.roles[role]
    if rule.named_by:
        yield ""
    for other in (*rule.first_of, *rule.any_of, *([rule.otherwise] if rule.otherwise else [])):
        if other not in seen:
            yield from _members(x, other, (*seen, role))


def _blocks_itself(x: Examination, task: Task) -> None:
    acts = dischargers(x, task)
    if not task.blocks or acts is None or not acts:
        return
    if all(action.id in task.blocks for action in acts):
        x.found.problem(
            "blocks-own-end",
            task.place,
            f"{_name(task)}开着时不许做{show.listed(a.name for a in acts)}，而只有这样才能了结它",
            "从 blocks 里去掉能了结它的操作",
            at="blocks",
        )


def _blocking_circles(x: Examination) -> None:
    """Tasks that each forbid all that would discharge the next."""
    waits: dict[str, list[str]] = {}
    for task in x.procedure.tasks.values():
        acts = dischargers(x, task)
        if not acts:
            continue
        for other in x.procedure.tasks.values():
            if other.id != task.id and all(action.id in other.blocks for action in acts) and _together(x, task, other):
                waits.setdefault(task.id, []).append(other.id)
    for circle in circles(waits):
        tasks = [x.procedure.tasks[name] for name in circle]
        names = " → ".join(task.name for task in (*tasks, tasks[0]))
        x.found.problem(
            "tasks-block-each-other",
            tasks[0].place,
            f"这些待办互相卡住，谁也办不完：{names}",
            "从其中一个的 blocks 里去掉了结另一个的操作",
            at="blocks",
            also=[task.place for task in tasks[1:]],
        )


def _together(x: Examination, task: Task, other: Task) -> bool:
    """Whether both can be owed in one case."""
    if task.flow != other.flow:
        return False
    space = x.space()
    conditions = [c for c in (task.when, task.holds, other.when, other.holds) if c]
    return not x.searcher.find([(space.of(c), TRUE) for c in conditions], flow=task.flow).none
