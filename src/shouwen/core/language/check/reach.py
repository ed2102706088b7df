"""What can ever happen: the largest set of acts, steps, events and filled fields that the rules allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from shouwen.core.expression import Constant, Expression
from shouwen.core.language.check.formula import TRUE, Formula, Negation, Some, Sure, Test, Variable
from shouwen.core.language.check.search import Requirement, Searcher
from shouwen.core.language.check.space import Space
from shouwen.core.procedure import Action, Consequence, Flow, Notice, Party, Procedure, Rule, Task, Trigger

__all__ = ["Reach"]


@dataclass
class Reach:
    """Grows until nothing more is possible. What is not in it can never be; what is in it perhaps can."""

    procedure: Procedure
    searcher: Searcher
    events: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)
    #: (flow, step) reached, and the steps that each can lead to
    steps: set[tuple[str, str]] = field(default_factory=set)
    ways: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _held: dict[tuple[str, str], bool] = field(default_factory=dict)

    def grant(self, *, events: Iterable[str] = (), fields: Iterable[str] = (), flows: Iterable[str] = ()) -> None:
        """Take these as possible although they are not: what stands in their way has been told once."""
        self.events |= set(events)
        self.flows |= set(flows)
        for path in fields:
            self.fill(path)

    def lead(self, flow: str, step: str, *to: str) -> None:
        """Take these steps as following a step, although no way leads there."""
        for other in to:
            self.way(flow, [step], other)

    @contextmanager
    def everything(self) -> Iterator[None]:
        """As if everything were possible: what still cannot hold contradicts itself."""
        known, words = self.searcher.known, dict(self.searcher.words)
        never_known, never_true = known.never_known, known.never_true
        known.never_known, known.never_true = set(), set()
        held, self._held = self._held, {}
        for flow in self.procedure.flows.values():
            self.searcher.words[f"case.step:{flow.id}"] = tuple(flow.steps)
        yield
        known.never_known, known.never_true = never_known, never_true
        self.searcher.words, self._held = words, held

    def acts(self) -> Iterator[Action]:
        """The actions that somebody can take."""
        yield from (a for a in self.procedure.actions.values() if f"act.{a.id}" in self.events)

    def may(self, rule: Rule) -> bool:
        """Whether an action, task, trigger or notice can ever come about."""
        return {
            Action: f"act.{rule.id}",
            Task: f"task.{rule.id}.begun",
            Trigger: f"trigger.{rule.id}",
            Notice: f"notice.{rule.id}.sent",
        }.get(type(rule), "") in self.events

    def steps_of(self, action: Action) -> set[str]:
        """The steps, of those reached, in which an action is offered; one that opens a case is offered in none."""
        flow = self.procedure.flows[action.flow]
        if action.opens:
            return set()
        everywhere = not action.steps or action.reports
        named = tuple(step.id for step in flow.steps.values() if not step.end) if everywhere else action.steps
        return {step for step in named if (action.flow, step) in self.steps}

    def beyond(self, flow: str, step: str) -> set[str]:
        """A step and every step that can follow it."""
        found, fresh = {step}, [step]
        while fresh:
            for other in self.ways.get((flow, fresh.pop()), set()) - found:
                found.add(other)
                fresh.append(other)
        return found

    def able(self, parties: Iterable[Party], flow: str) -> tuple[str, ...]:
        """The roles that these parties can mean; whether somebody holds them is another question."""
        found = (role for party in parties if self.can_hold(party.when, flow) for role in self.roles_of(party))
        return tuple(dict.fromkeys(found))

    def roles_of(self, party: Party) -> tuple[str, ...]:
        """The roles that a party can mean."""
        if party.role:
            return (party.role,)
        outcomes = self.outcomes(party.table or "")
        return tuple(self.procedure.roles) if outcomes is None else outcomes

    def outcomes(self, table: str) -> tuple[str, ...] | None:
        """The words that a table (or table.column) can give, or None if they are computed."""
        name, _, column = table.partition(".")
        rule = self.procedure.tables[name]
        terms = [row.gives.get(column) for row in rule.rows] + [(rule.otherwise or {}).get(column)]
        words: list[str] = []
        for term in terms:
            if term is None:
                continue
            if not isinstance(term, Constant):
                return None
            words += [str(w) for w in term.value] if isinstance(term.value, tuple) else [str(term.value)]
        return tuple(dict.fromkeys(words))

    def can_hold(self, condition: Expression | None, flow: str, *, step: str | None = None) -> bool:
        """Whether a condition can come true (in a flow, in a step)."""
        if condition is None:
            return True
        key = (condition.source, f"{flow}/{step or ''}")
        if not self._held.get(key):
            wanted = [(Space(self.searcher.known).of(condition), TRUE), *standing([step] if step else [])]
            self._held[key] = not self.searcher.find(wanted, flow=flow).none
        return self._held[key]

    def enter(self, flow: str, step: str) -> None:
        rule = self.procedure.flows[flow].steps.get(step)
        if rule is None or (flow, step) in self.steps:
            return
        self.steps.add((flow, step))
        self.ways.setdefault((flow, step), set())
        self.events |= {f"step.{step}.entered", f"step.{step}.left"}
        if rule.end:
            self.events.add("closed")

    def way(self, flow: str, steps: Iterable[str], to: str) -> None:
        self.enter(flow, to)
        for step in steps:
            self.ways.setdefault((flow, step), set()).add(to)

    def contradiction(self, action: Action) -> bool:
        """Whether its needs can certainly never hold together, in the case as it is after the act."""
        with self.after(action):
            return self.searcher.find(self.needs_of(action), flow=action.flow).none

    @contextmanager
    def after(self, action: Action) -> Iterator[None]:
        """What is known once this act is done: the fields that it fills, and that it has happened."""
        known = self.searcher.known
        never_known, never_true = known.never_known, known.never_true
        filled = {fill.path for fill in action.fills} | set(action.sets)
        known.never_known = never_known - filled - {path.rpartition(".")[0] for path in filled}
        known.never_true = never_true - {f"happened.{action.id}", f"count.{action.id}"}
        yield
        known.never_known, known.never_true = never_known, never_true

    def needs_of(self, action: Action) -> list[Requirement]:
        """What must hold for an act to pass: needs that refuse, each if its own condition holds."""
        space = Space(self.searcher.known)
        found: list[Requirement] = []
        for need in action.needs:
            if need.otherwise in ("refuse", "record") and not action.reports:
                found.append((unless(space, need.when, need.that), TRUE))
        return found

    def fill(self, path: str) -> None:
        self.fields.add(path)
        item = self.procedure.fields.get(path)
        if item is None:
            return
        self.fields |= {column.path for column in item.columns.values()}
        if path.count(".") == 2:
            self.fields.add(path.rpartition(".")[0])

    def owed(self, task: Task) -> bool:
        """Whether the condition of a task can come true."""
        return self.can_hold(task.when, task.flow) and self.can_hold(task.holds, task.flow)

    def can_end(self, task: Task) -> bool:
        """Whether something can discharge a task."""
        any_of = any(event in self.events for event in task.done_any)
        all_of = bool(task.done_all) and all(event in self.events for event in task.done_all)
        return any_of or all_of or (task.expires == "done" and task.has_clock)

    def standing_in(self, flow: Flow) -> set[str]:
        """The steps of a flow that are reached."""
        return {step for of, step in self.steps if of == flow.id}

    def follow(self, what: tuple[Consequence, ...], flow: Flow, where: set[str]) -> None:
        """Let these follow in a case that stands in one of these steps."""
        for consequence in what:
            if self.can_hold(consequence.when, flow.id):
                self._consequence(consequence, flow, where)

    def _consequence(self, it: Consequence, flow: Flow, where: set[str]) -> None:
        match it.verb:
            case "go" | "end" | "reopen":
                target = flow if it.case is None or it.target in flow.steps else self._flow_with(it.target)
                self.way(target.id, where if target is flow else (), it.target)
                if it.verb == "reopen":
                    self.events.add("reopened")
            case "open":
                self.flows.add(it.target)
                for path in it.values:
                    self.fill(path)
            case "set":
                for path in it.values:
                    self.fill(path)
            case "add":
                self.fill(it.target)
                for path in it.values:
                    self.fill(path)
            case "issue":
                self.events.add(f"form.{it.target}.issued")
            case "post":
                self.events.add(f"posting.{it.target}")
            case _:
                pass

    def _flow_with(self, step: str) -> Flow:
        flows = self.procedure.flows.values()
        return next((flow for flow in flows if step in flow.steps), next(iter(flows)))


def standing(steps: Iterable[str]) -> list[Requirement]:
    """That the case stands in one of these steps."""
    named = frozenset(steps)
    return [(Test(Variable("word", "case.step"), "in", frozenset(named)), TRUE)] if named else []


def unless(space: Space, when: Expression | None, that: Expression) -> Formula:
    """A need as a formula: `that`, unless its own condition is not known to hold."""
    judged = space.of(that)
    return judged if when is None else Some((Negation(Sure(space.of(when))), judged))
