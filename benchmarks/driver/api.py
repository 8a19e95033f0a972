"""The Bot API's side of the driver: an HTTP server whose answers are prebuilt but for the ids.

Decides how a call travels: it reaches the platform after half the delay and is answered after the
whole. What a call changes is the stage's.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from benchmarks.driver.framing import Messages, header_of, path_of

Take = Callable[[bytes, bytes, bool], bytes]
"""Method, body, whether it is a form; returns the `result` as JSON, or an error's whole body."""

HEAD = (
    b"HTTP/1.1 %b\r\nServer: nginx/1.18.0\r\nDate: Wed, 10 Dec 2025 02:00:00 GMT\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n"
    b"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    b"Access-Control-Expose-Headers: Content-Length,Content-Type,Date,Server,Connection\r\n\r\n"
)
_REFUSED = b'{"ok":false'
_STATUSES = {b"400": b"400 Bad Request", b"429": b"429 Too Many Requests"}
_CODE = slice(len(b'{"ok":false,"error_code":'), len(b'{"ok":false,"error_code":400'))


class ApiConnection(asyncio.Protocol):
    """One connection of the bot; answers go out in the order of the calls."""

    __slots__ = ("_delay_s", "_messages", "_take", "_transport")

    def __init__(self, take: Take, delay_s: Callable[[], float]) -> None:
        self._take = take
        self._delay_s = delay_s
        self._messages = Messages()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are of no common class.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's own)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            method = path_of(head).rpartition(b"/")[2].partition(b"?")[0]
            is_form = b"form" in header_of(head, b"content-type")
            delay_s = self._delay_s()
            if delay_s:
                loop = asyncio.get_running_loop()
                loop.call_later(delay_s / 2, self._reach, method, body, is_form, delay_s / 2)
            else:
                self._answer(self._take(method, body, is_form))

    def _reach(self, method: bytes, body: bytes, is_form: bool, back_s: float) -> None:  # noqa: FBT001 (a fact of the message)
        result = self._take(method, body, is_form)
        asyncio.get_running_loop().call_later(back_s, self._answer, result)

    def _answer(self, result: bytes) -> None:
        if self._transport is None:
            return
        if result.startswith(_REFUSED):
            self._transport.write(HEAD % (_STATUSES[result[_CODE]], len(result)) + result)
        else:
            body = b'{"ok":true,"result":%b}' % result
            self._transport.write(HEAD % (b"200 OK", len(body)) + body)
