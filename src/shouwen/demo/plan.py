"""The plan of the month: which story begins when, at which desk and in whose home, drawn by a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from shouwen.core.calendar import Calendar, is_workday
from shouwen.demo.cast import Cast
from shouwen.demo.moments import Reckoning
from shouwen.demo.owners import Owner, owners
from shouwen.demo.stories import Story, Telling
from shouwen.organisation.events import RowSet

__all__ = ["Beginning", "Month"]

Node = Mapping[str, object]


@dataclass(frozen=True)
class Beginning:
    """A case that is to come: the telling, where, when, with which people, and how its moments are counted."""

    telling: Telling
    desk: str
    at: datetime
    cast: Cast
    reckoning: Reckoning
    place: int


@dataclass
class Month:
    """A month that ends at `until`, and what begins in it. The plan's `matter` names the blank of which one home brings
    each word once only."""

    organisation: Node
    plan: Node
    stories: Mapping[str, Story]
    calendar: Calendar
    until: datetime

    def __post_init__(self) -> None:
        self._seed = f"{self.plan['seed']}/{self.until:%Y-%m-%d}"
        self._chance = Random(self._seed)
        self._count = count()
        self._casts: dict[str, Cast] = {}
        self._homes: dict[str, tuple[Owner, ...]] = {}
        self._taken: set[tuple[str, str]] = set()
        self._told: dict[str, int] = {}
        for desk, project in _mapping(self.organisation["projects"]).items():
            self._casts[desk] = Cast.of(self.organisation, desk, self.until)
            self._homes[desk] = owners(_mapping(project), _mapping(self.organisation["names"]), self._chance)

    def register(self) -> Iterator[RowSet]:
        """The homes of all projects as rows of the organisation's register."""
        rule = _mapping(self.organisation["register"])
        for desk, homes in self._homes.items():
            project = _mapping(_mapping(self.organisation["projects"])[desk])
            for owner in homes:
                words = {**owner.words(), "desk": desk, "project": str(project["project"])}
                values = {name: str(text).format(**words) for name, text in _mapping(rule["fields"]).items()}
                yield RowSet(
                    procedure=str(self.organisation["procedure"]),
                    register=str(rule["name"]),
                    key=str(rule["key"]).format(**words),
                    values=values,
                )

    @property
    def begins(self) -> datetime:
        """The first midnight of the month."""
        return self.until.replace(hour=0, minute=0) - timedelta(days=int(str(self.plan["days"])))

    def beginnings(self) -> Iterator[Beginning]:
        """Everything that begins by a hand in this month: what is placed, then what is drawn."""
        now = Reckoning(self.calendar, self.until, self._chance)
        for placed in _nodes(self.plan["placed"]):
            at = now.moment(str(placed["at"]), self.until)
            if at <= self.until:
                story, desk = self.stories[str(placed["story"])], str(placed.get("desk", ""))
                yield self._beginning(story, at, desk, str(placed.get("halts", "")))
        drawn = [story for story in self.stories.values() if story.weight]
        weights = [story.weight for story in drawn]
        for number in range(int(str(self.plan["cases"]))):
            # Each story once, then by their weights.
            story = drawn[number] if number < len(drawn) else self._chance.choices(drawn, weights)[0]
            yield self._beginning(story, self._arrival(story))

    def following(self, story: Story, desk: str, at: datetime) -> Beginning:
        """What people do with a case that a rule has opened."""
        return self._made(story, desk, at, {})

    def _beginning(self, story: Story, at: datetime, desk: str = "", halts: str = "") -> Beginning:
        desks = _mapping(self.plan["desks"])
        there = [one for one in desks if not story.desks or one in story.desks]
        desk = desk or self._chance.choices(there, [int(str(desks[one])) for one in there])[0]
        # Variants take turns, so that no text comes back before the others have had theirs.
        turn = self._told[story.name] = self._told.get(story.name, self._chance.randrange(50)) + 1
        variant = story.variants[turn % len(story.variants)]
        words = {name: self._word(value) for name, value in variant.items()}
        return self._made(story, desk, at, {**words, **self._home(desk, words).words()}, halts)

    def _made(self, story: Story, desk: str, at: datetime, words: Mapping[str, str], halts: str = "") -> Beginning:
        place = next(self._count)
        chance = Random(f"{self._seed}/{place}")
        project = {
            str(name): str(value)
            for name, value in _mapping(_mapping(self.organisation["projects"])[desk]).items()
            if isinstance(value, str)
        }
        common = {name: str(chance.choice(_texts(texts))) for name, texts in _mapping(self.plan["words"]).items()}
        dated = {"day": f"{at:%m%d}", "nn": f"{place:03d}", "mm": str(at.month), "dd": str(at.day)}
        month = at.replace(day=1) - timedelta(days=1)
        dated["last_month"] = f"{month:%Y-%m}"
        telling = Telling(story, {**common, **project, **dated, **words}, chance, halts)
        cast = self._casts[desk].apart()
        return Beginning(telling, desk, at, cast, Reckoning(self.calendar, at, chance), place)

    def _word(self, value: object) -> str:
        return value if isinstance(value, str) else str(self._chance.choice(_texts(value)))

    def _home(self, desk: str, words: Mapping[str, str]) -> Owner:
        """A home that has not brought this matter yet."""
        matter = str(words.get(str(self.plan["matter"]), ""))
        free = [home for home in self._homes[desk] if (home.room, matter) not in self._taken]
        home = self._chance.choice(free)
        self._taken.add((home.room, matter))
        return home

    def _arrival(self, story: Story) -> datetime:
        """A moment of the month at which such a story comes in."""
        rules = _mapping(_mapping(self.plan["arrivals"])[story.arrives])
        hours = _mapping(rules["hours"])
        rest = int(str(rules["days_off"]))
        while True:
            day = (self.begins + timedelta(days=self._chance.randint(0, int(str(self.plan["days"]))))).date()
            if not is_workday(self.calendar, day) and self._chance.randrange(100) >= rest:
                continue
            hour = int(self._chance.choices(list(hours), [int(str(weight)) for weight in hours.values()])[0])
            at = datetime.combine(day, time(hour, self._chance.randrange(60)), self.calendar.zone)
            if at <= self.until:
                return at


def _mapping(node: object) -> Node:
    assert isinstance(node, Mapping)
    return node


def _nodes(node: object) -> list[Node]:
    assert isinstance(node, Sequence)
    return [_mapping(one) for one in node]


def _texts(node: object) -> list[str]:
    assert isinstance(node, Sequence)
    return [str(one) for one in node]
