"""Playing the month: every step of every case in the order of time, through the one door, and time passing between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from uuid import UUID

from shouwen.casework import access, handle, inbox, procedures, wake
from shouwen.casework.world import world
from shouwen.core import periodic
from shouwen.core.commands import Act
from shouwen.core.events import Requested
from shouwen.core.reason import Refusal
from shouwen.demo.plan import Beginning, Month
from shouwen.demo.reading import Node
from shouwen.demo.saying import said
from shouwen.demo.stories import Story
from shouwen.organisation.state import state
from shouwen.trial.play import command, opens
from shouwen.trial.script import Step, read_step

__all__ = ["Play"]

#: so many days people let their messages lie
READING = 5
#: so many times somebody tries again what is not yet allowed
TRIES = 30


@dataclass(frozen=True)
class _Turn:
    """A step whose moment has been reckoned; its words are filled in when it is played."""

    beginning: Beginning
    node: Node
    at: datetime
    place: int


@dataclass
class _Told:
    """A case on its way: how much later than told it goes, and how often its next step has been tried."""

    case_id: UUID | None = None
    behind: timedelta = timedelta()
    tried: int = 0


@dataclass
class Play:
    """The months of all houses being played, as one."""

    months: Sequence[Month]
    turns: list[tuple[datetime, int, int, _Turn]] = field(default_factory=list)
    told: dict[int, _Told] = field(default_factory=dict)
    acts: int = 0
    #: steps that the judge did not allow: the story, the step and the reasons; there that telling ends
    refused: list[str] = field(default_factory=list)
    #: number of a case → how it began
    numbers: dict[str, Beginning] = field(default_factory=dict)
    _met: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.begins, self.until = min(one.begins for one in self.months), self.months[0].until
        self._looked = self.begins
        self._follows = {(one.chapter.procedure, s.follows): one for one in self.months for s in _following(one)}
        self._whole = _overseer(self.begins)

    def run(self) -> Iterator[int]:
        """Play everything up to the month's end; yields, after each step, how many steps are still to come."""
        for month in self.months:
            for beginning in month.beginnings():
                self._enter(beginning)
        wake.periods(self.begins)
        moments = self._moments()
        coming = next(moments, None)
        while self.turns or coming is not None:
            if coming is not None and (not self.turns or coming[0] <= self.turns[0][0]):
                self._begin(*coming)
                coming = next(moments, None)
                continue
            at, _, _, turn = heappop(self.turns)
            self._wake(at)
            self._play(turn, at)
            yield len(self.turns)
        self._wake(self.until + timedelta(seconds=1))
        wake.periods(self.until)

    def _enter(self, beginning: Beginning, case: _Told | None = None) -> None:
        """Reckon the moments of a telling; what would lie in the future does not happen any more."""
        self.told[beginning.place] = case or _Told()
        before = beginning.at
        for place, node in enumerate(beginning.telling.steps()):
            at = beginning.reckoning.moment(str(beginning.telling.filled(node["at"])), before)
            before = max(at, before)
            if before > self.until:
                return
            heappush(self.turns, (before, beginning.place, place, _Turn(beginning, node, before, place)))

    def _moments(self) -> Iterator[tuple[datetime, set[str]]]:
        """Each midnight, and each moment at which the calendar begins something, and by which procedures it does."""
        day = self.begins
        while day <= self.until:
            after, end = day - timedelta(minutes=1), day + timedelta(days=1, minutes=-1)
            found: dict[datetime, set[str]] = {day: set()}
            for law in procedures.all_current(day.date()):
                for one in periodic.occurrences(law.procedure, world(law, state(), "", day), after, end):
                    found.setdefault(one.moment, set()).add(law.procedure.id)
            yield from ((at, found[at]) for at in sorted(found) if at <= self.until)
            day += timedelta(days=1)

    def _begin(self, at: datetime, by: set[str]) -> None:
        """Let the calendar begin what it begins at a moment."""
        self._wake(at)
        if at.hour == at.minute == 0:
            self._read(at)
        if by:
            wake.periods(at, by)
            self._follow(at)

    def _read(self, day: datetime) -> None:
        """By midnight people have read what they were sent: not every night, but on the last ones they have."""
        left = (self.until - day).days
        if left < 2 or left % READING == 0:
            for viewer in filter(None, (access.viewer(person, day) for person in state().people)):
                inbox.mark_all(viewer)

    def _wake(self, until: datetime) -> None:
        """What fell due before this moment happens, each at the moment when it fell due."""
        while (due := wake.due_next()) is not None and due < until:
            woken = [case_id for case_id in wake.due(due) if wake.wake(case_id, due)]
            if woken:
                self._follow(due)

    def _follow(self, at: datetime) -> None:
        """Cases that rules have opened since the last look, and the stories told about them."""
        flows = {flow for _, flow in self._follows}
        found = access.cases(self._whole).filter(flow__in=flows, opened_at__gte=self._looked)
        for row in found.exclude(case_id__in=self._met).order_by("number"):
            self._met.add(row.case_id)
            month = self._follows.get((row.procedure, row.flow))
            if month is None or row.number in self.numbers:
                continue
            told = {**row.columns, "no": row.number}
            cause = next((self.numbers[one] for one in row.columns.values() if one in self.numbers), None)
            site = cause.site if cause else month.site_of(row.unit, row.columns)
            known = {**cause.telling.words, **told} if cause else told
            beginning = month.following(row.flow, known, site, at)
            if beginning is not None:
                self.numbers[row.number] = beginning
                self._enter(beginning, _Told(row.case_id))
        self._looked = max(self._looked, at)

    def _play(self, turn: _Turn, at: datetime) -> None:
        told, beginning = self.told[turn.beginning.place], turn.beginning
        if turn.at + told.behind > at:
            self._later(turn, told)
            return
        if "begin" in turn.node:
            self._enter(beginning.month.begun(str(turn.node["begin"]), beginning, at))
            return
        law = procedures.current(beginning.month.chapter.procedure)
        node = said(beginning, turn.node, at, told.case_id)
        step = read_step(turn.place + 1, node, law.procedure.zone)
        asked = command(law.procedure, step)
        if opens(law.procedure, step):
            assert isinstance(asked, Act)
            desk = beginning.month.house.desk(beginning.site)
            answer = handle.open_case(law, handle.Opening(command=asked, unit=desk), at=at)
        else:
            assert told.case_id is not None, (beginning.telling.story.name, turn.node)
            answer = handle.act(told.case_id, asked, at=at)
        if answer.refusal is not None:
            if "again" in turn.node and told.tried < TRIES:
                told.tried += 1
                told.behind += beginning.reckoning.moment(f"+{turn.node['again']}", at) - at
                self._later(turn, told)
            elif _allowed(step):
                self.refused.append(_why(turn, at, answer.refusal))
                told.behind = self.until - self.begins + timedelta(days=1)
            return
        self.acts += 1
        told.tried, told.case_id = 0, answer.case_id
        beginning.telling.words["no"] = answer.number
        self.numbers[answer.number] = beginning
        if any(isinstance(event, Requested) for event in answer.events):
            self._follow(at)

    def _later(self, turn: _Turn, told: _Told) -> None:
        at = turn.at + told.behind
        if at <= self.until:
            heappush(self.turns, (at, turn.beginning.place, turn.place, turn))


def _following(month: Month) -> Iterator[Story]:
    return (story for story in month.chapter.stories.values() if story.follows)


def _overseer(at: datetime) -> access.Viewer:
    """Whoever sees most."""
    found = filter(None, (access.viewer(person, at) for person in state().people))
    return max(found, key=lambda one: len(one.whole))


def _allowed(step: Step) -> bool:
    """Whether the story expects the step to be carried out; a refusal may be the point of it."""
    return step.expect is None or "refused" not in step.expect


def _why(turn: _Turn, at: datetime, refusal: Refusal) -> str:
    reasons = "；".join(reason.text for reason in refusal.reasons)
    missing = "、".join(str(one) for one in refusal.missing)
    story = turn.beginning.telling.story.name
    return (
        f"故事“{story}”第 {turn.place + 1} 步 {turn.node.get('do')}（{at:%Y-%m-%d %H:%M}）未获准许：{reasons} {missing}"
    )
