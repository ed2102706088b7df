"""What a played script looks like: as JSON for programs, as lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from shouwen.core import events as e
from shouwen.core.calendar import Proof
from shouwen.core.offers import Deadline, Offer, deadlines
from shouwen.core.procedure import Procedure, Table
from shouwen.core.reason import Refusal
from shouwen.core.values import Value, show
from shouwen.trial.expect import known_values, short
from shouwen.trial.play import Outcome, Played
from shouwen.trial.shell import Shell

__all__ = ["outcome_json", "plain", "print_outcome", "sentence"]

Json = dict[str, object]


def outcome_json(procedure: Procedure, outcome: Outcome) -> Json:
    """The whole outcome: `steps` as in `docs/language.md` §7, `failures`, `cited`."""
    return {
        "procedure": procedure.id,
        "ok": not outcome.failures,
        "steps": [step_json(procedure, outcome.shell, played) for played in outcome.steps],
        "failures": outcome.failures,
        "notes": list(outcome.notes),
        "cited": sorted(outcome.cited),
    }


def step_json(procedure: Procedure, shell: Shell, played: Played) -> Json:
    """One step: what happened, the refusal, and the case after it."""
    told = [event for event in played.events if isinstance(event, e.Told)]
    known = known_values(procedure, shell, played)
    limits = deadlines(procedure, played.case, shell.world, played.step.at) if played.case.flow else ()
    return {
        "at": plain(played.step.at),
        "by": played.step.by,
        "do": played.step.do,
        "case": played.number,
        "flow": played.case.flow,
        "repeated": played.repeated,
        "events": [event_json(number, event) for number, event in played.happened],
        "refusal": _refusal(played.refusal),
        "offers": [_offer(offer) for offer in played.offers],
        "step": played.case.step,
        "closed": played.case.closed is not None,
        "values": {name: plain(value) for name, value in known.items()},
        "suggestions": {
            name: plain(judged)
            for name, judged in played.case.tables.items()
            if played.case.decided.get(name, judged) != judged
        },
        "tasks": [_task(limit) for limit in limits],
        "missed": [event.task for event in played.events if isinstance(event, e.TaskMissed)],
        "told": list(dict.fromkeys(role for event in told for role in event.to)),
        "postings": [plain(event) for event in played.events if isinstance(event, e.Posted)],
        "documents": [plain(event) for event in played.events if isinstance(event, e.PaperIssued)],
        "first_contact": played.case.first_contact,
        "answers": played.case.answers,
        "failures": played.failures,
    }


def event_json(number: str, event: e.Event) -> Json:
    """An event: its type, its case, and its parts."""
    return {"event": type(event).__name__, "case": number, **_parts(event)}


def plain(value: object) -> object:
    """A value as JSON: moments to the minute in local time, dataclasses as maps."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {("#" if key == "#" else str(key)): plain(item) for key, item in value.items() if key != "#"}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _parts(value)
    return value


def print_outcome(procedure: Procedure, name: str, outcome: Outcome, *, brief: bool) -> None:
    """The outcome in lines; `brief`: one line, and what was not as expected."""
    mark = "不符" if outcome.failures else "相符"
    print(f"{name}：{len(outcome.steps)} 步，{mark}")
    for note in outcome.notes:
        print(f"    ? {note}")
    for played in outcome.steps:
        if not brief:
            _print_step(procedure, played)
        for failure in played.failures:
            print(f"    ✗ 第 {played.step.place} 步：{failure}")


def sentence(procedure: Procedure, event: e.Event) -> str:
    """An event in words; empty for what is of no interest to people."""
    found = _sentence(procedure, event)
    cited = "、".join(short(procedure, clause) for clause in event.clauses[:6])
    return f"{event.happened:%m-%d %H:%M} {found}" + (f"〔{cited}〕" if cited else "") if found else ""


def _sentence(p: Procedure, event: e.Event) -> str:
    match event:
        case e.CaseOpened():
            return f"立案 {event.number}（{p.flows[event.flow].name}）"
        case e.ActDone():
            return f"{event.actor}：{p.actions[event.action].name}"
        case e.TableJudged() if event.columns:
            return f"{p.tables[event.table].name}：{_outcome(p, p.tables[event.table], event.columns)}"
        case e.StepEntered():
            return f"进入“{_step(p, event.step)}”"
        case e.CaseReopened():
            return f"重开，进入“{_step(p, event.step)}”"
        case e.CaseClosed():
            return "办结"
        case e.TaskBegun():
            limit = f"，限 {event.due:%Y-%m-%d %H:%M}" if event.due else ""
            return f"待办：{_task_name(p, event.task, event.item)}（{_roles(p, event.owed_by)}）{limit}"
        case e.TaskMoved():
            return f"时限改为 {event.due:%Y-%m-%d %H:%M}：{_task_name(p, event.task, event.item)}" if event.due else ""
        case e.TaskDone():
            return f"{'办成' if event.in_time else '迟办'}：{_task_name(p, event.task, event.item)}"
        case e.TaskMissed():
            return f"逾期：{_task_name(p, event.task, event.item)}，应于 {event.due:%Y-%m-%d %H:%M}"
        case e.MissCorrected():
            return f"更正：{_task_name(p, event.task, event.item)}并未逾期"
        case e.TaskUndone():
            return f"须再办：{_task_name(p, event.task, event.item)}"
        case e.TaskDropped():
            return f"不再要办：{_task_name(p, event.task, event.item)}"
        case e.Told():
            return f"告知{_roles(p, event.to)}：{event.text}"
        case e.PaperIssued():
            return f"出具《{p.forms[event.form].name}》{event.number}"
        case e.Posted():
            return f"记账 {event.amount / 100:.2f} 元：{event.debit} → {event.credit}"
        case e.ApprovalAsked():
            return f"提请审批：{p.authorities[event.authority].name}"
        case e.ApprovalEnded():
            return f"审批{event.outcome}：{p.authorities[event.authority].name}"
        case e.ScriptSaid():
            return f"{event.actor} 说明：{p.scripts[event.script].name}"
        case e.QuestionAnswered() if event.skipped:
            return f"{event.actor} 跳过：{p.guides[event.guide].asks[event.ask].text}（{event.reason}）"
        case e.GuideConcluded():
            cause = f"（{event.cause}）" if event.cause and event.conclusion else event.cause
            return f"问诊结论：{event.conclusion}{cause}"
        case e.AttemptRecorded():
            return f"{event.actor} 的越权尝试已记录：{'；'.join(event.reasons)}"
        case e.Noted():
            return f"{event.actor or '系统'}：{event.text}"
        case _:
            return ""


def _print_step(procedure: Procedure, played: Played) -> None:
    who = f" {played.step.by}：{played.step.do}" if played.step.do else ""
    print(f"\n{played.step.at:%Y-%m-%d %H:%M}{who}" + ("（重复的命令，照前答复）" if played.repeated else ""))
    if played.refusal:
        for reason in played.refusal.reasons:
            cited = "、".join(short(procedure, clause) for clause in reason.clauses)
            print(f"  × {reason.text}" + (f"〔{cited}〕" if cited else ""))
        for field in played.refusal.missing:
            print(f"  × 缺 {field.place}")
    for event in played.events:
        text = sentence(procedure, event)
        if text:
            print(f"  {text}")


def _parts(value: object) -> Json:
    return {item.name: plain(getattr(value, item.name)) for item in fields(value)}  # type: ignore[arg-type] # a dataclass


def _refusal(refusal: Refusal | None) -> Json | None:
    if refusal is None:
        return None
    return {
        "clauses": list(refusal.clauses),
        "reasons": [plain(reason) for reason in refusal.reasons],
        "missing": [plain(field) for field in refusal.missing],
        "instead": list(dict.fromkeys(act for reason in refusal.reasons for act in reason.instead)),
    }


def _offer(offer: Offer) -> Json:
    return {
        "action": offer.action,
        "name": offer.name,
        "role": offer.role,
        "clauses": list(offer.clauses),
        "fills": list(offer.fills),
        "missing": [plain(field) for field in offer.missing],
        "unmet": [plain(reason) for reason in offer.unmet],
        "items": list(offer.items),
    }


def _task(limit: Deadline) -> Json:
    owed = list(limit.owed_by)
    return {
        "id": limit.task,
        "item": limit.item,
        "name": limit.name,
        "owed_by": owed[0] if len(owed) == 1 else owed,
        "from": plain(limit.since),
        "due": plain(limit.due) if limit.due else None,
        "state": "missed" if limit.state == "open" and limit.missed else limit.state,
        "missed": limit.missed is not None,
        "ended": plain(limit.ended) if limit.ended else None,
        "in_time": limit.in_time,
        "provisional": limit.provisional,
        "clauses": list(limit.clauses),
        "proof": _proof(limit.proof),
    }


def _proof(proof: Proof | None) -> Json | None:
    return _parts(proof) if proof else None


def _task_name(procedure: Procedure, task: str, item: str) -> str:
    return procedure.tasks[task].name + (f"（{_role(procedure, item)}）" if item else "")


def _roles(procedure: Procedure, labels: tuple[str, ...]) -> str:
    """Roles (or role@unit) by their names."""
    return "、".join(_role(procedure, label) for label in labels)


def _role(procedure: Procedure, label: str) -> str:
    role, _, unit = label.partition("@")
    name = procedure.roles[role].name if role in procedure.roles else role
    return f"{unit}{name}" if unit else name


def _outcome(procedure: Procedure, table: Table, columns: Mapping[str, Value]) -> str:
    """What a table gives, roles and steps by their names."""
    words = []
    for column, value in columns.items():
        items = [str(item) for item in value] if isinstance(value, tuple) else [show(value)]
        match table.gives.get(column):
            case "role":
                words += [_role(procedure, item) for item in items]
            case "step":
                words += [_step(procedure, item) for item in items]
            case _:
                words += items
    return "、".join(words)


def _step(procedure: Procedure, step: str) -> str:
    return next((flow.steps[step].name for flow in procedure.flows.values() if step in flow.steps), step)
