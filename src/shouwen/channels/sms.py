"""Text messages: codes that customers ask for, handed to the webhook of a gateway."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shouwen import clock
from shouwen.casework import follow, sms
from shouwen.organisation.state import state

__all__ = ["Busy", "send"]

TIMEOUT = 10


class Busy(Exception):
    """The gateway does not answer, or asks for patience."""


@app.task(name=sms.TASK, queue=sms.QUEUE, retry=RetryStrategy(max_attempts=4, wait=5, retry_exceptions=(Busy,)))
def send(*, about: str) -> None:
    """Send the code that stands for this case or report; one that has lapsed is not sent any more."""
    found = follow.sent_code(UUID(about), clock.now())
    if found is None:
        return
    phone, code = found
    text = _words(state().name, code)
    body = json.dumps({"phone": phone, "text": text}, ensure_ascii=False).encode()
    asked = Request(settings.SMS, body, {"Content-Type": "application/json"})  # the operator's own address
    try:
        with urlopen(asked, timeout=TIMEOUT):
            return
    except HTTPError as error:
        # What the gateway will never take is not offered again.
        if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code == HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(f"HTTP {error.code}") from None
    except (URLError, TimeoutError) as error:
        raise Busy(str(error)) from None


def _words(house: str, code: str) -> str:
    """Telephones show a message as it was written: in the house's own language."""
    text = f"查询码 {code}，10 分钟内有效，请勿转告他人。"  # zh: sent to a telephone, not shown on a page
    return f"【{house}】{text}" if house else text  # zh: the signature that gateways ask for
