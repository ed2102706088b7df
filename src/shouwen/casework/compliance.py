"""How limits were kept: counted from the rows of tasks, by task or by desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from shouwen.store import models as rows

__all__ = ["Kept", "by_task"]


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
