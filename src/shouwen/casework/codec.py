"""Events as JSON text and back: one short object an event; personal data is taken out to be sealed.

In values a moment is {"t": iso}, a day {"d": iso}, a list a list, a mapping {"m": {…}}, sealed text {"s": place}.
What equals the record's own moment, and what has its default, is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime, tzinfo
from typing import Any, get_args

from shouwen.core import events as e
from shouwen.core.phrase import phrase

__all__ = ["ERASED", "Unreadable", "decode", "encode", "plain", "value_of"]

#: what stands where personal data was before its person was erased
ERASED = "（已删除）"  # zh: what is read in place of what was erased


def _own_fields(kind: type) -> tuple[tuple[str, object], ...]:
    """The fields of an event besides its moments, with their defaults."""
    return tuple(
        (
            field.name,
            field.default
            if field.default is not MISSING
            else field.default_factory()
            if field.default_factory is not MISSING
            else MISSING,
        )
        for field in fields(kind)
        if field.name not in ("at", "happened")
    )


_FIELDS = {kind: _own_fields(kind) for kind in get_args(e.Event)}
_CLASSES: Mapping[str, type] = {kind.__name__: kind for kind in get_args(e.Event)}


class Unreadable(ValueError):
    """A record that this program cannot read."""


def encode(events: Collection[e.Event], at: datetime, secrets: Collection[str]) -> tuple[str, list[str]]:
    """The events of one record as JSON text, and the texts taken out of it: those that contain one of `secrets`."""
    sealed: list[str] = []
    places: dict[str, int] = {}

    def text(value: str) -> object:
        if value in places:
            return {"s": places[value]}
        if any(secret in value for secret in secrets):
            places[value] = len(sealed)
            sealed.append(value)
            return {"s": places[value]}
        return value

    body = [_event(event, at, text if secrets else _plain) for event in events]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")), sealed


def decode(body: str, at: datetime, sealed: list[str] | None, zone: tzinfo) -> tuple[e.Event, ...]:
    """The events of a record; `sealed` None: the person was erased. Raises `Unreadable`."""
    local = at.astimezone(zone)
    found = []
    for raw in json.loads(body):
        kind = _CLASSES.get(raw["e"])
        if kind is None:
            raise Unreadable(phrase("记录里有本程序不认识的事件“{raw}”：请用更新的程序打开", raw=raw["e"]))
        known = {name: value_of(item, zone, sealed) for name, item in raw.items() if name != "e"}
        known.setdefault("at", local)
        known.setdefault("happened", known["at"])
        found.append(kind(**known))
    return tuple(found)


def _event(event: e.Event, at: datetime, text: Callable[[str], object]) -> dict[str, object]:
    found: dict[str, object] = {"e": type(event).__name__}
    if event.at != at:
        found["at"] = _value(event.at, text)
    if event.happened != event.at:
        found["happened"] = _value(event.happened, text)
    for name, default in _FIELDS[type(event)]:
        value = getattr(event, name)
        if value != default or default is None is not value:
            found[name] = _value(value, text)
    return found


def _value(value: object, text: Callable[[str], object]) -> object:
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_value(item, text) for item in value]
    if isinstance(value, Mapping):
        return {"m": {key: _value(item, text) for key, item in value.items()}}
    raise TypeError(f"{type(value).__name__} cannot stand in an event")


def _plain(value: str) -> object:
    return value


def plain(value: object) -> object:
    """A value as it stands in records: for columns that are kept as JSON, and for digests."""
    return _value(value, _plain)


def value_of(raw: object, zone: tzinfo, sealed: Sequence[str] | None = ()) -> Any:
    """The value that `plain` has written (`sealed`: the texts that were taken out; None: they are gone)."""
    if isinstance(raw, list):
        return tuple([value_of(item, zone, sealed) for item in raw])
    if not isinstance(raw, dict):
        return raw
    (tag, inner), *_ = raw.items()
    match tag:
        case "t":
            return datetime.fromisoformat(inner).astimezone(zone)
        case "d":
            return date.fromisoformat(inner)
        case "m":
            return {key: value_of(item, zone, sealed) for key, item in inner.items()}
        case "s":
            return ERASED if sealed is None else sealed[inner]
        case _:
            raise Unreadable(phrase("有读不懂的值：{tag}", tag=tag))
