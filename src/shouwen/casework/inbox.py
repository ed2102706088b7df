"""Word sent to somebody: what he has not read, what he must acknowledge, and how he does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from shouwen.casework import handle, lists
from shouwen.casework.access import Viewer
from shouwen.casework.handle import Answer
from shouwen.casework.lists import Line
from shouwen.core.commands import BuiltIn
from shouwen.store import models as rows

__all__ = ["RECEIPTS", "Message", "acknowledge", "mark_all", "mark_read", "messages", "unread"]

#: how a message may want to be received: it is acknowledged on its case then
RECEIPTS = frozenset({"read", "signed", "delivered"})
#: no more unread messages are counted
MOST_COUNTED = 500


@dataclass(frozen=True, kw_only=True)
class Message:
    """Word about a case. `receipt`: how it is to be acknowledged, '' if it need not be."""

    case_id: UUID
    seq: int
    at: datetime
    text: str
    notice: str
    item: str
    receipt: str
    read_at: datetime | None
    line: Line

    @property
    def wanted(self) -> bool:
        """Whether it still waits for its receipt."""
        return bool(self.receipt) and self.read_at is None


def messages(
    viewer: Viewer, *, unread_only: bool = False, number: int = 1, size: int = 50
) -> tuple[list[Message], bool]:
    """A page of his messages, unread ones first, the newest on top; and whether there are more."""
    found = _of(viewer)
    if unread_only:
        found = found.filter(read_at=None)
    ordered = found.order_by(F("read_at").desc(nulls_first=True), "-at", "-seq")
    chosen = list(ordered[(number - 1) * size : number * size + 1])
    cases = {line.case_id: line for line in lists.lines(dict.fromkeys(row.case_id for row in chosen))}
    told = [
        Message(
            case_id=row.case_id,
            seq=row.seq,
            at=row.at,
            text=row.text,
            notice=row.notice,
            item=row.item,
            receipt=row.receipt if row.receipt in RECEIPTS else "",
            read_at=row.read_at,
            line=cases[row.case_id],
        )
        for row in chosen[:size]
        if row.case_id in cases
    ]
    return told, len(chosen) > size


def unread(viewer: Viewer) -> int:
    """How many messages he has not read."""
    return _of(viewer).filter(read_at=None)[:MOST_COUNTED].count()


def mark_read(viewer: Viewer, case_id: UUID, seq: int) -> bool:
    """He has read a message that wants no receipt; False if there is none such."""
    chosen = _of(viewer).filter(case_id=case_id, seq=seq)
    if not chosen.exclude(receipt__in=RECEIPTS).exists():
        return False
    chosen.filter(read_at=None).update(read_at=viewer.at)
    return True


def mark_all(viewer: Viewer) -> int:
    """He has read everything that wants no receipt; how many that were."""
    return _of(viewer).filter(read_at=None).exclude(receipt__in=RECEIPTS).update(read_at=viewer.at)


def acknowledge(viewer: Viewer, case_id: UUID, seq: int, key: str) -> Answer | None:
    """He acknowledges a message on its case; None if there is none such of his."""
    told = _of(viewer).filter(case_id=case_id, seq=seq, receipt__in=RECEIPTS).first()
    if told is None:
        return None
    command = BuiltIn(verb="read", actor=viewer.code, target=told.notice, values={"item": told.item}, key=key)
    return handle.act(case_id, command, at=viewer.at)


def _of(viewer: Viewer) -> QuerySet[rows.Message]:
    return rows.Message.objects.filter(person=viewer.code)
