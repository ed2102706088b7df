"""The customers: names and telephones in rooms, put together from lists of names and buildings by a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from shouwen.demo.reading import Node, mapping, texts

__all__ = ["Owner", "owners"]

#: how a room is written if its site does not say
ROOM = "{building}-{unit}-{floor}{door}"


@dataclass(frozen=True)
class Owner:
    """A customer: name and title, where he is, his telephone, and what else is known of each customer of a site."""

    name: str
    title: str
    building: str
    unit: str
    floor: int
    room: str
    phone: str
    more: tuple[tuple[str, str], ...] = ()

    def words(self) -> dict[str, str]:
        """The blanks of stories that it fills."""
        own = {
            "owner": self.name,
            "call": self.name[0] + self.title,
            "building": self.building,
            "unit": self.unit,
            "floor": str(self.floor),
            "room": self.room,
            "phone": self.phone,
            "tail": self.phone[-4:],
        }
        return own | {name: text.format_map(own) for name, text in self.more}


def owners(site: Node, names: Node, chance: Random) -> tuple[Owner, ...]:
    """The customers of a site, in random order; no name, room or telephone stands twice. Of the lists in its `each`
    every customer has one entry, a text there is filled with the customer's own words."""
    count = int(str(site["owners"]))
    buildings, units, doors = (texts(site[name]) for name in ("buildings", "units", "doors"))
    floors = range(int(str(site.get("lowest", 1))), int(str(site["floors"])) + 1)
    rooms = [(b, u, f, d) for b in buildings for u in units for f in floors for d in doors]
    given = [(name, title) for title in ("女士", "先生") for name in texts(names[title])]
    people = sorted({(family + name, title) for family in texts(names["families"]) for name, title in given})
    chosen = dict(chance.sample(people, min(len(people), count * 2)))
    phones, places = chance.sample(range(10**4), count), chance.sample(rooms, count)
    prefixes, each = texts(names["prefixes"]), mapping(site.get("each", {}))
    written = str(site.get("room", ROOM))
    found: list[Owner] = []
    for (name, title), (b, u, floor, door), phone in zip(list(chosen.items())[:count], places, phones, strict=True):
        room = written.format(building=b, unit=u, floor=floor, door=door)
        more = tuple((key, _entry(entries, len(found))) for key, entries in each.items())
        found.append(Owner(name, title, b, u, floor, room, f"{chance.choice(prefixes)}{phone:04d}", more))
    return tuple(found)


def _entry(entries: object, place: int) -> str:
    if isinstance(entries, str):
        return entries
    listed = texts(entries)
    return listed[place % len(listed)]
