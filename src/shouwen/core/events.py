"""What can happen to a case: the closed list of events. History, audit and figures read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shouwen.core.values import Value

Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Every event: when it is recorded, when it happened, and the clauses that led to it."""

    at: datetime
    happened: datetime
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CommandTaken(Happening):
    """A command begins to take effect; its key answers a repetition of the same command."""

    key: str
    actor: str
    command: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Happening):
    flow: str
    step: str
    number: str
    version: int
    first_contact: str
    answers: str
    edition: str


@dataclass(frozen=True, kw_only=True)
class ActDone(Happening):
    """Somebody did an act. `values` by path; rows by key in `rows`; `excused`: need → reason given."""

    action: str
    actor: str
    role: str
    deputy: bool = False
    values: Values = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    #: item → when it happened to this row, where rows tell
    moments: Mapping[str, datetime] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldsSet(Happening):
    """Fields filled by a consequence or corrected by a person; columns of single rows by key in `rows`."""

    values: Values
    cause: str
    actor: str = ""
    rows: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FactLearned(Happening):
    fact: str
    columns: Values


@dataclass(frozen=True, kw_only=True)
class TableJudged(Happening):
    """A table's outcome changed; empty columns: undecided."""

    table: str
    columns: Values


@dataclass(frozen=True, kw_only=True)
class TableDecided(Happening):
    """A person confirmed a table's outcome: it stands against later facts."""

    table: str
    columns: Values
    actor: str


@dataclass(frozen=True, kw_only=True)
class StepEntered(Happening):
    step: str
    left: str
    answers: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Happening):
    step: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Happening):
    step: str


@dataclass(frozen=True, kw_only=True)
class RetentionSet(Happening):
    what: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class TaskBegun(Happening):
    """Something is owed. `happened` is when it became owed, `since` when its clock started (None: not yet)."""

    task: str
    item: str
    owed_by: tuple[str, ...]
    since: datetime
    since_mark: int
    base: int
    due: datetime | None
    provisional: bool = False
    alarms: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskMoved(Happening):
    """The limit of an open task moved, with the reason."""

    task: str
    item: str
    since: datetime
    since_mark: int
    due: datetime | None
    was: datetime | None
    provisional: bool
    reason: str
    alarms: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskDone(Happening):
    task: str
    item: str
    by: str
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class TaskUndone(Happening):
    """What discharged it was taken back: it runs on to its old limit."""

    task: str
    item: str
    by: str


@dataclass(frozen=True, kw_only=True)
class TaskDropped(Happening):
    task: str
    item: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskMissed(Happening):
    """Its limit passed. `happened` is the limit (or, born late, the moment it became owed); `due` the true limit."""

    task: str
    item: str
    owed_by: tuple[str, ...]
    due: datetime
    born_late: bool = False


@dataclass(frozen=True, kw_only=True)
class MissCorrected(Happening):
    """A recorded miss never was: it was done in time and typed in late."""

    task: str
    item: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class Reminded(Happening):
    """An alarm of a task went off: `remind.0`, `overdue`, `rung.1`."""

    task: str
    item: str
    alarm: str


@dataclass(frozen=True, kw_only=True)
class TriggerFired(Happening):
    trigger: str
    key: str = ""
    seed: str = ""
    members: tuple[str, ...] = ()
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ConditionNoted(Happening):
    """The condition of a trigger turned true or false; a trigger without `after` fires when it turns true."""

    rule: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Told(Happening):
    """Word sent: to which roles and people, in whose name, and why. `unheld`: roles that nobody held."""

    to: tuple[str, ...]
    people: tuple[str, ...]
    text: str
    cause: str
    notice: str = ""
    item: str = ""
    sender: str = ""
    by: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticeReceived(Happening):
    notice: str
    item: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class ScriptSaid(Happening):
    script: str
    actor: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScriptBroken(Happening):
    """Somebody found conduct against a script; never deduced."""

    script: str
    item: str
    person: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Happening):
    """An answer of a guide; answers given after an earlier answer to the same question are retracted. `skipped`: the
    question was not answered, for a `reason`; `excused`: warnings that were seen."""

    guide: str
    ask: str
    answer: str
    actor: str
    skipped: bool = False
    reason: str = ""
    excused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GuideConcluded(Happening):
    guide: str
    conclusion: str
    cause: str = ""
    path: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Happening):
    """An act waits for an authority. `sealed`: what must stay as it is."""

    authority: str
    action: str
    actor: str
    role: str
    values: Values
    rows: Mapping[str, Mapping[str, Values]]
    items: tuple[str, ...]
    present: tuple[str, ...]
    excused: tuple[str, ...]
    sealed: Values
    level: str


@dataclass(frozen=True, kw_only=True)
class LevelDecided(Happening):
    """One level said yes; `next` is the level that decides now, or empty."""

    authority: str
    level: str
    actor: str
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalEnded(Happening):
    """granted, returned, declined, withdrawn or lapsed; `reason` in words."""

    authority: str
    outcome: str
    actor: str
    level: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperIssued(Happening):
    """A paper gets its number. `values`: what stood on it then, of a paper of which a case has several."""

    form: str
    number: str
    copies: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PaperVoided(Happening):
    form: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Posted(Happening):
    """An entry of the ledger, in 分; `cause` names the miss or act it follows from."""

    posting: str
    debit: str
    credit: str
    amount: int
    key: str
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class PostingReversed(Happening):
    posting: str
    key: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Happening):
    bond: str
    number: str


@dataclass(frozen=True, kw_only=True)
class LinkClosed(Happening):
    bond: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Requested(Happening):
    """Something that another case must do: the shell carries it there, once per key."""

    verb: str
    target: str
    key: str
    case: str = ""
    flow: str = ""
    bond: str = ""
    values: Values = field(default_factory=dict)
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assigned(Happening):
    """From now on this role or person answers for the case."""

    to: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class TransferAsked(Happening):
    to: str
    actor: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferAnswered(Happening):
    accepted: bool
    actor: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Noted(Happening):
    text: str
    actor: str


@dataclass(frozen=True, kw_only=True)
class AttemptRecorded(Happening):
    """A refused act that the regulation wants to be on record."""

    action: str
    actor: str
    reasons: tuple[str, ...]
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Happening):
    """The case is judged by another edition of the calendar from now on."""

    edition: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VersionMoved(Happening):
    version: int
    actor: str


Event = (
    CommandTaken
    | CaseOpened
    | ActDone
    | FieldsSet
    | FactLearned
    | TableJudged
    | TableDecided
    | StepEntered
    | CaseClosed
    | CaseReopened
    | RetentionSet
    | TaskBegun
    | TaskMoved
    | TaskDone
    | TaskUndone
    | TaskDropped
    | TaskMissed
    | MissCorrected
    | Reminded
    | TriggerFired
    | ConditionNoted
    | Told
    | NoticeReceived
    | ScriptSaid
    | ScriptBroken
    | QuestionAnswered
    | GuideConcluded
    | ApprovalAsked
    | LevelDecided
    | ApprovalEnded
    | PaperIssued
    | PaperVoided
    | Posted
    | PostingReversed
    | CaseLinked
    | LinkClosed
    | Requested
    | Assigned
    | TransferAsked
    | TransferAnswered
    | Noted
    | AttemptRecorded
    | CalendarChanged
    | VersionMoved
)
