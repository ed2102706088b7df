"""Who plays in the stories: the organisation as its file describes it, and whom a story's word means at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from shouwen.core.calendar import parse_clock
from shouwen.core.procedure import Role
from shouwen.organisation import events as e

__all__ = ["Cast", "Login", "founding", "logins_of"]

Node = Mapping[str, object]

#: whoever has begun stays with it so long, though his shift may have ended
STAYS = timedelta(minutes=25)


@dataclass(frozen=True)
class Login:
    """Somebody who may sign in to the demonstration: with which name, who that is, and what to look at there."""

    username: str
    name: str
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
    """The players of one desk by the words of stories. One case remembers whom it has begun with."""

    players: Mapping[str, Sequence[Player]]
    names: Mapping[str, str]
    begun: dict[str, tuple[Player, datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Node, desk: str, today: datetime) -> Cast:
        """The cast of a desk: its own people and those above it."""
        people = _list(organisation["people"])
        covers = [cover for cover in _covers(organisation, today) if cover.kind == "appointed"]
        players: dict[str, list[Player]] = {}
        for person in people:
            away = tuple((one.since, one.until, one.person) for one in covers if one.absent == person["code"])
            since, _, until = str(person.get("duty", "00:00-00:00")).partition("-")
            player = Player(str(person["code"]), str(person["name"]), parse_clock(since), parse_clock(until), away)
            for part in _list(person.get("plays", ())):
                if part.get("desk", desk) == desk:
                    players.setdefault(str(part["as"]), []).append(player)
        return cls(players, {str(person["code"]): str(person["name"]) for person in people})

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


def logins_of(organisation: Node, roles: Mapping[str, Role]) -> tuple[Login, ...]:
    """Who may sign in, with his roles as the regulation calls them."""
    units = {str(unit["code"]): str(unit["name"]) for unit in _list(organisation["units"])}
    people = {str(person["code"]): person for person in _list(organisation["people"])}
    found = []
    for login in _list(organisation["logins"]):
        person = people[str(login["person"])]
        held = [f"{units[str(post['unit'])]}{roles[str(post['role'])].name}" for post in _list(person.get("posts", ()))]
        found.append(
            Login(
                username=str(person["code"]),
                name=str(person["name"]),
                roles=tuple(dict.fromkeys([*held, *(str(one) for one in _texts(person.get("called", [])))])),
                see=str(login["see"]),
                administers=login.get("administers") == "yes",
            )
        )
    return tuple(found)


def founding(organisation: Node, today: datetime, first: date) -> Iterator[e.Event]:
    """The events that make the organisation; shifts and leaves are reckoned from `today`, shifts since `first`."""
    yield e.Named(name=str(organisation["name"]))
    for unit in _list(organisation["units"]):
        yield e.UnitSet(
            code=str(unit["code"]),
            name=str(unit["name"]),
            parent=str(unit.get("parent", "")),
            desk=unit.get("desk") == "yes",
        )
    for person in _list(organisation["people"]):
        yield e.PersonSet(code=str(person["code"]), name=str(person["name"]), phone=str(person["phone"]))
        for place, post in enumerate(_list(person.get("posts", ()))):
            position = f"{person['code']}-{place + 1}"
            yield e.PositionSet(
                position=position, person=str(person["code"]), unit=str(post["unit"]), role=str(post["role"])
            )
    yield from _covers(organisation, today)
    yield from _shifts(organisation, today, first)


def _covers(organisation: Node, today: datetime) -> Iterator[e.CoverSet]:
    for place, leave in enumerate(_list(organisation.get("leaves", ()))):
        since = today.replace(hour=0, minute=0) + timedelta(days=int(str(leave["from_day"])))
        yield e.CoverSet(
            cover=f"leave-{place + 1}",
            person=str(leave["substitute"]),
            unit=str(leave["unit"]),
            role=str(leave["role"]),
            kind="appointed",
            since=since,
            until=since + timedelta(days=int(str(leave["days"]))),
            absent=str(leave["absent"]),
        )


def _shifts(organisation: Node, today: datetime, first: date) -> Iterator[e.CoverSet]:
    """Each evening since the one before the first day, and for a week to come."""
    for place, shift in enumerate(_list(organisation.get("shifts", ()))):
        begin, _, end = str(shift["hours"]).partition("-")
        codes = [str(code) for code in _texts(shift["people"])]
        for count in range(-1, (today.date() - first).days + 8):
            day = first + timedelta(days=count)
            since = datetime.combine(day, parse_clock(begin), today.tzinfo)
            until = datetime.combine(day, parse_clock(end), today.tzinfo)
            yield e.CoverSet(
                cover=f"shift-{place + 1}-{day:%m%d}",
                person=codes[count % len(codes)],
                unit=str(shift["unit"]),
                role=str(shift["role"]),
                kind="shift",
                since=since,
                until=until if until > since else until + timedelta(days=1),
            )


def _list(node: object) -> list[dict[str, object]]:
    assert isinstance(node, Sequence)
    return [dict(one) for one in node]


def _texts(node: object) -> list[object]:
    assert isinstance(node, Sequence)
    return list(node)
