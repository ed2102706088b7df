"""Which text messages go out: a code that a customer has asked for is a job; `channels.sms` sends it."""

from __future__ import annotations

import json
from uuid import UUID

from django.conf import settings
from django.db import connection

__all__ = ["QUEUE", "TASK", "enqueue", "possible"]

#: the name of the job's task, and of its queue
TASK = "shouwen.sms"
QUEUE = "sms"


def possible() -> bool:
    """Whether there is a gateway for text messages."""
    return bool(settings.SMS)


def enqueue(about_id: UUID) -> None:
    """A job that sends the code which stands for this case or report now; it names no telephone and no code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, 0, NULL, NULL, %s::jsonb, NULL)"
            "::procrastinate_job_to_defer_v1])",
            [QUEUE, TASK, json.dumps({"about": str(about_id)})],
        )
