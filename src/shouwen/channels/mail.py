"""Messages by mail: what was told to a person who has an address."""

from __future__ import annotations

import smtplib
from uuid import UUID

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shouwen.casework import mail

__all__ = ["send"]


@app.task(
    name=mail.TASK,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions=(OSError, smtplib.SMTPException)),
)
def send(*, case: str, seq: int, person: str) -> None:
    """Send one message; the server's refusal of the address is final, all else is tried again."""
    found = mail.letter(UUID(case), seq, person)
    if found is None:
        return
    letter = EmailMessage(subject=found.subject, body=found.text, to=[found.address])
    # The same id again tells a mailbox that it has this letter already.
    letter.extra_headers["Message-ID"] = f"<{case}.{seq}.{person}@shouwen>"
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused:
        return
