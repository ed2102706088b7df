"""The ledger: entries of the cases that a person sees, by account and period; each has its debit and its credit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from shouwen.casework import access
from shouwen.casework.access import Viewer
from shouwen.store import models as rows

__all__ = ["Account", "Entry", "accounts", "entries", "totals"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account in a period, in 分: what stood on its debit side before, what came on both sides."""

    name: str
    before: int
    debit: int
    credit: int

    @property
    def after(self) -> int:
        """What stands on its debit side after the period (negative: on the other)."""
        return self.before + self.debit - self.credit


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry, in 分. `reversal`: it takes an earlier one back."""

    case_id: UUID
    number: str
    title: str
    procedure: str
    law: int
    posting: str
    debit: str
    credit: str
    amount: int
    happened_at: datetime
    reversal: bool


def accounts(viewer: Viewer, since: datetime, until: datetime) -> tuple[Account, ...]:
    """All accounts on which anything stands or came in [since, until), by name."""
    seen = _seen(viewer, until)
    sums: dict[str, list[int]] = {}
    for side, place in (("debit", 0), ("credit", 1)):
        before = seen.filter(happened_at__lt=since).values(side).annotate(sum=Sum("amount"))
        within = seen.filter(happened_at__gte=since).values(side).annotate(sum=Sum("amount"))
        for row in before:
            sums.setdefault(row[side], [0, 0, 0])[0] += row["sum"] if place == 0 else -row["sum"]
        for row in within:
            sums.setdefault(row[side], [0, 0, 0])[1 + place] += row["sum"]
    found = (Account(name=name, before=b, debit=d, credit=c) for name, (b, d, c) in sorted(sums.items()))
    return tuple(one for one in found if one.before or one.debit or one.credit)


def entries(
    viewer: Viewer, since: datetime, until: datetime, account: str = "", most: int | None = None
) -> Iterator[Entry]:
    """The entries of the period, the latest first; of one account (or of those under it), if one is named."""
    found = _seen(viewer, until).filter(happened_at__gte=since)
    if account:
        found = found.filter(_of(account, "debit") | _of(account, "credit"))
    kept = list(found.order_by("-happened_at", "-seq")[:most])
    cases = {one.case_id: one for one in rows.Case.objects.filter(case_id__in={row.case_id for row in kept})}
    for row in kept:
        case = cases[row.case_id]
        yield Entry(
            case_id=row.case_id,
            number=case.number,
            title=case.title,
            procedure=case.procedure,
            law=case.law,
            posting=row.posting,
            debit=row.debit,
            credit=row.credit,
            amount=row.amount,
            happened_at=row.happened_at,
            reversal=row.reverses is not None,
        )


def totals(found: tuple[Account, ...]) -> tuple[int, int]:
    """Both sides of the period: they are equal, or the ledger is broken."""
    return sum(one.debit for one in found), sum(one.credit for one in found)


def _of(account: str, side: str) -> Q:
    return Q(**{side: account}) | Q(**{f"{side}__startswith": f"{account}/"})


def _seen(viewer: Viewer, until: datetime) -> QuerySet[rows.Posting]:
    return rows.Posting.objects.filter(case_id__in=access.cases(viewer).values("case_id"), happened_at__lt=until)
