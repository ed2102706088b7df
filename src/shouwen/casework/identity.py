"""Ids of rows: UUID version 7 (RFC 9562 §5.7), so that what is made later sorts later."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

__all__ = ["uuid7"]


def uuid7(at: datetime) -> UUID:
    """A fresh id that carries the moment (milliseconds)."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
