"""Scripts and guides from their assembled rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shouwen.core.answered import SKIPPED
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Struct
from shouwen.core.procedure import Ask, Cause, Guide, Point, Reply, Script, Stop, Variant

__all__ = ["guide", "script"]


def script(rule: Assembled, bench: Bench) -> Script:
    """Words and manners."""
    body = rule.body
    return Script(
        **rule_parts(rule),
        flow=bench.flow(body),
        scene=body.text("scene"),
        at=body.texts("at"),
        who=body.texts("who"),
        do=_points(body, "do"),
        never=_points(body, "never"),
        approach=body.text("approach"),
        say=body.text("say"),
        variants=tuple(
            Variant(when=bench.conditions.compile(item.leaf("when"), "bool", STANDING), say=item.text("say"))
            for item in body.items("variants")
        ),
        slots={name: part.text("from") for name, part in body.map("slots").items()},
        tick=body.flag("tick"),
        inspect=body.flag("inspect"),
        breach=bench.consequences(body, "breach", ACT),
    )


def _points(body: Struct, name: str) -> tuple[Point, ...]:
    return tuple(Point(text=item.text("text"), clauses=item.clauses) for item in body.items(name))


def guide(rule: Assembled, bench: Bench) -> Guide:
    """Questions to a conclusion."""
    body = rule.body
    asks, causes = body.map("asks"), _causes(body, bench)
    start = body.leaf("start")
    if start and start.text not in asks:
        bench.report.unknown(start.place, start.text, "问题", asks)
    return Guide(
        **rule_parts(rule),
        flow=bench.flow(body),
        start=start.text if start else next(iter(asks), ""),
        asks={name: _ask(name, part, asks, causes, body, bench) for name, part in asks.items()},
        at=body.texts("at"),
        steps=tuple(leaf.text for leaf in body.leaves("at") if leaf.sort == "step"),
        who=body.texts("who"),
        stops=tuple(stop for item in body.items("stop") if (stop := _stop(item, asks, bench))),
        causes=causes,
        fills=body.text("fills") or None,
        agrees_with=body.text("agrees_with") or None,
    )


def _causes(body: Struct, bench: Bench) -> dict[str, Cause]:
    """The causes of a guide: its own, and the entries of catalogs that it names."""
    found: dict[str, Cause] = {}
    for name, part in body.map("causes").items():
        catalog = None if part.parts else bench.index.rules["catalog"].get(name)
        if catalog is None:
            was = found.get(name) or Cause(id=name, name=name)
            found[name] = Cause(id=name, name=part.text("name", was.name), remedy=part.text("remedy", was.remedy))
            continue
        for word, entry in catalog.body.map("entries").items():
            found.setdefault(word, Cause(id=word, name=entry.text("name", word), remedy=entry.text("meaning")))
    return found


def _stop(item: Struct, asks: Mapping[str, Struct], bench: Bench) -> Stop | None:
    when = bench.conditions.compile(item.leaf("when"), "bool", STANDING)
    for leaf in item.leaves("except"):
        if leaf.text not in asks:
            bench.report.unknown(leaf.place, leaf.text, "问题", asks)
    if when is None:
        return None
    return Stop(
        when=when, says=item.text("or"), excepted=item.texts("except"), clauses=item.clauses, place=str(item.place)
    )


def _ask(
    name: str, part: Struct, asks: Mapping[str, Struct], causes: Mapping[str, Cause], body: Struct, bench: Bench
) -> Ask:
    def reply(word: str, answer: Struct) -> Reply:
        return _reply(word, answer, asks, causes, body, bench)

    skip = part.part("skip")
    return Ask(
        id=name,
        text=part.text("ask"),
        how=part.text("how"),
        who=part.texts("who"),
        replies={word: reply(word, answer) for word, answer in part.map("answers").items()},
        skip=reply(SKIPPED, skip) if skip else None,
        first=part.texts("first"),
        wait=bench.spans.source(part.leaf("wait")),
        clauses=part.clauses,
        place=str(part.place),
    )


def _reply(
    word: str, part: Struct, asks: Mapping[str, Struct], causes: Mapping[str, Cause], body: Struct, bench: Bench
) -> Reply:
    known: tuple[tuple[str, Collection[str], str], ...] = (("go", asks, "问题"), ("cause", causes, "原因"))
    for attribute, names, what in known:
        leaf = part.leaf(attribute)
        if leaf and leaf.text not in names:
            bench.report.unknown(leaf.place, leaf.text, what, names)
    conclude, fills = part.leaf("conclude"), body.text("fills")
    if conclude and fills:
        bench.literals.literal(conclude.node, bench.index.fields[fills], fills)
    return Reply(
        word=word,
        go=part.text("go") or None,
        conclude=part.text("conclude") or None,
        advise=part.text("advise"),
        cause=part.text("cause") or None,
        values=bench.literals.fills(part.values("set"), ACT),
        clauses=part.clauses,
    )
