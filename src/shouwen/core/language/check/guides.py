"""Guides: every question is asked, every answer leads on to a conclusion, and conclusions agree with their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwen.core.expression import Constant, Term
from shouwen.core.language.check import show
from shouwen.core.language.check.circles import circles
from shouwen.core.language.check.examination import Examination
from shouwen.core.language.check.filling import field_of
from shouwen.core.procedure import Ask, Guide, Reply, Stop, Table
from shouwen.core.values import Unknown, Value

__all__ = ["prove"]

#: so many ways through a guide are compared with its table
MOST_WAYS = 2_000

Way = tuple[tuple[Ask, Reply], ...]


def prove(x: Examination) -> None:
    """All guides."""
    for guide in x.procedure.guides.values():
        ways = {ask.id: [way.go for way in ask.ways if way.go] for ask in guide.asks.values()}
        loops = list(circles(ways))
        for loop in loops:
            _loop(x, guide, loop)
        ended = [_dead_end(x, guide, ask, reply) for ask in guide.asks.values() for reply in ask.ways]
        if not any(ended):
            _unreached(x, guide, ways)
        if not loops:
            _agreement(x, guide)
        for stop in guide.stops:
            _endless(x, guide, stop)
        if not guide.at:
            x.found.problem(
                "guide-nowhere",
                guide.place,
                f"{show.rule_name('guide', guide)}没有提供在任何地方",
                "写 at: 在哪个操作、环节或待办旁边提供",
                at=guide.id,
            )


def _place(guide: Guide, ask: Ask) -> str:
    return ask.place or guide.place


def _loop(x: Examination, guide: Guide, loop: tuple[str, ...]) -> None:
    chain = " → ".join(f"“{guide.asks[name].text}”" for name in (*loop, loop[0]))
    x.found.problem(
        "guide-loop",
        _place(guide, guide.asks[loop[0]]),
        f"{show.rule_name('guide', guide)}问了一圈又回到原处：{chain}",
        "让其中一个回答有结论（conclude），或去别的问题",
        at=loop[0],
    )


def _unreached(x: Examination, guide: Guide, ways: Mapping[str, list[str]]) -> None:
    found, fresh = {guide.start}, [guide.start]
    while fresh:
        for other in ways.get(fresh.pop(), ()):
            if other not in found:
                found.add(other)
                fresh.append(other)
    lost = [ask for ask in guide.asks.values() if ask.id not in found]
    led = {other for ask in lost for other in ways[ask.id] if other != ask.id}
    for ask in [ask for ask in lost if ask.id not in led] or lost[:1]:
        x.found.problem(
            "guide-unreachable",
            _place(guide, ask),
            f"{show.rule_name('guide', guide)}里问不到“{ask.text}”（{ask.id}）：没有回答通向它",
            f"在某个回答里写 go: {ask.id}，或删去这个问题",
            at=ask.id,
        )


def _dead_end(x: Examination, guide: Guide, ask: Ask, reply: Reply) -> bool:
    ends = not (reply.go or reply.conclude or reply.cause) and _concludes(guide)
    if ends:
        x.found.problem(
            "guide-dead-end",
            _place(guide, ask),
            f"{show.rule_name('guide', guide)}：问“{ask.text}”，答“{reply.word}”以后没有下文",
            "写 go: 下一个问题，或 conclude: 结论",
            at=reply.word,
        )
    return ends


def _endless(x: Examination, guide: Guide, stop: Stop) -> None:
    """What a stop waits for must be able to change while nothing is answered."""
    named = [x.procedure.names[name] for name in stop.when.names if name in x.procedure.names]
    paths = {field_of(x.procedure, one).path for one in named if one.kind == "field"}
    own = {f"guide.{guide.id}", *(f"act.{action.id}" for action in x.procedure.actions.values() if action.opens)}
    if not paths or len(paths) < len(named) or any(set(x.fillers.get(path, ())) - own for path in paths):
        return
    if any(paths & set(way.values) for name in stop.excepted for way in guide.asks[name].ways):
        return
    setters = [ask for ask in guide.asks.values() if any(paths & set(way.values) for way in ask.ways)]
    x.found.problem(
        "guide-stops-forever",
        stop.place or guide.place,
        f"{show.rule_name('guide', guide)}停下以后再也不能继续：{stop.when.source}"
        "里的栏只有它自己填，停着的时候又什么都不能答",
        f"写 except: [{', '.join(ask.id for ask in setters)}]，让这一问随时可以重答",
        at="stop",
    )


def _concludes(guide: Guide) -> bool:
    """Whether a guide is to find something out, and not only to advise."""
    replies = [reply for ask in guide.asks.values() for reply in ask.ways]
    return bool(guide.fills) or any(
        reply.conclude or reply.cause or not reply.advise for reply in replies if not reply.go
    )


def _agreement(x: Examination, guide: Guide) -> None:
    """Each way through a guide ends where its table does, as far as the answers decide the table."""
    table = x.procedure.tables.get(guide.agrees_with or "")
    if table is None or guide.start not in guide.asks:
        return
    for number, way in enumerate(_ways(guide, guide.start, ())):
        if number == MOST_WAYS:
            x.found.note(
                "check-limited",
                guide.place,
                f"{show.rule_name('guide', guide)}的走法超过 {MOST_WAYS} 种，只比较了这么多",
            )
            return
        conclusion = way[-1][1].conclude
        judged = _judge(x, table, _values(way))
        if conclusion and judged is not None and judged != conclusion:
            x.found.problem(
                "guide-disagrees",
                _place(guide, way[-1][0]),
                f"{show.rule_name('guide', guide)}的结论“{conclusion}”与{show.rule_name('table', table)}不一致："
                f"同样的回答，表里是“{judged}”",
                "改正向导的结论，或改正判定表的这一行",
                at=conclusion,
                also=[table.place],
                example=[(ask.text, reply.word) for ask, reply in way],
            )
            return


def _ways(guide: Guide, start: str, before: Way) -> Iterator[Way]:
    for reply in guide.asks[start].ways:
        way = (*before, (guide.asks[start], reply))
        if reply.go and reply.go in guide.asks:
            yield from _ways(guide, reply.go, way)
        else:
            yield way


def _values(way: Way) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for _, reply in way:
        for path, term in reply.values.items():
            if isinstance(term, Constant):
                found[path] = term.value
                found[f"{path}.filled"] = True
    return found


def _judge(x: Examination, table: Table, values: Mapping[str, Value]) -> Value | None:
    """The outcome of a table from these values and the figures alone; None if they do not decide it."""
    known: dict[str, Value] = dict(values)
    for name, worth in x.searcher.known.figures.items():
        known[name] = worth
    for row in table.rows:
        held = row.when.evaluate(known) if row.when else True
        if isinstance(held, Unknown):
            return None
        if held:
            return _constant(row.gives.get(""))
    return _constant((table.otherwise or {}).get(""))


def _constant(term: Term | None) -> Value | None:
    return term.value if isinstance(term, Constant) else None
