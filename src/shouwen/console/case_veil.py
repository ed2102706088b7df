"""What of a case's personal data its viewer reads: masked, but for what he has asked to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from shouwen.core.procedure import Field, Procedure
from shouwen.core.values import Value
from shouwen.web.masked import mask
from shouwen.web.sentences import Sentence
from shouwen.web.shown import shown

__all__ = ["Veil"]

#: shorter words say nothing of anybody, and stand in other words by chance
_SHORTEST = 2


@dataclass(frozen=True)
class Veil:
    """`lifted`: the private fields that the viewer reads in full now."""

    procedure: Procedure
    values: Mapping[str, Value]
    names: Mapping[str, str]
    lifted: frozenset[str]

    def text(self, field: Field, value: Value) -> str:
        """A value in words, masked if it is private."""
        return shown(self.procedure, field, value, self.names, masked=field.path not in self.lifted)

    def over(self, words: str) -> str:
        """A text that others wrote or a rule put together, with the personal words in it masked."""
        for secret, instead in self._secrets.items():
            words = words.replace(secret, instead)
        return words

    def sentence(self, said: Sentence) -> Sentence:
        """What happened, with the personal words in it masked."""
        details = tuple(replace(detail, text=self.over(detail.text)) for detail in said.details)
        return replace(said, text=self.over(said.text), note=self.over(said.note), details=details)

    @cached_property
    def _secrets(self) -> Mapping[str, str]:
        found = {text: mask(text) for text in _texts(self.procedure, self.values, self.lifted)}
        return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _texts(procedure: Procedure, values: Mapping[str, Value], lifted: frozenset[str]) -> Iterator[str]:
    for path, value in values.items():
        field = procedure.fields.get(path)
        if field is None:
            continue
        if field.private and path not in lifted:
            yield from (text for text in _leaves(value) if len(text) >= _SHORTEST)
        elif field.type == "rows" and isinstance(value, tuple):
            for line in value:
                if isinstance(line, Mapping):
                    yield from _texts(procedure, {f"{path}.{name}": cell for name, cell in line.items()}, lifted)


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
