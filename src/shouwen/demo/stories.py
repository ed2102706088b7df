"""The stories as their files tell them: variants, shared parts, and the steps of one telling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from shouwen.demo.reading import Node, listed, mapping, nodes, read

__all__ = ["Story", "Telling", "read_stories"]


@dataclass(frozen=True)
class Story:
    """One way a case can go. `weight`: how often it is drawn, against the others that may be told then; `arrives`: at
    which hours (a name of the plan); `sites`: where it may happen (empty: everywhere); `follows`: the flow whose case a
    rule opens, for which it is told; `given`: only if that case's columns say so.
    """

    name: str
    steps: tuple[Node, ...]
    variants: tuple[Mapping[str, object], ...]
    weight: int = 0
    arrives: str = ""
    sites: tuple[str, ...] = ()
    follows: str = ""
    given: Node = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """The words with which one case is told: blanks and what stands in them."""

    story: Story
    words: dict[str, str]
    chance: Random = field(compare=False)
    #: after this act nobody does anything any more
    halts: str = ""

    def steps(self) -> Iterator[Node]:
        """The steps that belong to this telling."""
        for step in self.story.steps:
            if self._belongs(step):
                yield {key: value for key, value in step.items() if key not in ("if", "unless", "chance")}
                if step.get("do", "") == self.halts != "":
                    return

    def filled(self, node: object) -> object:
        """A text, list or mapping with its blanks filled."""
        if isinstance(node, str):
            return self._text(node)
        if isinstance(node, Mapping):
            return {key: self.filled(value) for key, value in node.items()}
        if isinstance(node, Sequence):
            return [self.filled(value) for value in node]
        return node

    def _text(self, text: str) -> str:
        for _ in range(3):  # what is filled in may hold blanks itself
            if "{" not in text:
                break
            text = text.format_map(self.words)
        return text

    def _belongs(self, step: Node) -> bool:
        # Drawn for every step, so that a condition changes nothing for the steps after it.
        drawn = self.chance.randrange(100)
        return (
            drawn < int(str(step.get("chance", 100)))
            and self._all(step.get("if"))
            and not ("unless" in step and self._all(step["unless"]))
        )

    def _all(self, conditions: object) -> bool:
        wanted = conditions if isinstance(conditions, Mapping) else {}
        return all(self.words.get(str(name), "") in listed(among) for name, among in wanted.items())


def read_stories(folder: Path) -> tuple[Story, ...]:
    """The stories of a folder, by name. `parts.yaml` holds steps that several share, and lists of texts."""
    shared = read(folder / "parts.yaml")
    parts, lists = mapping(shared["parts"]), mapping(shared.get("variants", {}))
    files = sorted(file for file in folder.glob("*.yaml") if file.stem not in ("parts", "plan"))
    return tuple(_story(file.stem, read(file), parts, lists) for file in files)


def _story(name: str, node: Node, parts: Node, lists: Node) -> Story:
    variants = node.get("variants", [{}])
    same = mapping(node.get("words", {}))
    return Story(
        name=name,
        steps=tuple(_spliced(node["steps"], parts)),
        variants=tuple({**same, **one} for one in nodes(lists[variants] if isinstance(variants, str) else variants)),
        weight=int(str(node.get("weight", 0))),
        arrives=str(node.get("arrives", "")),
        sites=tuple(listed(node.get("sites", ()))),
        follows=str(node.get("follows", "")),
        given=mapping(node.get("given", {})),
    )


def _spliced(steps: object, parts: Node) -> Iterator[Node]:
    """Steps, with `use: part` replaced by the steps of the part (its `at`, if given, is that of the first)."""
    assert isinstance(steps, Sequence)
    for step in steps:
        if "use" not in step:
            yield step
            continue
        inherited = {key: step[key] for key in ("if", "unless") if key in step}
        for place, one in enumerate(_spliced(parts[step["use"]], parts)):
            first = {"at": step["at"]} if place == 0 and "at" in step else {}
            yield {**one, **inherited, **first}
