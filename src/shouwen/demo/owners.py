"""The owners: families in rooms, put together from lists of names and buildings by a fixed seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["Owner", "owners"]


@dataclass(frozen=True)
class Owner:
    """A household: its name and title, where it lives, and its telephone."""

    name: str
    title: str
    building: str
    unit: str
    floor: int
    room: str
    phone: str

    def words(self) -> dict[str, str]:
        """The blanks of stories that it fills."""
        return {
            "owner": self.name,
            "call": self.name[0] + self.title,
            "building": self.building,
            "unit": self.unit,
            "floor": str(self.floor),
            "room": self.room,
            "phone": self.phone,
        }


def owners(project: Mapping[str, object], names: Mapping[str, object], chance: Random) -> tuple[Owner, ...]:
    """The owners of a project, in random order; no name, room or telephone stands twice."""
    count = int(str(project["owners"]))
    buildings, units = _texts(project["buildings"]), _texts(project["units"])
    floors, doors = int(str(project["floors"])), _texts(project["doors"])
    rooms = [(b, u, f, d) for b in buildings for u in units for f in range(1, floors + 1) for d in doors]
    given = [(name, title) for title in ("女士", "先生") for name in _texts(names[title])]
    people = sorted({(family + name, title) for family in _texts(names["families"]) for name, title in given})
    chosen = dict(chance.sample(people, min(len(people), count * 2)))
    phones = chance.sample(range(10**4), count)
    prefixes = _texts(names["prefixes"])
    found = zip(list(chosen.items())[:count], chance.sample(rooms, count), phones, strict=True)
    return tuple(
        Owner(name, title, b, u, floor, f"{b}-{u}-{floor}{door}", f"{chance.choice(prefixes)}{phone:04d}")
        for (name, title), (b, u, floor, door), phone in found
    )


def _texts(node: object) -> list[str]:
    assert isinstance(node, Sequence)
    return [str(one) for one in node]
