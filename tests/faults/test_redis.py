"""T09: whatever befalls Redis in the middle of a paper, play goes on from SQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import redis.asyncio

from store.embedded_redis import start_embedded_redis
from tests.faults.proxy import Proxy
from tests.faults.resident import Resident
from tests.faults.script import NAME, PHONE, SCRIPT
from tests.faults.tables import compared, differences, sqlite_tables


class Line:
    """A Redis of the test's own and the proxy before it."""

    def __init__(self, proxy: Proxy, engine: Any, folder: Path) -> None:
        self.proxy = proxy
        self.engine = engine
        self.folder = folder

    async def client(self, ask: Callable[[Any], Awaitable[Any]]) -> None:
        client = redis.asyncio.from_url(self.engine.url)
        await ask(client)
        await client.aclose()

    async def flush(self) -> None:
        await self.client(lambda one: one.flushall())

    async def restart(self) -> None:
        await self.engine.stop()
        self.engine = await start_embedded_redis(self.folder)

    async def evict(self) -> None:
        """No room: what is there goes, and nothing new stays."""

        async def ask(client: Any) -> None:
            await client.config_set("maxmemory-policy", "allkeys-lru")
            await client.config_set("maxmemory", "1")

        await self.client(ask)

    async def refuse(self) -> None:
        await self.client(lambda one: one.config_set("maxmemory", "1"))

    async def spoil(self) -> None:
        """Another type, or other bytes, under every key."""

        async def ask(client: Any) -> None:
            for at, key in enumerate(await client.keys("*")):
                await client.delete(key)
                if at % 2:
                    await client.rpush(key, "x")
                else:
                    await client.set(key, b"\x93\x01\x02")

        await self.client(ask)

    async def down(self) -> None:
        self.proxy.turn("down")

    async def slow(self) -> None:
        self.proxy.turn("slow")

    async def freeze(self) -> None:
        self.proxy.turn("freeze")

    async def mend(self) -> None:
        self.proxy.turn("pass")

        async def ask(client: Any) -> None:
            await client.config_set("maxmemory", "0")

        await self.client(ask)


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    folder = tmp_path / "redis"
    engine = await start_embedded_redis(folder)
    proxy = Proxy(engine.url.removeprefix("unix://"))
    made = Line(proxy, engine, folder)
    yield made
    await proxy.close()
    await made.engine.stop()


@pytest.mark.parametrize(
    "fault",
    ["flush", "restart", "evict", "refuse", "spoil", "down", "slow", "freeze"],
)
async def test_t09_a_fault_of_redis_before_every_step_changes_no_table(
    lay: Any, origin: Any, line: Line, fault: str
) -> None:
    port = await line.proxy.start()
    ground = await lay(REDIS_URL=f"redis://127.0.0.1:{port}")
    await ground.start()
    hoa = Resident.meet(ground, NAME, PHONE)
    statuses = []

    for step, screen in zip(SCRIPT, origin.way.screens, strict=True):
        if step.name or fault in {"flush", "spoil"}:
            await getattr(line, fault)()
        step.do(hoa)
        await hoa.until(lambda screen=screen: screen in hoa.screens()[-2:], step.name)
        if step.name == "tap":
            statuses.append(await readiness(ground))
    log = ground.log_since_start()
    await line.mend()
    await ground.stop()

    assert statuses == [200]
    found = compared(sqlite_tables(ground.database))
    assert differences(found, origin.way.tables) == ""
    assert "handler_failed" not in log
    assert '"level":"error"' not in log


async def test_t09_redis_that_comes_back_is_used_again(lay: Any, origin: Any, line: Line) -> None:
    port = await line.proxy.start()
    ground = await lay(REDIS_URL=f"redis://127.0.0.1:{port}")
    await line.down()
    await ground.start()
    hoa = Resident.meet(ground, NAME, PHONE)
    steps = list(zip(SCRIPT, origin.way.screens, strict=True))
    for step, screen in steps[:11]:
        step.do(hoa)
        await hoa.until(lambda screen=screen: screen in hoa.screens()[-2:], step.name)

    await line.mend()
    client = redis.asyncio.from_url(line.engine.url)
    taps = 0
    while not await client.keys("*:s1:*"):
        hoa.tap("◀ Câu trước" if taps % 2 else "Câu sau ▶")
        taps += 1
        await asyncio.sleep(0.1)
    await client.aclose()

    await ground.quiet()
    assert taps > 0


async def readiness(ground: Any) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{ground.web}/readyz") as response,
    ):
        return response.status
