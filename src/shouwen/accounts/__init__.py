"""Accounts and signing in: who is at the other end of a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["SignedIn", "open_to_all"]

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who makes this request: `request.account`."""

    account: int
    username: str
    #: code of the person in the organisation; empty: nobody of it
    person: str
    administers: bool
    second_factor: bool


def open_to_all(view: View) -> View:
    """Mark a view that answers people who are not signed in."""
    view.open_to_all = True  # type: ignore[attr-defined]  # read by SignedInMiddleware
    return view
