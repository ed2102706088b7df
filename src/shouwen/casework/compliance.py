"""How limits were kept: counted from the rows of tasks, by task or by desk."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from shouwen.casework import access
from shouwen.casework.access import Viewer
from shouwen.store import models as rows

__all__ = ["LOOKED_BACK", "Kept", "by_task", "forget", "lately"]

#: how far back the numbers beside clauses look
LOOKED_BACK = timedelta(days=90)
#: they are counted anew after so many seconds
FRESH = 60.0
MOST_KEPT = 500


@dataclass(frozen=True)
class Kept:
    """How often an obligation applied: kept in time, late, or still open and not late."""

    kept: int = 0
    late: int = 0
    open: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.kept + other.kept, self.late + other.late, self.open + other.open)

    @property
    def applied(self) -> int:
        """How often it applied."""
        return self.kept + self.late + self.open

    @property
    def share(self) -> float | None:
        """The share kept, of those that are decided."""
        decided = self.kept + self.late
        return self.kept / decided if decided else None


_LATE = Q(missed_at__isnull=False, corrected=False) | Q(state="done", in_time=False, corrected=False)


def by_task(cases: QuerySet[rows.Case], since: datetime, until: datetime | None = None) -> Mapping[str, Kept]:
    """Task → how it was kept, over the tasks of these cases whose clock started in the span. Dropped ones that were
    not late do not count."""
    found = rows.Task.objects.filter(case_id__in=cases.values("case_id"), since_at__gte=since)
    if until is not None:
        found = found.filter(since_at__lt=until)
    counted = found.values("task").annotate(
        late=Count("pk", filter=_LATE),
        kept=Count("pk", filter=Q(state="done") & ~_LATE),
        open=Count("pk", filter=Q(state="open") & ~_LATE),
    )
    return {row["task"]: Kept(row["kept"], row["late"], row["open"]) for row in counted}


_lately: dict[tuple[object, ...], tuple[float, Mapping[str, Kept]]] = {}


def lately(viewer: Viewer, procedure: str) -> Mapping[str, Kept]:
    """How the limits of the last 90 days were kept in the cases that this person sees; not counted at every look."""
    key = (procedure, viewer.whole, viewer.part, viewer.code if viewer.part else "")
    known = _lately.get(key)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    found = by_task(access.cases(viewer).filter(procedure=procedure), viewer.at - LOOKED_BACK)
    if len(_lately) >= MOST_KEPT:
        _lately.clear()
    _lately[key] = (time.monotonic() + FRESH, found)
    return found


def forget() -> None:
    """Count everything anew."""
    _lately.clear()
