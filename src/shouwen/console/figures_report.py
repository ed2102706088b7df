"""All that a report says of one flow in one period: counted, compared, drawn; for the page, XLSX and PDF."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.casework import corrections, insight, measures
from shouwen.casework.corrections import Correction
from shouwen.casework.counting import CLOSED, KEPT, LATE, OPEN, OPENED, TASK, splits_of
from shouwen.casework.insight import Repeats, Surge
from shouwen.casework.measures import ALWAYS, Count, Table
from shouwen.casework.periods import Period
from shouwen.casework.procedures import Law
from shouwen.console import charts
from shouwen.console.charts import Bar, Point
from shouwen.console.figures_words import (
    WEEKDAYS,
    Change,
    axis_words,
    change,
    label,
    mean_words,
    percent,
    period_words,
    value_words,
    worth,
)
from shouwen.console.library_document import words_of
from shouwen.console.library_words import Words
from shouwen.core import events as e
from shouwen.core.measure import Figure, meets, target
from shouwen.core.procedure import Flow, Measure, Task
from shouwen.organisation.state import Organisation
from shouwen.web import moments
from shouwen.web.sentences import sentence

__all__ = ["Asked", "Cause", "Limit", "Line", "Part", "Report", "Split", "desk_name", "report"]

#: periods shown side by side, and how many before they are counted for the line of the year before
SHOWN = {"month": 13, "quarter": 9, "year": 5, "week": 13}
#: causes, values of a break-down and corrections that are named one by one
MOST_CAUSES, MOST_VALUES, MOST_CORRECTIONS = 8, 12, 8
#: how many lines of the summary
MOST_SAID = 3
#: what happened so long before it was said is called late
LATE_SAID = timedelta(minutes=5)
#: of the events of a record those that say most about a figure
_TELLING: tuple[type, ...] = (e.MissCorrected, e.TaskMissed, e.CaseReopened, e.CaseClosed, e.ActDone, e.FieldsSet)
_UNIT = "unit"


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: the desks of a unit ('' for all that one sees), what to break down by, and the
    measure of the trend ('' for the cases opened)."""

    law: Law
    flow: Flow
    period: Period
    units: tuple[str, ...]
    unit: str = ""
    split: str = ""
    trend: str = ""


@dataclass(frozen=True)
class Part:
    """One value of a break-down."""

    key: str
    name: str
    value: str
    figure: Figure


@dataclass(frozen=True)
class Line:
    """A measure of the period. `met`: whether its target is reached; None: it has none, or nothing was counted.
    `now`: what it would be today, if something has been corrected since it was closed."""

    rule: Measure
    figure: Figure
    value: str
    mean: str
    mom: Change
    yoy: Change
    met: bool | None
    spark: SafeString
    past: tuple[tuple[Period, str], ...]
    desks: tuple[Part, ...]
    splits: tuple[tuple[str, str, tuple[Part, ...]], ...]
    closed: datetime | None
    now: str
    corrections: tuple[tuple[Correction, str], ...]

    @property
    def misses(self) -> int:
        """How many a share does not hold for."""
        return self.figure.count - (self.figure.hits or 0)

    @property
    def of(self) -> str:
        """What a share is of: 25/26; how many entries a sum has."""
        if self.figure.hits is not None:
            return f"{self.figure.hits}/{self.figure.count}"
        return _("{count} 笔").format(count=self.figure.count) if self.rule.sum is not None else ""


@dataclass(frozen=True)
class Limit:
    """An obligation with a limit, and how it was kept."""

    task: Task
    kept: int
    late: int
    open: int
    bar: SafeString

    @property
    def measure(self) -> str:
        """The name under which it is counted."""
        return f"{TASK}{self.task.id}"

    @property
    def applied(self) -> int:
        """How often it applied."""
        return self.kept + self.late + self.open

    @property
    def share(self) -> float | None:
        """The share kept, of those that are decided."""
        return self.kept / (self.kept + self.late) if self.kept + self.late else None

    @property
    def percent(self) -> str:
        """It in words."""
        return percent(self.share) if self.share is not None else ""


@dataclass(frozen=True)
class Cause:
    """One of the biggest causes: how many, which share, and how that moved."""

    key: str
    name: str
    count: int
    share: str
    mom: Change


@dataclass(frozen=True)
class Split:
    """The measures broken down by one name: its values in columns, measures in rows."""

    name: str
    title: str
    columns: tuple[Part, ...]
    rows: tuple[tuple[Line, tuple[str, ...]], ...]
    more: int


class Report:
    """One flow in one period, over some desks. Everything is worked out when it is first asked for."""

    def __init__(self, asked: Asked, organisation: Organisation, at: datetime, waiting: int) -> None:
        self.asked, self.organisation, self.at = asked, organisation, at
        #: cases that have changed and are not counted yet
        self.waiting = waiting
        self.law, self.procedure, self.flow, self.period = asked.law, asked.law.procedure, asked.flow, asked.period
        zone = self.procedure.zone
        self.running = self.period.period(zone)[1] > at
        self._now = Period.of(at, zone, self.period.kind)

    @cached_property
    def table(self) -> Table:
        """The figures of the period, broken down."""
        return measures.of_period(self.law, self.period)

    @cached_property
    def past(self) -> Mapping[Period, Table]:
        """The figures of the periods shown and of the same ones a year before, not broken down."""
        shown = self.shown
        wanted = dict.fromkeys([*shown, *(one.year_before for one in shown), self.period.moved(-1)])
        return measures.wholes(self.law, wanted)

    @cached_property
    def shown(self) -> tuple[Period, ...]:
        """The periods side by side, the last one this."""
        return tuple(self.period.moved(-back) for back in range(SHOWN[self.period.kind] - 1, -1, -1))

    @property
    def closed(self) -> datetime | None:
        """When the period was closed, if all of it is."""
        return self.table.closed.get(ALWAYS)

    @cached_property
    def words(self) -> Words:
        """The regulation's own words."""
        return words_of(self.law, self.organisation, self.at.astimezone(self.procedure.zone).date())

    @property
    def title(self) -> str:
        """2026年9月报表."""
        return _("{period}报表").format(period=period_words(self.period))

    @property
    def unit(self) -> str:
        """The desks that it is about, in words: the unit chosen, else the lowest to which all of them belong."""
        if self.asked.unit:
            return desk_name(self.organisation, self.asked.unit)
        chains = [[one.code for one in self.organisation.above(desk)] for desk in self.asked.units if desk]
        shared = [code for code in chains[0] if all(code in chain for chain in chains)] if chains else []
        return desk_name(self.organisation, shared[0] if shared else "")

    # ---- numbers at the top

    @cached_property
    def opened(self) -> tuple[int, Change, Change]:
        """Cases opened, and how that moved."""
        return self._counted(f"{OPENED}{self.flow.id}")

    @cached_property
    def finished(self) -> tuple[int, Change, Change]:
        """Cases closed, and how that moved."""
        return self._counted(f"{CLOSED}{self.flow.id}")

    @cached_property
    def in_time(self) -> tuple[str, Change, int]:
        """The share of limits kept in time, how that moved, and how many were missed."""
        now, then = self._limits(self.table), self._limits(self.past[self.period.moved(-1)])
        if now.hits is None or not now.count:
            return "", Change(), 0
        return percent(now.hits / now.count), change(None, now, then, good=1), now.count - now.hits

    def opened_in(self, period: Period) -> int:
        """Cases opened in one of the periods shown."""
        return self._past(None, f"{OPENED}{self.flow.id}", period).count

    # ---- the summary

    @cached_property
    def worse(self) -> tuple[Line, ...]:
        """The measures that have become worse since the period before, the worst first."""
        found = [line for line in self.lines if line.mom.worse]
        return tuple(sorted(found, key=lambda line: -line.mom.weight))[:MOST_SAID]

    @cached_property
    def better(self) -> int:
        """How many measures have become better."""
        return sum(line.mom.worse is False for line in self.lines)

    @cached_property
    def worst_limits(self) -> tuple[Limit, ...]:
        """The obligations that were missed most."""
        return tuple(limit for limit in self.limits if limit.late)[:MOST_SAID]

    # ---- charts

    @cached_property
    def trend_rule(self) -> Measure | None:
        """The measure of the trend; None: cases opened."""
        rule = self.procedure.measures.get(self.asked.trend)
        return rule if rule is not None and rule.flow == self.flow.id else None

    @cached_property
    def trend_points(self) -> tuple[Point, ...]:
        """The periods shown, each with the one a year before."""
        rule, name = self.trend_rule, self.asked.trend if self.trend_rule else f"{OPENED}{self.flow.id}"
        found = []
        for place, period in enumerate(self.shown):
            now, before = self._past(rule, name, period), self._past(rule, name, period.year_before)
            short, year = label(period, first=place == 0)
            found.append(
                Point(
                    short, year, self._drawn(rule, now, period), value_words(rule, now),
                    self._drawn(rule, before, period.year_before), value_words(rule, before), period == self.period,
                )
            )  # fmt: skip
        return tuple(found)

    @property
    def trend_rows(self) -> tuple[tuple[Period, Point], ...]:
        """The table behind the trend."""
        return tuple(zip(self.shown, self.trend_points, strict=True))

    @property
    def trend_title(self) -> str:
        """What the trend is of."""
        return self.trend_rule.name if self.trend_rule else _("受理件数")

    @property
    def trend(self) -> SafeString:
        """The periods shown with those a year before."""
        rule = self.trend_rule
        return charts.trend(
            "trend",
            _("{name}的走势").format(name=self.trend_title),
            self.trend_points,
            axis=lambda value: axis_words(rule, value),
            top=100.0 if rule is not None and rule.share is not None else None,
            target=target(rule) if rule is not None else None,
        )

    @cached_property
    def main_cause(self) -> str:
        """By what causes are told apart: the last name of the first measure that counts the flow's cases and breaks
        them down (a regulation puts the cause last)."""
        known = splits_of(self.procedure, self.flow.id)
        rules = [rule for rule in self.procedure.measures.values() if rule.flow == self.flow.id]
        rules.sort(key=lambda rule: (rule.of_kind != "flow", rule.share is not None or rule.where is not None))
        return next((name for rule in rules for name in reversed(rule.by) if name in known), "")

    @property
    def cause_name(self) -> str:
        """By what the chart of causes goes: what was chosen, else the cause."""
        chosen = self.asked.split in splits_of(self.procedure, self.flow.id)
        return self.asked.split if chosen else self.main_cause

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What cases are about, the most frequent first, what is not filled last."""
        return self._causes(self.cause_name)

    @property
    def top_causes(self) -> tuple[Cause, ...]:
        """The biggest causes that have a name, whatever is broken down."""
        return tuple(one for one in self._causes(self.main_cause) if one.key)[:MOST_SAID]

    @property
    def cause_title(self) -> str:
        """What they are called."""
        return self.words.name(self.cause_name) if self.cause_name else ""

    @property
    def pareto(self) -> SafeString:
        """The causes with what they make up together."""
        first, rest = self.causes[:MOST_CAUSES], self.causes[MOST_CAUSES:]
        bars = [Bar(one.name, one.count, rest=not one.key) for one in first]
        if rest:
            bars.append(Bar(_("其余 {count} 种").format(count=len(rest)), sum(one.count for one in rest), rest=True))
        return charts.pareto("pareto", _("{name}的构成").format(name=self.cause_title), bars)

    @cached_property
    def hours(self) -> tuple[tuple[int, ...], ...]:
        """Cases opened by weekday and hour."""
        numbers = self.table.whole(f"{OPENED}{self.flow.id}", self.asked.units).numbers
        return tuple(tuple(numbers[day * 24 + hour] for hour in range(24)) for day in range(7))

    @property
    def heat(self) -> SafeString:
        """When cases come in."""
        days = [str(day) for day in WEEKDAYS]
        return charts.heat("heat", _("受理时段：星期与钟点"), self.hours, days)

    #: the hours of a day
    clock = range(24)

    @property
    def weekdays(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The table behind it."""
        return tuple((str(day), hours) for day, hours in zip(WEEKDAYS, self.hours, strict=True))

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """How every limit was kept, the worst first."""
        found = []
        for task in self.procedure.tasks.values():
            numbers = self.table.whole(f"{TASK}{task.id}", self.asked.units).numbers
            if task.flow != self.flow.id or not numbers:
                continue
            kept, late, open_ = numbers[KEPT], numbers[LATE], numbers[OPEN]
            said = _("按时 {kept}，逾期 {late}，在办 {open}").format(kept=kept, late=late, open=open_)
            found.append(Limit(task, kept, late, open_, charts.share(f"k-{task.id}", kept, late, open_, said)))
        return tuple(sorted(found, key=lambda one: (one.share if one.share is not None else 2, -one.late)))

    @cached_property
    def repeats(self) -> Repeats:
        """Who came again within three months."""
        return insight.repeats(self.law, self.flow.id, self.period, self.asked.units)

    @cached_property
    def surges(self) -> tuple[Surge, ...]:
        """What comes far more often than before."""
        since, until = self.period.period(self.procedure.zone)
        passed = min((self.at - since) / (until - since), 1.0) if self.running else 1.0
        before = {one: measures.of_period(self.law, one) for one in self._compared}
        tables = {self.period: self.table, **before}
        return insight.surges(self.law, self.flow.id, self.period, tables, self.asked.units, passed)

    def surge_words(self, surge: Surge) -> tuple[str, str]:
        """The name and the value of a surge."""
        column = insight.places_of(self.procedure, self.flow).get(surge.name)
        return self.words.name(column or surge.name), self._named(surge.name, surge.value)

    @property
    def surges_said(self) -> tuple[tuple[str, str, Surge], ...]:
        """The surges in words."""
        return tuple((*self.surge_words(one), one) for one in self.surges)

    # ---- the cases behind a figure

    def figure_words(
        self, measure: str, by: str, key: str, *, hit: int | None = None, number: int | None = None
    ) -> str:
        """What a figure is called."""
        procedure = self.procedure
        task = procedure.tasks.get(measure.removeprefix(TASK)) if measure.startswith(TASK) else None
        if task is not None:
            state = {KEPT: _("按时"), LATE: _("逾期"), OPEN: _("在办")}.get(number if number is not None else -1, "")
            name = _("{name}：{value}").format(name=task.name, value=state) if state else task.name
        elif measure.startswith(CLOSED):
            name = _("办结")
        elif measure in procedure.measures:
            name = procedure.measures[measure].name
        else:
            name = _("受理")
        if by:
            part = _("{name}：{value}").format(name=self.words.name(by), value=self._named(by, key))
            name = f"{name} · {part}"
        return {None: name, 0: _("{name}（不合于）"), 1: _("{name}（合于）")}[hit].format(name=name)

    # ---- the measures

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every measure of the flow."""
        return tuple(self._line(rule) for rule in self.procedure.measures.values() if rule.flow == self.flow.id)

    @property
    def counting(self) -> tuple[Line, ...]:
        """Those in which something was counted."""
        return tuple(line for line in self.lines if line.figure.count)

    @property
    def idle(self) -> tuple[Line, ...]:
        """Those in which nothing was."""
        return tuple(line for line in self.lines if not line.figure.count)

    @cached_property
    def broken_down(self) -> Split | None:
        """The measures by what was chosen: desks, or a name of the regulation."""
        name = self.asked.split
        if name != _UNIT and name not in splits_of(self.procedure, self.flow.id):
            return None
        opened = f"{OPENED}{self.flow.id}"
        parts = self._by(None, opened, name)
        columns = parts[:MOST_VALUES]
        rows = []
        for line in self.lines:
            cells = {part.key: part.value for part in self._by(line.rule, line.rule.id, name)}
            rows.append((line, tuple(cells.get(column.key, "") for column in columns)))
        title = _("受理点") if name == _UNIT else self.words.name(name)
        return Split(name, title, columns, tuple(rows), len(parts) - len(columns))

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What the measures can be broken down by."""
        found = [(name, self.words.name(name)) for name in splits_of(self.procedure, self.flow.id)]
        return ((_UNIT, _("受理点")), *found) if len(self.asked.units) > 1 else tuple(found)

    def _causes(self, name: str) -> tuple[Cause, ...]:
        if not name:
            return ()
        measure = f"{OPENED}{self.flow.id}"
        now = self.table.parts(measure, name, self.asked.units)
        then = self._before.parts(measure, name, self.asked.units)
        whole = sum(count.count for count in now.values()) or 1
        ordered = sorted(now.items(), key=lambda one: (one[0] == "", -one[1].count))
        return tuple(
            Cause(
                key, self._named(name, key), count.count, percent(count.count / whole),
                change(None, Figure(count.count), Figure(then[key].count if key in then else 0)),
            )
            for key, count in ordered
        )  # fmt: skip

    def _line(self, rule: Measure) -> Line:
        whole = self.table.whole(rule.id, self.asked.units)
        figure = measures.figure(rule, whole)
        past = [(period, self._past(rule, rule.id, period)) for period in self.shown]
        drawn = [self._drawn(rule, one, period) for period, one in past]
        said = [(period, value_words(rule, one)) for period, one in past]
        corrected = self._corrected.get(rule.id)
        return Line(
            rule=rule,
            figure=figure,
            value=value_words(rule, figure),
            mean=mean_words(rule, figure),
            mom=change(rule, figure, self._past(rule, rule.id, self.period.moved(-1))),
            yoy=change(rule, figure, self._past(rule, rule.id, self.period.year_before)),
            met=meets(rule, figure),
            spark=charts.spark(
                drawn, len(drawn) - 1, _("；").join(f"{period} {text or _('无')}" for period, text in said),
                top=100.0 if rule.share is not None else None, target=target(rule),
            ),
            past=tuple(said),
            desks=self._by(rule, rule.id, _UNIT) if len(self.asked.units) > 1 else (),
            splits=tuple(
                (name, self.words.name(name), self._by(rule, rule.id, name)[:MOST_VALUES])
                for name in rule.by
                if name not in (_UNIT, "month")
            )
            if figure.count
            else (),
            closed=self.table.closed.get(rule.id),
            now=value_words(rule, measures.figure(rule, corrected)) or str(corrected.count) if corrected else "",
            corrections=self._causes_of(rule) if corrected else (),
        )  # fmt: skip

    def _by(self, rule: Measure | None, measure: str, name: str) -> tuple[Part, ...]:
        """A measure broken down, the most frequent values first, what is not filled last."""
        if name == _UNIT:
            found: Mapping[str, Count] = {unit: self.table.whole(measure, (unit,)) for unit in self.asked.units}
            found = {unit: count for unit, count in found.items() if count.count}
        else:
            found = self.table.parts(measure, name, self.asked.units)
        ordered = sorted(found.items(), key=lambda one: (one[0] == "", -one[1].count, one[0]))
        made = [(key, measures.figure(rule, count) if rule else Figure(count.count)) for key, count in ordered]
        return tuple(Part(key, self._named(name, key), value_words(rule, one), one) for key, one in made)

    def _named(self, name: str, key: str) -> str:
        """A value of a break-down in words."""
        if name == _UNIT:
            return desk_name(self.organisation, key)
        if name == "case.step":
            return self.words.step(key)
        table = self.procedure.tables.get(name)
        kind = table.gives.get("", "") if table else ""
        return self.words.named(key, kind) if key else _("未填")

    @cached_property
    def _corrected(self) -> Mapping[str, Count]:
        return corrections.corrected(self.law, self.period, self.asked.units) if self.table.closed else {}

    def _causes_of(self, rule: Measure) -> tuple[tuple[Correction, str], ...]:
        """The cases that have changed a closed measure, with what happened to each in words."""
        found = corrections.corrections(self.law, self.period, rule.id, self.asked.units, self.organisation)
        return tuple((one, self._happened(one)) for one in islice(found, MOST_CORRECTIONS))

    def _happened(self, correction: Correction) -> str:
        """The most telling event of the record that changed a figure."""
        event = min(correction.events, key=lambda one: _TELLING.index(type(one)) if type(one) in _TELLING else 9)
        said = sentence(self.procedure, event, self.organisation.names).plain
        if event.at - event.happened > LATE_SAID:
            said += _("（{at} 发生，补录）").format(at=moments.moment(event.happened))
        return said

    def _past(self, rule: Measure | None, name: str, period: Period) -> Figure:
        table = self.past.get(period)
        count = table.whole(name, self.asked.units) if table is not None else Count()
        return measures.figure(rule, count) if rule is not None else Figure(count.count)

    def _drawn(self, rule: Measure | None, figure: Figure, period: Period) -> float | None:
        """What is drawn of a period: nothing of one in which nothing was counted."""
        return worth(rule, figure) if figure.count and period <= self._now else None

    def _counted(self, name: str) -> tuple[int, Change, Change]:
        count = self.table.whole(name, self.asked.units).count
        before, year = (self._past(None, name, one) for one in (self.period.moved(-1), self.period.year_before))
        return count, change(None, Figure(count), before), change(None, Figure(count), year)

    def _limits(self, table: Table) -> Figure:
        """All limits of the flow together: decided ones, and those kept."""
        kept = late = 0
        for task in self.procedure.tasks.values():
            if task.flow == self.flow.id:
                numbers = table.whole(f"{TASK}{task.id}", self.asked.units).numbers
                kept, late = kept + numbers[KEPT], late + numbers[LATE]
        return Figure(kept + late, hits=kept)

    @cached_property
    def _before(self) -> Table:
        return measures.of_period(self.law, self.period.moved(-1))

    @property
    def _compared(self) -> Collection[Period]:
        return tuple(self.period.moved(-back) for back in range(1, insight.COMPARED + 1))


def report(asked: Asked, organisation: Organisation, at: datetime, waiting: int) -> Report:
    """The report that is asked for."""
    return Report(asked, organisation, at, waiting)


def desk_name(organisation: Organisation, code: str) -> str:
    """A unit by its name; without one the whole organisation."""
    return organisation.units[code].name if code in organisation.units else organisation.name or _("全单位")
