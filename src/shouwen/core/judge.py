"""Judging one act: may it be done, by this person, now, with these values; and what it makes happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shouwen.core import authority, calendar, clock, consequences, entries, opening, persons, tables
from shouwen.core import events as e
from shouwen.core.commands import Act
from shouwen.core.entries import Entry
from shouwen.core.expression import Term
from shouwen.core.persons import Standing
from shouwen.core.procedure import Action, Need, Procedure
from shouwen.core.reason import Missing, Reason, Refusal
from shouwen.core.scope import Actor, Scope, holds, rows_of, truth
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting, roles_of, unique
from shouwen.core.values import Unknown, Value

__all__ = [
    "Judged",
    "act",
    "circumstances",
    "failing",
    "find_action",
    "finish",
    "late",
    "learn",
    "right",
    "take_effect",
]


@dataclass
class Judged:
    """What judging has found so far."""

    reasons: list[Reason]
    missing: list[Missing]
    record: list[e.AttemptRecorded | e.Told]
    clauses: list[str]
    excused: list[str]

    @property
    def passed(self) -> bool:
        """Whether nothing stands against the act."""
        return not self.reasons and not self.missing


def find_action(procedure: Procedure, name: str) -> Action | None:
    """The action of this id; `open FLOW` is the first action that opens that flow."""
    if name.startswith("open "):
        flow = name.removeprefix("open ").strip()
        return next((action for action in procedure.actions.values() if action.opens == flow), None)
    return procedure.actions.get(name)


def act(sitting: Sitting, action: Action, command: Act) -> Refusal | None:
    """Do an act: the events go into the sitting, or a refusal comes back and nothing has happened."""
    judged = Judged([], [], [], [], [])
    sitting.number = command.number
    if action.opens and sitting.case.step:
        judged.reasons.append(Reason(code="already-open", text=f"“{action.name}”只能用来开新案"))
        return _refusal(judged)
    if not action.opens and not sitting.case.step:
        judged.reasons.append(Reason(code="no-case", text=f"还没有案件，不能“{action.name}”"))
        return _refusal(judged)
    own = _who(sitting, action, command, judged)
    entry = entries.read(sitting, action, command.values, own.role if own else "")
    judged.reasons += entry.reasons
    happened = entry.values.get(action.at or "")
    if isinstance(happened, datetime):
        sitting.moment = happened.astimezone(sitting.procedure.zone)
        command = replace(command, happened=happened)
    circumstances(sitting, action, command, judged)
    sitting.actor = Actor(command.actor, own.role if own else "", command.present)
    if own is not None:
        _rows_allowed(sitting, action, command, entry, judged)
    event = _event(sitting, action, command, entry, own or Standing("", False, ()))
    return _try(sitting, action, command, event, entry, judged)


def _try(
    sitting: Sitting, action: Action, command: Act, event: e.ActDone, entry: Entry, judged: Judged
) -> Refusal | None:
    """Judge the act on the case as it would be after it; keep that case if nothing stands against it."""
    kept = (sitting.case, len(sitting.events), set(sitting.dirty))
    for fact, columns in command.answers.items():
        learn(sitting, fact, columns)
    if action.opens:
        opening.opened(sitting, sitting.procedure.flows[action.opens], command.number, command.actor, ())
    computed = {path: value for path, value in event.values.items() if _computed(sitting, path)}
    event = replace(event, values={p: v for p, v in event.values.items() if p not in computed})
    take_effect(sitting, action, event)
    scope = sitting.scope(acting=True)
    _as_computed(sitting, computed, scope, judged)
    judged.missing += entries.missing(sitting, action, entry, scope)
    if not action.reports:
        failing(sitting, action, command, scope, judged)
        _before_opening(sitting, action, command, scope, judged)
    if not judged.passed:
        sitting.case, sitting.dirty = kept[0], kept[2]
        del sitting.events[kept[1] :]
        judged.missing = [field for field in judged.missing if field.path not in entry.unfit]
        return _refusal(judged)
    rule = authority.must_ask(sitting, action, scope, sitting.actor)
    if rule is not None:
        sitting.case, sitting.dirty = kept[0], kept[2]
        del sitting.events[kept[1] :]
        for fact, columns in command.answers.items():
            learn(sitting, fact, columns)
        return authority.ask(sitting, rule, action, event, scope, judged.clauses, tuple(judged.excused))
    judged.clauses += authority.passed(sitting, action, scope, sitting.actor)
    _cite(sitting, event, judged)
    finish(sitting, action)
    return None


def take_effect(sitting: Sitting, action: Action, event: e.ActDone) -> None:
    """The act itself: its event, what it sets, the tables judged again, and those that it decides."""
    sitting.emit(event)
    tables.judge_tables(sitting, set(sitting.dirty))
    if action.sets:
        once = [sitting.scope(acting=True)]
        for scope in _rows_done(sitting, action) if _of_rows(sitting, action.sets) else once:
            consequences.fill(sitting, action.sets, scope, f"act.{action.id}", action.clauses)
        tables.judge_tables(sitting, set(sitting.dirty))
    _decide_tables(sitting, action)


def finish(sitting: Sitting, action: Action) -> None:
    """What follows from an act: its consequences in written order, then all that follows from them."""
    for it in action.do:
        once = [sitting.scope(acting=True)]
        for scope in _rows_done(sitting, action) if consequences.of_row(it) else once:
            consequences.carry_out(sitting, (it,), scope, f"act.{action.id}")
    settle(sitting)


def _of_rows(sitting: Sitting, sets: Mapping[str, Term]) -> bool:
    """Whether these are values of a row, or for one."""
    owners = any(path.rpartition(".")[0] in sitting.procedure.fields for path in sets)
    return owners or any(name.startswith("this.") for term in sets.values() for name in term.names)


def _rows_done(sitting: Sitting, action: Action) -> list[Scope]:
    """The names of each row that the act is about; of the case, if it is not done per row."""
    scope = sitting.scope(acting=True)
    rows = dict(rows_of(scope, action.each)) if action.each else {}
    return [scope.on(item, rows.get(item)) for item in _items(sitting, action)] if action.each else [scope]


def failing(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """Judge all needs of an act, per row if it is done per row; failures are collected, passes are cited."""
    rows = rows_of(scope, action.each) if action.each else ()
    items = [(item, row) for item, row in rows if item in _items(sitting, action)] or [("", None)]
    for need in action.needs:
        for item, row in items:
            here = scope.on(item, row) if action.each else scope
            if truth(need.when, here) is True and not _need(sitting, action, need, command, here, judged):
                break


def _before_opening(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """What stands against a new case: an earlier one to join or reopen. A person may insist, with a reason."""
    flow = sitting.procedure.flows.get(action.opens or "")
    for rule in flow.before_opening if flow else ():
        if truth(rule.when, scope) is not True:
            continue
        cited = unique(rule.clauses, sitting.index.cited(rule.when))
        if command.reason or (rule.do == "warn" and command.seen):
            judged.excused.append(f"{rule.says}：{command.reason or '已阅'}")
            judged.clauses += cited
            continue
        number = rule.case.evaluate(scope) if rule.case else ""
        text = f"{rule.says or '已有同一事项的案件'}" + (f"（{number}）" if isinstance(number, str) and number else "")
        instead = (rule.act,) if rule.act else ()
        judged.reasons.append(Reason(code=f"{rule.do}-first", text=text, clauses=cited, instead=instead))


def _need(sitting: Sitting, action: Action, need: Need, command: Act, scope: Scope, judged: Judged) -> bool:
    held = truth(need.that, scope)
    cited = unique(need.clauses, sitting.index.cited(need.that), sitting.index.cited(need.when))
    if held is True:
        judged.clauses += cited
        return True
    lost = entries.unknown_fields(sitting, held) if isinstance(held, Unknown) else []
    if lost:
        known = {field.path for field in judged.missing}
        judged.missing += [
            replace(field, clauses=unique(need.clauses, field.clauses)) for field in lost if field.path not in known
        ]
        return False
    if isinstance(held, Unknown) and "actor.role" in held.names:
        return False  # who acts has no right to, and is told so
    if isinstance(held, Unknown) and _asks(sitting, held):
        judged.reasons.append(Reason(code="cannot-ask", text="需要的外部情况现在查不到，请稍后再办", clauses=cited))
        return False
    return _against(sitting, action, need, command, scope, judged, cited)


def _against(
    sitting: Sitting, action: Action, need: Need, command: Act, scope: Scope, judged: Judged, cited: tuple[str, ...]
) -> bool:
    """A need that does not hold: refuse, or pass with a reason, once seen, or record the attempt."""
    text = need.says or f"不符合“{action.name}”的条件"
    if need.otherwise == "reason" and command.reason:
        judged.excused.append(f"{text}：{command.reason}")
        judged.clauses += cited
        return True
    if need.otherwise == "warn" and command.seen:
        judged.excused.append(f"已阅：{text}")
        judged.clauses += cited
        return True
    code = {"refuse": "need", "reason": "reason-needed", "warn": "to-be-seen", "record": "need"}[need.otherwise]
    judged.reasons.append(Reason(code=code, text=text, clauses=cited, instead=need.instead))
    if need.otherwise == "record":
        _record(sitting, action, need, command, scope, judged, text, cited)
    return False


def _record(
    sitting: Sitting, action: Action, need: Need, command: Act, scope: Scope, judged: Judged, text: str,
    cited: tuple[str, ...],
) -> None:
    judged.record.append(
        e.AttemptRecorded(
            at=sitting.at, happened=sitting.moment, action=action.id, actor=command.actor, reasons=(text,),
            clauses=cited,
        )
    )
    if need.tell:
        mark = len(sitting.events)
        consequences.tell(sitting, need.tell, scope, text, f"act.{action.id}.refused", need.clauses)
        judged.record += [event for event in sitting.events[mark:] if isinstance(event, e.Told)]


def _asks(sitting: Sitting, unknown: Unknown) -> bool:
    for name in unknown.names:
        named = sitting.procedure.names.get(name)
        if named and named.kind == "fact" and sitting.procedure.facts[named.target].unknown == "refuse":
            return True
    return False


def _who(sitting: Sitting, action: Action, command: Act, judged: Judged) -> Standing | None:
    sitting.actor = Actor(command.actor, command.role or "", command.present)
    scope = sitting.scope(acting=True)
    own = right(sitting, action, command, scope)
    if own is None:
        roles, clauses = _who_may(sitting, action, command, scope)
        names = "、".join(sitting.procedure.roles[role].name for role in roles)
        text = f"“{action.name}”由{names or '他人'}办"
        if action.personally and persons.standing(sitting, command.actor, action.who, scope):
            text = f"“{action.name}”须{names}本人亲自办，不得代理"
        judged.reasons.append(Reason(code="not-yours", text=text, clauses=clauses, who=roles))
    judged.reasons += persons.reasons_against(sitting, action, command.actor, own)
    judged.clauses += list(own.clauses) if own else []
    _together(sitting, action, command, scope, judged)
    return own


def _who_may(
    sitting: Sitting, action: Action, command: Act, scope: Scope
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that may do the act (on the rows named), and the clauses that say so."""
    rows = _possible_rows(sitting, action, scope, _keys(sitting, action, command)) if action.each else []
    scopes = [scope.on(item, row) for item, row in rows] or [scope]
    named = [found for here in scopes for found in roles_of(sitting, action.who, here)]
    roles = tuple(dict.fromkeys(role for role, _, _ in named)) or persons.role_names(sitting, action.who, scope)
    said = [party for party in action.who if any(holds(party.when, here) for here in scopes)] or action.who
    return roles, unique(*(party.clauses for party in said)) or action.clauses


def right(sitting: Sitting, action: Action, command: Act, scope: Scope) -> Standing | None:
    """The right to do the act: on some row of those it could be about, if it has rows."""
    own = persons.allowed(sitting, action, command.actor, scope, command.role)
    if own or not action.each:
        return own
    wanted = _keys(sitting, action, command)
    for item, row in _possible_rows(sitting, action, scope, wanted):
        own = persons.allowed(sitting, action, command.actor, scope.on(item, row), command.role)
        if own:
            return own
    return None


def _possible_rows(
    sitting: Sitting, action: Action, scope: Scope, wanted: tuple[str, ...]
) -> list[tuple[str, Mapping[str, Value] | None]]:
    rows = dict(rows_of(scope, action.each)) if sitting.case.step else {}
    rule = sitting.procedure.fields.get(action.each or "")
    key = rule.key if rule and rule.key else "item"
    named = {item: rows.get(item) or {"item": item, key: item} for item in wanted}
    return list((named or rows).items())


def _keys(sitting: Sitting, action: Action, command: Act) -> tuple[str, ...]:
    """The keys of the rows that were entered, before anything is typed."""
    found = []
    for form, fields in entries.by_form(command.values):
        for name, raw in fields.items():
            rule = sitting.procedure.fields.get(f"{form}.{name}")
            lines = [raw] if isinstance(raw, Mapping) else raw if isinstance(raw, list | tuple) else []
            if rule and rule.key:
                keyed = [line for line in lines if isinstance(line, Mapping) and rule.key in line]
                found += [entries.key_of(line[rule.key]) for line in keyed]
    return tuple(dict.fromkeys(found))


def _rows_allowed(sitting: Sitting, action: Action, command: Act, entry: Entry, judged: Judged) -> None:
    """Rows of other units are not this person's."""
    if not action.each:
        return
    scope, items = sitting.scope(acting=True), entry.items(action.each)
    for item, row in _possible_rows(sitting, action, scope, items):
        if item in items and not persons.allowed(sitting, action, command.actor, scope.on(item, row), command.role):
            roles = persons.role_names(sitting, action.who, scope.on(item, row))
            clauses = unique(*(party.clauses for party in action.who)) or action.clauses
            judged.reasons.append(
                Reason(code="not-your-row", text=f"“{item}”不由您办理“{action.name}”", clauses=clauses, who=roles)
            )


def _together(sitting: Sitting, action: Action, command: Act, scope: Scope, judged: Judged) -> None:
    """Everybody who must be there is there, himself; nobody counts twice."""
    people = [command.actor, *command.present]
    for party in action.together:
        rows = _possible_rows(sitting, action, scope, _keys(sitting, action, command)) if action.each else [("", None)]
        for item, row in rows:
            here = scope.on(item, row) if action.each else scope
            if truth(party.when, here) is not True:
                continue
            rights = [persons.standing(sitting, person, (party,), here) for person in people[1:]]
            if not any(right and not right.deputy for right in rights):
                name = sitting.procedure.roles[party.role].name if party.role else ""
                judged.reasons.append(
                    Reason(
                        code="not-present", text=f"“{action.name}”须{name}本人一同到场", who=(party.role or "",),
                        clauses=unique(party.clauses, action.clauses),
                    )
                )
            else:
                judged.clauses += party.clauses


def circumstances(sitting: Sitting, action: Action, command: Act, judged: Judged) -> None:
    """What stands against the act whoever does it: the step, its condition, other tasks, how often, how late."""
    _where(sitting, action, judged)
    if not action.reports:
        _blocked(sitting, action, _keys(sitting, action, command), judged)
        _too_early(sitting, action, judged)
    _when(sitting, action, command, judged)


def _where(sitting: Sitting, action: Action, judged: Judged) -> None:
    case, procedure = sitting.case, sitting.procedure
    if action.opens or (action.reports and not case.closed):
        return
    flow = procedure.flows[case.flow]
    if action.flow != case.flow:
        judged.reasons.append(Reason(code="other-flow", text=f"“{action.name}”不属于“{flow.name}”"))
    elif case.step not in action.steps if action.steps else flow.steps[case.step].end:
        where = "、".join(flow.steps[step].name for step in action.steps if step in flow.steps)
        text = f"现在是“{flow.steps[case.step].name}”，不能“{action.name}”" + (f"（在“{where}”才可以）" if where else "")
        judged.reasons.append(
            Reason(code="not-here", text=text, clauses=action.clauses, instead=_settling_here(sitting))
        )


def _blocked(sitting: Sitting, action: Action, items: tuple[str, ...], judged: Judged) -> None:
    """Tasks that must be settled first; an act on rows is blocked by the same rows only."""
    for task in sitting.index.blockers.get(action.id, ()):
        rows = sitting.case.tasks.get(task.id, {}).values()
        same = items if action.each and task.for_each and items else None
        if any(state.state == "open" and (same is None or state.item in same) for state in rows):
            judged.reasons.append(
                Reason(
                    code="blocked", text=f"先办“{task.name}”，才能“{action.name}”",
                    clauses=unique(task.cited.get("blocks", ()), task.clauses),
                    instead=tuple(name.removeprefix("act.") for name in task.done_any if name.startswith("act.")),
                )
            )


def _too_early(sitting: Sitting, action: Action, judged: Judged) -> None:
    """A task that must wait is not discharged before its wait is over."""
    for task in sitting.procedure.tasks.values():
        if task.wait is None or f"act.{action.id}" not in (*task.done_any, *task.done_all):
            continue
        span = clock.span_of(task.wait, sitting.scope())
        for state in sitting.case.tasks.get(task.id, {}).values():
            found = calendar.due(sitting.world.calendar, state.since, span) if span else None
            if state.state == "open" and found and calendar.minute(sitting.moment) < found.moment:
                text = f"“{action.name}”须到 {found.moment:%Y-%m-%d %H:%M} 才可以办"
                clauses = unique(task.cited.get("wait", ()), task.clauses)
                judged.reasons.append(Reason(code="too-early", text=text, clauses=clauses))


def _settling_here(sitting: Sitting) -> tuple[str, ...]:
    """The acts of this step that would settle something owed."""
    case = sitting.case
    owed = {
        name.removeprefix("act.")
        for state in case.open_tasks()
        for name in (*sitting.procedure.tasks[state.task].done_any, *sitting.procedure.tasks[state.task].done_all)
        if name.startswith("act.")
    }
    return tuple(action for action in sitting.procedure.actions if action in owed and _stands_in(sitting, action))


def _stands_in(sitting: Sitting, action: str) -> bool:
    steps = sitting.procedure.actions[action].steps
    return not steps or sitting.case.step in steps


def _when(sitting: Sitting, action: Action, command: Act, judged: Judged) -> None:
    """The condition of the act, how often, and how late it may be recorded."""
    scope = sitting.scope(acting=True)
    if sitting.case.step and truth(action.when, scope) is not True:
        judged.reasons.append(Reason(code="not-now", text=f"现在不需要“{action.name}”", clauses=action.clauses))
    if action.times is not None and len(sitting.case.since_opening(f"act.{action.id}")) >= action.times:
        text = f"“{action.name}”已办过 {action.times} 次，不得再办"
        judged.reasons.append(Reason(code="too-often", text=text, clauses=action.clauses))
    if command.happened is not None:
        judged.reasons += late(sitting, action, command.happened, command.actor)


def late(sitting: Sitting, action: Action, happened: datetime, actor: str) -> list[Reason]:
    """Why something that happened at `happened` may not be recorded now."""
    procedure, source = sitting.procedure, action.backdate or sitting.procedure.backdate
    clauses = procedure.backdate_clauses or action.clauses
    if calendar.minute(happened) > calendar.minute(sitting.at):
        return [Reason(code="in-the-future", text="发生时间不能晚于现在", clauses=clauses)]
    if calendar.minute(happened) == calendar.minute(sitting.at):
        return []
    opened = sitting.case.opened
    if opened is not None and calendar.minute(happened) < calendar.minute(opened):
        return [Reason(code="before-opening", text="发生时间不能早于立案", clauses=clauses)]
    if source is None:
        return [Reason(code="no-backdating", text="本规程不许补录", clauses=clauses)]
    span = clock.span_of(source, sitting.scope())
    found = calendar.due(sitting.world.calendar, happened, span) if span else None
    if found is None or calendar.is_late(sitting.at, found.moment):
        return [Reason(code="too-late-to-record", text="补录超过允许的期限", clauses=clauses)]
    roles = {holding.role for holding in sitting.world.held_by(actor)}
    if procedure.backdate_who and not roles & set(procedure.backdate_who):
        return [
            Reason(code="may-not-backdate", text="您没有补录权", clauses=clauses, who=procedure.backdate_who)
        ]
    return []


def _event(sitting: Sitting, action: Action, command: Act, entry: Entry, right: Standing) -> e.ActDone:
    scope = sitting.scope(acting=True)
    entries.complete(sitting, action, entry, command.actor, right, scope)
    values = {**_unsigned(sitting, action), **command.given, **entry.values}
    return e.ActDone(
        at=sitting.at, happened=sitting.moment, action=action.id, actor=command.actor, role=right.role,
        deputy=right.deputy, values=values, rows=_with_keys(sitting, entry), present=command.present,
        items=entry.items(action.each), clauses=unique(action.clauses, right.clauses, tuple(entry.clauses)),
    )


def _unsigned(sitting: Sitting, action: Action) -> dict[str, Value]:
    """Signatures that the act could give stand empty until it gives them: one of an earlier round covers nothing."""
    fields = sitting.procedure.fields
    paths = (fill.path for fill in action.fills if fields[fill.path].type == "signature")
    return {path: "" for path in paths if path in sitting.case.values}


def _with_keys(sitting: Sitting, entry: Entry) -> dict[str, dict[str, dict[str, Value]]]:
    """Rows with the key in its own column."""
    rows: dict[str, dict[str, dict[str, Value]]] = {}
    for path, lines in entry.rows.items():
        key = sitting.procedure.fields[path].key
        rows[path] = {item: ({key: item, **line} if key else dict(line)) for item, line in lines.items()}
    return rows


def _items(sitting: Sitting, action: Action) -> tuple[str, ...]:
    marks = sitting.case.marks.get(f"act.{action.id}", ())
    return tuple(mark.item for mark in marks if mark.seq >= sitting.before.seq)


def _computed(sitting: Sitting, path: str) -> bool:
    return sitting.procedure.fields[path].computed is not None


def _as_computed(sitting: Sitting, entered: Mapping[str, Value], scope: Scope, judged: Judged) -> None:
    """What was entered into a computed field must be what is computed."""
    for path, value in entered.items():
        should = scope.field(path)
        if should is not None and should != value:
            rule = sitting.procedure.fields[path]
            hits = [event.clauses for event in sitting.events if isinstance(event, e.TableJudged)]
            text = f"“{rule.name}”按规程应为“{should}”，不能填“{value}”"
            judged.reasons.append(Reason(code="not-as-computed", text=text, clauses=unique(rule.clauses, *hits)))


def learn(sitting: Sitting, fact: str, columns: Mapping[str, Value]) -> None:
    """The answer to a fact enters as an event."""
    rule = sitting.procedure.facts.get(fact)
    if rule is not None:
        sitting.emit(
            e.FactLearned(at=sitting.at, happened=sitting.moment, fact=fact, columns=columns, clauses=rule.clauses)
        )


def _decide_tables(sitting: Sitting, action: Action) -> None:
    """A person confirms: the tables that this act decides stand from now on."""
    for table in sitting.procedure.tables.values():
        if action.id not in table.decided_by:
            continue
        columns = sitting.case.tables.get(table.id, {})
        if columns and columns != sitting.case.decided.get(table.id):
            judged = [ev for ev in sitting.events if isinstance(ev, e.TableJudged) and ev.table == table.id]
            sitting.emit(
                e.TableDecided(
                    at=sitting.at, happened=sitting.moment, table=table.id, columns=columns,
                    actor=sitting.actor.person if sitting.actor else "",
                    clauses=judged[-1].clauses if judged else table.clauses,
                )
            )


def _cite(sitting: Sitting, event: e.ActDone, judged: Judged) -> None:
    """The act's event carries the clauses of everything that it passed."""
    place = max(i for i, ev in enumerate(sitting.events) if isinstance(ev, e.ActDone))
    done = sitting.events[place]
    assert isinstance(done, e.ActDone)
    sitting.events[place] = replace(
        done, clauses=unique(done.clauses, tuple(judged.clauses)), excused=tuple(judged.excused)
    )


def _refusal(judged: Judged) -> Refusal:
    seen: dict[tuple[str, str], Reason] = {}
    for reason in judged.reasons:
        seen.setdefault((reason.code, reason.text), reason)
    fields = {field.place + field.path: field for field in judged.missing}
    return Refusal(reasons=tuple(seen.values()), missing=tuple(fields.values()), record=tuple(judged.record))
