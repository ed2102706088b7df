"""What the parts below the pages say, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext, ngettext

from shouwen.core.phrase import Argument, Joined, Phrase

__all__ = ["faults", "listed", "several", "translated"]


def translated(text: str) -> str:
    """The phrase in the language that is spoken now, its arguments too; what is no phrase (a name, what somebody
    typed, the regulation's own words) stays as it is."""
    if isinstance(text, Phrase):
        if not text.arguments:
            return gettext(text.message)
        number = text.arguments.get("n", 0)
        found = (
            ngettext(text.message, text.message, number)
            if text.counts and isinstance(number, int)
            else gettext(text.message)
        )
        return found.format_map({name: _argument(value) for name, value in text.arguments.items()})
    if isinstance(text, Joined):
        return gettext(str(text.by)).join(translated(part) for part in text.parts)
    return text


def faults(found: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, each at its field."""
    return {name: translated(text) for name, text in found.items()}


def several(message: str, n: int, /, **arguments: object) -> str:
    """A message of a number of things, `{n}` in it: several("{n} 件", 3)."""
    return ngettext(message, message, n).format(n=n, **arguments)


def listed(parts: Iterable[str]) -> str:
    """Names in a row: 甲、乙 or A, B."""
    return gettext("、").join(translated(part) for part in parts)


def _argument(value: Argument) -> Argument:
    return translated(value) if isinstance(value, str) else value
