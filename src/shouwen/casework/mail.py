"""Which messages also go out by mail: a job each, enqueued with the message; `channels.mail` sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings

from shouwen.organisation.state import known

__all__ = ["TASK", "jobs"]

#: the name of the job's task
TASK = "shouwen.mail"


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
