"""Figures: each has a value from the first day on, and something reads it; defaults are listed for the manager."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouwen.core.expression import NamedSpan
from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination, in_force
from shouwen.core.procedure import ClockSpan, FigureSpan, Procedure

__all__ = ["prove"]


def prove(x: Examination) -> None:
    """All figures."""
    used = frozenset(_used(x))
    for figure in x.procedure.figures.values():
        name = show.rule_name("figure", figure)
        dated = in_force(figure, x.procedure)
        if not figure.values:
            x.found.note("figure-unset", figure.place, f"{name}没有值：启用前由本单位设定，未设时读到它的都不成立")
            continue
        if dated is None:
            first = min((value.since for value in figure.values if value.since), default=None)
            why = f"最早一个自 {first} 起" if first else "一个也没写"
            x.found.problem(
                "figure-not-in-force",
                figure.place,
                f"{name}在施行日 {x.procedure.in_force} 没有有效的值：{why}",
                "补一个施行日之前起效的值，或写 value",
                at="values",
            )
            continue
        if figure.id not in used:
            x.found.note("figure-unused", figure.place, f"{name}没有规则用到")
        if figure.basis == "default":
            value = show.figure_value(x.procedure, figure.id, dated.value)
            x.found.note("figure-default", figure.place, f"{name}是本单位的取法，不是原文：{value}，请确认")


def _used(x: Examination) -> Iterator[str]:
    procedure = x.procedure
    yield from (target for kind, target in x.readers if kind == "figure")
    if procedure.hours_figure:
        yield procedure.hours_figure
    if isinstance(procedure.backdate, FigureSpan):
        yield procedure.backdate.figure
    for _, rule in walk.rules(procedure):
        for trail, thing in x.things(rule):
            if isinstance(thing, FigureSpan | ClockSpan | NamedSpan):
                yield thing.figure
            if isinstance(thing, str):
                yield from _named(procedure, trail, thing)


def _named(procedure: Procedure, trail: walk.Trail, text: str) -> Iterator[str]:
    """Figures that stand in blanks of texts, or are named by themselves (slots, columns of catalogs)."""
    yield from (name for name in re.findall(r"\{\s*([\w.]+)", text) if name in procedure.figures)
    if text in procedure.figures and trail and trail[-1] not in ("id", "name"):
        yield text
