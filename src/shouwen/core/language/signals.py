"""Triggers and notices from their assembled rules."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from shouwen.core.calendar import Span
from shouwen.core.language import reads
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.conditions import ACT, STANDING
from shouwen.core.language.parts import Bench, rule_parts
from shouwen.core.language.trees import Struct
from shouwen.core.procedure import Draw, Notice, Population, Trigger

__all__ = ["notice", "trigger"]

_DATED = "dated 写一个日期或时刻的字段，案件也可写 opened、closed 或别的事件"
_MOVES = {"next workday": 1, "previous workday": -1, "": 0}


def trigger(rule: Assembled, bench: Bench) -> Trigger:
    """What begins without a hand."""
    body = rule.body
    after = body.texts("after")
    over = body.part("over")
    where = ACT if after and all(event.startswith("act.") for event in after) else STANDING
    follows = ACT.under("members:") if over else where
    if not after and not body.has("every") and not body.has("when"):
        bench.report.add("missing-attribute", rule.place, f"触发 {rule.name} 没写何时开始", "写 after、every 或 when")
    every = bench.spans.every(body.leaf("every"))
    if body.has("moved") and (every is None or isinstance(every, Span)):
        place, advice = body.parts["moved"].place, "写 every: week monday 09:00 这样按日历回来的时刻"
        bench.report.add("wrong-type", place, "moved 只移动按日历回来的时刻，每隔多久的不移", advice)
    found = Trigger(
        **rule_parts(rule),
        flow=bench.flow(body),
        after=after,
        every=every,
        move=_MOVES[body.text("moved")],
        when=bench.conditions.compile(body.leaf("when"), "bool", where),
        over=_population(over, bench) if over else None,
        draw=_draw(body.part("draw"), bench),
        once_per=bench.conditions.compile(body.leaf("once_per"), "text", where),
        times=body.whole("times"),
        do=bench.consequences(body, "do", follows),
    )
    return replace(found, reads=frozenset(reads.of([found.when, found.once_per], (), found.do)))


def _population(part: Struct, bench: Bench) -> Population:
    where = STANDING.under(f"form:{part.text('register')}") if part.has("register") else STANDING
    return Population(
        flow=part.text("flow") or None,
        register=part.text("register") or None,
        where=bench.conditions.compile(part.leaf("where"), "bool", where),
        per=bench.conditions.compile(part.leaf("per"), "text", where),
        dated=_dated(part, bench),
        during=part.text("during").removeprefix("previous ") or None,
    )


def _dated(part: Struct, bench: Bench) -> str:
    """The moment of a member: of a case an event or a field, of a register's row a column."""
    leaf, register = part.leaf("dated"), part.text("register")
    if leaf is None:
        if register and part.has("during"):
            bench.report.add("missing-attribute", part.place, "登记行没有立案时刻，没写按哪一栏算期间", _DATED)
        return "opened"
    path = leaf.text.removeprefix("field.")
    kind = bench.index.moment_type(path)
    is_column = path.startswith(f"{register}.") if register else True
    if (leaf.text.startswith("field.") and kind not in ("moment", "date")) or (register and not is_column):
        bench.report.add("wrong-type", leaf.place, f"{path} 不是{'这张登记簿的' if register else ''}日期或时刻", _DATED)
    return leaf.text


def _draw(part: Struct | None, bench: Bench) -> Draw | None:
    leaf = part.leaf("share") if part else None
    if part is None or leaf is None:
        return None
    least = part.whole("least") or 0
    if bench.types.figures.get(leaf.text) == "ratio":
        return Draw(share=(1, 1), figure=leaf.text, least=least)
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?) ?(%?)", leaf.text.strip())
    share = Fraction(found[1]) / (100 if found[2] else 1) if found else Fraction(0)
    if not 0 < share <= 1:
        bench.report.add("bad-value", leaf.place, f"“{leaf.text}”不是抽样的比例", "写作 10 %，或一个比例的 figure")
        return None
    return Draw(share=(share.numerator, share.denominator), least=least)


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
    return replace(found, reads=frozenset(reads.of([found.when], found.to, found.missed)))
