"""Which rules read what: so that after an event only those are read again that it can have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shouwen.core.case import Case
from shouwen.core.expression import Expression
from shouwen.core.procedure import Notice, Posting, Procedure, Task, Trigger

__all__ = ["BEFORE", "Index", "index_of", "touched"]

Standing = Task | Trigger | Notice | Posting

#: how things were before this command: every command changes it
BEFORE = "before"


@dataclass(frozen=True, eq=False)
class Index:
    """Dependencies of one procedure. Keys: f:path, t:table, x:fact, k:task, m:mark, i:form, g:guide, c:word, and
    BEFORE. Every rule reads c:flow: as a case opens, all are read once."""

    procedure: Procedure

    @cached_property
    def standing(self) -> tuple[tuple[Standing, frozenset[str]], ...]:
        """Rules that act by themselves, in document order, with the keys that they read."""
        p = self.procedure
        rules: list[Standing] = [*p.tasks.values(), *p.triggers.values(), *p.notices.values(), *p.postings.values()]
        rules.sort(key=lambda rule: rule.order)
        return tuple((rule, self._keys_of(rule)) for rule in rules)

    @cached_property
    def tables(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Tables, each after those that it reads, with the keys that they read."""
        return tuple((table.id, self.keys(table.reads) | {"c:flow"}) for table in self.procedure.tables.values())

    @cached_property
    def decisive(self) -> frozenset[str]:
        """The fields that some condition reads: what hangs on them is judged by their own acts only."""
        p = self.procedure
        read: set[str] = set()
        for _, keys in (*self.standing, *self.tables):
            read |= keys
        conditions = [need for action in p.actions.values() for one in action.needs for need in (one.that, one.when)]
        conditions += [action.when for action in p.actions.values()]
        steps = [step for flow in p.flows.values() for step in flow.steps.values()]
        conditions += [leave.when for step in steps for leave in step.leave]
        read |= self.keys(name for condition in conditions if condition for name in condition.names)
        return frozenset(key.removeprefix("f:") for key in read if key.startswith("f:"))

    @cached_property
    def blockers(self) -> dict[str, tuple[Task, ...]]:
        """Action → tasks that forbid it while they are open."""
        found: dict[str, list[Task]] = {}
        for task in self.procedure.tasks.values():
            for action in task.blocks:
                found.setdefault(action, []).append(task)
        return {action: tuple(tasks) for action, tasks in found.items()}

    def flow_of(self, flow: str) -> tuple[tuple[Standing, frozenset[str]], ...]:
        """The standing rules of one flow."""
        return self._by_flow[flow]

    @cached_property
    def _by_flow(self) -> dict[str, tuple[tuple[Standing, frozenset[str]], ...]]:
        return {
            flow: tuple((rule, keys) for rule, keys in self.standing if rule.flow == flow)
            for flow in self.procedure.flows
        }

    def keys(self, names: Iterable[str]) -> frozenset[str]:
        """The keys behind names of conditions."""
        found: set[str] = set()
        for name in names:
            self._add(name, found)
        return frozenset(found)

    def cited(self, expression: Expression | None) -> tuple[str, ...]:
        """Clauses of the figures, facts and tables that a condition reads."""
        if expression is None:
            return ()
        return tuple(dict.fromkeys(clause for name in expression.names for clause in self._cited(name)))

    def _cited(self, name: str) -> tuple[str, ...]:
        named = self.procedure.names.get(name)
        if named is None:
            return ()
        if named.kind == "figure":
            return self.procedure.figures[named.target].clauses
        if named.kind in ("fact", "fact_known"):
            return self.procedure.facts[named.target].clauses
        return ()

    def _add(self, name: str, found: set[str]) -> None:
        named = self.procedure.names.get(name)
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
            case "guide":
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
        found = {*self.keys(rule.reads), "c:flow"}
        marks: tuple[str, ...] = ()
        if isinstance(rule, Task):
            marks = (*rule.since, *rule.done_any, *rule.done_all, *rule.undone, *rule.restarts)
            marks += tuple(name for pause in rule.pauses for name in (pause.since, pause.until))
            found.update({f"k:{rule.id}", "c:reopened"})
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
        return frozenset(found)

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


class _ById:
    """A procedure as a key of the cache: by identity, because its contents need not be hashable."""

    __slots__ = ("procedure",)

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return id(self.procedure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.procedure is self.procedure


@lru_cache(maxsize=64)
def _indexed(key: _ById) -> Index:
    return Index(key.procedure)


def index_of(procedure: Procedure) -> Index:
    """The index of a procedure, made once."""
    return _indexed(_ById(procedure))


def touched(old: Case, new: Case) -> set[str]:
    """The keys that differ between two states that share what did not change."""
    found: set[str] = set()
    for prefix, before, after in (
        ("f", old.values, new.values),
        ("t", old.tables, new.tables),
        ("t", old.decided, new.decided),
        ("x", old.facts, new.facts),
        ("k", old.tasks, new.tasks),
        ("m", old.marks, new.marks),
        ("i", old.issued, new.issued),
        ("g", old.concluded, new.concluded),
    ):
        if before is not after:
            found.update(f"{prefix}:{name}" for name, value in after.items() if before.get(name) is not value)
            found.update(f"{prefix}:{name}" for name in before if name not in after)
    if old.links is not new.links:
        found.add("c:members")
    for word in ("step", "reopened", "answers", "number", "opened", "first_contact", "flow"):
        if getattr(old, word) is not getattr(new, word):
            found.add(f"c:{'no' if word == 'number' else word}")
    return found
