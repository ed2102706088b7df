"""Figures in words: values, differences to earlier periods and which way is good, names of periods and break-downs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from shouwen.casework.periods import Period
from shouwen.core.measure import Figure
from shouwen.core.procedure import Measure
from shouwen.web import moments
from shouwen.web.shown import yuan

__all__ = [
    "BEFORE",
    "KINDS",
    "WEEKDAYS",
    "Change",
    "amount",
    "axis_words",
    "change",
    "goodness",
    "label",
    "mean_words",
    "percent",
    "period_words",
    "value_words",
    "worth",
]

#: kinds of periods, and what the one before is called
KINDS = {"month": _lazy("月"), "quarter": _lazy("季"), "year": _lazy("年"), "week": _lazy("周")}
BEFORE = {"month": _lazy("上月"), "quarter": _lazy("上季"), "year": _lazy("上年"), "week": _lazy("上周")}
WEEKDAYS = (_lazy("周一"), _lazy("周二"), _lazy("周三"), _lazy("周四"), _lazy("周五"), _lazy("周六"), _lazy("周日"))
_MONTHS = (
    *(_lazy("1月"), _lazy("2月"), _lazy("3月"), _lazy("4月"), _lazy("5月"), _lazy("6月")),
    *(_lazy("7月"), _lazy("8月"), _lazy("9月"), _lazy("10月"), _lazy("11月"), _lazy("12月")),
)
#: smaller moves are none: points of a share, percent of the rest
STILL_POINTS, STILL_PERCENT = 0.05, 0.5


@dataclass(frozen=True)
class Change:
    """How far from an earlier period: in words, and whether that is worse (None: nobody says which way is good, or
    nothing has moved). `weight`: how much, for putting the worst first."""

    words: str = ""
    worse: bool | None = None
    weight: float = 0.0

    @property
    def sign(self) -> str:
        """The icon that stands before the words."""
        return "" if self.worse is None else "alert" if self.worse else "done"


def worth(rule: Measure | None, figure: Figure) -> float | None:
    """What is drawn: a share in percent, a value, or a count."""
    if figure.hits is not None:
        return figure.hits * 100 / figure.count if figure.count else None
    if rule is not None and amount(rule):
        return float(figure.value) if figure.value is not None else None
    return float(figure.value if figure.value is not None else figure.count)


def amount(rule: Measure) -> bool:
    """Whether a measure says nothing while nothing was counted."""
    return any(part is not None for part in (rule.lapse, rule.sum, rule.mean, rule.median))


def value_words(rule: Measure | None, figure: Figure) -> str:
    """The value as people read it; '' while there is nothing to divide by."""
    if figure.hits is not None:
        return percent(figure.hits / figure.count) if figure.count else ""
    if rule is None or not amount(rule):
        return str(figure.value if figure.value is not None else figure.count)
    return axis_words(rule, float(figure.value)) if figure.value is not None else ""


def mean_words(rule: Measure, figure: Figure) -> str:
    """The mean beside the median of a time."""
    return axis_words(rule, float(figure.mean)) if rule.lapse is not None and figure.mean is not None else ""


def axis_words(rule: Measure | None, value: float) -> str:
    """A value of an axis, by what the measure counts in."""
    if rule is not None and rule.share is not None:
        return percent(value / 100)
    if rule is not None and rule.lapse is not None:
        return moments.length(timedelta(minutes=round(value)))
    asked = (rule.sum or rule.mean or rule.median) if rule is not None else None
    if asked is not None and asked.result == "money":
        return _("{amount} 元").format(amount=yuan(round(value)))
    return f"{value:g}"


def percent(share: float) -> str:
    """83.3%, 100%."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def change(rule: Measure | None, now: Figure, then: Figure, *, good: int | None = None) -> Change:
    """How far from an earlier period: points for shares, percent for the rest; nothing if either is missing. `good`:
    which way is good, if not as the measure says."""
    a, b = worth(rule, now), worth(rule, then)
    if a is None or b is None or (now.hits is None and not then.count):
        return Change()
    if now.hits is not None:
        moved, still, weight = a - b, STILL_POINTS, abs(a - b)
        words = _("{points:+.1f} 点").format(points=moved)
    elif not b:
        return Change(_("持平")) if not a else Change()
    else:
        moved, still, weight = (a - b) * 100 / b, STILL_PERCENT, abs(a - b) * 100 / b / 4
        words = f"{moved:+.0f}%"
    if abs(moved) < still:
        return Change(_("持平"))
    good = goodness(rule) if good is None else good
    return Change(words, (moved > 0) != (good > 0) if good else None, weight)


def goodness(rule: Measure | None) -> int:
    """1: more is better; -1: less is; 0: nobody says."""
    if rule is None:
        return 0
    if rule.good:
        return 1 if rule.good == "high" else -1
    if rule.target[:1] in (">", "<"):
        return 1 if rule.target[0] == ">" else -1
    if rule.lapse is not None:
        return -1
    if rule.share is not None and rule.target:
        return 1
    source = rule.share.source if rule.share is not None else ""
    return {"this.in_time": 1, "this.done": 1, "!this.in_time": -1, "this.missed": -1}.get(source, 0)


def period_words(period: Period) -> str:
    """2026年9月, 2026年第三季度, 2026年, 2026年第36周（8月31日至9月6日）."""
    match period.kind:
        case "month":
            return _("{year}年{month}").format(year=period.year, month=_MONTHS[period.place - 1])
        case "quarter":
            return _("{year}年第{quarter}季度").format(year=period.year, quarter=period.place)
        case "week":
            return _("{year}年第{week}周（{since:%m-%d} 至 {until:%m-%d}）").format(
                year=period.year, week=period.place, since=period.first, until=period.last
            )
        case _:
            return _("{year}年").format(year=period.year)


def label(period: Period, *, first: bool) -> tuple[str, str]:
    """What stands under a bar: its own name, and the year under the first of each."""
    match period.kind:
        case "month":
            return str(_MONTHS[period.place - 1]), str(period.year) if first or period.place == 1 else ""
        case "quarter":
            return f"Q{period.place}", str(period.year) if first or period.place == 1 else ""
        case "week":
            return f"W{period.place}", str(period.year) if first or period.place == 1 else ""
        case _:
            return str(period.year), ""
