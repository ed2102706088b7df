"""Load over HTTP/1.1 on kept connections: as little work as will do, since the generator shares the machine."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Answer", "Client", "Measured", "measure"]


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers as they stood, the body."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The (last) header of this name, or ''."""
        found = re.findall(rb"(?im)^" + name.encode() + rb": *(.*?)\r?$", self.head)
        return found[-1].decode() if found else ""


@dataclass
class Measured:
    """How many answers there were in how many seconds, those that were not as expected, and how long each took."""

    seconds: float = 0.0
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return (self.answers - len(self.wrong)) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        times = sorted(self.took)
        return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


class Client:
    """One connection, with the cookies of whoever signed in."""

    def __init__(self, host: str, port: int, cookies: dict[str, str] | None = None) -> None:
        self._host, self._port = host, port
        self.cookies = dict(cookies or {})
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """GET a path."""
        return await self._send("GET", path, b"")

    async def post(self, path: str, form: bytes) -> Answer:
        """POST a form."""
        return await self._send("POST", path, form)

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _send(self, method: str, path: str, body: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nCookie: {cookies}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        text = await reader.readexactly(int(length.group(1))) if length else await _chunks(reader, head)
        answer = Answer(int(head[9:12]), head, text)
        for pair in re.findall(rb"(?im)^set-cookie: *([^=]+)=([^;\r]*)", head):
            self.cookies[pair[0].decode()] = pair[1].decode()
        if b"onnection: close" in head:
            await self.close()
        return answer


async def _chunks(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"chunked" not in head.lower():
        return b""
    parts = []
    while size := int((await reader.readline()).strip() or b"0", 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def measure(
    clients: list[Client], seconds: float, ask: Callable[[], tuple[str, bytes | None]], good: Callable[[Answer], bool]
) -> Measured:
    """Let every client ask one thing after another (path, and a form to post or None) for so many seconds."""
    found = Measured()
    start = time.perf_counter()

    async def work(client: Client) -> None:
        while time.perf_counter() - start < seconds:
            path, form = ask()
            began = time.perf_counter()
            answer = await (client.get(path) if form is None else client.post(path, form))
            found.took.append(time.perf_counter() - began)
            found.answers += 1
            if not good(answer):
                found.wrong.append(f"{answer.status} {path} {answer.body[:200]!r}")

    await asyncio.gather(*(work(client) for client in clients))
    found.seconds = time.perf_counter() - start
    return found
