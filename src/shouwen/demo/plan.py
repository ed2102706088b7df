"""The plan of the month: which story begins when, at which site and with which customer, drawn by a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from shouwen.core.calendar import Calendar, is_workday
from shouwen.demo.cast import Cast
from shouwen.demo.houses import Chapter, House
from shouwen.demo.moments import Reckoning
from shouwen.demo.owners import Owner, owners
from shouwen.demo.reading import Node, listed, mapping, nodes, texts
from shouwen.demo.stories import Story, Telling
from shouwen.organisation.events import RowSet

__all__ = ["Beginning", "Month", "homes", "register"]

Homes = Mapping[str, tuple[Owner, ...]]


@dataclass(frozen=True)
class Beginning:
    """A case that is to come: the telling, where, when, with which people, and how its moments are counted."""

    telling: Telling
    month: Month
    site: str
    at: datetime
    cast: Cast
    reckoning: Reckoning
    place: int


@dataclass
class Month:
    """A month of one chapter that ends at `until`, and what begins in it. The plan's `matter` names the blank of which
    one customer brings each word once only; without it a customer comes once. `first`: the number of its first case."""

    house: House
    chapter: Chapter
    homes: Homes
    calendar: Calendar
    until: datetime
    first: int = 0

    def __post_init__(self) -> None:
        self._seed = f"{self.chapter.plan['seed']}/{self.until:%Y-%m-%d}"
        self._chance = Random(self._seed)
        self._count = count(self.first)
        self._casts = {site: Cast.of(self.house, site, self.until) for site in self.homes}
        self._taken: set[tuple[str, str]] = set()
        self._told: dict[str, int] = {}

    @property
    def begins(self) -> datetime:
        """The first midnight of the month."""
        return self.until.replace(hour=0, minute=0) - timedelta(days=int(str(self.chapter.plan["days"])))

    def beginnings(self) -> Iterator[Beginning]:
        """Everything that begins by a hand in this month: what is placed, then what is drawn."""
        now, plan, stories = Reckoning(self.calendar, self.until, self._chance), self.chapter.plan, self.chapter.stories
        for placed in nodes(plan["placed"]):
            at = now.moment(str(placed["at"]), self.until)
            if at <= self.until:
                site = str(placed.get("site", ""))
                yield self._beginning(stories[str(placed["story"])], at, site, str(placed.get("halts", "")))
        drawn = [story for story in stories.values() if story.weight and not story.follows]
        weights = [story.weight for story in drawn]
        for number in range(int(str(plan["cases"]))):
            # Each story once, then by their weights.
            story = drawn[number] if number < len(drawn) else self._chance.choices(drawn, weights)[0]
            yield self._beginning(story, self._arrival(story))

    def following(self, flow: str, columns: Mapping[str, object], site: str, at: datetime) -> Beginning | None:
        """What people do with a case that a rule has opened; None if no story is told of such a one."""
        told = [
            story
            for story in self.chapter.stories.values()
            if story.follows == flow and all(columns.get(key) in listed(among) for key, among in story.given.items())
        ]
        if not told:
            return None
        story = self._chance.choices(told, [max(one.weight, 1) for one in told])[0]
        words = {name: value for name, value in columns.items() if isinstance(value, str)}
        return self._made(story, site, at, {**words, **self._variant(story)})

    def begun(self, name: str, before: Beginning, at: datetime) -> Beginning:
        """A story that another one begins: with the same customer, and with whatever it does not say otherwise."""
        story = self.chapter.stories[name]
        return self._made(story, before.site, at, {**before.telling.words, **self._variant(story)})

    def site_of(self, desk: str, columns: Mapping[str, object]) -> str:
        """The site of a desk that a case's columns speak of, or the desk's first."""
        sites = [site for site in self.homes if self.house.desk(site) == desk]
        told = {value for value in columns.values() if isinstance(value, str)}
        spoken_of = (site for site in sites if told & set(self._words_of(site).values()))
        return next(spoken_of, sites[0])

    def _beginning(self, story: Story, at: datetime, site: str = "", halts: str = "") -> Beginning:
        weights = mapping(self.chapter.plan["sites"])
        there = [one for one in weights if not story.sites or one in story.sites]
        site = site or self._chance.choices(there, [int(str(weights[one])) for one in there])[0]
        words = self._variant(story)
        return self._made(story, site, at, {**words, **self._home(site, words).words()}, halts)

    def _variant(self, story: Story) -> dict[str, str]:
        # Variants take turns, so that no text comes back before the others have had theirs.
        turn = self._told[story.name] = self._told.get(story.name, self._chance.randrange(50)) + 1
        variant = story.variants[turn % len(story.variants)]
        return {name: self._word(value) for name, value in variant.items()}

    def _made(self, story: Story, site: str, at: datetime, words: Mapping[str, str], halts: str = "") -> Beginning:
        place = next(self._count)
        chance = Random(f"{self._seed}/{place - self.first}")
        common = {name: str(chance.choice(texts(of))) for name, of in mapping(self.chapter.plan["words"]).items()}
        dated = {"day": f"{at:%m%d}", "nn": f"{place:03d}", "mm": str(at.month), "dd": str(at.day)}
        month = at.replace(day=1) - timedelta(days=1)
        dated["last_month"] = f"{month:%Y-%m}"
        telling = Telling(story, {**common, **self._words_of(site), **dated, **words}, chance, halts)
        reckoning = Reckoning(self.calendar, at, chance)
        return Beginning(telling, self, site, at, self._casts[site].apart(), reckoning, place)

    def _words_of(self, site: str) -> dict[str, str]:
        return {name: value for name, value in self.house.sites[site].items() if isinstance(value, str)}

    def _word(self, value: object) -> str:
        return value if isinstance(value, str) else str(self._chance.choice(texts(value)))

    def _home(self, site: str, words: Mapping[str, str]) -> Owner:
        """A customer who has not brought this matter yet."""
        matter = str(words.get(str(self.chapter.plan.get("matter", "")), ""))
        free = [home for home in self.homes[site] if (home.room, matter) not in self._taken]
        home = self._chance.choice(free)
        self._taken.add((home.room, matter))
        return home

    def _arrival(self, story: Story) -> datetime:
        """A moment of the month at which such a story comes in."""
        rules = mapping(mapping(self.chapter.plan["arrivals"])[story.arrives])
        hours = mapping(rules["hours"])
        rest = int(str(rules["days_off"]))
        while True:
            day = (self.begins + timedelta(days=self._chance.randint(0, int(str(self.chapter.plan["days"]))))).date()
            if not is_workday(self.calendar, day) and self._chance.randrange(100) >= rest:
                continue
            hour = int(self._chance.choices(list(hours), [int(str(weight)) for weight in hours.values()])[0])
            at = datetime.combine(day, time(hour, self._chance.randrange(60)), self.calendar.zone)
            if at <= self.until:
                return at


def homes(house: House, names: Node, seed: str) -> Homes:
    """The customers of each site of a house."""
    chance = Random(f"{house.name}/{seed}")
    return {key: owners(site, names, chance) for key, site in house.sites.items()}


def register(house: House, homes: Homes) -> Iterator[RowSet]:
    """The rows of a house's registers: those that its file lists, and those that are written of each customer."""
    for rule in nodes(house.organisation["registers"]):
        written = {name: str(text) for name, text in mapping(rule.get("fields", {})).items()}
        for row in nodes(rule.get("rows", ())):
            yield _row(rule, {name: str(value) for name, value in row.items()}, {})
        for site in homes if written else ():
            about = {**{name: str(value) for name, value in house.sites[site].items()}, "desk": house.desk(site)}
            if site in (listed(rule.get("sites")) or [site]):
                for home in homes[site]:
                    yield _row(rule, written, {**about, **home.words()})


def _row(rule: Node, written: Mapping[str, str], words: Mapping[str, str]) -> RowSet:
    values = {name: text.format_map(words) if words else text for name, text in written.items()}
    return RowSet(
        procedure=str(rule["procedure"]),
        register=str(rule["name"]),
        key=str(rule["key"]).format_map({**words, **values}),
        values=values,
    )
