"""Scripts and guides from their assembled rules."""

from __future__ import annotations

from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Struct
from shouwen.core.procedure import Ask, Guide, Point, Reply, Script, Variant

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
    asks = body.map("asks")
    start = body.leaf("start")
    if start and start.text not in asks:
        bench.report.unknown(start.place, start.text, "问题", asks)
    return Guide(
        **rule_parts(rule),
        flow=bench.flow(body),
        start=start.text if start else next(iter(asks), ""),
        asks={name: _ask(name, part, body, bench) for name, part in asks.items()},
        at=body.texts("at"),
        who=body.texts("who"),
        causes={name: part.text("remedy") for name, part in body.map("causes").items()},
        fills=body.text("fills") or None,
        agrees_with=body.text("agrees_with") or None,
    )


def _ask(name: str, part: Struct, body: Struct, bench: Bench) -> Ask:
    return Ask(
        id=name,
        text=part.text("ask"),
        how=part.text("how"),
        who=part.texts("who"),
        replies={word: _reply(word, answer, body, bench) for word, answer in part.map("answers").items()},
        clauses=part.clauses,
        place=str(part.place),
    )


def _reply(word: str, part: Struct, body: Struct, bench: Bench) -> Reply:
    for attribute, known, what in (("go", body.map("asks"), "问题"), ("cause", body.map("causes"), "原因")):
        leaf = part.leaf(attribute)
        if leaf and leaf.text not in known:
            bench.report.unknown(leaf.place, leaf.text, what, known)
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
    )
