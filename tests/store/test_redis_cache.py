"""Redis as a cache, against real servers: one that knows MSETEX and one that is older."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from store import embedded_redis, redis_cache
from store.redis_cache import RedisCache, connect_redis

DAY_S, HOUR_S = 86_400, 3_600
NO_MSETEX = ("--rename-command", "MSETEX", "")


@pytest.fixture(params=[(), NO_MSETEX], ids=["new", "old"])
async def redis(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Redis]:
    path = tmp_path / "s"
    command = [embedded_redis._binary(), "--port", "0", "--unixsocket", str(path), "--save", ""]
    server = subprocess.Popen(  # noqa: ASYNC220 (it only starts)
        [*command, *request.param], stdout=subprocess.DEVNULL
    )
    client = connect_redis(f"unix://{path}")
    async with asyncio.timeout(20):
        while True:
            with suppress(RedisError, OSError):
                await client.ping()
                break
            await asyncio.sleep(0.02)
    yield client
    await client.aclose()
    server.terminate()
    server.wait()


async def under_way(cache: RedisCache) -> None:
    """Until what was asked for has left for the server."""
    while cache._reading is None or cache._asked:  # noqa: ASYNC110 (nothing else says it)
        await asyncio.sleep(0)


async def test_what_was_put_is_there_for_its_time(redis: Redis) -> None:
    cache = RedisCache(redis)
    for name in "abc":
        cache.put(name, name.encode(), DAY_S)
    await cache.settle()

    assert await redis.mget("a", "b", "c") == [b"a", b"b", b"c"]
    assert HOUR_S < await redis.ttl("b") <= DAY_S
    assert (cache.counts.writes, cache.counts.failures) == (1, 0)


async def test_a_batch_of_several_times_and_something_to_forget_is_one_write(redis: Redis) -> None:
    cache = RedisCache(redis)
    await redis.set("gone", b"x")
    cache.put("day", b"1", DAY_S)
    cache.put("hour", b"2", HOUR_S)
    cache.put("gone", b"", DAY_S)
    await cache.settle()

    assert await redis.mget("day", "hour", "gone") == [b"1", b"2", None]
    assert HOUR_S < await redis.ttl("day") <= DAY_S
    assert 0 < await redis.ttl("hour") <= HOUR_S
    assert (cache.counts.writes, cache.counts.failures) == (1, 0)


async def test_only_something_to_forget(redis: Redis) -> None:
    cache = RedisCache(redis)
    await redis.mset({"a": b"1", "b": b"2"})
    cache.put("a", b"", DAY_S)
    await cache.settle()

    assert await redis.mget("a", "b") == [None, b"2"]


async def test_reads_that_arrive_while_one_is_under_way_share_the_next(redis: Redis) -> None:
    cache = RedisCache(redis)
    await redis.mset({str(number): str(number) for number in range(100)})
    first = asyncio.create_task(cache.get("0"))
    await under_way(cache)
    rest = [asyncio.create_task(cache.get(str(number))) for number in range(1, 100)]

    found = await asyncio.gather(first, *rest)

    assert found == [str(number).encode() for number in range(100)]
    assert cache.counts.reads == 2


async def test_t09_those_who_wait_behind_a_failed_read_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_cache, "TIMEOUT_S", 0.05)
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(f"{tmp_path}/silent")
    silent.listen()
    cache = RedisCache(connect_redis(f"unix://{tmp_path}/silent"))
    first = asyncio.create_task(cache.get("a"))
    await under_way(cache)
    second = asyncio.create_task(cache.get("b"))

    assert await asyncio.gather(first, second) == [None, None]
    assert cache.counts.failures == 1
    await cache.close()
    silent.close()
