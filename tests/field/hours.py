"""The hours of the building: a clock in the hand of a test, and the password of its doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "blue-teapot-9"
#: Tuesday
DAY = "2026-09-29"


def moment(text: str) -> datetime:
    """`2026-09-29 16:42` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Clock:
    """Stands still until it is set."""

    at: datetime = field(default_factory=lambda: moment(f"{DAY} 09:00"))

    def now(self) -> datetime:
        """What `shouwen.clock.now` says instead."""
        return self.at

    def set(self, text: str) -> datetime:
        """Turned to a moment of the day, or to another day."""
        self.at = moment(text if " " in text else f"{DAY} {text}")
        return self.at
