"""Charts as SVG, drawn on the server: each with a title and a description, its colours doubled by pattern or shape.

Colours stand twice: as attributes, for paper and PDF, and as classes, which a page's style sheet dresses in its theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

__all__ = ["Bar", "Point", "heat", "pareto", "share", "spark", "trend"]

WIDTH = 680
#: of letters in labels, in px: a Chinese one is twice as broad as a Latin one
LETTER = 12
#: what paper shows; pages have classes
INK, DIM, LINE, GRID, ACCENT, PALE, LATE, DONE, GROUND = (
    "#474f4c", "#616966", "#b9bfbb", "#dde0dc", "#0c5578", "#b9bfbb", "#b3261e", "#1b6742", "#ffffff",
)  # fmt: skip
_STEPS = (1, 2, 2.5, 5, 10)
_LEVELS = (0.08, 0.26, 0.46, 0.7, 1.0)


@dataclass(frozen=True)
class Point:
    """One period of a trend: its label (and a second line under it), its value and that of a year before, in words
    too. None: nothing to draw."""

    label: str
    under: str
    value: float | None
    words: str
    before: float | None = None
    before_words: str = ""
    hot: bool = False


@dataclass(frozen=True)
class Bar:
    """One bar of a Pareto chart."""

    label: str
    count: int
    #: several small ones together: drawn pale
    rest: bool = False


def trend(
    name: str,
    title: str,
    points: Sequence[Point],
    *,
    axis: Callable[[float], str],
    top: float | None = None,
    target: float | None = None,
) -> SafeString:
    """Bars of the last periods, the line of the same periods a year before, and the target, if there is one."""
    height, left, right, low, high = 264, 48, 12, 214, 26
    found = [value for one in points for value in (one.value, one.before) if value is not None]
    steps = _ticks(max([*found, target or 0.0, 0.0]), top)
    most = steps[-1] or 1.0
    wide = (WIDTH - left - right) / max(len(points), 1)

    def y(value: float) -> float:
        return low - (low - high) * min(value, most) / most

    parts = [_grid(left, WIDTH - right, y(step), axis(step)) for step in steps]
    line: list[tuple[float, float, Point]] = []
    for place, one in enumerate(points):
        middle = left + wide * (place + 0.5)
        if one.value is not None:
            kind, colour = ("bar hot", ACCENT) if one.hot else ("bar", PALE)
            parts.append(
                _rect(middle - wide * 0.32, y(one.value), wide * 0.64, max(low - y(one.value), 1), kind, colour,
                      tip=_("{name}：{value}").format(name=f"{one.under} {one.label}".strip(), value=one.words))
            )  # fmt: skip
            if one.hot:
                parts.append(_text(middle, y(one.value) - 7, one.words, "strong", INK, "middle"))
        if one.before is not None:
            line.append((middle, y(one.before), one))
        parts.append(_text(middle, low + 18, one.label, "strong" if one.hot else "", INK, "middle"))
        if one.under:
            parts.append(_text(middle, low + 34, one.under, "dim", DIM, "middle"))
    if len(line) > 1:
        path = "M" + "L".join(f"{_n(x)} {_n(at)}" for x, at, _point in line)
        parts.append(f'<path class="ln b" d="{path}" fill="none" stroke="{DIM}" stroke-dasharray="3 3"/>')
    for x, at, one in line:
        tip = _("上年同期 {name}：{value}").format(name=one.label, value=one.before_words)
        parts.append(
            f'<circle class="dot b" cx="{_n(x)}" cy="{_n(at)}" r="3" fill="{GROUND}" stroke="{DIM}">'
            f"<title>{escape(tip)}</title></circle>"
        )
    if target is not None:
        parts.append(
            f'<path class="tgt" d="M{left} {_n(y(target))}H{WIDTH - right}" stroke="{INK}" stroke-width="1.5"/>'
        )
        parts.append(
            _text(WIDTH - right, y(target) - 5, _("目标 {value}").format(value=axis(target)), "dim", DIM, "end")
        )
    if not found:
        parts.append(_text(WIDTH / 2, (low + high) / 2, _("没有数"), "dim", DIM, "middle"))
    said = _("；").join(f"{one.under}{one.label} {one.words}" for one in points if one.value is not None)
    return _drawing(name, title, said or _("没有数"), WIDTH, height, parts)


def pareto(name: str, title: str, bars: Sequence[Bar]) -> SafeString:
    """Bars from the largest down, and the line of what they make up together."""
    height, left, right, low, high = 290, 40, 44, 214, 22
    whole = sum(bar.count for bar in bars) or 1
    steps = _ticks(max((bar.count for bar in bars), default=0), None, whole=True)
    most = steps[-1] or 1.0
    wide = (WIDTH - left - right) / max(len(bars), 1)

    def y(value: float) -> float:
        return low - (low - high) * value / most

    parts = [_grid(left, WIDTH - right, y(step), f"{step:g}") for step in steps]
    line, counts = [], list[str]()
    summed = list(accumulate(bar.count for bar in bars))
    for place, (bar, sum_) in enumerate(zip(bars, summed, strict=True)):
        middle = left + wide * (place + 0.5)
        kind, colour = ("bar", PALE) if bar.rest else ("bar hot", ACCENT) if place < 3 else ("bar mid", ACCENT)
        tip = _("{name}：{count} 件，占 {share}，累计 {sum}").format(
            name=bar.label, count=bar.count, share=f"{bar.count / whole:.1%}", sum=f"{sum_ / whole:.1%}"
        )
        parts.append(
            _rect(middle - min(wide * 0.36, 34), y(bar.count), min(wide * 0.72, 68), max(low - y(bar.count), 1), kind,
                  colour, tip=tip, opacity=0.55 if kind == "bar mid" else 1)
        )  # fmt: skip
        counts.append(_text(middle, y(bar.count) - 6, str(bar.count), "strong halo", INK, "middle"))
        for row, words in enumerate(_wrapped(bar.label, wide - 6)):
            parts.append(_text(middle, low + 18 + row * 15, words, "", INK, "middle"))
        line.append((middle, low - (low - high) * sum_ / whole))
    for share_ in (0, 0.5, 0.8, 1):
        at = low - (low - high) * share_
        parts.append(_text(WIDTH - right + 6, at + 4, f"{share_:.0%}", "dim", DIM, "start"))
    at = low - (low - high) * 0.8
    parts.append(f'<path class="grid b" d="M{left} {_n(at)}H{WIDTH - right}" stroke="{LINE}" stroke-dasharray="2 4"/>')
    if len(line) > 1:
        path = "M" + "L".join(f"{_n(x)} {_n(at)}" for x, at in line)
        parts.append(f'<path class="ln late" d="{path}" fill="none" stroke="{LATE}" stroke-width="1.75"/>')
    parts += [
        f'<path class="dot late" d="M{_n(x - 4)} {_n(at)}l4 -4l4 4l-4 4z" fill="{GROUND}" stroke="{LATE}" '
        f'stroke-width="1.5"/>'
        for x, at in line
    ]
    said = _("；").join(f"{bar.label} {bar.count}" for bar in bars)
    return _drawing(name, title, said or _("没有数"), WIDTH, height, [*parts, *counts])


def heat(name: str, title: str, counts: Sequence[Sequence[int]], days: Sequence[str]) -> SafeString:
    """Days by hours: the more, the darker; the number stands in its cell."""
    left, top, cell, row = 34, 22, 25, 27
    most = max((count for day in counts for count in day), default=0)
    parts = [_text(left + hour * cell, 14, f"{hour}", "dim", DIM, "middle") for hour in range(0, 25, 3)]
    for place, (day, hours) in enumerate(zip(days, counts, strict=True)):
        y = top + place * row
        parts.append(_text(left - 8, y + 17, day, "strong" if place > 4 else "", INK, "end"))
        for hour, count in enumerate(hours):
            x, level = left + hour * cell, _level(count, most)
            tip = _("{day} {hour} 时：{count} 件").format(day=day, hour=hour, count=count)
            parts.append(
                _rect(x + 1, y + 1, cell - 2, row - 2, f"heat l{level}", ACCENT if level else GRID, tip=tip,
                      opacity=_LEVELS[level - 1] if level else 0.35)
            )  # fmt: skip
            if count:
                parts.append(
                    _text(x + cell / 2, y + 18, str(count), "inv" if level > 3 else "", GROUND if level > 3 else INK,
                          "middle", size=11)
                )  # fmt: skip
    return _drawing(name, title, _hours_words(counts, days), left + 24 * cell + 12, top + len(days) * row + 6, parts)


def share(name: str, kept: int, late: int, open_: int, words: str) -> SafeString:
    """How limits were kept, as one bar: kept plain, late hatched, open outlined."""
    whole, width, height = kept + late + open_ or 1, 200, 14
    parts, at = [_hatch(name)], 0.0
    for count, kind, colour in ((kept, "kept", DONE), (late, "late", LATE), (open_, "open", GROUND)):
        wide = width * count / whole
        if not count:
            continue
        drawn = max(wide, 2.0)
        parts.append(_rect(at, 1, drawn, height - 2, f"part {kind}", colour, stroke=LINE if kind == "open" else ""))
        if kind == "late":
            parts.append(f'<rect x="{_n(at)}" y="1" width="{_n(drawn)}" height="{height - 2}" fill="url(#{name}-h)"/>')
        at += wide
    return SafeString(
        f'<svg class="fig part-bar" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'preserveAspectRatio="none" role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def spark(
    values: Sequence[float | None], hot: int, words: str, *, top: float | None, target: float | None
) -> SafeString:
    """A year in small bars; the period shown is marked."""
    width, height = 216, 40
    most = top or max([value for value in values if value] + [target or 0.0, 1.0])
    step = width / max(len(values), 1)
    parts = [f'<path class="axis" d="M0 {height - 0.5}H{width}" stroke="{LINE}"/>']
    for place, value in enumerate(values):
        if value is None:
            continue
        tall = max(min(value / most, 1) * (height - 6), 1.5)
        kind, colour = ("bar hot", ACCENT) if place == hot else ("bar", PALE)
        parts.append(_rect(place * step + 2, height - tall, step - 4, tall, kind, colour))
    if target is not None:
        at = _n(height - min(target / most, 1) * (height - 6))
        parts.append(f'<path class="tgt" d="M0 {at}H{width}" stroke="{INK}" stroke-width="1.5"/>')
    return SafeString(
        f'<svg class="fig bars" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def _drawing(name: str, title: str, said: str, width: float, height: float, parts: Iterable[str]) -> SafeString:
    return SafeString(
        f'<svg class="fig chart" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'role="img" aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(said)}</desc>{"".join(parts)}</svg>'
    )


def _rect(
    x: float, y: float, wide: float, high: float, kind: str, fill: str, *, tip: str = "", opacity: float = 1,
    stroke: str = "",
) -> str:  # fmt: skip
    see = f' fill-opacity="{opacity}"' if opacity != 1 else ""
    edge = f' stroke="{stroke}"' if stroke else ""
    place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}"'
    inner = f"<title>{escape(tip)}</title>" if tip else ""
    return f'<rect class="{kind}" {place} fill="{fill}"{see}{edge}>{inner}</rect>'


def _text(x: float, y: float, words: str, kind: str, fill: str, anchor: str, *, size: float = LETTER) -> str:
    css = f' class="{kind}"' if kind else ""
    weight = ' font-weight="600"' if kind.startswith("strong") else ""
    return (
        f'<text{css} x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{fill}"{weight} text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _grid(left: float, right: float, y: float, words: str) -> str:
    return (
        f'<path class="grid" d="M{_n(left)} {_n(y)}H{_n(right)}" stroke="{GRID}"/>'
        f"{_text(left - 6, y + 4, words, 'dim', DIM, 'end', size=11)}"
    )


def _hatch(name: str) -> str:
    """Strokes over what is late, for who does not tell red from green."""
    return (
        f'<defs><pattern id="{name}-h" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{GROUND}" stroke-width="2" '
        f'stroke-opacity="0.75"/></pattern></defs>'
    )


def _ticks(most: float, top: float | None, *, whole: bool = False) -> list[float]:
    """Four or five round values from nothing up to the highest."""
    if top is not None:
        return [top * place / 4 for place in range(5)]
    if most <= 0:
        return [0.0, 1.0]
    unit = 10.0 ** (len(f"{int(most / 4)}") - 1) if most >= 4 else 1.0
    if most < 4 and not whole:
        unit = 0.1 if most < 1 else 0.5
    step = next((unit * factor for factor in _STEPS if unit * factor * 4 >= most), unit * 10)
    if whole:
        step = max(1.0, float(round(step + 0.49)))
    count = max(1, -(-most // step))
    return [step * place for place in range(int(count) + 1)]


def _level(count: int, most: int) -> int:
    """How dark a cell is: 0 for none, 1 to 5."""
    return 0 if not count else min(5, 1 + int(4.999 * count / most))


def _hours_words(counts: Sequence[Sequence[int]], days: Sequence[str]) -> str:
    cells = [(count, day, hour) for day, hours in zip(days, counts, strict=True) for hour, count in enumerate(hours)]
    most = sorted(cells, reverse=True)[:3]
    said = [_("{day} {hour} 时 {count} 件").format(day=day, hour=hour, count=n) for n, day, hour in most if n]
    return _("最多的：{hours}").format(hours=_("、").join(said)) if said else _("没有数")


def _wrapped(label: str, wide: float) -> list[str]:
    """A label in up to three lines."""
    lines, at = [""], 0.0
    for letter in label:
        size = LETTER if ord(letter) > 0x2E80 else LETTER * 0.58
        if at + size > wide and lines[-1]:
            lines.append("")
            at = 0.0
        lines[-1] += letter
        at += size
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2][:-1]}…"]
    return lines


def _n(value: float) -> str:
    """A length without needless digits."""
    return f"{value:.1f}".removesuffix(".0")
