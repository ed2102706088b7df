"""A procedure built from its assembled and resolved rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from shouwen.core.language import (
    acts,
    brought,
    definitions,
    duties,
    figures,
    ledgers,
    papers,
    reads,
    signals,
    speech,
    tables,
)
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import Conditions
from shouwen.core.language.environment import Scope, Types, named_values, scope
from shouwen.core.language.fields import FieldType
from shouwen.core.language.front import Front
from shouwen.core.language.index import Index
from shouwen.core.language.literals import Literals
from shouwen.core.language.parts import Bench
from shouwen.core.language.report import Report
from shouwen.core.language.spans import Spans
from shouwen.core.procedure import Action, Authority, Excerpt, Flow, NamedValue, Notice, Procedure, Rule, Task

__all__ = ["procedure"]

Built = TypeVar("Built", bound=Rule)


def procedure(front: Front, index: Index, report: Report, excerpts: Mapping[str, Excerpt]) -> Procedure:
    """The procedure. What could not be built has been reported, and is left out."""
    rules, zone = index.rules, front.zone
    report.broken.update(n for n, rule in rules["figure"].items() if not rule.body.said & {"value", "values"})
    types = _types(index, report)
    names = named_values(index, types, report)
    bench = _bench(index, types, names, report, zone)
    forms = _each(rules["form"], lambda rule: papers.form(rule, bench))
    papers.distinct(rules["form"], report)
    flows = _each(rules["flow"], lambda rule: papers.flow(rule, bench))
    judged = _each(rules["table"], lambda rule: tables.table(rule, bench))
    actions = _each(rules["action"], lambda rule: acts.action(rule, bench))
    authorities = _each(rules["authority"], lambda rule: acts.authority(rule, bench))
    notices = _each(rules["notice"], lambda rule: signals.notice(rule, bench))
    derived = tables.derived(judged, forms)
    asked = _asked(actions, authorities, flows, derived, names)
    values = _each(rules["figure"], lambda rule: figures.figure(rule, types.figures[rule.name], report, zone))
    opening, pause = front.hours(values, report)
    return Procedure(
        id=front.id,
        title=front.title,
        version=front.version,
        in_force=front.in_force or date.min,
        zone=zone,
        hours=opening,
        hours_figure=pause,
        day_end=front.day_end(report),
        calendar_clauses=front.calendar_clauses,
        backdate=bench.spans.source(front.backdate),
        backdate_who=front.backdate_who,
        backdate_clauses=front.backdate_clauses,
        text_only=front.text_only,
        roles=_each(rules["role"], lambda rule: definitions.role(rule, bench)),
        authorities=authorities,
        catalogs=_each(rules["catalog"], lambda rule: definitions.catalog(rule, bench)),
        figures=values,
        forms=forms,
        facts=_each(rules["fact"], lambda rule: definitions.fact(rule, bench, asked.get(rule.name, ()), flows)),
        tables=tables.ordered(judged, derived, names, rules["table"], report),
        flows=flows,
        actions=actions,
        tasks=_tasks(bench, notices, authorities),
        triggers=_each(rules["trigger"], lambda rule: signals.trigger(rule, bench)),
        notices=notices,
        scripts=_each(rules["script"], lambda rule: speech.script(rule, bench)),
        guides=_each(rules["guide"], lambda rule: speech.guide(rule, bench)),
        postings=_each(rules["posting"], lambda rule: ledgers.posting(rule, bench)),
        measures=_each(rules["measure"], lambda rule: ledgers.measure(rule, bench)),
        names={**bench.conditions.this_names(), **names},
        excerpts=excerpts,
    )


def _each(rules: Mapping[str, Assembled], make: Callable[[Assembled], Built | None]) -> dict[str, Built]:
    return {name: built for name, rule in rules.items() if (built := make(rule)) is not None}


def _types(index: Index, report: Report) -> Types:
    rules = index.rules
    given = {name: tables.given_types(rule, rules, report) for name, rule in rules["table"].items()}
    words = {n: w for name, rule in rules["table"].items() for n, w in tables.given_words(rule, given[name], rules)}
    for name, rule in rules["fact"].items():
        words.update({f"{name}.{c}": of for c, part in rule.body.map("gives").items() if (of := part.texts("of"))})
    for name, rule in rules["guide"].items():
        words[f"guide.{name}"] = _found(rule, "conclude")
        words[f"guide.{name}.cause"] = _found(rule, "cause")
    return Types(
        figures={name: figures.figure_type(rule) for name, rule in rules["figure"].items()},
        tables=given,
        facts={name: definitions.fact_types(rule, rules, index.fields) for name, rule in rules["fact"].items()},
        words=words,
    )


def _found(guide: Assembled, what: str) -> tuple[str, ...]:
    """All that a guide can find: its conclusions, or the causes that they point to."""
    asks = guide.body.map("asks").values()
    replies = [reply for ask in asks for reply in (*ask.map("answers").values(), ask.part("skip")) if reply]
    return tuple(dict.fromkeys(reply.text(what) for reply in replies if reply.has(what)))


def _bench(index: Index, types: Types, names: Mapping[str, NamedValue], report: Report, zone: ZoneInfo) -> Bench:
    def make(item: Mapping[str, FieldType]) -> Scope:
        return scope(names, index, types, zone, item)

    written = {name: rule.body.text("value") for name, rule in index.rules["figure"].items() if rule.body.has("value")}
    conditions = Conditions(report, make({}), index.fields, make, written)
    literals = Literals(report, conditions, index, zone)
    return Bench(report, index, types, conditions, literals, Spans(index, report, types.figures, types.tables), zone)


def _tasks(bench: Bench, notices: Mapping[str, Notice], authorities: Mapping[str, Authority]) -> dict[str, Task]:
    """The tasks as written, and those that notices, scripts and authorities bring along, in the document's order."""
    rules = bench.index.rules
    found = [duties.task(rule, bench) for rule in rules["task"].values()]
    found += [brought.receipt(n, rules["notice"][n.id]) for n in notices.values() if n.receipt != "none" and n.within]
    for script in rules["script"].values():
        found += [brought.promise(script, name, part, bench) for name, part in script.body.map("promises").items()]
    for authority in authorities.values():
        rule = rules["authority"][authority.id]
        for level in authority.levels:
            role = rules["role"].get(level.party.role or "")
            found.append(brought.level(authority, level, rule, role.body.text("name", role.name) if role else level.id))
    return {task.id: task for task in sorted(found, key=lambda task: task.order)}


def _asked(
    actions: Mapping[str, Action],
    authorities: Mapping[str, Authority],
    flows: Mapping[str, Flow],
    derived: Mapping[str, Iterable[str]],
    names: Mapping[str, NamedValue],
) -> dict[str, tuple[str, ...]]:
    """Fact → the acts whose conditions read it, also by way of tables and computed fields (`derived`)."""
    found: dict[str, list[str]] = {}
    for action in actions.values():
        read = _read_by(action, [authority for authority in authorities.values() if action.id in authority.over])
        for rule in flows[action.opens].before_opening if action.opens and action.opens in flows else ():
            read |= reads.of([rule.when, rule.case])
        for fact in _facts(read, derived, names):
            found.setdefault(fact, []).append(action.id)
    return {fact: tuple(acts) for fact, acts in found.items()}


def _read_by(action: Action, authorities: Iterable[Authority]) -> set[str]:
    terms = [action.when, *(term for need in action.needs for term in (need.that, need.when)), *action.sets.values()]
    read = reads.of(terms, (*action.who, *action.together), action.do)
    for authority in authorities:
        read |= reads.of([authority.when], (*authority.alone, *(level.party for level in authority.levels)))
    return read


def _facts(read: set[str], derived: Mapping[str, Iterable[str]], names: Mapping[str, NamedValue]) -> list[str]:
    """The facts behind names."""
    waiting, seen, facts = list(read), set(read), set()
    while waiting:
        value = names.get(waiting.pop())
        if value and value.kind in ("fact", "fact_known"):
            facts.add(value.target)
        elif value and value.kind in ("table", "table_filled", "field", "filled"):
            more = set(derived.get(value.target, ())) - seen
            seen |= more
            waiting += more
    return sorted(facts)
