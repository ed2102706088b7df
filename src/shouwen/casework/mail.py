"""Which messages also go out by mail: a job each, enqueued with the message; `channels.mail` sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from shouwen.organisation.state import known, state
from shouwen.store import models as rows

__all__ = ["TASK", "Letter", "jobs", "letter"]

#: the name of the job's task
TASK = "shouwen.mail"


@dataclass(frozen=True)
class Letter:
    """A message on its way: to which address, under which subject."""

    address: str
    subject: str
    text: str


def jobs(messages: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """A job for each message to somebody with a mail address; none if no mail server is set. The job names the
    message: its text is read when it is sent."""
    if not settings.EMAIL_HOST:
        return []
    people = known().people
    return [
        {"task": TASK, "args": {"case": row["case_id"], "seq": row["seq"], "person": row["person"]}}
        for row in messages
        if (person := people.get(str(row["person"]))) is not None and person.email
    ]


def letter(case_id: UUID, seq: int, person: str) -> Letter | None:
    """The message as a letter; None if it is gone, or its person has no address any more."""
    message = rows.Message.objects.filter(case_id=case_id, seq=seq, person=person).first()
    case = rows.Case.objects.filter(case_id=case_id).first()
    someone = state().people.get(person)
    if message is None or case is None or someone is None or not someone.email or not someone.active:
        return None
    return Letter(someone.email, f"{case.number} {message.text}"[:120].replace("\n", " "), message.text)
