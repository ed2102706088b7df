"""What the names in conditions stand for in a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from shouwen.core import answered
from shouwen.core.calendar import Span, is_workday, span_text, work_minutes_between
from shouwen.core.case import Case, TaskState
from shouwen.core.expression import Expression, Term
from shouwen.core.procedure import Dated, NamedValue, Procedure
from shouwen.core.values import Unknown, Value, fitted
from shouwen.core.world import World

__all__ = ["Actor", "Scope", "figure", "figure_value", "holds", "moment_of", "rows_of", "truth", "worth"]


@dataclass(frozen=True)
class Actor:
    """Who acts: the person, the role used, and who is there too."""

    person: str = ""
    role: str = ""
    present: tuple[str, ...] = ()


@dataclass
class Scope:
    """The names of conditions over one state of a case; values are looked up once."""

    procedure: Procedure
    case: Case
    world: World
    #: the case before this command, for `.before`
    before: Case
    at: datetime | None = None
    actor: Actor | None = None
    row: Mapping[str, Value] | None = None
    item: str = ""
    #: how people hold roles, by person, role and unit
    held: dict[tuple[str, str, str | None], set[str]] = field(default_factory=dict)
    _known: dict[str, Value | None] = field(default_factory=dict)

    def get(self, name: str, default: object = None) -> Value | None:
        """The value of a name, or None if it is not known."""
        if name in self.procedure.plain:
            return self.case.values.get(name)
        known = self._known
        if name not in known:
            named = self.procedure.names.get(name)
            known[name] = self._named(named) if named else self._unnamed(name)
        return known[name]

    def on(self, item: str, row: Mapping[str, Value] | None) -> Scope:
        """The same names with `this` standing for a row."""
        if item == self.item and row is self.row:
            return self
        return Scope(self.procedure, self.case, self.world, self.before, self.at, self.actor, row, item)

    def _unnamed(self, name: str) -> Value | None:
        """What conditions do not name: a column of a row; a figure that is a span, as written."""
        if name.startswith("this."):
            return self._this(name.removeprefix("this."))
        span = self.figure(name) if name in self.procedure.figures else None
        return span_text(span) if isinstance(span, Span) else None

    def _this(self, column: str) -> Value | None:
        if column.endswith(".filled"):
            return _is_filled(self._this(column.removesuffix(".filled")))
        if column == "item":
            return self.item or None
        return self.row.get(column) if self.row else None

    def _named(self, named: NamedValue) -> Value | None:
        case, target = self.case, named.target
        match named.kind:
            case "field":
                return self.field(target)
            case "filled":
                return _is_filled(self.field(target))
            case "happened":
                return case.happened(f"act.{target}") or case.happened(f"trigger.{target}")
            case "table":
                return self.table(case, target, named.column)
            case "table_filled":
                return self.table(case, target, named.column) is not None
            case "case":
                return self._case(target)
            case "this":
                return self._this(target)
            case "from" | "until":
                period = self.field(target)
                return period[named.kind == "until"] if isinstance(period, tuple) and len(period) == 2 else None
            case "before":
                earlier = Scope(self.procedure, self.before, self.world, self.before)
                return earlier.field(target)
            case "issued":
                return target in case.issued
            case "table_before":
                return self.table(self.before, target, named.column)
            case "fact":
                return case.facts.get(target, {}).get(named.column)
            case "fact_known":
                return target in case.facts
            case "figure":
                value = self.figure(target)
                return None if isinstance(value, Span) else value
            case "task_open" | "task_done" | "task_missed" | "task_due":
                return _task(named.kind, case.tasks.get(target, {}), case)
            case "count":
                return self._count(target)
            case "said":
                return case.happened(f"script.{target}.said")
            case "guide":
                return case.concluded.get(target)
            case "guide_cause":
                return case.causes.get(target)
            case "guide_path":
                return answered.path(self.procedure.guides[target], case.guides.get(target, ())) or None
            case "guide_skipped":
                return answered.skipped(self.procedure.guides[target], case.guides.get(target, ()))
            case "customer":
                return self.field(self.procedure.flows[case.flow].customer[target]) if case.flow else None
            case "at":
                return self._at(target)
            case "actor":
                return self._actor(target) if self.actor else None
            case "present":
                held = [h for person in (self.actor.present if self.actor else ()) for h in self.world.held_by(person)]
                labels = [label for h in held for label in ((h.role, f"{h.role}@{h.unit}") if h.unit else (h.role,))]
                return tuple(dict.fromkeys(labels)) if self.actor else None
            case _:
                raise KeyError(named.kind)

    def _actor(self, target: str) -> Value | None:
        """The person who acts, the role used, or the units in which he holds a role."""
        assert self.actor is not None
        if target == "units":
            return tuple(dict.fromkeys(h.unit for h in self.world.held_by(self.actor.person) if h.unit))
        return (self.actor.role if target == "role" else self.actor.person) or None

    def field(self, path: str) -> Value | None:
        """The value of a field, computed fields and fields shared between papers included."""
        if path in self.procedure.plain:
            return self.case.values.get(path)
        found = self.procedure.fields[path]
        if found.same_as:
            return self.field(found.same_as)
        if found.computed:
            value = found.computed.evaluate(self)
            return None if isinstance(value, Unknown) else fitted(found.type, value, self.procedure.zone)
        if path in self.case.values:
            value = self.case.values[path]
            catalog = self.procedure.catalogs.get(found.catalog) if found.catalog else None
            return catalog.now(value) if catalog else value
        return () if found.type in ("rows", "list") else None

    def table(self, case: Case, table: str, column: str) -> Value | None:
        """The outcome of a table: what a person decided, else what was judged last."""
        decided = case.decided.get(table)
        if decided is not None:
            return decided.get(column)
        if self.procedure.tables[table].decided_by:
            return None
        return case.tables.get(table, {}).get(column)

    def _at(self, word: str) -> Value | None:
        """The moment of the act; whether its day is a working day, and its minute within office hours."""
        if self.at is None or not word:
            return self.at
        if word == "workday":
            return is_workday(self.world.calendar, self.at.astimezone(self.procedure.zone).date())
        return work_minutes_between(self.world.calendar, self.at, self.at + timedelta(minutes=1)) > 0

    def outcome(self, name: str | None) -> Value | None:
        """The outcome of a table, or of one of its columns (`route.next`)."""
        table, _, column = (name or "").partition(".")
        return self.table(self.case, table, column) if table else None

    def _count(self, target: str) -> int:
        return len(self.case.since_opening(f"act.{target}")) + len(self.case.since_opening(f"trigger.{target}"))

    def figure(self, name: str) -> Value | Span | None:
        """The value of a figure in force on its day."""
        return figure_value(self.procedure, self.world, name, self.figure_day(name))

    def figure_day(self, name: str) -> date:
        """The day by which a figure is chosen: that of the first of its fields that is filled, else the opening's."""
        for path in self.procedure.figures[name].dated:
            value = self.field(path)
            if isinstance(value, datetime):
                return value.astimezone(self.procedure.zone).date()
            if isinstance(value, date):
                return value
        return self.day()

    def day(self) -> date:
        """The day whose figures apply: that of the opening."""
        moment = self.case.opened or self.at
        zone = self.procedure.zone
        return moment.astimezone(zone).date() if moment else (self.world.today or self.procedure.in_force)

    def _case(self, word: str) -> Value | None:
        case = self.case
        values: dict[str, Value | None] = {
            "step": case.step,
            "no": case.number,
            "opened": case.opened,
            "reopened": case.reopened,
            "flow": case.flow,
            "answers": case.answers,
            "first_contact": case.first_contact,
            "members": case.links.get("members", ()),
        }
        found = values.get(word)
        return None if found == "" else found


def truth(condition: Expression | None, scope: Scope) -> bool | Unknown:
    """Whether a condition holds (none: yes)."""
    if condition is None:
        return True
    value = condition.evaluate(scope)
    return value if isinstance(value, Unknown) else bool(value)


def holds(condition: Expression | None, scope: Scope) -> bool:
    """Whether a condition is known to hold."""
    return condition is None or truth(condition, scope) is True


def worth(term: Term, scope: Scope) -> Value | None:
    """The value of a literal or =CEL, None if not known."""
    value = term.evaluate(scope)
    return None if isinstance(value, Unknown) else value


def moment_of(dated: str, scope: Scope) -> datetime | None:
    """The moment of an event (its last time) or of a `field.…`; a date is the beginning of its day."""
    if not dated.startswith("field."):
        marks = scope.case.marks.get(dated, ())
        return marks[-1].happened if marks else None
    path = dated.removeprefix("field.")
    value = scope.row.get(path.partition(".")[2]) if scope.row and scope.case.opened is None else scope.get(path)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), scope.procedure.zone)
    return value if isinstance(value, datetime) else None


def rows_of(scope: Scope, path: str | None) -> tuple[tuple[str, Mapping[str, Value] | None], ...]:
    """The rows or words of a field as (key, columns); without a field one row with key ''."""
    if path is None:
        return (("", None),)
    value = scope.field(path)
    if value is None:
        return ()
    if not isinstance(value, tuple):
        return ((str(value), {"item": value}),)
    return tuple((str(line["#"]), line) if isinstance(line, Mapping) else (str(line), {"item": line}) for line in value)


def figure(procedure: Procedure, world: World, name: str, day: date) -> Dated | None:
    """The value of a figure in force on a day: the organisation's own, else the document's."""
    dated = (*procedure.figures[name].values, *world.figures.get(name, ()))
    for value in reversed(dated):
        if value.since is None or value.since <= day:
            return value
    return None


def figure_value(procedure: Procedure, world: World, name: str, day: date) -> Value | Span | None:
    """As `figure`, the bare value."""
    found = figure(procedure, world, name, day)
    return found.value if found else None


def _is_filled(value: Value | None) -> bool:
    return value is not None and value != () and value != ""


def _task(kind: str, rows: Mapping[str, TaskState], case: Case) -> Value | None:
    states = tuple(rows.values())
    match kind:
        case "task_open":
            return any(state.state == "open" for state in states)
        case "task_done":
            kept = [state for state in states if state.state != "dropped"]
            return bool(kept) and all(state.state == "done" for state in kept)
        case "task_missed":
            ids = {state.task for state in states}
            return any(state.missed for state in (*states, *(s for s in case.past if s.task in ids)))
        case _:
            dues = [state.due for state in states if state.due]
            return max(dues) if dues else None
