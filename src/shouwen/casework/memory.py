"""What this process remembers of the database, all in one hand: to be dropped when the database is another one."""

from __future__ import annotations

from shouwen.casework import compliance, filed, measures, numbers, procedures, world
from shouwen.organisation import state

__all__ = ["forget"]


def forget() -> None:
    """Remember nothing: the next command reads everything again."""
    compliance.forget()
    filed.forget()
    measures.forget()
    numbers.forget()
    procedures.forget()
    world.forget()
    state.forget()
