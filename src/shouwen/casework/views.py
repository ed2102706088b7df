"""Lists that somebody has put together and kept under a name: their conditions, in his own order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shouwen.casework.identity import uuid7
from shouwen.store import models as rows

__all__ = ["LONGEST", "MOST", "View", "delete", "move", "own", "rename", "save"]

#: so long a name may be, and so many views may be kept
LONGEST = 30
MOST = 40


@dataclass(frozen=True, kw_only=True)
class View:
    """A saved view: `query` is the part of an address after the question mark."""

    view_id: UUID
    name: str
    query: str


def own(person: str) -> tuple[View, ...]:
    """Somebody's views in his order."""
    found = rows.SavedView.objects.filter(person=person).order_by("place", "view_id")
    return tuple(View(view_id=row.view_id, name=row.name, query=row.query) for row in found)


def save(person: str, name: str, query: str, at: datetime) -> View | None:
    """Keep these conditions under a name, in place of what stood there; None if there are too many already."""
    with transaction.atomic():
        mine = rows.SavedView.objects.select_for_update().filter(person=person)
        kept = mine.filter(name=name).first()
        if kept is None:
            if len(mine) >= MOST:
                return None
            kept = rows.SavedView(view_id=uuid7(at), person=person, name=name, place=_next(person))
        kept.query = query
        kept.save()
    return View(view_id=kept.view_id, name=kept.name, query=kept.query)


def rename(person: str, view_id: UUID, name: str) -> bool:
    """Call a view otherwise; False if he has no such view."""
    return bool(rows.SavedView.objects.filter(person=person, view_id=view_id).update(name=name))


def delete(person: str, view_id: UUID) -> bool:
    """Forget a view; False if he has no such view."""
    gone, _ = rows.SavedView.objects.filter(person=person, view_id=view_id).delete()
    return bool(gone)


def move(person: str, view_id: UUID, by: int) -> bool:
    """Move a view up (-1) or down (1) among his own; False if he has no such view."""
    with transaction.atomic():
        mine = list(rows.SavedView.objects.select_for_update().filter(person=person).order_by("place", "view_id"))
        place = next((place for place, row in enumerate(mine) if row.view_id == view_id), None)
        if place is None:
            return False
        mine.insert(max(0, min(len(mine) - 1, place + by)), mine.pop(place))
        for place, row in enumerate(mine):
            row.place = place
        rows.SavedView.objects.bulk_update(mine, ["place"])
    return True


def _next(person: str) -> int:
    last = rows.SavedView.objects.filter(person=person).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1
