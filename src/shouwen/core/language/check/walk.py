"""Goes through a compiled rule and everything inside it: its conditions, parties, spans, texts and clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import cast

from shouwen.core.expression import Expression
from shouwen.core.procedure import (
    ClockSpan,
    Consequence,
    FieldSpan,
    FigureSpan,
    FixedSpan,
    Need,
    Procedure,
    Row,
    Rule,
    SpanSource,
    TableSpan,
)

__all__ = ["Things", "Use", "clauses_in", "conditions", "consequences", "inside", "place_in", "rules", "spans"]

#: kinds of rules with their words, and where a procedure keeps them
KINDS: Mapping[str, tuple[str, str]] = {
    "role": ("角色", "roles"),
    "authority": ("权限", "authorities"),
    "catalog": ("目录", "catalogs"),
    "figure": ("数值", "figures"),
    "form": ("表单", "forms"),
    "fact": ("外查事实", "facts"),
    "table": ("判定表", "tables"),
    "flow": ("流程", "flows"),
    "action": ("操作", "actions"),
    "task": ("待办", "tasks"),
    "trigger": ("触发", "triggers"),
    "notice": ("告知", "notices"),
    "script": ("口径", "scripts"),
    "guide": ("向导", "guides"),
    "posting": ("记账", "postings"),
    "measure": ("指标", "measures"),
}

Trail = tuple[str, ...]
#: a rule and every thing inside it, each with the attributes and keys that lead there
Things = Iterable[tuple[Trail, object]]


@dataclass(frozen=True)
class Use:
    """A condition where it stands: its rule, the attributes that lead to it, and the nearest place."""

    rule: Rule
    trail: Trail
    condition: Expression
    place: str


def rules(procedure: Procedure) -> Iterator[tuple[str, Rule]]:
    """Every rule with its kind."""
    for kind, (_, attribute) in KINDS.items():
        held: Mapping[str, Rule] = getattr(procedure, attribute)
        yield from ((kind, rule) for rule in held.values())


def inside(rule: Rule) -> Iterator[tuple[Trail, object]]:
    """A rule and every thing inside it."""
    waiting: list[tuple[Trail, object]] = [((), rule)]
    while waiting:
        here, part = waiting.pop()
        yield here, part
        if not (names := _parts(type(part))):  # type: ignore[arg-type]  # mypy takes a type of object for unhashable
            continue
        if isinstance(part, tuple):
            waiting += [((*here, str(place)), part[place]) for place in range(len(part) - 1, -1, -1)]
        elif isinstance(part, Mapping):
            waiting += [((*here, str(key)), value) for key, value in list(part.items())[::-1]]
        else:
            waiting += [((*here, name), getattr(part, name)) for name in names]


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """The attributes of a kind of entry, last first; conditions and plain values are not looked into."""
    if issubclass(kind, tuple | Mapping):
        return ("items",)
    if not is_dataclass(kind) or kind is Expression:
        return ()
    return tuple(part.name for part in reversed(fields(kind)))


def conditions(rule: Rule, things: Things) -> Iterator[Use]:
    """Every condition of a rule."""
    for trail, thing in things:
        if isinstance(thing, Expression):
            yield Use(rule, trail, thing, place_in(rule, trail))


def consequences(things: Things) -> Iterator[Consequence]:
    """Every consequence, whatever brings it."""
    yield from (found for _, found in things if isinstance(found, Consequence))


def spans(things: Things) -> Iterator[SpanSource]:
    """Every span that says where its length comes from."""
    for _, found in things:
        if isinstance(found, FixedSpan | FigureSpan | TableSpan | FieldSpan | ClockSpan):
            yield found


def clauses_in(things: Things) -> Iterator[str]:
    """Every clause that a rule or an entry inside it carries."""
    for trail, found in things:
        if isinstance(found, tuple) and ("clauses" in trail[-1:] or "cited" in trail[-2:-1]):
            yield from (str(clause) for clause in found)


def place_in(rule: Rule, trail: Trail) -> str:
    """The place of the innermost entry on the way that has one."""
    place, found = rule.place, cast(object, rule)
    for step in trail:
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, tuple):
            found = found[int(step)]
        else:
            found = getattr(found, step)
        if isinstance(found, Row | Need) or hasattr(found, "place"):
            place = str(getattr(found, "place", "")) or place
    return place
