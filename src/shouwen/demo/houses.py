"""The houses of the demonstration as their folders describe them: the organisation's part of each, and for each
regulation that it lives by a folder with the plan of a month and the stories of its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shouwen.demo.reading import Node, mapping, nodes, read, texts
from shouwen.demo.stories import Story, read_stories

__all__ = ["FOLDER", "Chapter", "Group", "House", "group"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Chapter:
    """The cases of one regulation in one house: the plan of their month, and their stories by name."""

    procedure: str
    plan: Node
    stories: Mapping[str, Story]


@dataclass(frozen=True)
class House:
    """One house: its folder's name, its part of the organisation, and its chapters."""

    name: str
    organisation: Node
    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.organisation["name"])

    @property
    def sites(self) -> Mapping[str, Node]:
        """Where its customers are, by key; a site belongs to the desk that it names, or whose code its key is."""
        return {str(key): mapping(site) for key, site in mapping(self.organisation["sites"]).items()}

    def desk(self, site: str) -> str:
        """The code of the desk that a site belongs to."""
        return str(self.sites[site].get("desk", site))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Its people by their codes."""
        return {str(person["code"]): str(person["name"]) for person in nodes(self.organisation["people"])}


@dataclass(frozen=True)
class Group:
    """All houses under one roof, and what they share."""

    organisation: Node
    houses: tuple[House, ...]

    def parts(self) -> Iterator[tuple[str, Node]]:
        """The parts of the organisation, the roof's first, each with its name."""
        yield "group", self.organisation
        for house in self.houses:
            yield house.name, house.organisation


def group() -> Group:
    """The demonstration as it stands on disk."""
    organisation = read(FOLDER / "organisation.yaml")
    return Group(organisation, tuple(_house(name) for name in texts(organisation["houses"])))


def _house(name: str) -> House:
    folder = FOLDER / name
    chapters = tuple(
        Chapter(plan.parent.name, read(plan), {story.name: story for story in read_stories(plan.parent)})
        for plan in sorted(folder.glob("*/plan.yaml"))
    )
    return House(name, read(folder / "organisation.yaml"), chapters)
