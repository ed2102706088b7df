"""Erasing a person: his key is destroyed; chains, clocks and figures stay whole, what he told us is gone for good."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from shouwen import clock
from shouwen.casework import filed, replay, sealing
from shouwen.core.phrase import counted, joined
from shouwen.store import models as rows

__all__ = ["Erased", "erase", "found_by_phone", "open_cases"]


@dataclass(frozen=True)
class Erased:
    """What was done: the cases whose personal data is gone, and how many files were deleted with it."""

    cases: tuple[str, ...]
    files: int


def found_by_phone(phone: str) -> UUID | None:
    """The person who is recognised by this number, if there is one."""
    found = rows.Subject.objects.filter(phone_digest=sealing.phone_digest(phone), key__isnull=False)
    return found.values_list("subject_id", flat=True).first()


def open_cases(subject: UUID) -> tuple[str, ...]:
    """What of this person is still open, cases and reports that wait for one: while anything is, the law lets nobody
    erase what it is worked with."""
    found = rows.Case.objects.filter(subject_id=subject, closed_at__isnull=True).order_by("opened_at")
    waiting = rows.Incoming.objects.filter(subject_id=subject, state="waiting").order_by("came_at")
    return (*found.values_list("number", flat=True), *waiting.values_list("number", flat=True))


def erase(subject: UUID) -> Erased:
    """Destroy the person's key, delete the files handed in, and derive the rows of his cases again without him.

    Raises ValueError while a case of his is open.
    """
    still = open_cases(subject)
    if still:
        raise ValueError(
            counted("还有 {n} 件在办（{names}），办结后才能删除这个人的资料", n=len(still), names=joined(still[:5]))
        )
    with transaction.atomic():
        rows.Subject.objects.filter(subject_id=subject).update(key=None, phone_digest=None, erased_at=clock.now())
        cases = dict(rows.Case.objects.filter(subject_id=subject).values_list("case_id", "number"))
        brought = list(rows.Incoming.objects.filter(subject_id=subject).values_list("incoming_id", flat=True))
        files, _ = rows.Attachment.objects.filter(case_id__in=[*cases, *brought]).delete()
        rows.FollowCode.objects.filter(about_id__in=[*cases, *brought]).delete()
        for case_id in cases:
            filed.forget(case_id)
            replay.rebuild(case_id)
    return Erased(tuple(cases.values()), files)
