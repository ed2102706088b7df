"""Tasks from their assembled rules: who owes what, and the clock of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shouwen.core.expression import Term
from shouwen.core.language import reads
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import STANDING, Where
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree
from shouwen.core.procedure import Clauses, NoLater, Overdue, Pause, Reminder, SpanSource, Task

__all__ = ["task"]


def task(rule: Assembled, bench: Bench) -> Task:
    """What somebody owes."""
    body = rule.body
    rows = bench.rows(body)
    where = STANDING.under(rows)
    by_field, by_point = _by(body.leaf("by"), rows, bench)
    done = body.part("done")
    found = Task(
        **rule_parts(rule),
        flow=bench.flow(body),
        owed_by=bench.parties(body, "owed_by", where),
        when=bench.conditions.compile(body.leaf("when"), "bool", where),
        holds=bench.conditions.compile(body.leaf("while"), "bool", where),
        for_each=rows,
        since=body.texts("from"),
        start=body.text("start", "first"),
        within=bench.spans.within(body.part("within")),
        by_field=by_field,
        by_point=by_point,
        replaced_by=_moment(body.leaf("replaced_by"), bench),
        no_later_than=tuple(_no_later(item, bench) for item in body.items("no_later_than")),
        pauses=tuple(_pause(item, bench, where) for item in body.items("pauses")),
        wait=bench.spans.source(body.leaf("wait")),
        restarts=body.texts("restarts"),
        done_any=done.texts("any") if done else (),
        done_all=done.texts("all") if done else (),
        undone=body.texts("undone"),
        expires=body.text("expires", "missed"),
        remind=tuple(_reminder(item, bench, where) for item in body.items("remind")),
        missed=bench.consequences(body, "missed", where),
        miss_said=body.has("missed"),
        overdue=_overdue(body.part("overdue"), bench, where),
        climb=body.text("climb") or None,
        blocks=body.texts("blocks"),
        outlives=body.flag("outlives"),
        cited={name: clauses for name, tree in body.parts.items() if (clauses := _clauses(tree))},
    )
    return replace(found, reads=_reads_of_task(found))


def _clauses(tree: Tree) -> Clauses:
    """All clauses that an attribute carries."""
    match tree:
        case Leaf(clauses=clauses):
            return clauses
        case Struct(parts, clauses=clauses):
            return _joined([clauses, *map(_clauses, parts.values())])
        case Many(items):
            return _joined(map(_clauses, items))
        case Named(entries):
            return _joined(map(_clauses, entries.values()))


def _joined(several: Iterable[Clauses]) -> Clauses:
    return tuple(dict.fromkeys(clause for clauses in several for clause in clauses))


def _moment(leaf: Leaf | None, bench: Bench) -> str | None:
    if leaf is None:
        return None
    if bench.index.moment_type(leaf.text) != "moment":
        bench.report.add("wrong-type", leaf.place, f"{leaf.text} 不是时刻", "写一个 type: moment 的字段")
    return leaf.text


def _by(leaf: Leaf | None, rows: str | None, bench: Bench) -> tuple[str | None, SpanSource | None]:
    """A moment field, or a point."""
    if leaf is None:
        return None, None
    path = f"{rows}.{leaf.text[5:]}" if rows and leaf.text.startswith("this.") else leaf.text
    if bench.index.moment_type(path):
        return _moment(replace(leaf, value=path), bench), None
    if point := bench.spans.point(leaf):
        return None, point
    if leaf.text.replace(".", "").replace("_", "").isalnum() and leaf.text[:1].isalpha():
        moments = [name for name, kind in bench.index.fields.items() if kind.type == "moment"]
        bench.report.unknown(leaf.place, leaf.text, "时刻字段", moments)
    else:
        bench.report.add(
            "bad-span", leaf.place, f"by 不能写“{leaf.text}”", "写时刻字段，或时点如 18:00、month end；时长写 within"
        )
    return None, None


def _no_later(item: Struct, bench: Bench) -> NoLater:
    leaf = item.leaf("task")
    is_task = leaf is not None and leaf.sort == "task"
    return NoLater(
        task=leaf.text if leaf and is_task else None,
        path=None if is_task else _moment(leaf, bench),
        minus=bench.spans.source(item.leaf("minus")),
    )


def _pause(item: Struct, bench: Bench, where: Where) -> Pause:
    when = bench.conditions.compile(item.leaf("when"), "bool", where)
    return Pause(since=item.text("from"), until=item.texts("until"), when=when, clauses=item.clauses)


def _reminder(item: Struct, bench: Bench, where: Where) -> Reminder:
    if sum(item.has(name) for name in ("before", "at", "every")) != 1:
        bench.report.add(
            "missing-attribute",
            item.place,
            "提醒要写 before、at、every 其中一个",
            "如 before: 24 h，at: previous workday 09:00，或 every: 30 min",
        )
    at = bench.spans.point(item.leaf("at"))
    if at is None and item.has("at"):
        bench.report.add("bad-span", item.place, "at 要写时点", "写 previous workday 09:00；提前多久写 before")
    return Reminder(
        before=bench.spans.source(item.leaf("before")),
        at=at,
        every=bench.spans.every(item.leaf("every")) if item.leaf("every") else None,
        tell=bench.parties(item, "tell", where),
        when=bench.conditions.compile(item.leaf("when"), "bool", where),
        text=item.text("text"),
        clauses=item.clauses,
    )


def _overdue(part: Struct | None, bench: Bench, where: Where) -> Overdue | None:
    if part is None:
        return None
    every, tell = bench.spans.every(part.leaf("every")), bench.parties(part, "tell", where)
    return Overdue(every=every, tell=tell, clauses=part.clauses) if every else None


def _reads_of_task(found: Task) -> frozenset[str]:
    terms: list[Term | None] = [found.when, found.holds, *(pause.when for pause in found.pauses)]
    terms += [reminder.when for reminder in found.remind]
    names = reads.of(terms, found.owed_by, found.missed)
    moments = [*found.since, *(name for pause in found.pauses for name in (pause.since, *pause.until))]
    names |= {
        name.removeprefix("field.")
        for name in (*moments, *found.done_any, *found.done_all)
        if name.startswith("field.")
    }
    names |= {name for name in (found.by_field, found.replaced_by, found.for_each) if name}
    names |= {name for limit in found.no_later_than for name in _limit_reads(limit)}
    spans = [found.within, found.by_point, found.wait]
    spans += [span for reminder in found.remind for span in (reminder.before, reminder.at)]
    return frozenset(names | {name for span in spans for name in reads.of_span(span)})


def _limit_reads(limit: NoLater) -> Iterator[str]:
    if limit.task:
        yield f"task.{limit.task}.due"
    if limit.path:
        yield limit.path
    yield from reads.of_span(limit.minus)
