"""Personal data in records: which texts are personal, and the cipher under the person's own key (AES-256-GCM)."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shouwen.core.events import ActDone, ApprovalAsked, Event, FactLearned, FieldsSet
from shouwen.core.values import Value

__all__ = ["KEY_BYTES", "new_key", "opened", "phone_digest", "sealed", "secrets"]

KEY_BYTES = 32
_NONCE_BYTES = 12
#: shorter texts would take half of every record along
SHORTEST = 2
_written = json.JSONEncoder(ensure_ascii=False).encode


def new_key() -> bytes:
    """A fresh key for a person."""
    return os.urandom(KEY_BYTES)


def secrets(
    private: frozenset[str], values: Mapping[str, Value], events: tuple[Event, ...], registers: Mapping[str, str]
) -> frozenset[str]:
    """The texts in private fields (their paths given): those that the case has, and those that these events bring.
    `registers`: fact → the register that it is answered from."""
    found = set(_texts(private, values))
    for event in events:
        if isinstance(event, FactLearned) and event.fact in registers:
            found.update(_texts(private, _as_lines(registers[event.fact], event.columns)))
        if isinstance(event, ActDone | FieldsSet | ApprovalAsked):
            found.update(_texts(private, event.values))
            for path, lines in event.rows.items():
                for line in lines.values():
                    found.update(_texts(private, {f"{path}.{column}": value for column, value in line.items()}))
    return frozenset(text for text in found if len(text) >= SHORTEST)


def sealed(key: bytes, texts: list[str], case_id: UUID, seq: int) -> bytes | None:
    """The texts encrypted, bound to their place; None if there are none."""
    if not texts:
        return None
    nonce = os.urandom(_NONCE_BYTES)
    plain = _written(texts).encode()
    return nonce + _cipher(key).encrypt(nonce, plain, _place(case_id, seq))


def opened(key: bytes | None, data: bytes | None, case_id: UUID, seq: int) -> list[str] | None:
    """The texts again; None if the key is gone. Raises cryptography's InvalidTag if something was changed."""
    if key is None:
        return None
    if data is None:
        return []
    plain = _cipher(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _place(case_id, seq))
    texts: list[str] = json.loads(plain)
    return texts


def phone_digest(phone: str) -> bytes:
    """By what a caller is recognised without his number being stored in the clear."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"phone:{phone}".encode(), "sha256")


def _place(case_id: UUID, seq: int) -> bytes:
    return case_id.bytes + seq.to_bytes(4, "big")


@lru_cache(4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _as_lines(register: str, columns: Mapping[str, Value]) -> dict[str, Value]:
    """What a register answered, under the paths of its fields: single columns, and whole lines column by column."""
    found: dict[str, Value] = {}
    for name, value in columns.items():
        lines = [line for line in value if isinstance(line, Mapping)] if isinstance(value, tuple) else []
        for line in lines:
            for column, inner in line.items():
                found[f"{register}.{column}"] = (*_tuple(found.get(f"{register}.{column}")), inner)
        if not lines:
            found[f"{register}.{name}"] = value
    return found


def _tuple(value: Value | None) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def _texts(private: frozenset[str], values: Mapping[str, Value]) -> Iterator[str]:
    for path, value in values.items():
        if path in private:
            yield from _leaves(value)
        elif isinstance(value, tuple):
            for line in value:
                if isinstance(line, Mapping):
                    yield from _texts(private, {f"{path}.{column}": inner for column, inner in line.items()})


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
