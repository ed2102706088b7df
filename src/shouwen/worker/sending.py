"""The thread of what goes out: procrastinate's worker on the queues for which there is a way."""

from __future__ import annotations

import asyncio
import logging
from threading import Event, Thread

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from shouwen.casework import sms
from shouwen.channels import mail as _mail  # noqa: F401 # its task is known to the queue from here on
from shouwen.channels import sms as _sms  # noqa: F401 # as above

__all__ = ["start"]

log = logging.getLogger("shouwen.worker.sending")


def start(stop: Event) -> Thread | None:
    """Begin to send, until `stop` is set; None if there is no way out."""
    queues = [*(["mail"] if settings.EMAIL_HOST else []), *([sms.QUEUE] if sms.possible() else [])]
    if not queues:
        return None
    thread = Thread(target=lambda: asyncio.run(_send(stop, queues)), name="sending", daemon=True)
    thread.start()
    return thread


async def _send(stop: Event, queues: list[str]) -> None:
    queue = app.with_connector(DjangoConnector().get_worker_connector())
    async with queue.open_async():
        worker = asyncio.create_task(queue.run_worker_async(queues=queues, install_signal_handlers=False))
        while not stop.is_set() and not worker.done():
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.wait([worker], timeout=10)
    if worker.done() and not worker.cancelled() and worker.exception() is not None:
        log.error("发送停了：%s", worker.exception())  # zh: the log
