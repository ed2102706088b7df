"""Is this session still good? Asked of the database at most every few seconds in each process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from shouwen import clock
from shouwen.accounts import SignedIn
from shouwen.accounts.models import Account

__all__ = ["FRESH", "forget", "signed_in"]

#: so long, in seconds, another process may not know yet that a session has ended
FRESH = 5.0
#: last_seen is written no more often than this
SEEN = timedelta(minutes=1)
#: accounts remembered; past it the memory starts anew
MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    epoch: int
    who: SignedIn | None


_known: dict[int, _Known] = {}


def signed_in(account: int, epoch: int) -> SignedIn | None:
    """Who this is; None: the account is closed, or this session was ended."""
    known = _known.get(account)
    if known is None or known.until < time.monotonic():
        known = _ask(account)
    return known.who if known.epoch == epoch else None


def forget(account: int) -> None:
    """Something of it has changed: the next request asks again."""
    _known.pop(account, None)


def _ask(account: int) -> _Known:
    row = Account.objects.filter(pk=account, is_active=True).defer("password").first()
    who = None
    if row is not None:
        who = SignedIn(row.pk, row.username, row.person, row.administers, row.has_second_factor)
        now = clock.now()
        if row.last_seen is None or row.last_seen < now - SEEN:
            Account.objects.filter(pk=account).update(last_seen=now)
    if len(_known) >= MOST:
        _known.clear()
    known = _known[account] = _Known(time.monotonic() + FRESH, row.epoch if row else -1, who)
    return known
