"""Who plays in the stories: the organisation as its files describe it, and whom a story's word means at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from shouwen.core.calendar import parse_clock
from shouwen.demo.houses import Group, House
from shouwen.demo.reading import Node, listed, nodes, texts
from shouwen.organisation import events as e
from shouwen.web.sentences import in_unit

__all__ = ["Cast", "Login", "founding", "logins_of"]

#: whoever has begun stays with it so long, though his shift may have ended
STAYS = timedelta(minutes=25)


@dataclass(frozen=True)
class Login:
    """Somebody who may sign in to the demonstration: with which name, who that is, of which house, and what to look at
    there."""

    username: str
    name: str
    house: str
    roles: tuple[str, ...]
    see: str
    administers: bool


@dataclass(frozen=True)
class Player:
    """Somebody of the organisation who plays: between which clock times he is there, and when another stands in."""

    code: str
    name: str
    since: time = time()
    until: time = time()
    away: tuple[tuple[datetime, datetime, str], ...] = ()

    def there(self, at: datetime) -> bool:
        """Whether he is on duty; over midnight if `until` comes before `since`."""
        clock = at.time()
        if self.since < self.until:
            return self.since <= clock < self.until
        return self.since == self.until or clock >= self.since or clock < self.until


@dataclass
class Cast:
    """The players of one site by the words of stories. One case remembers whom it has begun with."""

    players: Mapping[str, Sequence[Player]]
    names: Mapping[str, str]
    begun: dict[str, tuple[Player, datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House, site: str, today: datetime) -> Cast:
        """The cast of a site: its own people and those of the whole house."""
        covers = [one for one in _covers(house.name, house.organisation, today) if one.kind == "appointed"]
        players: dict[str, list[Player]] = {}
        for person in nodes(house.organisation["people"]):
            away = tuple((one.since, one.until, one.person) for one in covers if one.absent == person["code"])
            since, _, until = str(person.get("duty", "00:00-00:00")).partition("-")
            player = Player(str(person["code"]), str(person["name"]), parse_clock(since), parse_clock(until), away)
            for part in nodes(person.get("plays", ())):
                if site in (listed(part.get("site")) or [site]):
                    players.setdefault(str(part["as"]), []).append(player)
        return cls(players, house.names)

    def apart(self) -> Cast:
        """The same cast for another case."""
        return Cast(self.players, self.names)

    def who(self, word: str, at: datetime, turn: int) -> str:
        """The code of the person whom a word means at a moment; of several on duty each case takes another (`turn`).
        Raises KeyError for a word that nobody plays."""
        kept = self.begun.get(word)
        if kept is not None and (kept[0].there(at) or at - kept[1] <= STAYS):
            player = kept[0]
        else:
            there = [one for one in self.players[word] if one.there(at)] or list(self.players[word])
            player = there[turn % len(there)]
        self.begun[word] = player, at
        return next((instead for since, until, instead in player.away if since <= at < until), player.code)


def logins_of(group: Group, called: Callable[[str, str], str]) -> Iterator[Login]:
    """Who may sign in, house by house, with his roles as the unit's regulations call them (`called`)."""
    units = {str(unit["code"]): str(unit["name"]) for _, part in group.parts() for unit in nodes(part["units"])}
    for part in (*(house.organisation for house in group.houses), group.organisation):
        people = {str(person["code"]): person for person in nodes(part["people"])}
        for login in nodes(part["logins"]):
            person = people[str(login["person"])]
            posts = [(str(post["unit"]), str(post["role"])) for post in nodes(person.get("posts", ()))]
            held = [in_unit(units[unit], called(unit, role)) for unit, role in posts]
            yield Login(
                username=str(person["code"]),
                name=str(person["name"]),
                house=str(part["name"]),
                roles=tuple(dict.fromkeys([*held, *texts(person.get("called", []))])),
                see=str(login["see"]),
                administers=login.get("administers") == "yes",
            )


def founding(group: Group, today: datetime, first: date) -> Iterator[e.Event]:
    """The events that make the organisation; shifts and leaves are reckoned from `today`, shifts since `first`."""
    yield e.Named(name=str(group.organisation["name"]))
    for name, part in group.parts():
        for unit in nodes(part["units"]):
            yield e.UnitSet(
                code=str(unit["code"]),
                name=str(unit["name"]),
                parent=str(unit.get("parent", "")),
                desk=unit.get("desk") == "yes",
                procedures=tuple(listed(unit.get("procedures"))),
            )
        for person in nodes(part["people"]):
            code = str(person["code"])
            yield e.PersonSet(code=code, name=str(person["name"]), phone=str(person["phone"]))
            for place, post in enumerate(nodes(person.get("posts", ()))):
                held = f"{code}-{place + 1}"
                yield e.PositionSet(position=held, person=code, unit=str(post["unit"]), role=str(post["role"]))
        for one in nodes(part.get("figures", ())):
            since = date.fromisoformat(str(one["since"]))
            yield e.FigureSet(
                procedure=str(one["procedure"]), figure=str(one["figure"]), since=since, text=str(one["text"])
            )
        yield from _covers(name, part, today)
        yield from _shifts(name, part, today, first)


def _covers(name: str, part: Node, today: datetime) -> Iterator[e.CoverSet]:
    for place, leave in enumerate(nodes(part.get("leaves", ()))):
        since = today.replace(hour=0, minute=0) + timedelta(days=int(str(leave["from_day"])))
        yield e.CoverSet(
            cover=f"leave-{name}-{place + 1}",
            person=str(leave["substitute"]),
            unit=str(leave["unit"]),
            role=str(leave["role"]),
            kind="appointed",
            since=since,
            until=since + timedelta(days=int(str(leave["days"]))),
            absent=str(leave["absent"]),
        )


def _shifts(name: str, part: Node, today: datetime, first: date) -> Iterator[e.CoverSet]:
    """Each evening since the one before the first day, and for a week to come."""
    for place, shift in enumerate(nodes(part.get("shifts", ()))):
        begin, _, end = str(shift["hours"]).partition("-")
        codes = texts(shift["people"])
        for count in range(-1, (today.date() - first).days + 8):
            day = first + timedelta(days=count)
            since = datetime.combine(day, parse_clock(begin), today.tzinfo)
            until = datetime.combine(day, parse_clock(end), today.tzinfo)
            yield e.CoverSet(
                cover=f"shift-{name}-{place + 1}-{day:%m%d}",
                person=codes[count % len(codes)],
                unit=str(shift["unit"]),
                role=str(shift["role"]),
                kind="shift",
                since=since,
                until=until if until > since else until + timedelta(days=1),
            )
