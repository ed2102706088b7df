"""`shouwen show`: what a procedure offers, so that anybody can write a script for it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from shouwen.cli import open as opening
from shouwen.core.calendar import Span, every_text, span_text
from shouwen.core.expression import Constant, Expression, NamedSpan, Term
from shouwen.core.judge import find_action
from shouwen.core.language import Compiled, assembled
from shouwen.core.procedure import (
    Action,
    Ask,
    ClockSpan,
    Field,
    FieldSpan,
    FigureSpan,
    FixedSpan,
    Party,
    Procedure,
    Recurrence,
    SpanSource,
    TableSpan,
    Task,
    Trigger,
)
from shouwen.trial.play import BUILT_IN_ACTS

__all__ = ["run"]

Json = dict[str, object]


def run(options: argparse.Namespace) -> int:
    """Print the procedure (or one rule, assembled, with the clause of each entry)."""
    compiled, procedure = opening.compiled(opening.shelf(options.procedure))
    if options.rule:
        return _one(compiled, options.rule, as_json=options.json)
    found = describe(procedure)
    if options.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print(procedure)
    return 0


def describe(procedure: Procedure) -> Json:
    """Everything that a script needs to know, as JSON."""
    p = procedure
    return {
        "procedure": p.id,
        "title": p.title,
        "version": p.version,
        "in_force": p.in_force.isoformat(),
        "flows": {
            f.id: {
                "name": f.name,
                "start": f.start,
                "opens_with": [a.id for a in p.actions.values() if a.opens == f.id],
                "steps": {
                    s.id: {
                        "name": s.name,
                        "end": s.end,
                        "clauses": s.clauses,
                        "leave": [
                            {
                                "to": x.to or f"table {x.table}",
                                "when": x.when.source if x.when else None,
                                "clauses": x.clauses,
                            }
                            for x in s.leave
                        ],
                    }
                    for s in f.steps.values()
                },
            }
            for f in p.flows.values()
        },
        "roles": {
            r.id: {
                "name": r.name,
                "outside": r.outside,
                "customer": r.customer,
                "per_unit": r.per_unit,
                "named_by": r.named_by,
                "otherwise": r.otherwise,
                "first_of": r.first_of,
                "any_of": r.any_of,
                "deputies": r.deputies,
                "clauses": r.clauses,
            }
            for r in p.roles.values()
        },
        "actions": {a.id: _action(p, a) for a in p.actions.values()},
        "built_in_acts": BUILT_IN_ACTS,
        "forms": {
            f.id: {
                "name": f.name,
                "number": f.number,
                "clauses": f.clauses,
                "fields": {x.path.split(".", 1)[1]: _field(x) for x in f.fields.values()},
            }
            for f in p.forms.values()
        },
        "tasks": {t.id: _task(t) for t in p.tasks.values()},
        "tables": {
            t.id: {
                "name": t.name,
                "gives": t.gives,
                "clauses": t.clauses,
                "decided_by": t.decided_by,
                "rows": [
                    {"when": r.when.source if r.when else None, "is": _columns(r.gives), "clauses": r.clauses}
                    for r in t.rows
                ],
                "else": _columns(t.otherwise) if t.otherwise else None,
            }
            for t in p.tables.values()
        },
        "facts": {
            f.id: {"name": f.name, "shape": f.shape, "of": f.of, "gives": f.gives, "asked": f.asked}
            for f in p.facts.values()
        },
        "figures": {
            f.id: {
                "name": f.name,
                "type": f.type,
                "basis": f.basis,
                "clauses": f.clauses,
                "values": [
                    {"from": str(v.since) if v.since else None, "value": _worth(f.type, v.value)} for v in f.values
                ],
            }
            for f in p.figures.values()
        },
        "catalogs": {c.id: {"name": c.name, "words": c.words, "open": c.open} for c in p.catalogs.values()},
        "authorities": {
            a.id: {"name": a.name, "over": a.over, "levels": [x.party.role for x in a.levels]}
            for a in p.authorities.values()
        },
        "triggers": {t.id: _trigger(t) for t in p.triggers.values()},
        "notices": {
            n.id: {
                "name": n.name,
                "after": n.after,
                "to": [_party(x) for x in n.to],
                "receipt": n.receipt,
                "clauses": n.clauses,
            }
            for n in p.notices.values()
        },
        "scripts": {
            s.id: {
                "name": s.name,
                "at": s.at,
                "do": [x.text for x in s.do],
                "never": [x.text for x in s.never],
                "say": s.say,
                "tick": s.tick,
            }
            for s in p.scripts.values()
        },
        "guides": {
            g.id: {
                "name": g.name,
                "start": g.start,
                "at": g.at,
                "in": g.steps,
                "who": g.who,
                "fills": g.fills,
                "clauses": g.clauses,
                "stop": [
                    {"when": s.when.source, "or": s.says, "except": s.excepted, "clauses": s.clauses} for s in g.stops
                ],
                "asks": {a.id: _ask(a) for a in g.asks.values()},
                "causes": {c.id: {"name": c.name, "remedy": c.remedy} for c in g.causes.values()},
            }
            for g in p.guides.values()
        },
        "measures": {
            m.id: {"name": m.name, "of": f"{m.of_kind} {m.of}", "by": m.by, "clauses": m.clauses}
            for m in p.measures.values()
        },
        "clauses": {c: {"heading": x.heading, "prose": x.prose} for c, x in p.excerpts.items()},
    }


def _action(p: Procedure, action: Action) -> Json:
    flow = p.flows[action.flow]
    return {
        "name": action.name,
        "flow": action.flow,
        "clauses": action.clauses,
        "do": f"open {action.opens}" if action is find_action(p, f"open {action.opens}") else action.id,
        "who": [_party(party) for party in action.who],
        "together": [_party(party) for party in action.together],
        "in": action.steps or [step.id for step in flow.steps.values() if not step.end],
        "opens": action.opens,
        "when": action.when.source if action.when else None,
        "each": action.each,
        "needs": [
            {
                "that": n.that.source,
                "minus": _span(n.minus),
                "when": n.when.source if n.when else None,
                "or": n.says,
                "else": n.otherwise,
                "instead": n.instead,
                "clauses": n.clauses,
            }
            for n in action.needs
        ],
        "fills": {fill.path: {"needed": fill.needed, **_field(p.fields[fill.path])} for fill in action.fills},
        "personally": action.personally,
        "not": action.excluded,
        "consequences": [{"verb": c.verb, "target": c.target, "clauses": c.clauses} for c in action.do],
    }


def _field(field: Field) -> Json:
    found: Json = {"name": field.name, "type": field.type}
    extra = {
        "words": field.words,
        "catalog": field.catalog,
        "optional": field.optional,
        "needed_when": field.needed.source if field.needed else None,
        "auto": bool(field.auto) or bool(field.sign_by),
        "computed": field.computed is not None,
        "same_as": field.same_as,
        "key": field.key,
        "only": field.only,
        "private": field.private,
        "sign_by": field.sign_by,
        "holds": field.holds,
        "least": field.least,
        "shortest": field.shortest,
    }
    found.update({key: value for key, value in extra.items() if value})
    if field.columns:
        found["columns"] = {name: _field(column) for name, column in field.columns.items()}
    return found


def _task(task: Task) -> Json:
    return {
        "name": task.name,
        "flow": task.flow,
        "clauses": task.clauses,
        "owed_by": [_party(party) for party in task.owed_by],
        "when": task.when.source if task.when else None,
        "while": task.holds.source if task.holds else None,
        "for_each": task.for_each,
        "from": task.since,
        "start": task.start,
        "within": _span(task.within),
        "by": task.by_field or _span(task.by_point),
        "replaced_by": task.replaced_by,
        "done": task.done_any or {"all": task.done_all},
        "missed": [{"verb": c.verb, "to": [_party(x) for x in c.parties], "clauses": c.clauses} for c in task.missed],
        "outlives": task.outlives,
    }


def _ask(ask: Ask) -> Json:
    return {
        "ask": ask.text,
        "how": ask.how,
        "who": ask.who,
        "answers": {r.word: r.go or r.conclude for r in ask.replies.values()},
        "causes": {r.word: r.cause for r in ask.ways if r.cause},
        "sets": {r.word: _columns(r.values) for r in ask.ways if r.values},
        "skip": (ask.skip.go or ask.skip.conclude or ask.skip.advise or "–") if ask.skip else None,
        "first": ask.first,
        "wait": _span(ask.wait),
        "clauses": ask.clauses,
    }


def _trigger(trigger: Trigger) -> Json:
    found: Json = {"name": trigger.name, "after": trigger.after, "clauses": trigger.clauses}
    if trigger.every is not None:
        found["every"] = _every(trigger.every)
        found["moved"] = {1: "next workday", -1: "previous workday", 0: None}[trigger.move]
    if over := trigger.over:
        found["over"] = {
            "of": over.flow or over.register,
            "where": over.where.source if over.where else None,
            "dated": over.dated,
            "during": f"previous {over.during}" if over.during else None,
            "per": over.per.source if over.per else None,
        }
    return found


def _every(every: Recurrence) -> str | None:
    return _span(every) if isinstance(every, FigureSpan | ClockSpan) else every_text(every)


def _party(party: Party) -> Json | str:
    role = party.role or f"table {party.table}"
    if party.unit is None and party.when is None:
        return role
    return {
        "role": role,
        "unit": party.unit.source if party.unit else None,
        "when": party.when.source if party.when else None,
    }


def _span(source: SpanSource | None) -> str | None:
    match source:
        case FixedSpan(span):
            return span_text(span)
        case FigureSpan(name, _):
            return f"figure {name}"
        case ClockSpan(point, name):
            return f"{span_text(point).rpartition(' ')[0]} {name}"
        case TableSpan(name, _):
            return f"table {name}"
        case FieldSpan(path, _):
            return f"field {path}"
        case None:
            return None


def _plain(value: object) -> object:
    """A figure's or a table's value as it is written."""
    if isinstance(value, Span):
        return span_text(value)
    if isinstance(value, Constant):
        return _plain(value.value)
    if isinstance(value, NamedSpan):
        return f"figure {value.figure}"
    if isinstance(value, Expression):
        return f"={value.source}"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool) else str(value)


def _columns(gives: Mapping[str, Term]) -> object:
    """What a row gives: one value, or columns."""
    return _plain(gives[""]) if set(gives) == {""} else {name: _plain(term) for name, term in gives.items()}


def _worth(kind: str, value: object) -> object:
    """A figure as it is written: amounts in 元."""
    return f"{value / 100:g} 元" if kind == "money" and isinstance(value, int) else _plain(value)


def _one(compiled: Compiled, words: list[str], *, as_json: bool) -> int:
    if len(words) != 2:
        raise ValueError("请写 种类和名字，如 task answer_major")
    entries = assembled(compiled, words[0], words[1])
    if not entries:
        raise ValueError(f"没有 {words[0]} {words[1]} 这条规则")
    if as_json:
        json.dump(
            [{"attribute": e.attribute, "value": e.text, "clauses": e.clauses, "place": str(e.place)} for e in entries],
            sys.stdout,
            ensure_ascii=False,
            indent=1,
        )
        print()
        return 0
    for entry in entries:
        print(f"{entry.attribute}: {entry.text}    〔{'、'.join(entry.clauses)}〕 {entry.place}")
    return 0


def _print(p: Procedure) -> None:
    print(f"{p.title}（{p.id} 第 {p.version} 版，{p.in_force} 起）")
    for flow in p.flows.values():
        print(f"\n流程 {flow.id} {flow.name}：" + " → ".join(f"{s.id} {s.name}" for s in flow.steps.values()))
        for action in (a for a in p.actions.values() if a.flow == flow.id):
            who = "、".join(p.roles[x.role].name if x.role else f"表 {x.table}" for x in action.who)
            print(
                f"  操作 {action.id} {action.name}（{who}）"
                + (f" 在 {'、'.join(action.steps)}" if action.steps else "")
            )
        for task in (t for t in p.tasks.values() if t.flow == flow.id):
            print(f"  待办 {task.id} {task.name}" + (f"：{_span(task.within)}" if task.within else ""))
