"""What can ever happen: the largest set of acts, steps, events and filled fields that the rules allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from shouwen.core.expression import Constant, Expression
from shouwen.core.language.check.formula import TRUE, Formula, Negation, Some, Sure, Test, Variable
from shouwen.core.language.check.search import Requirement, Searcher
from shouwen.core.language.check.space import Space
from shouwen.core.procedure import (
    Action,
    Authority,
    Consequence,
    Flow,
    Guide,
    Notice,
    Party,
    Procedure,
    Rule,
    Script,
    Step,
    Task,
    Trigger,
)

__all__ = ["Reach"]

#: kinds of names that are false until something makes them true
_FLAGS = {
    "happened": "act.{}",
    "count": "act.{}",
    "said": "script.{}.said",
    "issued": "form.{}.issued",
    "task_open": "task.{}.begun",
    "task_done": "task.{}.done",
    "task_missed": "task.{}.missed",
}


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

    def grow(self) -> None:
        """Until nothing more becomes possible."""
        size = -1
        self.flows |= {flow.id for flow in self.procedure.flows.values() if self._opened_by_hand(flow)}
        while size != self._size():
            size = self._size()
            self._learn()
            for rule in self._acting():
                self._follow(rule)
            self._derived()

    def grant(self, *, events: Iterable[str] = (), fields: Iterable[str] = (), flows: Iterable[str] = ()) -> None:
        """Take these as possible although they are not: what stands in their way has been told once."""
        self.events |= set(events)
        self.flows |= set(flows)
        for path in fields:
            self._fill(path)

    def lead(self, flow: str, step: str, *to: str) -> None:
        """Take these steps as following a step, although no way leads there."""
        for other in to:
            self._way(flow, [step], other)

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
        """The steps, of those reached, in which an action is offered."""
        flow = self.procedure.flows[action.flow]
        named = action.steps or tuple(step.id for step in flow.steps.values() if not step.end)
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

    def _size(self) -> int:
        return len(self.events) + len(self.fields) + len(self.flows) + sum(map(len, self.ways.values()))

    def _opened_by_hand(self, flow: Flow) -> bool:
        """A flow that no rule opens is opened by whoever takes a case in."""
        rules = self.procedure
        opening = any(action.opens == flow.id for action in rules.actions.values())
        return not opening

    def _learn(self) -> None:
        """Tell the searcher what can not be so far."""
        known = self.searcher.known
        known.never_true = {
            name
            for name, named in self.procedure.names.items()
            if named.kind in _FLAGS and not self._marked(_FLAGS[named.kind].format(named.target))
        }
        known.never_known = {path for path in self.procedure.fields if path not in self.fields}
        known.never_known |= {
            name
            for name, named in self.procedure.names.items()
            if (named.kind == "before" and named.target in known.never_known)
            or (named.kind == "guide" and f"guide.{named.target}.concluded" not in self.events)
        }
        for flow in self.procedure.flows:
            self.searcher.words[f"case.step:{flow}"] = [s for f, s in sorted(self.steps) if f == flow]

    def _marked(self, event: str) -> bool:
        return event in self.events or event.replace("act.", "trigger.", 1) in self.events

    def _acting(self) -> Iterator[Rule]:
        rules = self.procedure
        for kind in (
            rules.flows,
            rules.actions,
            rules.triggers,
            rules.tasks,
            rules.notices,
            rules.scripts,
            rules.guides,
            rules.authorities,
            rules.forms,
        ):
            yield from kind.values()

    def _follow(self, rule: Rule) -> None:
        match rule:
            case Flow() if rule.id in self.flows:
                self._flow(rule)
            case Action():
                self._act(rule)
            case Trigger():
                self._trigger(rule)
            case Task():
                self._task(rule)
            case Notice():
                self._notice(rule)
            case Script():
                self._script(rule)
            case Guide():
                self._guide(rule)
            case Authority():
                self._authority(rule)
            case _:
                pass

    def _derived(self) -> None:
        """Fields that fill themselves, and events that follow from filled fields and judged tables."""
        touched = {path.split(".")[0] for path in self.fields}
        for path, item in self.procedure.fields.items():
            own = item.computed or self.procedure.forms[path.split(".")[0]].register
            if own or item.same_as in self.fields or (item.auto is not None and path.split(".")[0] in touched):
                self.fields.add(path)
        for name, table in self.procedure.tables.items():
            if not table.decided_by or any(f"act.{act}" in self.events for act in table.decided_by):
                self.events.add(f"table.{name}.changed")
        self.events |= {f"field.{path}" for path in self.fields}
        self.events |= {f"field.{p}.{end}" for p in self.fields for end in ("from", "until")}

    def _flow(self, flow: Flow) -> None:
        self.events.add("opened")
        self.events |= {f"link.{link}.closed" for link in flow.links}
        self._enter(flow.id, flow.start)
        for step in flow.steps.values():
            if (flow.id, step.id) in self.steps:
                self._leave(flow, step)
        for earlier in flow.before_opening:
            if earlier.do == "reopen":
                self.events.add("reopened")

    def _enter(self, flow: str, step: str) -> None:
        rule = self.procedure.flows[flow].steps.get(step)
        if rule is None or (flow, step) in self.steps:
            return
        self.steps.add((flow, step))
        self.ways.setdefault((flow, step), set())
        self.events |= {f"step.{step}.entered", f"step.{step}.left"}
        if rule.end:
            self.events.add("closed")

    def _leave(self, flow: Flow, step: Step) -> None:
        for leave in step.leave:
            if not self.can_hold(leave.when, flow.id, step=step.id):
                continue
            named = self.outcomes(leave.table) if leave.table else None
            to = (leave.to,) if leave.to else tuple(flow.steps) if named is None else named
            for other in to:
                self._way(flow.id, [step.id], other)

    def _way(self, flow: str, steps: Iterable[str], to: str) -> None:
        self._enter(flow, to)
        for step in steps:
            self.ways.setdefault((flow, step), set()).add(to)

    def _act(self, action: Action) -> None:
        flow = self.procedure.flows[action.flow]
        where = self.steps_of(action)
        if not self.may(action):
            if not (action.opens or (action.flow in self.flows and where)):
                return
            if not self.able(action.who, action.flow) or not self.can_hold(action.when, action.flow):
                return
            if self.contradiction(action):
                return
        if action.opens:
            self.flows.add(action.opens)
        self.events.add(f"act.{action.id}")
        for fill in action.fills:
            self._fill(fill.path)
        for path in (*action.sets, *([action.at] if action.at else ())):
            self._fill(path)
        self._consequences(action.do, flow, where)

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

    def _fill(self, path: str) -> None:
        self.fields.add(path)
        item = self.procedure.fields.get(path)
        if item is None:
            return
        self.fields |= {column.path for column in item.columns.values()}
        if path.count(".") == 2:
            self.fields.add(path.rpartition(".")[0])

    def _trigger(self, trigger: Trigger) -> None:
        begins = not trigger.after or any(event in self.events for event in trigger.after)
        flow = self.procedure.flows[trigger.flow]
        begins = begins and (trigger.flow in self.flows or trigger.every is not None)
        if self.may(trigger) or (begins and self.can_hold(trigger.when, trigger.flow)):
            self.events.add(f"trigger.{trigger.id}")
            self._consequences(trigger.do, flow, self._anywhere(flow))

    def _task(self, task: Task) -> None:
        flow = self.procedure.flows[task.flow]
        begins = not task.since or any(event in self.events for event in task.since)
        if not (self.may(task) or (begins and self.owed(task))):
            return
        self.events.add(f"task.{task.id}.begun")
        if self.can_end(task):
            self.events.add(f"task.{task.id}.done")
        if task.has_clock and task.expires == "missed":
            self.events.add(f"task.{task.id}.missed")
            self._consequences(task.missed, flow, self._anywhere(flow))

    def owed(self, task: Task) -> bool:
        """Whether the condition of a task can come true."""
        return self.can_hold(task.when, task.flow) and self.can_hold(task.holds, task.flow)

    def can_end(self, task: Task) -> bool:
        """Whether something can discharge a task."""
        any_of = any(event in self.events for event in task.done_any)
        all_of = bool(task.done_all) and all(event in self.events for event in task.done_all)
        return any_of or all_of or (task.expires == "done" and task.has_clock)

    def _notice(self, notice: Notice) -> None:
        begins = any(event in self.events for event in notice.after) and self.can_hold(notice.when, notice.flow)
        if self.may(notice) or begins:
            self.events |= {f"notice.{notice.id}.sent", f"notice.{notice.id}.received"}
            flow = self.procedure.flows[notice.flow]
            self._consequences(notice.missed, flow, self._anywhere(flow))

    def _shown(self, at: tuple[str, ...], flow: str) -> bool:
        """Whether one of these actions, steps or tasks is ever on somebody's screen."""
        return any(
            (flow, place) in self.steps
            or f"act.{place}" in self.events
            or f"task.{place}.begun" in self.events
            or (place in self.procedure.actions and self.procedure.actions[place].opens is not None)
            for place in at
        )

    def _script(self, script: Script) -> None:
        if self._shown(script.at, script.flow):
            self.events.add(f"script.{script.id}.said")
        flow = self.procedure.flows[script.flow]
        self._consequences(script.breach, flow, self._anywhere(flow))

    def _guide(self, guide: Guide) -> None:
        if not self._shown(guide.at, guide.flow):
            return
        for ask in guide.asks.values():
            for reply in ask.replies.values():
                for path in reply.values:
                    self._fill(path)
        if guide.fills:
            self._fill(guide.fills)
        self.events.add(f"guide.{guide.id}.concluded")

    def _authority(self, authority: Authority) -> None:
        flow = self.procedure.flows[authority.flow]
        asked = any(f"act.{action}" in self.events for action in authority.over)
        if not asked:
            return
        for end, follow in (
            ("granted", authority.granted),
            ("returned", authority.returned),
            ("declined", authority.declined),
            ("lapsed", authority.missed),
        ):
            if authority.levels:
                self.events.add(f"authority.{authority.id}.{end}")
            self._consequences(follow, flow, self._anywhere(flow))
        for level in authority.levels:
            name = f"authority.{authority.id}.{level.id}"
            self.events |= {f"{name}.asked", f"{name}.decided"}

    def _anywhere(self, flow: Flow) -> set[str]:
        return {step for of, step in self.steps if of == flow.id}

    def _consequences(self, what: tuple[Consequence, ...], flow: Flow, where: set[str]) -> None:
        for consequence in what:
            if self.can_hold(consequence.when, flow.id):
                self._consequence(consequence, flow, where)

    def _consequence(self, it: Consequence, flow: Flow, where: set[str]) -> None:
        match it.verb:
            case "go" | "end" | "reopen":
                target = flow if it.case is None or it.target in flow.steps else self._flow_with(it.target)
                self._way(target.id, where if target is flow else (), it.target)
                if it.verb == "reopen":
                    self.events.add("reopened")
            case "open":
                self.flows.add(it.target)
                for path in it.values:
                    self._fill(path)
            case "set":
                for path in it.values:
                    self._fill(path)
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
