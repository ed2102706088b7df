"""What the calendar begins for the organisation: batches over a population, samples by recorded seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from shouwen.core import calendar
from shouwen.core.case import Case
from shouwen.core.commands import Begin
from shouwen.core.expression import Term
from shouwen.core.facts import columns
from shouwen.core.procedure import Procedure, Trigger
from shouwen.core.scope import Scope, holds, worth
from shouwen.core.settle import draw
from shouwen.core.sitting import unique
from shouwen.core.values import Value
from shouwen.core.world import World

__all__ = ["Batch", "batches", "occurrences"]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One batch of one occurrence: its group, its members (after the draw), the size of the population, the seed."""

    trigger: str
    moment: datetime
    group: str
    members: tuple[str, ...]
    size: int
    seed: str
    opens: tuple[Begin, ...]


def occurrences(
    procedure: Procedure, world: World, after: datetime, until: datetime
) -> Iterator[tuple[datetime, Trigger]]:
    """The moments in (after, until] at which triggers over a population fall due, in order."""
    found = [
        (moment, trigger)
        for trigger in procedure.triggers.values()
        if trigger.every is not None and trigger.over is not None
        for moment in calendar.periods(world.calendar, trigger.every, after, until)
    ]
    yield from sorted(found, key=lambda pair: (pair[0], pair[1].order))


def batches(
    procedure: Procedure, trigger: Trigger, moment: datetime, cases: Iterable[Case], world: World, seed: str
) -> tuple[Batch, ...]:
    """The batches of one occurrence from the cases as they stood at that moment; a group without members opens nothing,
    except where there are no groups and no draw: then the one batch is opened all the same."""
    groups: dict[str, dict[str, Case]] = {}
    over = trigger.over
    for case in cases:
        if over is None or case.flow != over.flow or case.opened is None:
            continue
        scope = Scope(procedure, case, world, case)
        if holds(over.where, scope):
            group = worth(over.per, scope) if over.per else ""
            groups.setdefault(str(group or ""), {})[case.number] = case
    if over is not None and over.per is None and trigger.draw is None:
        groups.setdefault("", {})
    return tuple(
        _batch(procedure, trigger, moment, group, members, world, seed) for group, members in sorted(groups.items())
    )


def _batch(
    procedure: Procedure, trigger: Trigger, moment: datetime, group: str, members: Mapping[str, Case], world: World,
    seed: str,
) -> Batch:
    numbers = tuple(sorted(members))
    chosen = draw(numbers, trigger.draw.share, trigger.draw.least, seed) if trigger.draw else numbers
    rows: tuple[Value, ...] = tuple(columns(procedure, members[number], world) for number in chosen)
    extra: dict[str, Value] = {"members": rows, "this.item": group, "at": moment}
    key = f"{trigger.id}/{moment:%Y-%m-%dT%H:%M}/{group}"
    opens = tuple(
        Begin(
            flow=it.target, number="", key=sha256(f"{key}/{place}".encode()).hexdigest()[:32], cause=key,
            values=_values(it.values, extra, world, procedure), members=chosen, seed=seed if trigger.draw else "",
            clauses=unique(trigger.clauses, it.clauses),
        )
        for place, it in enumerate(trigger.do)
        if it.verb == "open"
    )
    return Batch(
        trigger=trigger.id, moment=moment, group=group, members=chosen, size=len(numbers), seed=seed, opens=opens
    )


def _values(
    terms: Mapping[str, Term], extra: Mapping[str, Value], world: World, procedure: Procedure
) -> dict[str, Value]:
    blank = Case()
    scope = _Extended(procedure, blank, world, blank, extra=extra)
    found: dict[str, Value] = {}
    for path, term in terms.items():
        value = worth(term, scope)
        if value is not None:
            found[path] = value
    return found


@dataclass
class _Extended(Scope):
    """The names of a trigger that opens cases: `members`, `this.item` (the group), `at` (the moment)."""

    extra: Mapping[str, Value] | None = None

    def get(self, name: str, default: object = None) -> Value | None:
        """The value of a name, the trigger's own first."""
        return self.extra[name] if self.extra and name in self.extra else super().get(name, default)
