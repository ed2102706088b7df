"""A step as it is carried out: everything that a story leaves open filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwen.casework import filed
from shouwen.demo.plan import Beginning
from shouwen.demo.reading import Node, listed

__all__ = ["said"]

_NAMED = re.compile(r"\[@([^\]]+)\]")
#: what a step says to the play, not to the judge
_OWN = ("at", "by", "present", "again")


def said(beginning: Beginning, raw: Node, at: datetime, case_id: UUID | None) -> dict[str, object]:
    """A step with blanks, people, moments and the members of a batch filled in."""
    return _Reader(beginning, at, case_id).node(raw)


@dataclass(frozen=True)
class _Reader:
    beginning: Beginning
    at: datetime
    case_id: UUID | None

    def node(self, raw: Node) -> dict[str, object]:
        node = {key: self._filled(value) for key, value in raw.items() if key not in _OWN}
        node["at"] = self.at.isoformat()
        if "by" in raw:
            node["by"] = self._person(str(raw["by"]))
        if "present" in raw:
            node["present"] = list(dict.fromkeys(self._person(word) for word in listed(raw["present"])))
        return node

    def _filled(self, value: object) -> object:
        """`@word` is a person, `{moment: …}` a moment, `{members: row}` a row for each case that came along."""
        if isinstance(value, str):
            text = str(self.beginning.telling.filled(value))
            return self._person(text[1:]) if text.startswith("@") else self._named(text)
        if isinstance(value, Mapping):
            if set(value) == {"moment"}:
                return self._moment(str(self.beginning.telling.filled(value["moment"])))
            if set(value) == {"members"}:
                return self._members(value["members"])
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, Sequence):
            return [self._filled(one) for one in value]
        return value

    def _named(self, text: str) -> str:
        """`[@word]` is the name of whoever plays it."""
        return _NAMED.sub(lambda found: self.beginning.cast.names[self._person(found.group(1))], text)

    def _person(self, word: str) -> str:
        filled = str(self.beginning.telling.filled(word))
        return self.beginning.cast.who(filled, self.at, self.beginning.place)

    def _moment(self, text: str) -> str:
        return self.beginning.reckoning.moment(text, self.at).isoformat()

    def _members(self, row: object) -> list[object]:
        assert self.case_id is not None
        case = filed.load(self.case_id)[0].case
        return [_replaced(self._filled(row), number) for number in case.links.get("members", ())]


def _replaced(node: object, number: str) -> object:
    """A row with `#` replaced by the number of its case."""
    if isinstance(node, Mapping):
        return {key: _replaced(value, number) for key, value in node.items()}
    return node.replace("#", number) if isinstance(node, str) else node
