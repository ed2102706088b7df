"""The judge: one command on one case gives events, or a refusal with every reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwen.core import approvals, builtin, calendar, effects, judge, lapse, obligations
from shouwen.core import events as e
from shouwen.core.case import Case
from shouwen.core.commands import Act, Begin, BuiltIn, Command, Effect, Recalendar, Wake
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting
from shouwen.core.world import World

__all__ = ["Decision", "decide", "wakes_at"]


@dataclass(frozen=True)
class Decision:
    """What happens: the events in order, the case after them, and the clauses that led to them.

    A repeated command has no events; `repeated` is the first event (by number) of the command that it repeats.
    """

    events: tuple[e.Event, ...]
    case: Case
    repeated: int | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every clause that led to an event, each once, in order."""
        return tuple(dict.fromkeys(clause for event in self.events for clause in event.clauses))


def decide(
    procedure: Procedure, case: Case, command: Command, at: datetime, world: World, *, thorough: bool = False
) -> Decision | Refusal:
    """Judge `command` on `case` at the minute `at` (aware), in the order of `docs/language.md` §4.

    A refusal changes nothing, not even by what fell due before it: that happens, dated as it fell due, with the next
    command or `Wake`. `thorough` reads every rule after every event.
    """
    key = command.key if isinstance(command, Act | BuiltIn | Effect | Begin) else ""
    if key and key in case.keys:
        return _repeated(case, command, key)
    at = at.astimezone(procedure.zone)
    sitting = Sitting(procedure, world, case, case, at, at, thorough=thorough)
    if case.step:
        lapse.catch_up(sitting, calendar.minute(at), including=isinstance(command, Wake))
    sitting.before = sitting.case
    refusal = _judge(sitting, command, key)
    if refusal is not None:
        return refusal
    return Decision(tuple(sitting.events), sitting.case)


def wakes_at(procedure: Procedure, case: Case, world: World, at: datetime) -> datetime | None:
    """When the case must be looked at again, or None."""
    return lapse.next_moment(Sitting(procedure, world, case, case, at, at))


def _judge(sitting: Sitting, command: Command, key: str) -> Refusal | None:
    match command:
        case Wake():
            settle(sitting)
            return None
        case Recalendar():
            return _recalendar(sitting, command.reason)
        case Act():
            return _act(sitting, command, key)
        case BuiltIn():
            return _builtin(sitting, command, key)
        case Begin():
            _take(sitting, key, command)
            return effects.begin(sitting, command)
        case Effect():
            if not sitting.case.step:
                return _no_case()
            _take(sitting, key, command)
            return effects.apply(sitting, command)


def _take(sitting: Sitting, key: str, command: Command) -> None:
    if key:
        actor, _, name = _named(command).partition(" ")
        sitting.emit(e.CommandTaken(at=sitting.at, happened=sitting.moment, key=key, actor=actor, command=name))


def _named(command: Command) -> str:
    """Who does what, by which a repetition is known."""
    match command:
        case Act():
            return f"{command.actor} {command.action}"
        case BuiltIn():
            return f"{command.actor} {command.verb} {command.target}".rstrip()
        case Effect():
            return f" {command.verb} {command.target}"
        case Begin():
            return f" begin {command.flow}"
        case Wake() | Recalendar():
            return ""


def _repeated(case: Case, command: Command, key: str) -> Decision | Refusal:
    """The same command again changes nothing; another command must not come under a used key."""
    first, place = case.keys[key]
    if first == _named(command):
        return Decision((), case, repeated=place)
    text = phrase("这个命令号已用于另一个命令：换一个号再发")
    return Refusal(reasons=(Reason(code="key-used", text=text),))


def _act(sitting: Sitting, command: Act, key: str) -> Refusal | None:
    action = judge.find_action(sitting.procedure, command.action)
    if action is None:
        text = phrase("没有“{action}”这一操作", action=command.action)
        return Refusal(reasons=(Reason(code="no-such-act", text=text),))
    if command.happened is not None:
        sitting.moment = command.happened.astimezone(sitting.procedure.zone)
    _take(sitting, key, command)
    return judge.act(sitting, action, command)


def _builtin(sitting: Sitting, command: BuiltIn, key: str) -> Refusal | None:
    if not sitting.case.step:
        return _no_case()
    if command.happened is not None:
        late = builtin.late(sitting, command)
        if late is not None:
            return late
        sitting.moment = command.happened.astimezone(sitting.procedure.zone)
    _take(sitting, key, command)
    for fact, columns in command.answers.items():
        judge.learn(sitting, fact, columns)
    if command.verb in ("approve", "return", "decline", "withdraw"):
        return approvals.decide(sitting, command.verb, command.target, command.actor, command.reason)
    return builtin.do(sitting, command)


def _no_case() -> Refusal:
    return Refusal(reasons=(Reason(code="no-case", text=phrase("还没有案件")),))


def _recalendar(sitting: Sitting, reason: str) -> Refusal | None:
    if not sitting.case.step:
        return _no_case()
    edition = sitting.world.calendar.edition
    sitting.emit(e.CalendarChanged(at=sitting.at, happened=sitting.moment, edition=edition.name, reason=reason))
    obligations.rederive(sitting, phrase("日历换版：{name}，{reason}", name=edition.name, reason=reason))
    settle(sitting)
    return None
