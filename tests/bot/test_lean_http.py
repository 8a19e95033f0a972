"""The lean client beside aiohttp's: whatever a server does, both make the same of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.platforms import lean_http
from bot.platforms.lean_http import LeanClient
from bot.platforms.telegram_errors import NOT_SENT

Serve = Callable[..., Awaitable[str]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n"

ANSWERS = {
    "length": OK,
    "chunked": CHUNKED,
    "chunked-trailer": CHUNKED[:-2] + b"X-A: b\r\n\r\n",
    "no-body": b"HTTP/1.1 204 No Content\r\n\r\n",
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "until-close": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
    "http-1.0": b"HTTP/1.0 200 OK\r\n\r\n{}",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "two-interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" + OK,
    "spelling": b"HTTP/1.1 200 OK\r\ncONTENT-lENGTH: 2\r\nSet-Cookie: a=b\r\n\r\n{}",
    "429": b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nRetry-After: 3\r\n\r\n{}",
    "502-html": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
    "no-reason": b"HTTP/1.1 404 \r\nContent-Length: 2\r\n\r\n{}",
    "long-body": b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000,
    # What is no answer:
    "cut-body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}",
    "cut-chunk": CHUNKED[:-7],
    "cut-head": b"HTTP/1.1 200 OK\r\nContent-",
    "nothing": b"",
    "no-http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "bad-length": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
}


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server that answers each request with given bytes, then closes; its address."""
    servers: list[asyncio.Server] = []

    async def start(
        answer: bytes, piece: int = 0, context: ssl.SSLContext | None = None, wait_s: float = 0
    ) -> str:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                await asyncio.sleep(wait_s)
                for at in range(0, len(answer), piece or len(answer) or 1):
                    writer.write(answer[at : at + (piece or len(answer))])
                    await writer.drain()
                    await asyncio.sleep(0)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
        servers.append(server)
        scheme = "http" if context is None else "https"
        return f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot/x"

    yield start
    for server in servers:
        server.close()


async def by_lean(url: str, within_s: float = 5) -> tuple[str, Any]:
    async with LeanClient(4) as client:
        try:
            answer = await client.post(url, b"{}", within_s)
        except TimedOut:
            return "late", None
        except NetworkError:
            return "broken", None
        return "answered", (answer.status, answer.body)


async def by_aiohttp(url: str, within_s: float = 5) -> tuple[str, Any]:
    timeout = aiohttp.ClientTimeout(total=within_s)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        try:
            async with session.post(url, data=b"{}") as response:
                return "answered", (response.status, await response.read())
        except TimeoutError:
            return "late", None
        except (aiohttp.ClientError, OSError):
            return "broken", None


async def by_ptb(url: str, within_s: float = 5) -> tuple[str, Any]:
    """The library's own transport, which ours stands in for."""
    request = HTTPXRequest(read_timeout=within_s)
    await request.initialize()
    try:
        return "answered", await request.do_request(url, "POST")
    except TimedOut:
        return "late", None
    except NetworkError:
        return "broken", None
    finally:
        await request.shutdown()


@pytest.mark.parametrize("piece", [0, 1, 7], ids=["whole", "by-byte", "by-seven"])
@pytest.mark.parametrize("name", ANSWERS)
async def test_t12_answer_is_taken_as_aiohttp_takes_it(serve: Serve, name: str, piece: int):
    piece = 65_536 if name == "long-body" and piece else piece
    url = await serve(ANSWERS[name], piece)

    assert await by_lean(url) == await by_aiohttp(url)


@pytest.mark.parametrize("name", ANSWERS)
async def test_t12_answer_is_taken_as_the_librarys_transport_takes_it(serve: Serve, name: str):
    url = await serve(ANSWERS[name])

    assert await by_lean(url) == await by_ptb(url)


async def test_t12_no_answer_in_time_is_late(serve: Serve):
    url = await serve(OK, wait_s=30)

    assert await by_lean(url, 0.05) == await by_aiohttp(url, 0.05) == ("late", None)
    assert await by_ptb(url, 0.05) == ("late", None)


async def test_refused_connection_is_broken(unused_tcp_port: int):
    url = f"http://127.0.0.1:{unused_tcp_port}/bot/x"

    assert await by_lean(url) == await by_aiohttp(url) == ("broken", None)
    with pytest.raises(NetworkError, match=f"^{NOT_SENT}"):
        async with LeanClient(1) as client:
            await client.post(url, b"{}", 5)


async def test_unknown_host_is_broken():
    assert await by_lean("http://no-such-host.invalid/x") == ("broken", None)


async def test_certificate_that_nobody_signed_is_refused(serve: Serve, tmp_path: Path):
    url = await serve(OK, context=self_signed(tmp_path))

    assert await by_lean(url) == await by_aiohttp(url) == ("broken", None)


async def test_tls_to_a_known_certificate(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    url = await serve(OK, context=self_signed(tmp_path))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    monkeypatch.setattr(lean_http.ssl, "create_default_context", lambda: trusting)

    assert await by_lean(url) == ("answered", (200, b"{}"))


class Keeping(asyncio.Protocol):
    """A server that keeps connections; counts them, answers `answer` to each request."""

    made = 0
    answer = OK
    busiest = 0
    open = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        Keeping.made += 1
        Keeping.open += 1
        Keeping.busiest = max(Keeping.busiest, Keeping.open)

    def data_received(self, _: bytes) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, self.transport.write, Keeping.answer)

    def connection_lost(self, _: Exception | None) -> None:
        Keeping.open -= 1


@pytest.fixture
async def keeping() -> AsyncIterator[str]:
    Keeping.made = Keeping.busiest = Keeping.open = 0
    Keeping.answer = OK
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Keeping, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot/x"
    server.close()


async def test_connection_is_used_again(keeping: str):
    async with LeanClient(4) as client:
        for _ in range(10):
            assert await client.post(keeping, b"{}", 5) == (200, b"{}")

    assert Keeping.made == 1


async def test_idle_connection_is_not_trusted_for_ever(
    keeping: str, monkeypatch: pytest.MonkeyPatch
):
    async with LeanClient(4) as client:
        await client.post(keeping, b"{}", 5)
        monkeypatch.setattr(lean_http, "IDLE_S", 0.0)
        await client.post(keeping, b"{}", 5)

    assert Keeping.made == 2


async def test_connections_are_bounded_and_all_are_answered(keeping: str):
    async with LeanClient(3) as client:
        answers = await asyncio.gather(*(client.post(keeping, b"{}", 5) for _ in range(40)))

    assert set(answers) == {(200, b"{}")}
    assert (Keeping.made, Keeping.busiest) == (3, 3)


async def test_caller_that_leaves_spoils_nobodys_answer(keeping: str):
    """Cancelled in mid-call: the late answer must not become the next caller's."""
    async with LeanClient(1) as client:
        first = asyncio.create_task(client.post(keeping, b"{}", 5))
        waiting = asyncio.create_task(client.post(keeping, b"{}", 5))
        await asyncio.sleep(0.005)
        first.cancel()
        Keeping.answer = OK.replace(b"{}", b"[]")
        answer = await waiting

    assert answer == (200, b"[]")
    assert Keeping.made == 2


async def test_bytes_after_the_answer_close_the_connection(keeping: str):
    Keeping.answer = OK + OK.replace(b"{}", b"[]")
    async with LeanClient(1) as client:
        first = await client.post(keeping, b"{}", 5)
        Keeping.answer = OK
        second = await client.post(keeping, b"{}", 5)

    assert (first, second) == ((200, b"{}"), (200, b"{}"))
    assert Keeping.made == 2


async def test_answer_beyond_all_bounds_is_refused(keeping: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lean_http, "MAX_BODY", 1)

    assert await by_lean(keeping) == ("broken", None)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/bot x", "http://127.0.0.1:9/a?b=\x01"])
async def test_address_that_would_begin_a_header_is_refused(url: str):
    async with LeanClient(1) as client:
        with pytest.raises(NetworkError):
            await client.post(url, b"{}", 5)


def self_signed(folder: Path) -> ssl.SSLContext:
    """A context with a certificate for 127.0.0.1 that nobody signed, left in `folder`."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415
    from ipaddress import ip_address  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def test_date_of_the_last_answer_is_kept_and_of_no_other(serve: Serve) -> None:
    dated = OK.replace(b"Content", b"dATE: Wed, 10 Dec 2025 02:00:00 GMT\r\nContent", 1)

    async with LeanClient(1) as client:
        before = client.dated
        await client.post(await serve(dated), b"{}", 5)
        first = client.dated
        await client.post(await serve(OK), b"{}", 5)

        assert before is None
        assert first is not None
        assert first.date == b"Wed, 10 Dec 2025 02:00:00 GMT"
        assert client.dated is first
