"""Playing a script: step by step through the judge, with what was expected held against what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches

from shouwen.core import events as e
from shouwen.core.case import Case
from shouwen.core.commands import Act, BuiltIn
from shouwen.core.decide import Decision
from shouwen.core.judge import find_action
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.trial import expect
from shouwen.trial.script import Script, Step
from shouwen.trial.shell import Shell

__all__ = ["BUILT_IN_ACTS", "Outcome", "Played", "command", "opens", "play"]

BUILT_IN_ACTS = (
    "say",
    "breach",
    "answer",
    "approve",
    "return",
    "decline",
    "withdraw",
    "read",
    "transfer",
    "accept",
    "refuse_transfer",
    "note",
    "correct",
)


@dataclass
class Played:
    """One step as it went: the case it was about, all events (with their case), the refusal, and what was not as
    expected."""

    step: Step
    number: str
    case: Case
    happened: list[tuple[str, e.Event]]
    refusal: Refusal | None
    repeated: bool
    offers: tuple[Offer, ...]
    failures: list[str] = field(default_factory=list)

    @property
    def events(self) -> list[e.Event]:
        """The events, of whatever case."""
        return [event for _, event in self.happened]


@dataclass
class Outcome:
    """A played script, the clauses that its decisions cite, and what in it looks like a slip of the pen."""

    shell: Shell
    steps: list[Played]
    cited: frozenset[str]
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> list[str]:
        """Everything that was not as expected, with the step's number."""
        return [f"第 {played.step.place} 步：{text}" for played in self.steps for text in played.failures]


@dataclass
class _Play:
    shell: Shell
    names: dict[str, str] = field(default_factory=dict)
    current: str = ""
    answers: dict[str, Played] = field(default_factory=dict)
    #: when the last act was done
    last: datetime | None = None


def play(procedure: Procedure, script: Script) -> Outcome:
    """Play all steps in order. Steps must not go back in time; a step that does is reported as a failure."""
    state = _Play(Shell.of(procedure, script))
    steps = [_play(state, procedure, step) for step in script.steps]
    cited = {clause for played in steps for event in played.events for clause in event.clauses}
    cited |= {clause for played in steps if played.refusal for clause in played.refusal.clauses}
    cited |= {clause for played in steps for clause in expect.measured_clauses(procedure, played.step)}
    return Outcome(state.shell, steps, frozenset(cited), tuple(_slips(procedure, script)))


def _slips(procedure: Procedure, script: Script) -> Iterator[str]:
    """Roles that the procedure does not have, and people who act without standing in the cast."""
    for role in dict.fromkeys(holding.role for holding in script.holdings):
        if role not in procedure.roles:
            near = get_close_matches(role, procedure.roles, 1)
            yield f"cast 里的“{role}”不是本规程的岗位" + (f"：是不是 {near[0]}？" if near else "")
    cast = {holding.person for holding in script.holdings}
    for person in dict.fromkeys(name for step in script.steps for name in (step.by, *step.present) if name):
        if person not in cast:
            yield f"“{person}”不在 cast 里，什么也不能办"


def _play(state: _Play, procedure: Procedure, step: Step) -> Played:
    shell = state.shell
    if (shell.now is not None and step.at < shell.now) or (state.last is not None and step.at < state.last):
        return _odd(state, step, f"时间倒退：{step.at:%Y-%m-%d %H:%M} 早于上一步")
    first = state.answers.get(step.key) if step.key else None
    if first is not None and (first.step.do, first.step.by) == (step.do, step.by):
        played = Played(step, first.number, first.case, [], first.refusal, True, first.offers)
        played.case = shell.cases[first.number].case if first.number in shell.cases else first.case
        played.failures = expect.failures(procedure, shell, played)
        return played
    happened = shell.pass_time(step.at) if not step.do else _before(state, step)
    _name(state, happened)
    if step.do and not opens(procedure, step) and _of_this_minute(state, procedure, step):
        happened += shell.pass_time(step.at)
        _name(state, happened)
    number = _number(state, step)
    refusal: Refusal | None = None
    if step.do:
        answer, more, number = _do(state, procedure, step, number)
        happened += more
        refusal = answer if isinstance(answer, Refusal) else None
    case = shell.cases[number].case if number in shell.cases else Case()
    offered = offers(procedure, case, step.by, step.at, shell.world) if step.by else ()
    played = Played(step, number, case, happened, refusal, False, offered)
    played.failures = expect.failures(procedure, shell, played)
    if step.key:
        state.answers[step.key] = played
    return played


def _before(state: _Play, step: Step) -> list[tuple[str, e.Event]]:
    """What falls due before an act: all cases up to the minute before, so that the act's own minute is its own."""
    return state.shell.pass_time(step.at - timedelta(minutes=1)) if state.shell.now is not None else []


def _of_this_minute(state: _Play, procedure: Procedure, step: Step) -> bool:
    """Whether an act may be about a case that the calendar opens in its own minute: one that is not there yet, or the
    latest of a flow that nobody opens by hand."""
    by_hand = {action.opens for action in procedure.actions.values()}
    return bool(step.case) and (not _number(state, step) or (step.case in procedure.flows.keys() - by_hand))


def _do(
    state: _Play, procedure: Procedure, step: Step, number: str
) -> tuple[Decision | Refusal, list[tuple[str, e.Event]], str]:
    shell = state.shell
    opening = opens(procedure, step)
    if not opening and not number:
        name = step.case or "（没有）"
        return Refusal(reasons=(Reason(code="no-case", text=f"还没有案件“{name}”"),)), [], ""
    answer, happened, found = shell.do("" if opening else number, command(procedure, step), step.at, step.facts)
    before = step.at - timedelta(minutes=1)  # what the calendar begins in the act's own minute comes after it
    shell.now = before if shell.now is None or before > shell.now else shell.now
    state.last = step.at
    _name(state, happened)
    if opening and isinstance(answer, Decision):
        state.current = found
        state.names[step.case or found] = found
        return answer, happened, found
    return answer, happened, number


def _name(state: _Play, happened: list[tuple[str, e.Event]]) -> None:
    """Cases that rules have opened are called by their flow (the latest of it)."""
    for _, event in happened:
        if isinstance(event, e.CaseOpened):
            state.names[event.flow] = event.number


def _number(state: _Play, step: Step) -> str:
    """The case that a step means: by the script's name, its flow or its number; the last one opened by hand."""
    if not step.case:
        return state.current
    return state.names.get(step.case, step.case if step.case in state.shell.cases else "")


def opens(procedure: Procedure, step: Step) -> bool:
    if step.do.startswith("open "):
        return True
    action = find_action(procedure, step.do)
    return action is not None and bool(action.opens)


def command(procedure: Procedure, step: Step) -> Act | BuiltIn:
    """An action of the procedure, or a built-in act if there is none of that name."""
    verb, _, target = step.do.partition(" ")
    if verb in BUILT_IN_ACTS and step.do not in procedure.actions:
        return BuiltIn(
            verb=verb,
            actor=step.by,
            target=target.strip(),
            values=step.values,
            reason=step.reason,
            seen=step.seen,
            happened=step.happened,
            key=step.key,
        )
    return Act(
        action=step.do,
        actor=step.by,
        values=_values(step.values),
        role=step.role,
        present=step.present,
        reason=step.reason,
        seen=step.seen,
        happened=step.happened,
        key=step.key,
    )


def _values(node: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    return {form: fields if isinstance(fields, Mapping) else {"": fields} for form, fields in node.items()}


def _odd(state: _Play, step: Step, text: str) -> Played:
    case = state.shell.cases[state.current].case if state.current in state.shell.cases else Case()
    return Played(step, state.current, case, [], None, False, (), [text])
