"""Tasks, triggers and notices from their assembled rules; also the tasks that other rules bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from shouwen.core.calendar import Point, Span, parse_span
from shouwen.core.expression import Term
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING, Where
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.shapes import Leaf, Many, Named, Struct, Tree
from shouwen.core.procedure import (
    Authority,
    Clauses,
    Consequence,
    Draw,
    FieldSpan,
    FigureSpan,
    Level,
    NoLater,
    Notice,
    Overdue,
    Party,
    Pause,
    Population,
    Reminder,
    SpanSource,
    TableSpan,
    Task,
    Trigger,
)

__all__ = ["level_task", "notice", "promise", "reads", "receipt", "task", "trigger"]


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


def _by(leaf: Leaf | None, rows: str | None, bench: Bench) -> tuple[str | None, Span | None]:
    """A moment field, or a point."""
    if leaf is None:
        return None, None
    path = f"{rows}.{leaf.text[5:]}" if rows and leaf.text.startswith("this.") else leaf.text
    if bench.index.moment_type(path):
        return _moment(replace(leaf, value=path), bench), None
    try:
        span = parse_span(leaf.text)
    except ValueError:
        span = None
    if isinstance(span, Point):
        return None, span
    if span is None and leaf.text.replace(".", "").replace("_", "").isalnum() and leaf.text[:1].isalpha():
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
    return Pause(since=item.text("from"), until=item.text("until"), when=when, clauses=item.clauses)


def _reminder(item: Struct, bench: Bench, where: Where) -> Reminder:
    if item.has("before") == item.has("at"):
        bench.report.add(
            "missing-attribute",
            item.place,
            "提醒要写 before 或 at 其中一个",
            "如 before: 24 h，或 at: previous workday 09:00",
        )
    at = bench.spans.fixed(item.leaf("at"))
    if at is not None and not isinstance(at, Point):
        bench.report.add("bad-span", item.place, "at 要写时点", "写 previous workday 09:00；提前多久写 before")
    return Reminder(
        before=bench.spans.source(item.leaf("before")),
        at=at,
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
    names = reads(terms, found.owed_by, found.missed)
    moments = [*found.since, *(name for pause in found.pauses for name in (pause.since, pause.until))]
    names |= {
        name.removeprefix("field.")
        for name in (*moments, *found.done_any, *found.done_all)
        if name.startswith("field.")
    }
    names |= {name for name in (found.by_field, found.replaced_by, found.for_each) if name}
    names |= {name for limit in found.no_later_than for name in _limit_reads(limit)}
    spans = [found.within, found.wait, *(reminder.before for reminder in found.remind)]
    return frozenset(names | {name for span in spans for name in span_reads(span)})


def _limit_reads(limit: NoLater) -> Iterator[str]:
    if limit.task:
        yield f"task.{limit.task}.due"
    if limit.path:
        yield limit.path
    yield from span_reads(limit.minus)


def span_reads(span: SpanSource | None) -> Iterator[str]:
    """The names behind a span."""
    match span:
        case FigureSpan(name) | TableSpan(name) | FieldSpan(name):
            yield name
        case _:
            return


def reads(
    terms: Iterable[Term | None], parties: Iterable[Party] = (), consequences: Iterable[Consequence] = ()
) -> set[str]:
    """The names that conditions, parties and the conditions of consequences read."""
    found = {name for term in terms if term for name in term.names}
    for party in parties:
        found |= {name for term in (party.unit, party.when) if term for name in term.names}
        found |= {party.table} if party.table else set()
    for consequence in consequences:
        own = (consequence.when, consequence.case, consequence.key, *consequence.values.values())
        found |= reads(own, consequence.parties)
    return found


def trigger(rule: Assembled, bench: Bench) -> Trigger:
    """What begins without a hand."""
    body = rule.body
    after = body.texts("after")
    over = body.part("over")
    where = ACT if after and all(event.startswith("act.") for event in after) else STANDING
    if not after and not body.has("every") and not body.has("when"):
        bench.report.add("missing-attribute", rule.place, f"触发 {rule.name} 没写何时开始", "写 after、every 或 when")
    found = Trigger(
        **rule_parts(rule),
        flow=bench.flow(body),
        after=after,
        every=bench.spans.every(body.leaf("every")),
        when=bench.conditions.compile(body.leaf("when"), "bool", where),
        over=_population(over, bench) if over else None,
        draw=_draw(body.part("draw"), bench),
        once_per=bench.conditions.compile(body.leaf("once_per"), "text", where),
        times=body.whole("times"),
        do=bench.consequences(body, "do", where),
    )
    return replace(found, reads=frozenset(reads([found.when, found.once_per], (), found.do)))


def _population(part: Struct, bench: Bench) -> Population:
    where = STANDING.under(f"form:{part.text('register')}") if part.has("register") else STANDING
    return Population(
        flow=part.text("flow") or None,
        register=part.text("register") or None,
        where=bench.conditions.compile(part.leaf("where"), "bool", where),
        per=bench.conditions.compile(part.leaf("per"), "text", where),
    )


def _draw(part: Struct | None, bench: Bench) -> Draw | None:
    leaf = part.leaf("share") if part else None
    if part is None or leaf is None:
        return None
    text = leaf.text.strip()
    try:
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        bench.report.add("bad-value", leaf.place, f"“{text}”不是抽样的比例", "写作 10 %")
        return None
    return Draw(share=(share.numerator, share.denominator), least=part.whole("least") or 0)


def notice(rule: Assembled, bench: Bench) -> Notice:
    """Telling, with proof."""
    body = rule.body
    rows = bench.rows(body)
    where = STANDING.under(rows)
    found = Notice(
        **rule_parts(rule),
        flow=bench.flow(body),
        after=body.texts("after"),
        to=bench.parties(body, "to", where),
        when=bench.conditions.compile(body.leaf("when"), "bool", where),
        sender=body.text("as") or None,
        for_each=rows,
        by=body.texts("by"),
        text=body.text("text"),
        receipt=body.text("receipt", "none"),
        within=bench.spans.source(body.leaf("within")),
        missed=bench.consequences(body, "missed", where),
    )
    if body.has("within") and found.receipt == "none":
        place = body.parts["within"].place
        bench.report.add(
            "missing-attribute", place, "有 within 却没说凭什么算送达", "写 receipt: delivered、read 或 signed"
        )
    return replace(found, reads=frozenset(reads([found.when], found.to, found.missed)))


def receipt(found: Notice, rule: Assembled) -> Task:
    """The receipt of a notice is owed by each to whom it went, with a clock of its own."""
    owed = _brought(
        f"{found.name}：回执",
        found,
        f"{found.id}.receipt",
        owed_by=found.to,
        since=(f"notice.{found.id}.sent",),
        within=found.within,
        done_any=(f"notice.{found.id}.received",),
        missed=found.missed,
        miss_said=rule.body.has("missed"),
        outlives=True,
        for_each=None,
    )
    return replace(owed, per_mark=True)


def level_task(found: Authority, level: Level, rule: Assembled) -> Task:
    """A level of an authority owes its decision."""
    event = f"authority.{found.id}.{level.id}"
    own = replace(found, clauses=level.party.clauses or found.clauses)
    return _brought(
        f"{found.name}：{level.id}",
        own,
        f"{found.id}.{level.id}",
        owed_by=(level.party,),
        since=(f"{event}.asked",),
        within=level.within or found.within,
        done_any=(f"{event}.decided",),
        missed=found.missed,
        miss_said=rule.body.has("missed"),
        outlives=False,
        for_each=None,
    )


def _brought(
    name: str, rule: Notice | Authority, id: str, *, owed_by: tuple[Party, ...], since: tuple[str, ...],
    within: SpanSource | None, done_any: tuple[str, ...], missed: tuple[Consequence, ...], miss_said: bool,
    outlives: bool, for_each: str | None,
) -> Task:  # fmt: skip
    read = reads((), owed_by, missed) | set(span_reads(within))
    return Task(
        id=id, name=name, clauses=rule.clauses, basis=rule.basis, place=rule.place, order=rule.order, flow=rule.flow,
        owed_by=owed_by, since=since, within=within, done_any=done_any, missed=missed, miss_said=miss_said,
        outlives=outlives, for_each=for_each, reads=frozenset(read),
    )  # fmt: skip


def promise(script: Assembled, name: str, part: Struct, bench: Bench) -> Task:
    """What saying a script obliges to."""
    flow = {"flow": leaf} if (leaf := script.body.leaf("flow")) else {}
    rule = Assembled(
        "task", f"{script.name}.{name}", replace(part, parts={**part.parts, **flow}), part.place, script.order
    )
    found = task(rule, bench)
    named = found if part.has("name") else replace(found, name=script.body.text("name", script.name))
    return named if named.since else replace(named, since=(f"script.{script.name}.said",))
