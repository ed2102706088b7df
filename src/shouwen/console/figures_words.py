"""Measures in words and strokes: values, differences to earlier months, bars of a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shouwen.casework.measures import Month
from shouwen.core.measure import Figure
from shouwen.core.procedure import Measure
from shouwen.web import moments
from shouwen.web.shown import yuan

__all__ = ["Bar", "Trend", "difference", "trend", "value_words", "worth"]

WIDTH, HEIGHT = 216, 44
_TARGET = re.compile(r"(?:>=|<=|>|<|=) ?(\d+(?:\.\d+)?) ?(%|h|min|days|元)?")
_UNITS = {"min": 1.0, "h": 60.0, "days": 1440.0, "元": 100.0}


@dataclass(frozen=True)
class Bar:
    """One month of a year: its place, height and words. `height` None: nothing to draw."""

    month: Month
    x: float
    y: float
    height: float | None
    words: str
    hot: bool


@dataclass(frozen=True)
class Trend:
    """A year of a measure, with the line of its target."""

    bars: tuple[Bar, ...]
    target: float | None
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def wide(self) -> float:
        """The width of a bar."""
        return WIDTH / max(len(self.bars), 1) - 4


def worth(figure: Figure) -> float | None:
    """What is drawn: a share in percent, a value, or a count."""
    if figure.hits is not None:
        return figure.hits * 100 / figure.count if figure.count else None
    if figure.value is not None:
        return float(figure.value)
    return float(figure.count)


def value_words(rule: Measure, figure: Figure) -> str:
    """The value as people read it; '' while there is nothing to divide by."""
    if figure.hits is not None:
        return f"{figure.hits * 100 / figure.count:.1f}".removesuffix(".0") + "%" if figure.count else ""
    if rule.lapse is not None:
        return moments.length(timedelta(minutes=figure.value)) if figure.value is not None else ""
    asked = rule.sum or rule.mean or rule.median
    if asked is not None:
        if figure.value is None:
            return ""
        return f"{yuan(figure.value)} 元" if asked.result == "money" else str(figure.value)
    return str(figure.value if figure.value is not None else figure.count)


def difference(rule: Measure, now: Figure, then: Figure) -> str:
    """How far from an earlier month: points for shares, percent for the rest; '' if either is missing."""
    a, b = _of(rule, now), _of(rule, then)
    if a is None or b is None:
        return ""
    if now.hits is not None:
        return "持平" if abs(a - b) < 0.05 else f"{a - b:+.1f} 点"
    if a == b:
        return "持平"
    return f"{(a - b) * 100 / b:+.0f}%" if b else ""


def trend(rule: Measure, months: Sequence[tuple[Month, Figure]], hot: Month) -> Trend:
    """The bars of these months; shares against 100 %, all else against the highest."""
    values = [_of(rule, figure) for _, figure in months]
    target = _target(rule)
    top = 100.0 if rule.share is not None else max([value for value in values if value] + [target or 0.0, 1.0])
    step = WIDTH / max(len(months), 1)
    bars = []
    for place, ((month, figure), value) in enumerate(zip(months, values, strict=True)):
        height = max(value / top * (HEIGHT - 4), 1.0) if value else None
        words = value_words(rule, figure) or "无"
        bars.append(Bar(month, place * step + 2, HEIGHT - (height or 0), height, words, month == hot))
    line = HEIGHT - target / top * (HEIGHT - 4) if target is not None else None
    return Trend(tuple(bars), line)


def _of(rule: Measure, figure: Figure) -> float | None:
    if rule.share is None and (rule.lapse or rule.sum or rule.mean or rule.median):
        return float(figure.value) if figure.value is not None else None
    return worth(figure)


def _target(rule: Measure) -> float | None:
    found = _TARGET.fullmatch(rule.target)
    return float(found[1]) * _UNITS.get(found[2] or "", 1.0) if found else None
