"""One command being judged: the case as it stands now, the events so far, and what they have touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain

from shouwen.core.case import Case, changed, changes
from shouwen.core.events import Event
from shouwen.core.index import Index, index_of, touched
from shouwen.core.phrase import joined
from shouwen.core.procedure import Clauses, Party, Procedure
from shouwen.core.scope import Actor, Scope, holds
from shouwen.core.values import Value, show
from shouwen.core.world import World

__all__ = ["Roles", "Sitting", "filled_in", "persons", "roles_of", "unique"]

#: role, unit (None: any), clauses (with those of the role)
Roles = tuple[tuple[str, str | None, Clauses], ...]
#: case, how many events, what was touched
Kept = tuple[Case, int, set[str], set[str]]


@dataclass
class Sitting:
    """The working state of `decide`; nothing of it outlives the command.

    `at` is the minute at which it is recorded, `moment` when what is judged now happened.
    """

    procedure: Procedure
    world: World
    before: Case
    case: Case
    at: datetime
    moment: datetime
    actor: Actor | None = None
    #: the number of the case that is being opened
    number: str = ""
    #: the moment that is present for clocks: that of recording, or of what is being caught up with
    now: datetime | None = None
    events: list[Event] = field(default_factory=list)
    #: keys touched that no rule has followed yet, and that no table has been judged on yet
    dirty: set[str] = field(default_factory=set)
    unjudged: set[str] = field(default_factory=set)
    #: rules that have acted in this command: each may once
    acted: set[tuple[str, ...]] = field(default_factory=set)
    #: read every rule again, whatever was touched (to prove that the index leaves nothing out)
    thorough: bool = False
    #: a step that a rule has named and that cannot be entered yet (something is still owed), with its clauses
    wanted: tuple[str, Clauses] | None = None
    #: the names of standing conditions, kept as long as the case is the same
    _standing: Scope | None = None

    @property
    def present(self) -> datetime:
        """The moment by which a limit has passed or not."""
        return self.now or self.at

    @cached_property
    def index(self) -> Index:
        """Which rules read what."""
        return index_of(self.procedure)

    def emit(self, event: Event) -> None:
        """One more event: the case changes by it."""
        parts = changes(self.case, event)
        new = changed(self.case, parts)
        keys = touched(self.case, new, parts)
        self.dirty |= keys
        self.unjudged |= keys
        self.case = new
        self.events.append(event)

    def kept(self) -> Kept:
        """How things are now, for `back_to`."""
        return self.case, len(self.events), set(self.dirty), set(self.unjudged)

    def back_to(self, kept: Kept) -> None:
        """What was only tried has not happened."""
        self.case, size, self.dirty, self.unjudged = kept
        del self.events[size:]

    def scope(self, *, acting: bool = False) -> Scope:
        """The names of conditions now; with `acting` those of the act too."""
        if acting:
            return Scope(self.procedure, self.case, self.world, self.before, self.moment, self.actor)
        kept = self._standing
        if kept is None or kept.case is not self.case or kept.before is not self.before:
            kept = self._standing = Scope(self.procedure, self.case, self.world, self.before)
        return kept

    def once(self, *key: str) -> bool:
        """Whether this happens for the first time in this command."""
        if key in self.acted:
            return False
        self.acted.add(key)
        return True

    def may_again(self, *key: str) -> None:
        """It has not really happened: it may still, in this command."""
        self.acted.discard(key)


@lru_cache(maxsize=4096)
def unique(*clauses: Clauses) -> Clauses:
    """Clauses of several sources, each once, in order. Rules meet in the same ways again and again."""
    return tuple(dict.fromkeys(chain.from_iterable(clauses)))


def roles_of(sitting: Sitting, parties: tuple[Party, ...], scope: Scope) -> Roles:
    """The roles that these parties mean now."""
    found: list[tuple[str, str | None, Clauses]] = []
    for party in parties:
        if not holds(party.when, scope):
            continue
        unit = party.unit.evaluate(scope) if party.unit else None
        where = unit if isinstance(unit, str) else None
        for role in _named(party, scope):
            cited = unique(party.clauses, sitting.procedure.roles[role].clauses)
            found.append((role, where, cited))
    return tuple(found)


def _named(party: Party, scope: Scope) -> tuple[str, ...]:
    if party.role:
        return (party.role,)
    value = scope.outcome(party.table)
    if isinstance(value, tuple):
        return tuple(str(role) for role in value)
    return (str(value),) if value else ()


def persons(sitting: Sitting, role: str, unit: str | None, scope: Scope) -> tuple[str, ...]:
    """Who is meant by a role in this case: the person whom a field names, else the holders."""
    rule = sitting.procedure.roles[role]
    if rule.named_by:
        named = scope.field(rule.named_by)
        if named:
            return tuple(str(person) for person in named) if isinstance(named, tuple) else (str(named),)
        return persons(sitting, rule.otherwise, unit, scope) if rule.otherwise else ()
    for other in rule.first_of:
        found = persons(sitting, other, unit, scope)
        if found:
            return found
    if rule.any_of:
        return tuple(dict.fromkeys(p for other in rule.any_of for p in persons(sitting, other, unit, scope)))
    held = sitting.world.holders(role, unit)
    return held or (persons(sitting, rule.otherwise, unit, scope) if rule.otherwise else ())


def filled_in(text: str, scope: Scope) -> str:
    """A text with its {form.field} slots filled, people by name; what is not known yet shows as ……."""
    parts = text.split("{")
    done = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if not brace:
            done.append("{" + part)
            continue
        value: Value | None = scope.get(name.strip())
        done.append(("……" if value is None else _called(scope, name.strip(), value)) + rest)
    return "".join(done)


def _called(scope: Scope, name: str, value: Value) -> str:
    """A value as it stands in a text."""
    field = scope.procedure.fields.get(name)
    if field is None or field.type not in ("person", "people", "signature"):
        return show(value)
    people = value if isinstance(value, tuple) else (value,)
    return joined(scope.world.names.get(str(one), str(one)) for one in people)
