"""The driver's way to the bot: posts updates over few keep-alive connections, raw HTTP/1.1.

As the platform does it: at most `max_connections` at once, more wait; a connection that the bot
closed is opened anew. What an answer means is the stage's.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from benchmarks.driver.framing import Messages, status_of

Answered = Callable[[int, bytes], None]
"""Called with status and body; status 0 when the connection broke."""

_RETRY_S = 0.05


class _Connection(asyncio.Protocol):
    __slots__ = ("_answered", "_body", "_messages", "_pool", "transport")

    def __init__(self, pool: "Webhook") -> None:
        self._pool = pool
        self._messages = Messages()
        self._answered: Answered | None = None
        self._body = b""
        self.transport: asyncio.Transport | None = None

    def post(self, body: bytes, answered: Answered) -> None:
        self._answered = answered
        if self.transport is not None:
            self.transport.write(self._pool.head % len(body) + body)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are of no common class.
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            answered, self._answered = self._answered, None
            self._pool.free(self)
            if answered is not None:
                answered(status_of(head), body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's own)
        self.transport = None
        self._pool.lost(self)
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(0, b"")


class Webhook:
    """Where updates go, as `setWebhook` said."""

    def __init__(self, url: str, secret: str, limit: int) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._limit = limit
        self._idle: list[_Connection] = []
        self._count = 0
        self._waiting: deque[tuple[bytes, Answered]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self.head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Content-Type: application/json\r\nAccept-Encoding: gzip, deflate\r\n"
            f"Connection: keep-alive\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
        ).encode() + b"Content-Length: %d\r\n\r\n"

    def post(self, body: bytes, answered: Answered) -> None:
        """Send an update as soon as a connection is free."""
        if self._idle:
            self._idle.pop().post(body, answered)
            return
        self._waiting.append((body, answered))
        if self._count < self._limit:
            self._count += 1
            task = asyncio.get_running_loop().create_task(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def free(self, connection: _Connection) -> None:
        if self._waiting:
            connection.post(*self._waiting.popleft())
        else:
            self._idle.append(connection)

    def lost(self, connection: _Connection) -> None:
        self._count -= 1
        if connection in self._idle:
            self._idle.remove(connection)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                _, connection = await loop.create_connection(
                    lambda: _Connection(self), self._host, self._port
                )
            except OSError:
                await asyncio.sleep(_RETRY_S)
                continue
            self.free(connection)
            return
