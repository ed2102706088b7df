"""The only reader of the system clock."""

from __future__ import annotations

from datetime import datetime

from shouwen.core.calendar.edition import SHANGHAI


def now() -> datetime:
    """This moment in Shanghai, where days begin and end for everybody who reads it."""
    return datetime.now(SHANGHAI)
