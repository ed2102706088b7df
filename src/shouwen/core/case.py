"""A case: what its events have made of it. `evolve` is the only way it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from shouwen.core import events as e
from shouwen.core.values import Value

__all__ = ["Approval", "Case", "Mark", "TaskState", "evolve", "replay"]

Names = Mapping[str, Value]


@dataclass(frozen=True)
class Mark:
    """Something that happened, for clocks to count from: its place among the events, when, on which row, by whom."""

    seq: int
    happened: datetime
    item: str = ""
    actor: str = ""

    @property
    def row(self) -> str:
        """What tells it apart where each mark brings a task of its own."""
        return self.item or str(self.seq)


@dataclass(frozen=True)
class TaskState:
    """One obligation, of one row ('' without rows), in its latest round. `state`: open, done or dropped."""

    task: str
    item: str
    begun: datetime
    since: datetime
    #: the event that started the clock
    since_mark: int
    #: events before this one belong to earlier rounds
    base: int
    due: datetime | None
    provisional: bool = False
    state: str = "open"
    missed: datetime | None = None
    corrected: bool = False
    ended: datetime | None = None
    ended_seq: int = 0
    #: after it was undone only what comes later discharges it
    undone_seq: int = -1
    in_time: bool = True
    #: alarms that have not gone off yet, earliest first
    alarms: tuple[tuple[datetime, str], ...] = ()
    #: the last overdue reminder, and the rung of a ladder reached
    last_overdue: datetime | None = None
    rung: int = 0


@dataclass(frozen=True)
class Approval:
    """An act that waits for an authority."""

    asked: e.ApprovalAsked
    level: str
    agreed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """The state of a case; see the events for the meaning of each part."""

    number: str = ""
    flow: str = ""
    version: int = 0
    edition: str = ""
    step: str = ""
    opened: datetime | None = None
    closed: datetime | None = None
    first_contact: str = ""
    answers: str = ""
    #: how many events there are, and how many there were when it was last opened
    seq: int = 0
    round_seq: int = 0
    reopened: int = 0
    values: Names = field(default_factory=dict)
    #: when a field was filled, and when a row appeared
    filled: Mapping[str, Mark] = field(default_factory=dict)
    tables: Mapping[str, Names] = field(default_factory=dict)
    decided: Mapping[str, Names] = field(default_factory=dict)
    facts: Mapping[str, Names] = field(default_factory=dict)
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, TaskState]] = field(default_factory=dict)
    #: ended rounds that a later round has followed
    past: tuple[TaskState, ...] = ()
    holding: frozenset[str] = frozenset()
    fired: frozenset[tuple[str, str]] = frozenset()
    guides: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    concluded: Mapping[str, str] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    issued: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[tuple[str, str], e.Posted] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links_closed: frozenset[str] = frozenset()
    transfer: e.TransferAsked | None = None
    #: idempotency key → the command that first came with it (its name and actor, and its first event)
    keys: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def since_opening(self, name: str) -> tuple[Mark, ...]:
        """Marks of this name since the case was last opened or reopened."""
        return tuple(mark for mark in self.marks.get(name, ()) if mark.seq >= self.round_seq)

    def open_tasks(self) -> tuple[TaskState, ...]:
        """What is owed now."""
        return tuple(state for rows in self.tasks.values() for state in rows.values() if state.state == "open")


def replay(events: tuple[e.Event, ...]) -> Case:
    """The case that these events make."""
    case = Case()
    for event in events:
        case = evolve(case, event)
    return case


def evolve(case: Case, event: e.Event) -> Case:
    """The case after one more event."""
    return _with(_apply(case, event), seq=case.seq + 1)


def _apply(case: Case, event: e.Event) -> Case:
    match event:
        case e.CommandTaken():
            command = (f"{event.actor} {event.command}", case.seq)
            return _with(case, keys={**case.keys, event.key: command}) if event.key else case
        case e.CaseOpened():
            return _opened(case, event)
        case e.ActDone():
            return _acted(case, event)
        case e.FieldsSet():
            return _filled(case, event.values, event.rows, event.happened, event.actor)
        case e.FactLearned():
            return _with(case, facts={**case.facts, event.fact: event.columns})
        case e.TableJudged():
            judged = _with(case, tables={**case.tables, event.table: event.columns})
            return _marked(judged, f"table.{event.table}.changed", event.happened)
        case e.TableDecided():
            return _with(case, decided={**case.decided, event.table: event.columns})
        case e.StepEntered():
            left = _marked(case, f"step.{event.left}.left", event.happened)
            entered = _marked(left, f"step.{event.step}.entered", event.happened)
            return _with(entered, step=event.step, answers=event.answers or case.answers)
        case e.CaseClosed():
            return _with(_marked(case, "closed", event.happened), closed=event.happened)
        case e.CaseReopened():
            again = _with(case, closed=None, step=event.step, reopened=case.reopened + 1, round_seq=case.seq)
            return _marked(_marked(again, "reopened", event.happened), f"step.{event.step}.entered", event.happened)
        case e.TaskBegun() | e.TaskMoved() | e.TaskDone() | e.TaskUndone() | e.TaskDropped() | e.TaskMissed():
            return _task(case, event)
        case e.MissCorrected():
            return _with_task(case, event.task, event.item, corrected=True, missed=None)
        case e.Reminded():
            return _reminded(case, event)
        case e.TriggerFired():
            fired = _with(case, fired=case.fired | {(event.trigger, event.key)})
            return _marked(fired, f"trigger.{event.trigger}", event.happened)
        case e.ConditionNoted():
            noted = _with(case, holding=case.holding | {event.rule} if event.holds else case.holding - {event.rule})
            return _marked(noted, f"trigger.{event.rule}.held", event.happened) if event.holds else noted
        case e.Told():
            if not event.notice:
                return case
            return _marked(case, f"notice.{event.notice}.sent", event.happened, event.item)
        case e.NoticeReceived():
            return _marked(case, f"notice.{event.notice}.received", event.happened, event.item, event.actor)
        case e.ScriptSaid():
            return _marked(case, f"script.{event.script}.said", event.happened, "", event.actor)
        case e.ScriptBroken():
            return _marked(case, f"script.{event.script}.broken", event.happened, "", event.actor)
        case e.QuestionAnswered():
            return _answered(case, event)
        case e.GuideConcluded():
            concluded = _with(case, concluded={**case.concluded, event.guide: event.conclusion})
            return _marked(concluded, f"guide.{event.guide}.concluded", event.happened)
        case e.ApprovalAsked() | e.LevelDecided() | e.ApprovalEnded():
            return _approval(case, event)
        case e.PaperIssued():
            issued = _with(case, issued={**case.issued, event.form: event.number})
            return _marked(issued, f"form.{event.form}.issued", event.happened)
        case e.PaperVoided():
            return _with(case, issued={k: v for k, v in case.issued.items() if k != event.form})
        case e.Posted():
            return _with(case, posted={**case.posted, (event.posting, event.key): event})
        case e.PostingReversed():
            gone = (event.posting, event.key)
            return _with(case, posted={k: v for k, v in case.posted.items() if k != gone})
        case e.CaseLinked():
            return _with(case, links={**case.links, event.bond: (*case.links.get(event.bond, ()), event.number)})
        case e.LinkClosed():
            closed = _with(case, links_closed=case.links_closed | {event.number})
            return _marked(closed, f"link.{event.bond}.closed", event.happened, event.number)
        case e.Assigned():
            return _with(case, answers=event.to)
        case e.TransferAsked():
            return _with(case, transfer=event)
        case e.TransferAnswered():
            to = case.transfer.to if event.accepted and case.transfer else case.answers
            return _with(case, transfer=None, answers=to)
        case e.CalendarChanged():
            return _with(case, edition=event.edition)
        case e.VersionMoved():
            return _with(case, version=event.version)
        case e.RetentionSet() | e.Requested() | e.Noted() | e.AttemptRecorded():
            return case
        case _:
            assert_never(event)


def _opened(case: Case, event: e.CaseOpened) -> Case:
    opened = _with(
        case,
        number=event.number,
        flow=event.flow,
        version=event.version,
        edition=event.edition,
        step=event.step,
        opened=event.happened,
        first_contact=event.first_contact,
        answers=event.answers,
        round_seq=case.seq,
    )
    return _marked(_marked(opened, "opened", event.happened), f"step.{event.step}.entered", event.happened)


def _acted(case: Case, event: e.ActDone) -> Case:
    done = _filled(case, event.values, event.rows, event.happened, event.actor)
    for item in event.items or ("",):
        done = _marked(done, f"act.{event.action}", event.happened, item, event.actor)
    return _marked(done, f"role.{event.role}", event.happened, "", event.actor)


def _filled(case: Case, values: Names, rows: Mapping[str, Mapping[str, Names]], happened: datetime, actor: str) -> Case:
    if not values and not rows:
        return case
    merged, filled = {**case.values, **values}, dict(case.filled)
    for path in values:
        filled[path] = Mark(case.seq, happened, "", actor)
    for path, lines in rows.items():
        merged[path] = _merge_rows(_lines(case.values.get(path)), lines)
        for item, line in lines.items():
            filled.setdefault(f"{path}#{item}", Mark(case.seq, happened, item, actor))
            filled.update({f"{path}.{column}#{item}": Mark(case.seq, happened, item, actor) for column in line})
    for path in values:
        _strike_rows(path, case.values.get(path), merged[path], filled)
        _note_rows(case, path, merged[path], filled, Mark(case.seq, happened, "", actor))
    for path in [path for path, value in values.items() if value == ""]:
        del merged[path], filled[path]
    return _with(case, values=merged, filled=filled)


def _lines(value: Value | None) -> tuple[Names, ...]:
    return tuple(line for line in value if isinstance(line, Mapping)) if isinstance(value, tuple) else ()


def _merge_rows(lines: tuple[Names, ...], changes: Mapping[str, Names]) -> tuple[Names, ...]:
    """Rows changed by key ('#' names the key's value in every row); new keys come last."""
    merged = {str(line["#"]): line for line in lines}
    for item, change in changes.items():
        merged[item] = {**merged.get(item, {"#": item}), **change}
    return tuple(merged.values())


def _note_rows(case: Case, path: str, value: Value, filled: dict[str, Mark], mark: Mark) -> None:
    """Words of a list and whole rows bring their own moments, the first time they appear."""
    for item in _items(value):
        filled.setdefault(f"{path}#{item}", mark)


def _strike_rows(path: str, before: Value | None, value: Value, filled: dict[str, Mark]) -> None:
    """A row that is struck takes its moments along: should it come back, it is new."""
    gone = set(_items(before)) - set(_items(value))
    for name in [name for name in filled if gone and name.partition("#")[2] in gone]:
        owner = name.partition("#")[0]
        if owner == path or owner.startswith(f"{path}."):
            del filled[name]


def _items(value: Value | None) -> tuple[str, ...]:
    """The keys of rows, or the words of a list."""
    lines = value if isinstance(value, tuple) else ()
    return tuple(str(line["#"]) if isinstance(line, Mapping) else str(line) for line in lines)


def _marked(case: Case, name: str, happened: datetime, item: str = "", actor: str = "") -> Case:
    mark = Mark(case.seq, happened, item, actor)
    return _with(case, marks={**case.marks, name: (*case.marks.get(name, ()), mark)})


def _task(
    case: Case, event: e.TaskBegun | e.TaskMoved | e.TaskDone | e.TaskUndone | e.TaskDropped | e.TaskMissed
) -> Case:
    match event:
        case e.TaskBegun():
            return _begun(case, event)
        case e.TaskMoved():
            return _with_task(
                case,
                event.task,
                event.item,
                since=event.since,
                since_mark=event.since_mark,
                due=event.due,
                provisional=event.provisional,
                alarms=event.alarms,
            )
        case e.TaskDone():
            done = _with_task(
                case,
                event.task,
                event.item,
                state="done",
                ended=event.happened,
                ended_seq=case.seq,
                in_time=event.in_time,
            )
            return _marked(done, f"task.{event.task}.done", event.happened, event.item)
        case e.TaskUndone():
            return _with_task(case, event.task, event.item, state="open", ended=None, undone_seq=case.seq)
        case e.TaskDropped():
            return _with_task(case, event.task, event.item, state="dropped", ended=event.happened, ended_seq=case.seq)
        case e.TaskMissed():
            missed = _with_task(case, event.task, event.item, missed=event.due)
            return _marked(missed, f"task.{event.task}.missed", event.happened, event.item)


def _begun(case: Case, event: e.TaskBegun) -> Case:
    state = TaskState(
        event.task,
        event.item,
        event.happened,
        event.since,
        event.since_mark,
        event.base,
        event.due,
        event.provisional,
        alarms=event.alarms,
    )
    rows = case.tasks.get(event.task, {})
    past = (*case.past, rows[event.item]) if event.item in rows else case.past
    begun = _with(case, tasks={**case.tasks, event.task: {**rows, event.item: state}}, past=past)
    return _marked(begun, f"task.{event.task}.begun", event.happened, event.item)


def _with_task(case: Case, task: str, item: str, **changes: object) -> Case:
    rows = case.tasks[task]
    state = replace(rows[item], **changes)  # type: ignore[arg-type] # parts of TaskState by name
    return _with(case, tasks={**case.tasks, task: {**rows, item: state}})


def _reminded(case: Case, event: e.Reminded) -> Case:
    state = case.tasks[event.task][event.item]
    alarms = tuple(alarm for alarm in state.alarms if alarm[1] != event.alarm)
    if event.alarm == "overdue":
        return _with_task(case, event.task, event.item, last_overdue=event.happened, alarms=alarms)
    if event.alarm.startswith("rung."):
        return _with_task(case, event.task, event.item, rung=state.rung + 1, alarms=alarms)
    return _with_task(case, event.task, event.item, alarms=alarms)


def _answered(case: Case, event: e.QuestionAnswered) -> Case:
    path = case.guides.get(event.guide, ())
    asked = [place for place, (ask, _) in enumerate(path) if ask == event.ask]
    answered = {**case.guides, event.guide: (*(path[: asked[0]] if asked else path), (event.ask, event.answer))}
    if not asked:
        return _with(case, guides=answered)
    concluded = {guide: word for guide, word in case.concluded.items() if guide != event.guide}
    return _with(case, guides=answered, concluded=concluded)


def _approval(case: Case, event: e.ApprovalAsked | e.LevelDecided | e.ApprovalEnded) -> Case:
    name = f"authority.{event.authority}"
    match event:
        case e.ApprovalAsked():
            asked = _with(case, approvals={**case.approvals, event.authority: Approval(event, event.level)})
            asked = _marked(asked, f"{name}.asked", event.happened, "", event.actor)
            return _marked(asked, f"{name}.{event.level}.asked", event.happened, "", event.actor)
        case e.LevelDecided():
            before = case.approvals[event.authority]
            now = Approval(before.asked, event.next, (*before.agreed, (event.level, event.actor)))
            decided = _with(case, approvals={**case.approvals, event.authority: now})
            decided = _marked(decided, f"{name}.{event.level}.decided", event.happened, "", event.actor)
            return _marked(decided, f"{name}.{event.next}.asked", event.happened) if event.next else decided
        case e.ApprovalEnded():
            level = case.approvals[event.authority].level
            ended = _with(case, approvals={k: v for k, v in case.approvals.items() if k != event.authority})
            if level:
                ended = _marked(ended, f"{name}.{level}.decided", event.happened, "", event.actor)
            return _marked(ended, f"{name}.{event.outcome}", event.happened, "", event.actor)


def _with(case: Case, **changes: object) -> Case:
    """The case with some parts replaced. `dataclasses.replace` reads every field anew: four times slower, and this is
    the innermost loop of all."""
    new = object.__new__(Case)
    new.__dict__.update(case.__dict__)
    new.__dict__.update(changes)
    return new
