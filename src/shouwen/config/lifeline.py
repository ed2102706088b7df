"""Processes that do not outlive the one that started them, however it ended."""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Callable

__all__ = ["die_with_parent"]


def die_with_parent(way: signal.Signals) -> Callable[[], None]:
    """For a child, before its program begins: the signal that it gets when the one who started it is gone."""
    prctl = ctypes.CDLL(None).prctl

    def promise() -> None:
        prctl(1, int(way))  # PR_SET_PDEATHSIG

    return promise
