"""Who may read `/metrics`: the token's owner, or this machine, but nobody through a proxy."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from web.metrics import CONTENT_TYPE, _is_local, metrics_door

TOKEN = "m" * 32


async def produce() -> bytes:
    return b"hoithi_lanes 1\n"


@pytest.fixture
async def urls() -> AsyncIterator[dict[str, str]]:
    """One door without a token, one with."""
    runners, found = [], {}
    for name, token in (("open", ""), ("locked", TOKEN)):
        app = web.Application()
        app.router.add_get("/metrics", metrics_door(token, produce))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        found[name] = "http://{}:{}/metrics".format(*runner.addresses[0][:2])
    yield found
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("door", "headers", "status"),
    [
        ("open", {}, 200),
        ("open", {"X-Forwarded-For": "203.0.113.7"}, 401),
        ("open", {"Forwarded": "for=203.0.113.7"}, 401),
        ("open", {"X-Real-IP": "203.0.113.7"}, 401),
        ("open", {"Via": "1.1 proxy"}, 401),
        ("open", {"x-forwarded-proto": "https"}, 401),
        ("open", {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "127.0.0.1"}, 401),
        ("locked", {}, 401),
        ("locked", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("locked", {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}, 200),
        ("locked", {"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ("locked", {"Authorization": f"Bearer {TOKEN}m"}, 401),
        ("locked", {"Authorization": TOKEN}, 401),
        ("locked", {"Authorization": f"Basic {TOKEN}"}, 401),
        ("locked", {"Authorization": "Bearer "}, 401),
        ("locked", {"Authorization": "Bearer \udcff"}, 401),
    ],
)
async def test_who_may_read(
    urls: dict[str, str], door: str, headers: dict[str, str], status: int
) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(urls[door], headers=headers) as response,
    ):
        body = await response.read()
        kind = response.headers.get("Content-Type")

    assert response.status == status
    assert (body == await produce()) == (status == 200)
    assert (kind == CONTENT_TYPE) == (status == 200)


@pytest.mark.parametrize(
    ("remote", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:203.0.113.7", False),
        ("203.0.113.7", False),
        ("10.0.0.1", False),
        ("localhost", False),
        ("", False),
        (None, False),
    ],
)
def test_what_is_this_machine(remote: str | None, is_local: bool) -> None:
    assert _is_local(remote) == is_local
