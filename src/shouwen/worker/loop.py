"""Turn after turn until told to stop. Several workers may run side by side, on several machines."""

from __future__ import annotations

import logging
import signal
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from django.db import OperationalError, close_old_connections

from shouwen import clock
from shouwen.casework import closing, wake
from shouwen.worker import sending

__all__ = ["run", "turn"]

log = logging.getLogger("shouwen.worker")

IDLE_SECONDS = 1.0
#: how long a case is left alone that could not be judged
PAUSE = timedelta(minutes=5)
#: how often the calendar is asked, and its edition
PERIODS_EVERY = timedelta(seconds=20)
EDITION_EVERY = timedelta(hours=1)
#: how often figures are counted: a case that is worked on is counted once for all that was done in the meantime
FIGURES_EVERY = timedelta(seconds=60)


@dataclass
class _Next:
    """When the rarer things are looked at again."""

    periods: datetime | None = None
    edition: datetime | None = None
    figures: datetime | None = None


def run(stop: Event | None = None) -> None:
    """Work until `stop` is set, or a signal asks for it; then finish what is in hand."""
    stop = stop or _signalled()
    sender = sending.start(stop)
    when = _Next()
    while not stop.is_set():
        try:
            busy = turn(clock.now(), when, stop)
        except OperationalError as error:
            log.warning("数据库暂时不通，稍后再试：%s", error)  # zh: the log
            close_old_connections()
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
    if sender is not None:
        sender.join(timeout=10)


def turn(at: datetime, when: _Next | None = None, stop: Event | None = None) -> bool:
    """Everything that is to be done now, once; whether there was anything."""
    when = when or _Next()
    busy = 0
    for case_id in wake.due(at):
        if stop is not None and stop.is_set():
            return True
        busy += _wake(case_id, at)
    busy += wake.carry_waiting()
    if when.periods is None or at >= when.periods:
        busy += wake.periods(at)
        when.periods = at + PERIODS_EVERY
    if when.edition is None or at >= when.edition:
        count = wake.recalendar(at)
        busy += count
        when.edition = at if count else at + EDITION_EVERY
    if when.figures is None or at >= when.figures:
        count = closing.keep(at)
        busy += count
        when.figures = at if count else at + FIGURES_EVERY
    return bool(busy)


def _wake(case_id: UUID, at: datetime) -> bool:
    """One case; what goes wrong with it stops no other."""
    try:
        return wake.wake(case_id, at)
    except OperationalError:
        raise
    except Exception:  # the one place where a fault must not stop the rest
        log.exception("案件 %s 到点的事没有办成，%s 后再试", case_id, PAUSE)  # zh: the log
        wake.postpone(case_id, at + PAUSE)
        return True


def _signalled() -> Event:
    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop
