"""HTTP/1.1 framing for both sides of the driver: bytes in, whole messages out. Pure.

Knows Content-Length and chunked bodies, and nothing else of HTTP. What a head says is read by
`status_of`, `path_of` and `header_of`.
"""

_HEAD_END = b"\r\n\r\n"


class FramingError(Exception):
    """What came is not HTTP as this driver knows it."""


class Messages:
    """Cuts a stream of bytes into HTTP messages: (head, body) each."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The messages that are complete now."""
        if self._kept:
            data = self._kept + data
        found = []
        at = 0
        while (message := _message_at(data, at)) is not None:
            head, body, at = message
            found.append((head, body))
        self._kept = data[at:]
        return found


def status_of(head: bytes) -> int:
    """The status of a response's head."""
    try:
        return int(head[9:12])
    except ValueError:
        raise FramingError("no status line") from None


def path_of(head: bytes) -> bytes:
    """The path of a request's head."""
    parts = head.split(b" ", 2)
    if len(parts) != 3:  # noqa: PLR2004 (method, path, version)
        raise FramingError("no request line")
    return parts[1]


def header_of(head: bytes, name: bytes) -> bytes:
    """A header's value, lower case; `name` is lower case too. Empty where there is none."""
    lower = head.lower()
    at = lower.find(b"\r\n" + name + b":")
    if at < 0:
        return b""
    start = at + len(name) + 3
    end = lower.find(b"\r\n", start)
    return lower[start : end if end >= 0 else len(lower)].strip()


def _message_at(data: bytes, at: int) -> tuple[bytes, bytes, int] | None:
    """Head, body and where the next message begins; None while it is not complete."""
    end = data.find(_HEAD_END, at)
    if end < 0:
        return None
    head, start = data[at:end], end + 4
    length = header_of(head, b"content-length")
    if length:
        after = start + int(length)
        return (head, data[start:after], after) if len(data) >= after else None
    if header_of(head, b"transfer-encoding") == b"chunked":
        return _chunked_at(data, head, start)
    return head, b"", start


def _chunked_at(data: bytes, head: bytes, at: int) -> tuple[bytes, bytes, int] | None:
    chunks: list[bytes] = []
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        size = int(data[at:end].partition(b";")[0], 16)
        start, after = end + 2, end + 2 + size
        if len(data) < after + 2:
            return None
        if size == 0:
            return head, b"".join(chunks), after + 2
        chunks.append(data[start:after])
        at = after + 2
