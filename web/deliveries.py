"""A platform's deliveries, read off the socket: one plain request; all others are aiohttp's.

A tap's request through aiohttp costs more than all that the tap decides. What is read here is a
POST to the webhook's path over HTTP/1.1, with a length and the right secret. A connection that
sends anything else goes to aiohttp with every byte that came: errors, chunks, health and pages
are its business (held against it by test). Decides how connections live; the rest is the webhook's.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import cast

import structlog

from handlers.ports import StoreAwayError
from web.telegram_webhook import RETRY_AFTER_S, SECRET_HEADER, Webhook

MAX_BODY = 1_000_000
MAX_HEAD = 8_000
"""Bytes of request line and headers; aiohttp refuses more in its own words."""

IDLE_S = 75.0
"""A connection without a delivery for so long is closed; aiohttp's own figure."""

_SECRET = SECRET_HEADER.lower().encode()
_END = b"\r\n\r\n"
_LENGTH, _CONNECTION = b"content-length", b"connection"
# What changes how a body is to be read, or what a connection is.
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"content-encoding", b"trailer"})
_AWAY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nContent-Length: 0\r\n"
_FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n"
_EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"

log = structlog.get_logger(__name__)

Fallback = Callable[[], asyncio.Protocol]
"""aiohttp's side of a new connection."""


@dataclass(slots=True)
class Open:
    """The connections of one server, and the deliveries under way on them."""

    webhook: Webhook
    fallback: Fallback
    connections: "set[Deliveries]" = field(default_factory=set)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)
    is_stopping: bool = False


class Deliveries(asyncio.Protocol):
    """One connection: requests in their order, one at a time."""

    def __init__(self, server: Open) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._line = b"POST %b HTTP/1.1" % server.webhook.path.encode("ascii")
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._body_from = self._body_to = 0
        self._task: asyncio.Task[None] | None = None
        self._used_at = self._loop.time()

    @property
    def idle_s(self) -> float:
        """How long nothing has come and nothing been under way."""
        return 0.0 if self._task is not None else self._loop.time() - self._used_at

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's own)
        # What was received is handled to its end: the platform will deliver it again otherwise.
        self._transport = None
        self._server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._task is None:
            self._advance()
        elif len(self._buffer) > MAX_BODY and self._transport is not None:
            self._transport.pause_reading()

    def close(self) -> None:
        """At once where nothing is under way, else after its answer."""
        if self._task is None and self._transport is not None:
            self._transport.close()

    def _advance(self) -> None:
        """Go on with what has come: wait for more, begin a delivery, or hand over."""
        if not self._body_to and not self._has_head():
            return
        if len(self._buffer) < self._body_to:
            return
        body = self._buffer[self._body_from : self._body_to]
        self._buffer = self._buffer[self._body_to :]
        self._body_to = 0
        self._task = self._loop.create_task(self._deliver(body))
        self._server.under_way.add(self._task)

    def _has_head(self) -> bool:
        """Whether a whole head of the known kind stands at the front of what came."""
        buffer = self._buffer
        if not buffer:
            return False
        end = buffer.find(_END)
        if end < 0:
            is_known = self._line.startswith(buffer[: len(self._line)])
            if not is_known or len(buffer) > MAX_HEAD:
                self._hand_over()
            return False
        length = self._length_in(buffer[:end]) if end <= MAX_HEAD else None
        if length is None:
            self._hand_over()
            return False
        self._body_from = end + len(_END)
        self._body_to = self._body_from + length
        return True

    def _length_in(self, head: bytes) -> int | None:
        """The body's length; None: not the kind of request that is read here."""
        lines = head.split(b"\r\n")
        breaks = len(lines) - 1
        if lines[0] != self._line or (head.count(b"\r"), head.count(b"\n")) != (breaks, breaks):
            return None
        lengths, secrets = [], []
        for line in lines[1:]:
            name, colon, value = line.partition(b":")
            name = name.lower()
            if not colon or name in _UNUSUAL or not name or name.split() != [name]:
                return None
            if name == _LENGTH:
                lengths.append(value.strip())
            elif name == _SECRET:
                secrets.append(value.strip())
            elif name == _CONNECTION and value.strip().lower() != b"keep-alive":
                return None
        if len(lengths) != 1 or len(secrets) != 1 or not lengths[0].isdigit():
            return None
        # Longer digits than any length that is taken: not even turned into a number.
        is_admitted = len(lengths[0]) <= len(str(MAX_BODY)) and int(lengths[0]) <= MAX_BODY
        if not is_admitted or not self._server.webhook.admits(secrets[0]):
            return None
        return int(lengths[0])

    async def _deliver(self, body: bytes) -> None:
        try:
            answer = await self._server.webhook.take(body)
            head = _EMPTY if answer is None else _JSON % len(answer)
        except StoreAwayError:
            answer, head = None, _AWAY % RETRY_AFTER_S
        except Exception as error:  # noqa: BLE001 (the next delivery must not wait for this one)
            log.error("delivery_failed", error=type(error).__name__)  # noqa: TRY400
            answer, head = None, _FAILED
        self._end(head, answer or b"")

    def _end(self, head: bytes, body: bytes) -> None:
        """Answer, and go on with what came meanwhile."""
        server, transport = self._server, self._transport
        if self._task is not None:
            server.under_way.discard(self._task)
            self._task = None
        self._used_at = self._loop.time()
        if transport is None:
            return
        last = b"Connection: close\r\n" if server.is_stopping else b""
        transport.write(b"%b%bDate: %b\r\n\r\n%b" % (head, last, _date(), body))
        if server.is_stopping:
            transport.close()
        elif self._buffer:
            transport.resume_reading()
            self._advance()

    def _hand_over(self) -> None:
        """Everything from here on is aiohttp's."""
        transport = self._transport
        if transport is None:
            return
        self._server.connections.discard(self)
        handler = self._server.fallback()
        transport.set_protocol(handler)
        transport.resume_reading()
        handler.connection_made(transport)
        handler.data_received(self._buffer)
        self._transport, self._buffer = None, b""


_dated: tuple[int, bytes] = (0, b"")


def _date() -> bytes:
    """The `Date` header (RFC 9110, 6.6.1), made once a second."""
    global _dated  # noqa: PLW0603 (a cache of what the clock says)
    now_s = int(time.time())
    if _dated[0] != now_s:
        _dated = now_s, formatdate(now_s, usegmt=True).encode("ascii")
    return _dated[1]
