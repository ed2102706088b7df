"""Playing the month: every step of every case in the order of time, through the one door, and time passing between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shouwen.casework import access, filed, handle, inbox, wake
from shouwen.casework.procedures import Law
from shouwen.core.commands import Act
from shouwen.core.reason import Refusal
from shouwen.demo.plan import Beginning, Month
from shouwen.organisation.state import state
from shouwen.trial.play import command, opens
from shouwen.trial.script import Step, read_step

__all__ = ["Play", "Refused"]

Node = Mapping[str, object]

#: so many days people let their messages lie
READING = 5
_NAMED = re.compile(r"\[@([^\]]+)\]")


class Refused(Exception):
    """A step of a story that the judge did not allow; the message names the story, the step and the reasons."""


@dataclass(frozen=True)
class _Turn:
    """A step whose moment has been reckoned; its words are filled in when it is played."""

    beginning: Beginning
    node: Node
    at: datetime
    place: int


@dataclass
class _Told:
    """A case on its way."""

    case_id: UUID | None = None


@dataclass
class Play:
    """A month being played."""

    law: Law
    month: Month
    turns: list[tuple[datetime, int, int, _Turn]] = field(default_factory=list)
    told: dict[int, _Told] = field(default_factory=dict)
    acts: int = 0

    def run(self) -> Iterator[int]:
        """Play everything up to the month's end; yields, after each step, how many steps are still to come."""
        for beginning in self.month.beginnings():
            self._enter(beginning)
        wake.periods(self.month.begins)
        day = self.month.begins
        while self.turns:
            at, _, _, turn = heappop(self.turns)
            day = self._days(day, at)
            self._wake(at)
            self._play(turn)
            yield len(self.turns)
        self._days(day, self.month.until)
        self._wake(self.month.until + timedelta(seconds=1))
        wake.periods(self.month.until)

    def _enter(self, beginning: Beginning, case: _Told | None = None) -> None:
        """Reckon the moments of a telling; what would lie in the future does not happen any more."""
        self.told[beginning.place] = case or _Told()
        before = beginning.at
        for place, node in enumerate(beginning.telling.steps()):
            at = beginning.reckoning.moment(str(beginning.telling.filled(node["at"])), before)
            before = max(at, before)
            if before > self.month.until:
                return
            turn = _Turn(beginning, node, before, place)
            heappush(self.turns, (before, beginning.place, place, turn))

    def _days(self, day: datetime, until: datetime) -> datetime:
        """Let the calendar begin what it begins, at each midnight and each opening of the office in between."""
        opening = self.month.calendar.hours[0][0]
        while day <= until:
            at = day + timedelta(minutes=1)
            if at <= until:
                self._read(day)
                self._wake(at)
                opened = wake.periods(at)
                if opened:
                    self._follow(day, at)
            midnight = day.replace(hour=0, minute=0)
            first = midnight.replace(hour=opening.hour, minute=opening.minute)
            day = first if day < first else midnight + timedelta(days=1)
        return day

    def _read(self, day: datetime) -> None:
        """By midnight people have read what they were sent: not every night, but on the last ones they have."""
        left = (self.month.until - day).days
        if day.hour == 0 and (left < 2 or left % READING == 0):
            for viewer in filter(None, (access.viewer(person, day) for person in state().people)):
                inbox.mark_all(viewer)

    def _wake(self, until: datetime) -> None:
        """What fell due before this moment happens, each at the moment when it fell due."""
        while (due := wake.due_next()) is not None and due < until:
            for case_id in wake.due(due):
                wake.wake(case_id, due)

    def _follow(self, since: datetime, until: datetime) -> None:
        """Cases that rules have opened, and the stories told about them."""
        stories = {story.follows: story for story in self.month.stories.values() if story.follows}
        for row in _all_cases(until).filter(flow__in=stories, opened_at__gte=since).order_by("number"):
            beginning = self.month.following(stories[row.flow], row.unit, until)
            self._enter(beginning, _Told(row.case_id))

    def _play(self, turn: _Turn) -> None:
        told, beginning = self.told[turn.beginning.place], turn.beginning
        node = _Reader(turn, told).node()
        step = read_step(turn.place + 1, node, self.month.calendar.zone)
        asked = command(self.law.procedure, step)
        if opens(self.law.procedure, step):
            assert isinstance(asked, Act)
            answer = handle.open_case(self.law, handle.Opening(command=asked, unit=beginning.desk), at=turn.at)
        else:
            assert told.case_id is not None
            answer = handle.act(told.case_id, asked, at=turn.at)
        self.acts += 1
        if answer.refusal is None:
            told.case_id = answer.case_id
        elif _allowed(step):
            raise Refused(_why(turn, node, answer.refusal))


@dataclass
class _Reader:
    """A step with everything filled in: blanks, people, moments, and the members of a batch."""

    turn: _Turn
    told: _Told

    def __post_init__(self) -> None:
        beginning = self.turn.beginning
        self.cast, self.telling = beginning.cast, beginning.telling

    def node(self) -> dict[str, object]:
        raw = self.turn.node
        node = {key: self._filled(value) for key, value in raw.items() if key not in ("at", "by", "present")}
        node["at"] = self.turn.at.isoformat()
        if "by" in raw:
            node["by"] = self._person(str(raw["by"]))
        if "present" in raw:
            listed = raw["present"]
            assert isinstance(listed, Sequence)
            node["present"] = list(dict.fromkeys(self._person(str(word)) for word in listed))
        if isinstance(node.get("happened"), Mapping):
            node["happened"] = self._moment(node["happened"])
        return node

    def _filled(self, value: object) -> object:
        """`@word` is a person, `{moment: …}` a moment, `{members: row}` a row for each case that came along."""
        if isinstance(value, str):
            return self._person(value[1:]) if value.startswith("@") else self._named(str(self.telling.filled(value)))
        if isinstance(value, Mapping):
            if set(value) == {"moment"}:
                return self._moment(value)
            if set(value) == {"members"}:
                return self._members(value["members"])
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, Sequence):
            return [self._filled(one) for one in value]
        return value

    def _named(self, text: str) -> str:
        """`[@word]` is the name of whoever plays it."""
        return _NAMED.sub(lambda found: self.cast.names[self._person(found.group(1))], text)

    def _person(self, word: str) -> str:
        filled = str(self.telling.filled(word))
        return self.cast.who(filled, self.turn.at, self.turn.beginning.place)

    def _moment(self, value: object) -> str:
        assert isinstance(value, Mapping)
        return self.turn.beginning.reckoning.moment(str(value["moment"]), self.turn.at).isoformat()

    def _members(self, row: object) -> list[object]:
        assert self.told.case_id is not None
        case = filed.load(self.told.case_id)[0].case
        return [_replaced(self._filled(row), number) for links in [case.links.get("members", ())] for number in links]


def _replaced(node: object, number: str) -> object:
    """A row with `#` replaced by the number of its case."""
    if isinstance(node, Mapping):
        return {key: _replaced(value, number) for key, value in node.items()}
    return node.replace("#", number) if isinstance(node, str) else node


def _all_cases(at: datetime) -> QuerySet[Any]:
    """The cases as those see them who see most."""
    found = (access.viewer(person, at) for person in state().people)
    return access.cases(max((one for one in found if one is not None), key=lambda one: len(one.whole)))


def _allowed(step: Step) -> bool:
    """Whether the story expects the step to be carried out; a refusal may be the point of it."""
    return step.expect is None or "refused" not in step.expect


def _why(turn: _Turn, node: Node, refusal: Refusal) -> str:
    reasons = "；".join(reason.text for reason in refusal.reasons)
    missing = "、".join(str(one) for one in refusal.missing)
    story = turn.beginning.telling.story.name
    return (
        f"故事“{story}”第 {turn.place + 1} 步 {node.get('do')}（{turn.at:%Y-%m-%d %H:%M}）未获准许：{reasons} {missing}"
    )
