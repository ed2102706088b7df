"""What every proof is given: the procedure, what can ever happen in it, who reads what, and where findings go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shouwen.core.calendar import Span
from shouwen.core.expression import Constant
from shouwen.core.language.check import walk
from shouwen.core.language.check.fillers import fillers
from shouwen.core.language.check.findings import Findings
from shouwen.core.language.check.formula import Worth
from shouwen.core.language.check.reach import Reach
from shouwen.core.language.check.search import Searcher
from shouwen.core.language.check.space import Space
from shouwen.core.language.check.terms import Known
from shouwen.core.procedure import Dated, FieldSpan, Figure, Procedure, Rule
from shouwen.core.values import Value

__all__ = ["Examination", "Holders", "examine", "in_force"]

#: role → its holders; a number or a list of persons
Holders = Mapping[str, object]


@dataclass
class Examination:
    """One procedure under proof."""

    procedure: Procedure
    found: Findings
    searcher: Searcher
    reach: Reach
    holders: Holders | None = None
    #: obstacles that have been told
    told: set[str] = field(default_factory=set)

    def space(self) -> Space:
        """Conditions as formulas."""
        return Space(self.searcher.known)

    @cached_property
    def _things(self) -> dict[int, tuple[tuple[walk.Trail, object], ...]]:
        return {}

    def things(self, rule: Rule) -> walk.Things:
        """A rule and every thing inside it; gone through once."""
        if id(rule) not in self._things:
            self._things[id(rule)] = tuple(walk.inside(rule))
        return self._things[id(rule)]

    @cached_property
    def uses(self) -> tuple[walk.Use, ...]:
        """Every condition of every rule."""
        return tuple(use for _, rule in walk.rules(self.procedure) for use in walk.conditions(rule, self.things(rule)))

    @cached_property
    def fillers(self) -> Mapping[str, tuple[str, ...]]:
        """Path of a field → what fills it: `act.x`, or another rule as `kind.x`."""
        return fillers(self.procedure)

    @cached_property
    def readers(self) -> Mapping[tuple[str, str], tuple[walk.Use, ...]]:
        """(kind, target) of a name, such as (table, x), → the conditions that read it."""
        found: dict[tuple[str, str], list[walk.Use]] = {}
        for use in self.uses:
            for key in dict.fromkeys(self._keys(use.condition.names)):
                found.setdefault(key, []).append(use)
        return {key: tuple(uses) for key, uses in found.items()}

    def _keys(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            named = self.procedure.names.get(name)
            if named is None:
                continue
            if named.kind == "customer":
                flows = self.procedure.flows.values()
                yield from (("field", f.customer[named.target]) for f in flows if named.target in f.customer)
            yield _FAMILY.get(named.kind, named.kind), named.target

    @cached_property
    def fields_read(self) -> frozenset[str]:
        """Paths of fields that some rule reads, in a condition or as a moment, a list, a person, a blank."""
        found = {target for kind, target in self.readers if kind == "field"}
        procedure = self.procedure
        for task in procedure.tasks.values():
            found |= {path for path in (task.for_each, task.by_field, task.replaced_by) if path}
            found |= {other.path for other in task.no_later_than if other.path}
            pauses = [name for pause in task.pauses for name in (pause.since, *pause.until)]
            found |= {path for name in (*task.since, *task.restarts, *pauses) if (path := self._field(name))}
        found |= {role.named_by for role in procedure.roles.values() if role.named_by}
        found |= {
            span.path
            for _, rule in walk.rules(procedure)
            for span in walk.spans(self.things(rule))
            if isinstance(span, FieldSpan)
        }
        return frozenset(found)

    def _field(self, event: str) -> str | None:
        path = event.removeprefix("field.") if event.startswith("field.") else ""
        if path and path not in self.procedure.fields:
            path = path.rpartition(".")[0]
        return path or None

    def held(self, role: str, seen: tuple[str, ...] = ()) -> bool:
        """Whether anybody can be in a role, as far as the organisation has said who holds what."""
        rule = self.procedure.roles[role]
        if self.holders is None or rule.outside or rule.system:
            return True
        others = (*rule.first_of, *rule.any_of, *([rule.otherwise] if rule.otherwise else []))
        named = rule.named_by is not None and rule.named_by in self.reach.fields
        return (
            named
            or bool(self.holders.get(role))
            or any(self.held(other, (*seen, role)) for other in others if other not in seen)
        )

    def persons(self, role: str) -> frozenset[str] | None:
        """Who holds a role, if that is known by name."""
        held = (self.holders or {}).get(role)
        if isinstance(held, Collection) and not isinstance(held, str):
            return frozenset(str(person) for person in held)
        return None


#: kinds of names that are about the same thing
_FAMILY = {
    "filled": "field",
    "from": "field",
    "until": "field",
    "before": "field",
    "table_filled": "table",
    "table_before": "table",
    "fact_known": "fact",
    "task_open": "task",
    "task_done": "task",
    "task_missed": "task",
    "task_due": "task",
    "count": "happened",
}


def examine(procedure: Procedure, holders: Holders | None, documents: Mapping[str, str] | None) -> Examination:
    """A procedure made ready for the proofs."""
    known = Known(procedure, _figures(procedure))
    searcher = Searcher(known, dict(_words(procedure)))
    reach = Reach(procedure, searcher)
    return Examination(procedure, Findings(documents), searcher, reach, holders)


def in_force(figure: Figure, procedure: Procedure) -> Dated | None:
    """The value of a figure on the first day of the procedure."""
    values = [value for value in figure.values if value.since is None or value.since <= procedure.in_force]
    return values[-1] if values else None


def _figures(procedure: Procedure) -> dict[str, Worth | tuple[Worth, ...]]:
    found: dict[str, Worth | tuple[Worth, ...]] = {}
    for name, figure in procedure.figures.items():
        dated = in_force(figure, procedure)
        value = _plain(dated.value) if dated else None
        if value is not None:
            found[name] = value
    return found


def _plain(value: Value | Span) -> Worth | tuple[Worth, ...] | None:
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    return value if isinstance(value, str | int) else None


def _words(procedure: Procedure) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names that are one of a few words: the role that acts, what a guide concludes, what a table gives."""
    yield "actor.role", tuple(procedure.roles)
    yield "case.flow", tuple(procedure.flows)
    for name, named in procedure.names.items():
        if named.kind in ("guide", "guide_cause") and (guide := procedure.guides.get(named.target)):
            ways = [way for ask in guide.asks.values() for way in ask.ways]
            found = [way.conclude if named.kind == "guide" else way.cause for way in ways]
            yield name, tuple(dict.fromkeys(word for word in found if word))
        if named.kind in ("table", "table_before") and (words := _given(procedure, named.target, named.column)):
            yield name, words


def _given(procedure: Procedure, table: str, column: str) -> tuple[str, ...]:
    """All words that a column of a table can give; none if one of them is computed."""
    rule = procedure.tables[table]
    terms = [row.gives.get(column) for row in rule.rows] + [(rule.otherwise or {}).get(column)]
    values = [term.value if isinstance(term, Constant) else None for term in terms if term is not None]
    if any(not isinstance(value, str) for value in values):
        return ()
    return tuple(dict.fromkeys(str(value) for value in values))
