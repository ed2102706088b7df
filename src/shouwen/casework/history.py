"""What a case's events tell as a whole: the steps it went through, who had it in hand, whom it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouwen.casework import filed, sealing
from shouwen.casework.access import Viewer, cases
from shouwen.core import events as e
from shouwen.core import values
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["CaseRow", "Hand", "caller", "entered", "events", "hands", "unread"]

#: the row of a case, as lists and pages show it
CaseRow = rows.Case


@dataclass(frozen=True)
class Hand:
    """Who answered for the case, from when to when (None: still)."""

    who: str
    since: datetime
    until: datetime | None
    #: took it in: answers for it until it is settled
    first: bool = False


def events(case_id: UUID) -> tuple[e.Event, ...]:
    """Everything that happened to a case, the chain of its records checked on the way."""
    return tuple(event for log in filed.logs(case_id) for event in log.events)


def entered(happened: Iterable[e.Event]) -> tuple[str, ...]:
    """The steps in the order in which they were entered."""
    found = [event.step for event in happened if isinstance(event, e.CaseOpened | e.StepEntered | e.CaseReopened)]
    return tuple(dict.fromkeys(found))


def hands(happened: Iterable[e.Event]) -> tuple[Hand, ...]:
    """The chain of those who had the case in hand; what was handed over in the same minute counts as one."""
    chain: list[Hand] = []
    asked: e.TransferAsked | None = None
    for event in happened:
        if isinstance(event, e.TransferAsked):
            asked = event
        who = _taken_by(event, asked)
        if who and (not chain or chain[-1].who != who):
            if chain:
                chain[-1] = replace(chain[-1], until=event.happened)
            chain.append(Hand(who, event.happened, None, isinstance(event, e.CaseOpened)))
        if isinstance(event, e.CaseClosed) and chain:
            chain[-1] = replace(chain[-1], until=event.happened)
    return tuple(chain)


def caller(viewer: Viewer, phone: str) -> QuerySet[rows.Case] | None:
    """The cases of whoever has this phone number, as far as the viewer may see them, newest first; None: no number."""
    try:
        digest = sealing.phone_digest(str(values.read("phone", phone, SHANGHAI)))
    except values.Unreadable:
        return None
    subjects = rows.Subject.objects.filter(phone_digest=digest).values_list("subject_id", flat=True)
    return cases(viewer).filter(subject_id__in=list(subjects)).order_by("-opened_at")


def unread(case_id: UUID, person: str) -> tuple[tuple[str, str, str], ...]:
    """What this person was sent about a case and must still acknowledge: notice, row, words."""
    lines = read(_UNREAD, {"case": case_id, "person": person})
    return tuple({(notice, item): (notice, item, text) for notice, item, text in lines}.values())


_UNREAD = """
SELECT notice, item, text FROM messages
WHERE case_id = %(case)s::uuid AND person = %(person)s::text AND read_at IS NULL AND receipt <> 'none' AND notice <> ''
ORDER BY at
"""


def _taken_by(event: e.Event, asked: e.TransferAsked | None) -> str:
    match event:
        case e.CaseOpened():
            return event.first_contact
        case e.Assigned():
            return event.to
        case e.StepEntered():
            return event.answers
        case e.TransferAnswered():
            return asked.to if event.accepted and asked else ""
        case _:
            return ""
