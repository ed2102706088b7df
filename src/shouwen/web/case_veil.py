"""What of a case's personal data its viewer reads: masked, but for what he has asked to see; what is hidden from him
not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from shouwen.core.procedure import Field, Procedure
from shouwen.core.values import Value
from shouwen.web.masked import mask
from shouwen.web.sentences import Sentence
from shouwen.web.shown import columns_seen, hidden, shown

__all__ = ["Veil"]

#: shorter words say nothing of anybody, and stand in other words by chance
_SHORTEST = 2
#: of these fields the words themselves tell something: words of a list and numbers stand elsewhere by chance
_TELLING = frozenset({"text", "phone", "id_number", "list"})
#: what stands for words that the viewer must not see
_GONE = "＊＊＊"  # zh: stars as wide as the characters that they cover


@dataclass(frozen=True)
class Veil:
    """`lifted`: the private fields that the viewer reads in full now. `roles`: his, by which fields are hidden."""

    procedure: Procedure
    values: Mapping[str, Value]
    names: Mapping[str, str]
    lifted: frozenset[str]
    roles: frozenset[str] = frozenset()

    def hides(self, field: Field) -> bool:
        """Whether the viewer must not see the field at all."""
        return hidden(self.procedure, field, self.roles)

    def columns(self, field: Field) -> Mapping[str, Field]:
        """The columns of a field of rows that he may see."""
        return columns_seen(self.procedure, field, self.roles)

    def text(self, field: Field, value: Value) -> str:
        """A value in words, masked if it is private; a signature tells no name that is masked elsewhere."""
        words = shown(self.procedure, field, value, self.names, masked=field.path not in self.lifted)
        return self.over(words) if field.type == "signature" else words

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
        found = dict[str, str]()
        for text, instead in self._covered(self.values, gone=False):
            if len(text) >= _SHORTEST and found.get(text) != _GONE:
                found[text] = instead
        return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))

    def _covered(self, values: Mapping[str, Value], *, gone: bool) -> Iterator[tuple[str, str]]:
        """The words that must not be read, each with what stands for it. `gone`: in rows that are hidden."""
        for path, value in values.items():
            field = self.procedure.fields.get(path)
            if field is None:
                continue
            barred = gone or self.hides(field)
            if field.type == "rows" and isinstance(value, tuple):
                for line in value:
                    if isinstance(line, Mapping):
                        yield from self._covered({f"{path}.{name}": cell for name, cell in line.items()}, gone=barred)
            elif barred and (field.private or field.type in _TELLING):
                yield from ((text, _GONE) for text in _leaves(value))
            elif field.private and path not in self.lifted:
                yield from ((text, mask(text)) for text in _leaves(value))


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
