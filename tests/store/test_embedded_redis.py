import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from store.embedded_redis import EmbeddedRedisError, start_embedded_redis


async def answers(engine: Any):
    client = Redis.from_url(engine.url, protocol=3)
    try:
        return await client.ping()
    finally:
        await client.aclose()


async def test_an_engine_starts_answers_and_ends(tmp_path: Path):
    engine = await start_embedded_redis(tmp_path)
    socket = tmp_path / "redis.sock"

    assert await answers(engine)
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700

    await engine.stop()
    assert not socket.exists()
    assert engine._child.poll() is not None


async def test_a_second_process_shares_the_engine_and_leaves_it_alone(tmp_path: Path):
    first = await start_embedded_redis(tmp_path)
    second = await start_embedded_redis(tmp_path)
    assert second.url == first.url

    await second.stop()
    assert await answers(first)

    await first.stop()


async def test_starts_at_once_are_one_engine(tmp_path: Path):
    engines = await asyncio.gather(*(start_embedded_redis(tmp_path) for _ in range(5)))

    assert len({engine.url for engine in engines}) == 1
    assert sum(engine._child is not None for engine in engines) == 1
    for engine in engines:
        await engine.stop()


async def test_an_engine_left_behind_is_taken_over(tmp_path: Path):
    """Its owner was killed: the lock is free, the engine runs on."""
    dead = await start_embedded_redis(tmp_path)
    dead._lock.close()

    heir = await start_embedded_redis(tmp_path)
    assert heir._child is None
    await heir.stop()

    assert await asyncio.to_thread(dead._child.wait, 5) == 0


@pytest.mark.parametrize("is_deep", [False, True], ids=["short TMPDIR", "long TMPDIR"])
async def test_a_long_path_gets_a_short_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_deep: bool
):
    folder = tmp_path / ("long-" * 20)
    if is_deep:
        deep = tmp_path / ("deep-" * 20)
        deep.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(deep))
    engine = await start_embedded_redis(folder)

    second = await start_embedded_redis(folder)

    assert await answers(engine)
    assert second.url == engine.url
    await engine.stop()


async def test_an_engine_that_cannot_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("store.embedded_redis._binary", lambda: "/bin/false")

    with pytest.raises(EmbeddedRedisError):
        await start_embedded_redis(tmp_path)
