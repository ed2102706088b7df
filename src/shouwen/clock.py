"""The only reader of the system clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)
