"""What is read off the socket, held against aiohttp: the same answer to the same bytes."""

import asyncio
import itertools
import re
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.ports import StoreAwayError
from web import server as server_module
from web.app import make_app
from web.deliveries import MAX_BODY, MAX_HEAD
from web.server import WebServer
from web.telegram_webhook import SECRET_HEADER, Webhook

PATH, SECRET = "/telegram/webhook", "s" * 32
NAME = SECRET_HEADER.encode()
WAIT_S = 20


@dataclass
class Taken:
    """The bodies that were delivered; some make the webhook fail, wait or answer."""

    bodies: list[bytes] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, body: bytes) -> bytes | None:
        self.bodies.append(body)
        if body == b"away":
            raise StoreAwayError("away")
        if body == b"defect":
            raise RuntimeError("a defect of ours")
        if body == b"wait":
            self.waiting.set()
            await self.gate.wait()
        return b'{"method":"x"}' if body.startswith(b"answer") else None


@dataclass(frozen=True)
class Site:
    """A server at work, and where it is."""

    server: WebServer
    taken: Taken
    port: int


async def begin(*, is_lean: bool) -> Site:
    taken = Taken()
    webhook = Webhook(PATH, SECRET, taken.take)

    async def ready() -> dict[str, object]:
        return {"sql": True}

    app = make_app(ready, {PATH: webhook.handle}, {})
    bound = socket.create_server(("127.0.0.1", 0))
    server = WebServer(app, webhook if is_lean else None)
    await server.start(bound)
    return Site(server, taken, bound.getsockname()[1])


@pytest.fixture
async def lean() -> AsyncIterator[Site]:
    site = await begin(is_lean=True)
    yield site
    await site.server.stop()


@pytest.fixture
async def plain() -> AsyncIterator[Site]:
    """aiohttp alone: what every answer is held against."""
    site = await begin(is_lean=False)
    yield site
    await site.server.stop()


def post(body: bytes, *headers: str, line: str = f"POST {PATH} HTTP/1.1") -> bytes:
    """A delivery as the platform makes it, with further headers."""
    head = [line, "Host: bot", f"{SECRET_HEADER}: {SECRET}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    is_json: bool
    retry_after: bytes | None


async def ask(site: Site, *pieces: bytes, answers: int = 1) -> list[Answer]:
    """Send bytes over one connection; the answers that came, fewer if it was closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    found = []
    try:
        async with asyncio.timeout(WAIT_S):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            while len(found) < answers and (answer := await _answer(reader)) is not None:
                found.append(answer)
    except ConnectionError:
        pass
    finally:
        await leave(writer)
    return found


async def leave(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> Answer | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"(?i)content-length: (\d+)", head)
    retry = re.search(rb"(?i)retry-after: (\S+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    if status == 100:
        return await _answer(reader)
    is_json = b"application/json" in head
    # What an error page says is its server's own.
    shown = body if status < 400 else b""
    return Answer(status, shown, is_json, retry[1] if retry else None)


CHUNKED = (
    f"POST {PATH} HTTP/1.1\r\nHost: bot\r\n{SECRET_HEADER}: {SECRET}\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5\r\nansw1\r\n2\r\n22\r\n0\r\n\r\n"
).encode()
OTHERS = {
    "health": b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n",
    "no such page": b"GET /nowhere HTTP/1.1\r\nHost: bot\r\n\r\n",
    "another method": f"GET {PATH} HTTP/1.1\r\nHost: bot\r\n\r\n".encode(),
    "a path that begins the same": post(b"x", line=f"POST {PATH}2 HTTP/1.1"),
    "a query": post(b"answer", line=f"POST {PATH}?a=1 HTTP/1.1"),
    "an old version": post(b"answer", line=f"POST {PATH} HTTP/1.0"),
    "the last of a connection": post(b"answer", "Connection: close"),
    "expected to go on": post(b"answer", "Expect: 100-continue"),
    "an upgrade": post(b"answer", "Upgrade: h2c", "Connection: Upgrade"),
    "chunks": CHUNKED,
    "no length": f"POST {PATH} HTTP/1.1\r\nHost: b\r\n{SECRET_HEADER}: {SECRET}\r\n\r\n".encode(),
    "two lengths": post(b"answer", "Content-Length: 3"),
    "a length that is no number": post(b"", "X: y").replace(b"Length: 0", b"Length: +0"),
    "a length beyond all bounds": post(b"").replace(b"Length: 0", b"Length: " + b"9" * 40),
    "no secret": f"POST {PATH} HTTP/1.1\r\nHost: b\r\nContent-Length: 1\r\n\r\nx".encode(),
    "a wrong secret": post(b"x").replace(SECRET.encode(), b"t" * 32),
    "half a secret": post(b"x").replace(SECRET.encode(), b"s" * 16),
    "a header without a colon": post(b"x", "Nonsense"),
    "a blank before the colon": post(b"x", "Transfer-Encoding : chunked"),
    "a line that goes on": post(b"x", "X-One: a", " b"),
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a head without end": b"POST " + PATH.encode() + b" HTTP/1.1\r\nX: " + b"a" * (MAX_HEAD + 2000),
}
PLAIN = {
    "an update": post(b'{"update_id":1}'),
    "one that is answered": post(b"answer"),
    "an empty one": post(b""),
    "while SQL is away": post(b"away"),
    "that meets a defect": post(b"defect"),
    "names in capitals": post(b"answer").replace(
        SECRET_HEADER.encode(), SECRET_HEADER.upper().encode()
    ),
    "values among blanks": post(b"answer").replace(
        SECRET.encode(), b"  " + SECRET.encode() + b"\t "
    ),
    "a connection that stays": post(b"answer", "Connection: Keep-Alive"),
    "a long one": post(b"answer" + b"x" * 300_000),
}


@pytest.mark.parametrize("name", [*OTHERS, *PLAIN])
async def test_answer_is_aiohttps(name: str, lean: Site, plain: Site) -> None:
    request = (OTHERS | PLAIN)[name]

    answers = [await ask(site, request) for site in (lean, plain)]

    assert answers[0] == answers[1]
    assert lean.taken.bodies == plain.taken.bodies


async def test_t17_wrong_secret_is_refused_before_the_body_has_come(lean: Site) -> None:
    head, _, _ = post(b"x" * 500_000).replace(SECRET.encode(), b"t" * 32).partition(b"\r\n\r\n")

    answers = await ask(lean, head + b"\r\n\r\n")

    assert [one.status for one in answers] == [401]
    assert lean.taken.bodies == []


async def test_body_beyond_the_limit_is_refused(lean: Site, plain: Site) -> None:
    request = post(b"x" * (MAX_BODY + 1))

    answers = [await ask(site, request) for site in (lean, plain)]

    assert [one.status for one in answers[0]] == [one.status for one in answers[1]] == [413]
    assert lean.taken.bodies == []


@given(cuts=st.lists(st.integers(1, 600), max_size=8, unique=True).map(sorted))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_cuts_change_nothing(cuts: list[int]) -> None:
    stream = post(b"answer 1") + post(b"update") + post(b"answer 2") + OTHERS["health"]
    borders = [0, *(cut for cut in cuts if cut < len(stream)), len(stream)]
    pieces = [stream[a:b] for a, b in itertools.pairwise(borders)]

    async def play() -> tuple[list[Answer], list[bytes]]:
        site = await begin(is_lean=True)
        try:
            return await ask(site, *pieces, answers=4), site.taken.bodies
        finally:
            await site.server.stop()

    # As the bot runs.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answers, bodies = runner.run(play())

    assert [one.status for one in answers] == [200] * 4
    assert [one.is_json for one in answers] == [True, False, True, True]
    assert bodies == [b"answer 1", b"update", b"answer 2"]


async def test_every_byte_by_itself(lean: Site) -> None:
    request = post(b"answer")

    answers = await ask(lean, *(request[at : at + 1] for at in range(len(request))))

    assert [one.body for one in answers] == [b'{"method":"x"}']


async def test_deliveries_behind_one_another_are_answered_in_order(lean: Site) -> None:
    lean.taken.gate.set()
    bodies = [b"answer", b"wait", b"", b"away", b"answer"]

    answers = await ask(lean, b"".join(post(body) for body in bodies), answers=len(bodies))

    assert [one.status for one in answers] == [200, 200, 200, 503, 200]
    assert lean.taken.bodies == bodies


async def test_after_a_page_a_connection_still_takes_deliveries(lean: Site) -> None:
    answers = await ask(lean, OTHERS["health"], post(b"answer"), answers=2)

    assert [one.status for one in answers] == [200, 200]
    assert lean.taken.bodies == [b"answer"]


async def test_t55_stop_answers_what_is_under_way_and_closes(lean: Site) -> None:
    waiting = asyncio.create_task(ask(lean, post(b"wait") + post(b"never begun"), answers=2))
    idle_reader, idle_writer = await asyncio.open_connection("127.0.0.1", lean.port)
    await lean.taken.waiting.wait()

    stopping = asyncio.create_task(lean.server.stop())
    async with asyncio.timeout(WAIT_S):
        assert await idle_reader.read() == b""
        lean.taken.gate.set()
        answers = await waiting
        await stopping

    await leave(idle_writer)
    assert [one.status for one in answers] == [200]
    assert lean.taken.bodies == [b"wait"]
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", lean.port)


async def test_who_hangs_up_is_handled_to_the_end(lean: Site) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", lean.port)
    writer.write(post(b"wait"))
    await lean.taken.waiting.wait()
    writer.transport.abort()
    await leave(writer)
    lean.taken.gate.set()

    answers = await ask(lean, post(b"answer"))

    assert [one.status for one in answers] == [200]
    assert lean.taken.bodies == [b"wait", b"answer"]


async def test_silent_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "IDLE_S", 0.2)
    site = await begin(is_lean=True)
    busy = asyncio.create_task(ask(site, post(b"wait")))
    silent, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(post(b"x")[:40])

    async with asyncio.timeout(WAIT_S):
        assert await silent.read() == b""
        site.taken.gate.set()
        answers = await busy

    await leave(writer)
    await site.server.stop()
    assert [one.status for one in answers] == [200]
