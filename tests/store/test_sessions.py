import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from store import redis_cache
from store.embedded_redis import start_embedded_redis


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch):
    """A busy machine is no fault of Redis: what it answers is asked here, not how soon."""
    monkeypatch.setattr(redis_cache, "TIMEOUT_S", 30.0)


@pytest.fixture
async def redis(redis_url: str):
    client = Redis.from_url(redis_url, protocol=3)
    yield client
    await client.aclose()


def key_of(world: Any, sender: Any):
    return f"{world.contest.id.hex()}:s1:{sender.channel}:{sender.id}"


async def test_a_kept_session_is_loaded_from_the_cache(world: Any, another: Any):
    sender, session = await world.open_paper()
    session = replace(session, moved_ms=77, moved_choice=2)
    world.store.sessions.keep(sender, session)
    await world.store.cache.settle()

    async with another() as other:
        loaded = await other.sessions.load(sender)

    assert loaded == session
    assert other.sessions.counts.rebuilt == 0


async def test_a_write_under_way_is_seen_by_its_own_process(world: Any):
    sender, session = await world.open_paper()

    assert await world.store.sessions.load(sender) == session
    assert world.store.sessions.counts.rebuilt == 0


async def test_loads_of_one_turn_share_one_trip(world: Any):
    papers = [await world.open_paper() for _ in range(50)]
    await world.store.cache.settle()
    before = world.store.cache.counts.reads

    loaded = await asyncio.gather(*(world.store.sessions.load(one) for one, _ in papers))

    assert loaded == [session for _, session in papers]
    assert world.store.cache.counts.reads == before + 1


async def test_keys_carry_the_contest_and_live_two_days(world: Any, redis: Redis):
    sender, _ = await world.open_paper()
    await world.store.cache.settle()

    assert 0 < await redis.ttl(key_of(world, sender)) <= 2 * 24 * 3600


async def test_drop_forgets_the_session(world: Any, redis: Redis):
    sender, session = await world.open_paper()
    await world.store.attempts.finish(world.finishing(session))
    world.store.sessions.drop(sender)
    await world.store.cache.settle()

    assert await redis.exists(key_of(world, sender)) == 0
    assert await world.store.sessions.load(sender) is None


@pytest.mark.parametrize("data", [b"garbage", b"", b"\x91\x02", b"\x92\x01\xc0"])
async def test_t09_unreadable_bytes_are_rebuilt(world: Any, redis: Redis, data: Any):
    sender, session = await world.open_paper()
    session = await world.answer(sender, session)
    await world.store.cache.settle()
    await redis.set(key_of(world, sender), data)

    assert await world.store.sessions.load(sender) == session
    assert world.store.sessions.counts.unreadable == 1
    await world.store.cache.settle()
    assert await redis.get(key_of(world, sender)) != data


async def test_t09_another_version_is_rebuilt(world: Any, redis: Redis):
    sender, session = await world.open_paper()
    await world.store.cache.settle()
    data = await redis.get(key_of(world, sender))
    await redis.set(key_of(world, sender), data.replace(b"\x02", b"\x03", 1))

    assert await world.store.sessions.load(sender) == session
    assert world.store.sessions.counts.unreadable == 1


async def test_t09_flushall_and_a_wrong_type_are_rebuilt(world: Any, redis: Redis):
    sender, session = await world.open_paper()
    session = await world.answer(sender, session)
    await world.store.cache.settle()

    await redis.flushall()
    assert await world.store.sessions.load(sender) == session

    await world.store.cache.settle()
    await redis.delete(key_of(world, sender))
    await redis.lpush(key_of(world, sender), "a")
    assert await world.store.sessions.load(sender) == session
    assert world.store.cache.counts.failures == 0


async def test_reload_asks_sql_whatever_the_cache_says(world: Any, another: Any):
    sender, session = await world.open_paper()
    transition = world.choosing(session)
    async with another() as other:
        await other.attempts.record(transition)

    assert (await world.store.sessions.load(sender)).attempt.view == 1
    assert (await world.store.sessions.reload(sender)).attempt.view == 2
    assert (await world.store.sessions.load(sender)).attempt.view == 2


async def test_t09_redis_stopped_in_mid_attempt_changes_nothing(
    world: Any, another: Any, tmp_path: Path
):
    engine = await start_embedded_redis(tmp_path / "redis")
    sender, session = await world.open_paper()
    async with another(redis_url=engine.url) as other:
        there = world.at(other)
        session = await there.answer(sender, session)
        assert await other.ping_redis()

        await engine.stop()

        for choice in (1, 2, 3):
            assert await other.sessions.load(sender) == session
            session = await there.answer(sender, session, choice)
        assert not await other.ping_redis()
        assert other.cache.counts.failures >= 1

        revived = await start_embedded_redis(tmp_path / "redis")
        other.cache._rests_until = 0.0
        assert await other.sessions.load(sender) == session
        await other.cache.settle()
        assert (await other.sessions.load(sender)) == session
    await revived.stop()


async def test_no_identity_field_stands_in_redis(world: Any, redis: Redis):
    sender = world.sender()
    data = world.data("Canaria Nguyễn", phone="+84977001122")
    visitor = await world.register(sender, data)
    outcome = await world.store.attempts.start(world.starting(visitor))
    world.store.sessions.keep(sender, outcome.session)
    await world.store.cache.settle()

    kept = await redis.get(key_of(world, sender))

    assert b"Canaria" not in kept
    assert b"977001122" not in kept


async def test_t09_a_hanging_redis_costs_one_wait(
    world: Any, another: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(redis_cache, "TIMEOUT_S", 0.05)
    engine = await start_embedded_redis(tmp_path / "redis")
    sender, session = await world.open_paper()
    async with another(redis_url=engine.url) as other:
        assert await other.ping_redis()
        engine._child.send_signal(signal.SIGSTOP)
        try:
            for _ in range(20):
                assert await other.sessions.load(sender) == session
            assert other.cache.counts.failures == 1
        finally:
            engine._child.send_signal(signal.SIGCONT)
    await engine.stop()


async def test_a_cancelled_load_does_not_harm_the_others(world: Any):
    papers = [await world.open_paper() for _ in range(3)]
    await world.store.cache.settle()
    tasks = [asyncio.create_task(world.store.sessions.load(one)) for one, _ in papers]
    twin = asyncio.create_task(world.store.sessions.load(papers[0][0]))
    await asyncio.sleep(0)
    tasks[0].cancel()

    loaded = await asyncio.gather(*tasks, twin, return_exceptions=True)

    assert isinstance(loaded[0], asyncio.CancelledError)
    assert loaded[1:] == [papers[1][1], papers[2][1], papers[0][1]]
