"""The mail queue's own thread: procrastinate's worker on the queue `mail`."""

from __future__ import annotations

import asyncio
import logging
from threading import Event, Thread

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from shouwen.channels import mail as _tasks  # noqa: F401 # its task is known to the queue from here on

__all__ = ["start"]

log = logging.getLogger("shouwen.worker.mail")


def start(stop: Event) -> Thread | None:
    """Begin to send, until `stop` is set; None if no mail server is set."""
    if not settings.EMAIL_HOST:
        return None
    thread = Thread(target=lambda: asyncio.run(_send(stop)), name="mail", daemon=True)
    thread.start()
    return thread


async def _send(stop: Event) -> None:
    queue = app.with_connector(DjangoConnector().get_worker_connector())
    async with queue.open_async():
        worker = asyncio.create_task(queue.run_worker_async(queues=["mail"], install_signal_handlers=False))
        while not stop.is_set() and not worker.done():
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.wait([worker], timeout=10)
    if worker.done() and not worker.cancelled() and worker.exception() is not None:
        log.error("发信停了：%s", worker.exception())
