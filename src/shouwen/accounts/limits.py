"""How often somebody may try to sign in: counted in the database, for all processes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from shouwen.accounts import sealing
from shouwen.accounts.models import Attempt

__all__ = ["WINDOW", "Limit", "TooMany", "address", "code", "forget", "name", "of", "try_once"]

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """What is counted, and how many tries a window holds."""

    key: bytes
    most: int


class TooMany(Exception):
    """No more tries before this long has passed."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    @property
    def minutes(self) -> int:
        """Whole minutes, at least one."""
        return max(1, -(-int(self.wait.total_seconds()) // 60))


def name(username: str) -> Limit:
    """Tries of a password for one account name, whether there is such an account or not."""
    return Limit(sealing.fingerprint("attempts", f"name:{username}"), 10)


def address(text: str) -> Limit:
    """Tries from one address: a whole office may stand behind it."""
    return Limit(sealing.fingerprint("attempts", f"address:{text}"), 60)


def code(account: int) -> Limit:
    """Tries of a second step, after the right password."""
    return Limit(sealing.fingerprint("attempts", f"code:{account}"), 5)


def of(purpose: str, text: str, most: int) -> Limit:
    """Tries of another kind: so many for each text (a number, an address)."""
    return Limit(sealing.fingerprint("attempts", f"{purpose}:{text}"), most)


def try_once(limits: Sequence[Limit], at: datetime) -> None:
    """Count one more try before it is known how it ends: many at once are as many. Raises `TooMany`."""
    with transaction.atomic(), connection.cursor() as cursor:
        for limit in sorted(limits, key=lambda one: one.key):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(limit.key[:8], "big", signed=True)])
        for limit in limits:
            counting = Attempt.objects.filter(key=limit.key, at__gt=at - WINDOW).order_by("-at")
            moments = list(counting.values_list("at", flat=True)[: limit.most])
            if len(moments) == limit.most:
                raise TooMany(moments[-1] + WINDOW - at)
        Attempt.objects.bulk_create(Attempt(key=limit.key, at=at) for limit in limits)
        Attempt.objects.filter(at__lt=at - 2 * WINDOW).delete()


def forget(limits: Sequence[Limit], at: datetime) -> None:
    """The try of this moment led in: an account's earlier mistakes are forgiven, the address keeps those of others."""
    for limit in limits:
        found = Attempt.objects.filter(key=limit.key)
        (found.filter(at=at) if limit.most > 10 else found).delete()
