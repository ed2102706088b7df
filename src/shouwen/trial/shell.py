"""An organisation in memory: cases and their events, people, figures; it asks the judge and carries its requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from shouwen import calendars
from shouwen.core import events as e
from shouwen.core import periodic, values
from shouwen.core.calendar import Calendar, Edition, Span, parse_clock
from shouwen.core.case import Case, evolve
from shouwen.core.commands import Act, Begin, BuiltIn, Command, Effect, Wake
from shouwen.core.decide import Decision, decide
from shouwen.core.facts import columns, questions
from shouwen.core.judge import find_action
from shouwen.core.language import figures
from shouwen.core.procedure import Dated, Field, Procedure
from shouwen.core.reason import Refusal
from shouwen.core.values import Value
from shouwen.core.world import World
from shouwen.trial import answers
from shouwen.trial.script import Script, ScriptError

__all__ = ["Shell"]


@dataclass
class Filed:
    """A case with all its events."""

    case: Case
    events: list[e.Event] = field(default_factory=list)


@dataclass
class Shell:
    """The state of a trial. `names` gives the script's own names of cases."""

    procedure: Procedure
    world: World
    given: Mapping[str, Mapping[str, object]]
    unit: str
    registers: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    now: datetime | None = None
    cases: dict[str, Filed] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, procedure: Procedure, script: Script) -> Shell:
        """The organisation that a script describes."""
        edition = _edition(script.calendar.get("last_year"))
        overlays = {name: tuple(_dated(procedure, name, value)) for name, value in script.figures.items()}
        hours = _hours(procedure, overlays)
        calendar = Calendar(edition, hours=hours, zone=procedure.zone, day_end=procedure.day_end)
        world = World(calendar=calendar, holdings=script.holdings, figures=overlays, words=script.words)
        registers = {name: tuple(_row(procedure, name, row) for row in rows) for name, rows in script.registers.items()}
        return cls(procedure, world, script.facts, script.unit, registers)

    def pass_time(self, until: datetime) -> list[tuple[str, e.Event]]:
        """Everything that falls due by this minute, in every case and for the organisation."""
        happened: list[tuple[str, e.Event]] = []
        if self.now is not None:
            for occurrence in periodic.occurrences(self.procedure, self.world, self.now, until):
                happened += self._wake_all(occurrence.moment)
                cases = [filed.case for filed in self.cases.values()]
                for batch in periodic.batches(self.procedure, occurrence, cases, self.world, self.registers):
                    for begin in batch.opens:
                        happened += self._begin(begin, occurrence.moment)[1]
        happened += self._wake_all(until)
        self.now = until
        return happened

    def do(
        self, number: str, command: Act | BuiltIn, at: datetime, given: Mapping[str, Mapping[str, object]]
    ) -> tuple[Decision | Refusal, list[tuple[str, e.Event]], str]:
        """Judge a command on a case ('' opens one); what happened, in every case that it touched, and its number."""
        case = self.cases[number].case if number else Case()
        if isinstance(command, Act):
            number_now = number or self._number(command, at)
            command = replace(command, number=number_now)
            asked = questions(self.procedure, case, command, at, self.world)
            learned = answers.answer(self, asked, number, {**self.given, **given}, at)
            command = replace(command, answers=learned)
        else:
            number_now = number
        answer = decide(self.procedure, case, command, at, self._numbered(case, at))
        if isinstance(answer, Refusal):
            return answer, self._record(number, answer), number
        happened = self._keep(number_now, answer, at)
        return answer, happened, number_now

    def columns(self) -> Iterator[tuple[Case, dict[str, Value]]]:
        """The exported columns of every case."""
        for filed in self.cases.values():
            yield filed.case, columns(self.procedure, filed.case, self.world)

    def _wake_all(self, until: datetime) -> list[tuple[str, e.Event]]:
        happened: list[tuple[str, e.Event]] = []
        for number in tuple(self.cases):
            happened += self._command(number, Wake(), until)
        return happened

    def _command(self, number: str, command: Command, at: datetime) -> list[tuple[str, e.Event]]:
        case = self.cases[number].case
        answer = decide(self.procedure, case, command, at, self._numbered(case, at))
        return [] if isinstance(answer, Refusal) else self._keep(number, answer, at)

    def _keep(self, number: str, decision: Decision, at: datetime) -> list[tuple[str, e.Event]]:
        filed = self.cases.setdefault(number, Filed(Case()))
        filed.case = decision.case
        filed.events += decision.events
        happened = [(number, event) for event in decision.events]
        for event in decision.events:
            if isinstance(event, e.PaperIssued):
                self._take(event.form, event.number)
            elif isinstance(event, e.ActDone | e.FieldsSet):
                self._take_numbers(event)
            elif isinstance(event, e.Requested):
                happened += self._carry(number, event, at)
            elif isinstance(event, e.CaseClosed):
                happened += self._close_links(number, at)
        return happened

    def _record(self, number: str, refusal: Refusal) -> list[tuple[str, e.Event]]:
        if not refusal.record or not number:
            return []
        filed = self.cases[number]
        for event in refusal.record:
            filed.case = evolve(filed.case, event)
            filed.events.append(event)
        return [(number, event) for event in refusal.record]

    def _carry(self, number: str, asked: e.Requested, at: datetime) -> list[tuple[str, e.Event]]:
        """Carry a request to its case, once per key."""
        if asked.verb == "open":
            begin = Begin(
                flow=asked.flow, number="", key=asked.key, cause=f"{number}", values=asked.values, clauses=asked.clauses
            )
            opened, happened = self._begin(begin, at)
            if asked.bond and opened:
                link = Effect(verb="link", target=opened, key=f"{asked.key}/link", cause=number, bond=asked.bond)
                happened += self._command(number, link, at)
            return happened
        if asked.verb == "write":
            self._write(asked)
            return []
        if asked.case not in self.cases:
            return []
        effect = Effect(
            verb=asked.verb,
            target=asked.target,
            key=asked.key,
            cause=number,
            bond=asked.bond,
            values=asked.values,
            clauses=asked.clauses,
        )
        return self._command(asked.case, effect, at)

    def _write(self, asked: e.Requested) -> None:
        """A row of a register: a new one, or the one of its key written over."""
        key = self.procedure.forms[asked.target].key
        kept = self.registers.get(asked.target, ())
        left = tuple(row for row in kept if not key or row.get(key) != asked.values.get(key))
        self.registers = {**self.registers, asked.target: (*left, dict(asked.values))}

    def _begin(self, begin: Begin, at: datetime) -> tuple[str, list[tuple[str, e.Event]]]:
        if begin.key in self.keys or begin.flow not in self.procedure.flows:
            return self.keys.get(begin.key, ""), []
        number = self._case_number(begin.flow, at)
        self.keys[begin.key] = number
        answer = decide(self.procedure, Case(), replace(begin, number=number), at, self._numbered(Case(), at))
        return (number, self._keep(number, answer, at)) if isinstance(answer, Decision) else ("", [])

    def _close_links(self, number: str, at: datetime) -> list[tuple[str, e.Event]]:
        happened: list[tuple[str, e.Event]] = []
        for other, filed in tuple(self.cases.items()):
            for bond, numbers in filed.case.links.items():
                if number in numbers and number not in filed.case.links_closed:
                    told = Effect(verb="closed", target=number, key=f"{number}/closed/{bond}", cause=number, bond=bond)
                    happened += self._command(other, told, at)
        return happened

    def _number(self, command: Act, at: datetime) -> str:
        action = find_action(self.procedure, command.action)
        return self._case_number(action.opens, at) if action and action.opens else ""

    def _case_number(self, flow: str, at: datetime | None) -> str:
        pattern = self.procedure.flows[flow].number or f"{flow}-{{seq:4}}"
        count = 1
        while (number := self._fill(pattern, count, at)) in self.cases:
            count += 1
        return number

    def _numbered(self, case: Case, at: datetime) -> World:
        numbers = {
            form.id: self._fill(form.number, self.counters.get(form.id, 0) + 1, at)
            for form in self.procedure.forms.values()
            if form.number
        }
        return replace(self.world, numbers=numbers)

    def _take_numbers(self, event: e.ActDone | e.FieldsSet) -> None:
        """A number that an act has filled in is taken, though the paper is not issued yet."""
        for path, value in event.values.items():
            rule = self.procedure.fields.get(path)
            if rule and rule.auto == "number":
                self._take(path.partition(".")[0], str(value))
            elif rule and rule.type == "rows" and isinstance(value, tuple):
                self._take_lines(rule, [row for row in value if isinstance(row, Mapping)])
        for path, lines in event.rows.items():
            self._take_lines(self.procedure.fields[path], list(lines.values()))

    def _take_lines(self, rule: Field, lines: Sequence[Mapping[str, Value]]) -> None:
        """The lines of a paper share its number: it is taken once."""
        for name, column in rule.columns.items():
            for line in lines if column.auto == "number" else ():
                if name in line:
                    self._take(rule.path.partition(".")[0], str(line[name]).rpartition("-")[0])

    def _take(self, form: str, number: str) -> None:
        if number not in self.taken:
            self.taken.add(number)
            self.counters[form] = self.counters.get(form, 0) + 1

    def _fill(self, pattern: str, count: int, at: datetime | None) -> str:
        """A number by its pattern: {yyyy}, {mm}, {seq:5}; any other slot is the unit."""

        def slot(found: re.Match[str]) -> str:
            name, _, width = found.group(1).partition(":")
            if name == "seq":
                return str(count).zfill(int(width or 1))
            if name in ("yyyy", "mm", "dd") and at is not None:
                return at.strftime({"yyyy": "%Y", "mm": "%m", "dd": "%d"}[name])
            return self.unit

        return re.sub(r"\{([^}]*)\}", slot, pattern)


def _dated(procedure: Procedure, name: str, written: object) -> Iterator[Dated]:
    """A figure of the organisation as a script writes it: a value, or several with the day from which each counts."""
    lines = written if isinstance(written, list | tuple) else [written]
    if not all(isinstance(line, Mapping) for line in lines):
        yield Dated(since=None, value=_overlay(procedure, name, str(written)))
        return
    for line in sorted(lines, key=lambda line: str(line.get("from", ""))):
        since = date.fromisoformat(str(line["from"])) if line.get("from") else None
        yield Dated(since=since, value=_overlay(procedure, name, str(line.get("value", ""))))


def _overlay(procedure: Procedure, name: str, text: str) -> Value | Span:
    """The value of a figure as a script writes it. Raises ScriptError."""
    try:
        return figures.figure_value(procedure, name, text)
    except ValueError as error:
        raise ScriptError(f"figures.{name}：{error}") from None


def _hours(procedure: Procedure, overlays: Mapping[str, tuple[Dated, ...]]) -> tuple[tuple[time, time], ...]:
    """Office hours: those of the figure that gives them, if the script overlays it."""
    dated = overlays.get(procedure.hours_figure or "")
    value = dated[0].value if dated else None
    pairs = [str(text).split("-") for text in value] if isinstance(value, tuple) else []
    return tuple((parse_clock(start), parse_clock(end)) for start, end in pairs) or procedure.hours


def _row(procedure: Procedure, form: str, row: Mapping[str, object]) -> dict[str, Value]:
    """A row of a register as a script writes it. Raises ScriptError."""
    try:
        fields = procedure.forms[form].fields
        return {n: values.read(fields[n].type, raw, procedure.zone, scale=fields[n].scale) for n, raw in row.items()}
    except (KeyError, ValueError) as error:
        raise ScriptError(f"registers.{form}：{error}") from None


def _edition(last_year: object) -> Edition:
    """The public edition, or an older one that ends with a given year."""
    edition = calendars.public_edition()
    if last_year is None:
        return edition
    last = int(str(last_year))
    return replace(
        edition,
        name=f"{edition.name}，止于 {last} 年",
        last_year=last,
        holidays={day: name for day, name in edition.holidays.items() if day.year <= last},
        makeup_days={day: name for day, name in edition.makeup_days.items() if day.year <= last},
    )
