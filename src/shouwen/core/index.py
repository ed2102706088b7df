"""Which rules read what: so that after an event only those are read again that it can have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shouwen.core.case import Case
from shouwen.core.expression import Term
from shouwen.core.procedure import Action, Fact, Notice, Posting, Procedure, Table, Task, Trigger

__all__ = ["BEFORE", "ById", "Index", "Standing", "Watched", "again", "index_of", "touched"]

Standing = Task | Trigger | Notice | Posting

#: how things were before this command: every command changes it
BEFORE = "before"


@dataclass(frozen=True, eq=False)
class Watched:
    """A rule that acts by itself, the keys that it reads, and the events of which one must have happened before there
    is anything to do for it."""

    rule: Standing
    reads: frozenset[str]
    waits_for: frozenset[str]


@dataclass(frozen=True, eq=False)
class Index:
    """Dependencies of one procedure. Keys: f:path, t:table, x:fact, k:task, m:mark, i:form, g:guide, c:word, and
    BEFORE. Rules that wait for no event read c:flow: as a case opens, they are read once."""

    procedure: Procedure

    @cached_property
    def standing(self) -> tuple[Watched, ...]:
        """Rules that act by themselves, in document order."""
        p = self.procedure
        rules: list[Standing] = [*p.tasks.values(), *p.triggers.values(), *p.notices.values(), *p.postings.values()]
        rules.sort(key=lambda rule: rule.order)
        return tuple(Watched(rule, self._keys_of(rule), _waits_for(rule)) for rule in rules)

    @cached_property
    def tables(self) -> tuple[tuple[Table, frozenset[str]], ...]:
        """Tables, each after those that it reads, with the keys that they read."""
        return tuple((table, self.keys(table.reads) | {"c:flow"}) for table in self.procedure.tables.values())

    @cached_property
    def decisive(self) -> frozenset[str]:
        """The fields that some condition reads: what hangs on them is judged by their own acts only."""
        p = self.procedure
        read: set[str] = set()
        read.update(*(rule.reads for rule in self.standing), *(keys for _, keys in self.tables))
        conditions = [need for action in p.actions.values() for one in action.needs for need in (one.that, one.when)]
        conditions += [action.when for action in p.actions.values()]
        steps = [step for flow in p.flows.values() for step in flow.steps.values()]
        conditions += [leave.when for step in steps for leave in step.leave]
        read |= self.keys(name for condition in conditions if condition for name in condition.names)
        return frozenset(key.removeprefix("f:") for key in read if key.startswith("f:"))

    @cached_property
    def blockers(self) -> dict[str, list[Task]]:
        """Action → tasks that forbid it while they are open."""
        return self._by_action((action, task) for task in self.procedure.tasks.values() for action in task.blocks)

    @cached_property
    def waits(self) -> dict[str, list[Task]]:
        """Action → tasks that it discharges, and not before they have waited."""
        tasks = [task for task in self.procedure.tasks.values() if task.wait is not None]
        done = ((name, task) for task in tasks for name in dict.fromkeys((*task.done_any, *task.done_all)))
        return self._by_action((name.removeprefix("act."), task) for name, task in done if name.startswith("act."))

    @cached_property
    def apart(self) -> dict[str, list[str]]:
        """Role → the roles that are kept apart from it."""
        roles = self.procedure.roles.values()
        return {role.id: sorted({*role.apart, *(one.id for one in roles if role.id in one.apart)}) for role in roles}

    def _by_action(self, pairs: Iterable[tuple[str, Task]]) -> dict[str, list[Task]]:
        found: dict[str, list[Task]] = {}
        for action, task in pairs:
            found.setdefault(action, []).append(task)
        return found

    def tables_of(self, flow: str) -> tuple[tuple[Table, frozenset[str]], ...]:
        """The tables of one flow."""
        return self._tables_by_flow[flow]

    def flow_of(self, flow: str) -> tuple[Watched, ...]:
        """The standing rules of one flow."""
        return self._by_flow[flow]

    def readers(self, flow: str, keys: Iterable[str]) -> int:
        """The standing rules of one flow that read one of these keys: a bit for each, in document order."""
        by_key, found = self._by_key[flow], 0
        for key in keys:
            found |= by_key.get(key, 0)
        return found

    @cached_property
    def _tables_by_flow(self) -> dict[str, tuple[tuple[Table, frozenset[str]], ...]]:
        return {flow: tuple(one for one in self.tables if one[0].flow == flow) for flow in self.procedure.flows}

    @cached_property
    def _by_flow(self) -> dict[str, tuple[Watched, ...]]:
        return {flow: tuple(one for one in self.standing if one.rule.flow == flow) for flow in self.procedure.flows}

    @cached_property
    def _by_key(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for flow, rules in self._by_flow.items():
            by_key = found[flow] = {}
            for place, watched in enumerate(rules):
                by_key.update({key: by_key.get(key, 0) | 1 << place for key in watched.reads})
        return found

    def facts_for(self, action: Action) -> tuple[Fact, ...]:
        """The facts to ask before an act: those that name it, and those that its conditions read."""
        return self._facts_for[action.id]

    @cached_property
    def _facts_for(self) -> dict[str, tuple[Fact, ...]]:
        found = {}
        for action in self.procedure.actions.values():
            wanted = self._facts_behind(self._names_of(action))
            found[action.id] = tuple(
                fact
                for fact in self.procedure.facts.values()
                if action.id in fact.asked or (not fact.asked and fact.id in wanted)
            )
        return found

    def _names_of(self, action: Action) -> set[str]:
        """The names that the conditions of an act read."""
        conditions = [action.when, *(part for need in action.needs for part in (need.that, need.when))]
        if action.opens:
            rules = self.procedure.flows[action.opens].before_opening
            conditions += [part for rule in rules for part in (rule.when, rule.case)]
        return {name for condition in conditions if condition for name in condition.names}

    def _facts_behind(self, names: set[str]) -> set[str]:
        """The facts that names stand for, through tables and computed fields."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            named = self.procedure.names.get(name)
            if named is None or name in seen:
                continue
            seen.add(name)
            if named.kind in ("fact", "fact_known"):
                found.add(named.target)
            elif named.kind in ("table", "table_filled"):
                waiting += self.procedure.tables[named.target].reads
            elif named.kind == "field":
                computed = self.procedure.fields[named.target].computed
                waiting += computed.names if computed else ()
        return found

    def keys(self, names: Iterable[str]) -> frozenset[str]:
        """The keys behind names of conditions."""
        found: set[str] = set()
        for name in names:
            self._add(name, found)
        return frozenset(found)

    def cited(self, expression: Term | None) -> tuple[str, ...]:
        """Clauses of the figures and facts that a condition or outcome reads."""
        if expression is None:
            return ()
        if expression.names not in self._cites:
            clauses = (clause for name in expression.names for clause in self._cited(name))
            self._cites[expression.names] = tuple(dict.fromkeys(clauses))
        return self._cites[expression.names]

    @cached_property
    def _cites(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    def _cited(self, name: str) -> tuple[str, ...]:
        named = self.procedure.names.get(name)
        if named is None:
            return self.procedure.figures[name].clauses if name in self.procedure.figures else ()
        if named.kind == "figure":
            return self.procedure.figures[named.target].clauses
        if named.kind in ("fact", "fact_known"):
            return self.procedure.facts[named.target].clauses
        return ()

    def _add(self, name: str, found: set[str]) -> None:
        named = self.procedure.names.get(name)
        figure = self.procedure.figures.get(name)
        for path in figure.dated if figure else ():
            self.add_path(path, found)
        if named is None:
            return
        match named.kind:
            case "field" | "filled" | "from" | "until":
                self.add_path(named.target, found)
            case "before":
                self.add_path(named.target, found)
                found.add(BEFORE)
            case "table" | "table_filled":
                found.add(f"t:{named.target}")
            case "table_before":
                found.update((f"t:{named.target}", BEFORE))
            case "fact" | "fact_known":
                found.add(f"x:{named.target}")
            case "task_open" | "task_done" | "task_missed" | "task_due":
                found.add(f"k:{named.target}")
            case "happened" | "count":
                found.update((f"m:act.{named.target}", f"m:trigger.{named.target}", "c:reopened"))
            case "said":
                found.update((f"m:script.{named.target}.said", "c:reopened"))
            case "issued":
                found.add(f"i:{named.target}")
            case "guide" | "guide_cause" | "guide_path" | "guide_skipped":
                found.add(f"g:{named.target}")
            case "case":
                found.add(f"c:{named.target}")
            case "customer":
                for flow in self.procedure.flows.values():
                    if named.target in flow.customer:
                        self.add_path(flow.customer[named.target], found)
            case _:
                pass

    def add_path(self, path: str, found: set[str]) -> None:
        """The keys behind a field: its own, those of a computation, those of the paper that carries it."""
        fields = self.procedure.fields
        field = fields.get(path) or fields[path.rpartition(".")[0]]  # or one end of a period
        if field.same_as:
            self.add_path(field.same_as, found)
        elif field.computed:
            for name in field.computed.names:
                self._add(name, found)
        else:
            found.add(f"f:{field.path}")

    def _keys_of(self, rule: Standing) -> frozenset[str]:
        found = {*self.keys(rule.reads)}
        marks: tuple[str, ...] = ()
        if isinstance(rule, Task):
            marks = (*rule.since, *rule.done_any, *rule.done_all, *rule.undone, *rule.restarts)
            marks += tuple(name for pause in rule.pauses for name in (pause.since, *pause.until))
            found.update({f"m:task.{rule.id}.done", again(rule.id), "c:reopened"})
            for path in (rule.by_field, rule.replaced_by):
                if path:
                    self.add_path(path, found)
        else:
            marks = rule.after
        for mark in marks:
            self._add_mark(mark, found)
        path = rule.for_each if not isinstance(rule, Trigger) else None
        if path:
            self.add_path(path, found)
        return frozenset(found | ({"c:flow"} if _waits_for(rule) is _OPENED else set()))

    def _add_mark(self, mark: str, found: set[str]) -> None:
        if mark.startswith("field."):
            path = mark.removeprefix("field.")
            owner = path if path in self.procedure.fields else path.rsplit(".", 1)[0]
            self.add_path(owner, found)
            if path.count(".") == 2:
                found.add(f"f:{path.rsplit('.', 1)[0]}")
        else:
            found.add(f"m:{mark}")
            if mark.endswith(".issued"):
                found.add(f"i:{mark.split('.')[1]}")


#: what every case begins with: rules that wait for no event in particular wait for this
_OPENED = frozenset({"opened"})


def _waits_for(rule: Standing) -> frozenset[str]:
    if isinstance(rule, Task):
        names = (*rule.since, f"task.{rule.id}.begun") if rule.since else ()
    else:
        names = () if isinstance(rule, Trigger) and rule.every else rule.after
    return _OPENED if any(name.startswith("field.") for name in names) else frozenset(names) or _OPENED


def again(task: str) -> str:
    """The key by which a task asks to be looked at once more: by what else it does itself, nothing changes for it."""
    return f"again:{task}"


class ById:
    """A procedure as a key of the cache: by identity, because its contents need not be hashable."""

    __slots__ = ("procedure",)

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return id(self.procedure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and other.procedure is self.procedure


@lru_cache(maxsize=64)
def _indexed(key: ById) -> Index:
    return Index(key.procedure)


def index_of(procedure: Procedure) -> Index:
    """The index of a procedure, made once."""
    return _indexed(ById(procedure))


#: the parts of a case that rules read: maps with the prefix of their keys, and single words
_MAPS = {
    "values": "f",
    "tables": "t",
    "decided": "t",
    "facts": "x",
    "tasks": "k",
    "marks": "m",
    "issued": "i",
    "guides": "g",
    "concluded": "g",
    "causes": "g",
}
_WORDS = {word: word for word in ("step", "reopened", "answers", "opened", "first_contact", "flow")}
_WORDS |= {"number": "no", "links": "members"}


def touched(old: Case, new: Case, parts: Iterable[str]) -> set[str]:
    """The keys that differ between two states of a case which differ in these parts only."""
    found: set[str] = set()
    for part in parts:
        before, after = getattr(old, part), getattr(new, part)
        if part in _MAPS:
            prefix = _MAPS[part]
            found.update([f"{prefix}:{name}" for name, value in after.items() if before.get(name) is not value])
            if gone := before.keys() - after.keys():
                found.update([f"{prefix}:{name}" for name in gone])
        elif part in _WORDS and before != after:
            found.add(f"c:{_WORDS[part]}")
    return found
