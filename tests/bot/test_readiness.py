"""`/readyz` over a socket: 503 on SQL only, and beside it how everything else is."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.parts import Parts
from bot.readiness import readiness
from web.app import make_app


@pytest.fixture
async def url(parts: Parts) -> AsyncIterator[str]:
    runner = web.AppRunner(make_app(partial(readiness, parts), {}, {}))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def asked(url: str, path: str = "/readyz") -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(url + path) as response:
        return response.status, await response.json()


async def test_everything_is_reported(parts: Parts, url: str) -> None:
    await parts.house.refresh()
    parts.door.received()

    status, shown = await asked(url)

    assert status == 200
    assert (shown["sql"], shown["redis"], shown["alarms"]) == (True, True, [])
    assert set(shown["platforms"]["telegram"]) == {
        "called_s",
        "received_s",
        "is_token_refused",
        "clock_skew_s",
    }
    assert shown["platforms"]["telegram"]["received_s"] >= 0
    assert shown["backlog"] == {"works": 0, "lanes": 0, "screens": 0, "limited_chats": 0}
    assert shown["outbox"] == {"waiting": 0, "under_way": 0, "dead": 0}
    assert shown["open_attempts"] == 0
    assert all(shown[age] >= 0 for age in ("heartbeat_s", "decisions_s"))
    assert shown["scheduler"]["ticked_s"] >= 0


async def test_t09_redis_away_is_reported_and_no_failure(parts: Parts, url: str) -> None:
    await parts.house.store.cache._redis.shutdown(nosave=True)

    status, shown = await asked(url)

    assert (status, shown["redis"], shown["sql"]) == (200, False, True)


async def test_t10_sql_away_is_a_failure_and_the_process_lives(parts: Parts, url: str) -> None:
    await parts.house.store.database.close()

    status, shown = await asked(url)

    assert (status, shown["sql"]) == (503, False)
    assert shown["outbox"] is shown["open_attempts"] is shown["ledger_queue"] is None
    assert await asked(url, "/healthz") == (200, {"alive": True})


async def test_token_that_is_refused_is_reported(parts: Parts, url: str, platform: Any) -> None:
    await platform.fault(method="getMe", status=401)
    await parts.client.call("getMe", {})

    status, shown = await asked(url)

    assert (status, shown["platforms"]["telegram"]["is_token_refused"]) == (200, True)
