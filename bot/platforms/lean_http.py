"""A lean HTTP/1.1 client for JSON calls to one host: keep-alive connections, no more.

An eighth of a full client's cost a call, which is what a tap is made of. Parsing is llhttp's
(httptools): chunked bodies, interim answers and closed connections are its business and tested
here against aiohttp's behaviour. Decides how connections are kept; errors are PTB's own.
"""

import asyncio
import ssl
import time
from collections import deque
from types import TracebackType
from typing import NamedTuple, Self, cast
from urllib.parse import urlsplit

import httptools
from telegram.error import NetworkError, TimedOut

from bot.platforms.telegram_errors import NOT_SENT

CONNECT_S = 5.0
IDLE_S = 15.0
"""A connection unused for longer is not trusted: servers and boxes on the way drop them."""

MAX_BODY = 10_000_000
_INTERIM = 200


class Answer(NamedTuple):
    status: int
    body: bytes


class Dated(NamedTuple):
    """A server's `Date` header, and the machine's clock when it came."""

    date: bytes
    machine_ms: int


class LeanClient:
    """Posts JSON over at most `connections` to each host."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._hosts: dict[tuple[str, str, int], _Host] = {}
        self._routes: dict[str, tuple[_Host, bytes]] = {}
        self.dated: Dated | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def post(self, url: str, body: bytes, within_s: float) -> Answer:
        """Post a JSON body.

        Raises:
            TimedOut: no whole answer came in time; it may have been carried out.
            NetworkError: it broke off and may have been carried out, or there was no connection
            (then its text begins with `NOT_SENT`).
        """
        route = self._routes.get(url) or self._add_route(url)
        host, head = route
        connection = await host.take()
        try:
            answer = await connection.ask(b"%b%d\r\n\r\n%b" % (head, len(body), body), within_s)
        finally:
            host.give_back(connection)
        if connection.date:
            self.dated = Dated(connection.date, time.time_ns() // 1_000_000)
        return answer

    def close(self) -> None:
        for host in self._hosts.values():
            host.close()
        self._hosts.clear()
        self._routes.clear()

    def _add_route(self, url: str) -> "tuple[_Host, bytes]":
        parts = urlsplit(url)
        is_secure = parts.scheme == "https"
        name = parts.hostname or ""
        key = (parts.scheme, name, parts.port or (443 if is_secure else 80))
        host = self._hosts.get(key)
        if host is None:
            context = ssl.create_default_context() if is_secure else None
            host = self._hosts[key] = _Host(key[1:], context, self._connections)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        # The URL holds the token: a character that would begin a header of its own ends here.
        if any(sign <= " " for sign in target):
            raise NetworkError("an address with a space or a control sign in it")
        self._routes[url] = (host, head.encode("ascii"))
        return self._routes[url]


class _Host:
    """The connections to one host: idle ones last in, first out; who must wait, in order."""

    def __init__(
        self, address: tuple[str, int], context: ssl.SSLContext | None, limit: int
    ) -> None:
        self._address = address
        self._context = context
        self._free = limit
        self._idle: list[_Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> "_Connection":
        while self._free <= 0:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                # A turn that was given and is not used goes to the next in the line.
                if turn.done() and not turn.cancelled():
                    self._wake_next()
                raise
        self._free -= 1
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
            connection.close()
        try:
            return await self._connect()
        except BaseException:
            self._release()
            raise

    def give_back(self, connection: "_Connection") -> None:
        if connection.is_usable:
            self._idle.append(connection)
        else:
            connection.close()
        self._release()

    def close(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    def _release(self) -> None:
        self._free += 1
        self._wake_next()

    def _wake_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        name, port = self._address
        try:
            async with asyncio.timeout(CONNECT_S):
                _, protocol = await loop.create_connection(
                    _Connection, name, port, ssl=self._context
                )
        except OSError as error:
            # A time-out is one too. The class alone: its text may hold the address (FAULTS T43).
            raise NetworkError(f"{NOT_SENT}{type(error).__name__}") from None
        return protocol


class _Connection(asyncio.Protocol):
    """One request at a time over one socket."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._asked: asyncio.Future[Answer] | None = None
        self._body: list[bytes] = []
        self._length = 0
        self._has_headers = self._is_framed = False
        self._is_sound = True
        self._used_at = self._loop.time()
        self.date = b""

    @property
    def is_usable(self) -> bool:
        """Whether another request may go over this connection."""
        transport = self._transport
        is_open = transport is not None and not transport.is_closing()
        return is_open and self._is_sound and self._loop.time() - self._used_at < IDLE_S

    async def ask(self, request: bytes, within_s: float) -> Answer:
        asked: asyncio.Future[Answer] = self._loop.create_future()
        self._asked = asked
        self._begin_answer()
        timer = self._loop.call_later(within_s, self._time_out)
        cast("asyncio.Transport", self._transport).write(request)
        try:
            return await asked
        finally:
            timer.cancel()
            if not asked.done() or asked.cancelled():
                # Left in the middle: what still comes would be taken for the next answer.
                self._is_sound = False
            self._asked = None
            self._used_at = self._loop.time()

    def close(self) -> None:
        self._is_sound = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._asked is None or self._asked.done():
            # Bytes that nobody asked for: not a server to go on with.
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(NetworkError(type(error).__name__))

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_sound = False
        if self._asked is None or self._asked.done():
            return
        if self._has_headers and not self._is_framed and exc is None:
            # A body without a length ends with its connection (RFC 9112, 6.3).
            self._asked.set_result(self._answer())
        else:
            self._fail(NetworkError("the connection was closed"))

    def on_message_begin(self) -> None:
        # An answer that nobody asked for, right behind the one that was.
        self._is_sound &= self._asked is not None and not self._asked.done()

    def on_header(self, name: bytes, value: bytes) -> None:
        lowered = name.lower()
        self._is_framed |= lowered in {b"content-length", b"transfer-encoding"}
        if lowered == b"date":
            self.date = value

    def on_headers_complete(self) -> None:
        self._has_headers = self._parser.get_status_code() >= _INTERIM

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._length += len(body)
        if self._length > MAX_BODY:
            self._fail(NetworkError("an answer beyond all bounds"))

    def on_message_complete(self) -> None:
        if self._asked is None or self._asked.done():
            return
        if self._parser.get_status_code() < _INTERIM:
            # 100 Continue and its like: the answer itself is still to come.
            self._begin_answer()
            return
        self._is_sound &= self._parser.should_keep_alive()
        self._asked.set_result(self._answer())

    def _begin_answer(self) -> None:
        self._body = []
        self._length = 0
        self._has_headers = self._is_framed = False
        self.date = b""

    def _answer(self) -> Answer:
        return Answer(self._parser.get_status_code(), b"".join(self._body))

    def _time_out(self) -> None:
        self._fail(TimedOut())

    def _fail(self, error: Exception) -> None:
        self.close()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(error)
