"""Tries of an input across processes: each `Probation` here stands for a process of its own."""

import asyncio
import contextlib
from typing import Any

import pytest

from bot.probation import TRIES, Probation

KILLER = ("tg", "666")


DEAD: list[Any] = []
"""What dead processes were at; kept, so that nothing tidies up after them."""


async def die(tries: Any, key: tuple[str, str]) -> bool:
    """A process that dies over the input, if it takes it at all."""
    trying = Probation(tries).trying(*key)
    DEAD.append(trying)
    may_try = await trying.__aenter__()
    if not may_try:
        await trying.__aexit__(None, None, None)
    return may_try


async def test_t53_an_input_that_kills_five_processes_is_given_up(store: Any) -> None:
    taken = [await die(store.tries, KILLER) for _ in range(TRIES)]

    assert taken == [True] * (TRIES - 1) + [False]


async def test_t53_an_input_that_ends_is_counted_from_nothing(store: Any) -> None:
    for _ in range(3 * TRIES):
        with contextlib.suppress(ZeroDivisionError):
            async with Probation(store.tries).trying("tg", "1") as may_try:
                assert may_try
                raise ZeroDivisionError

    await store.cache.settle()
    assert await store.tries.is_first("tg", "1")


async def test_t53_what_came_along_with_a_killer_is_not_given_up(store: Any) -> None:
    others = [("tg", str(number)) for number in range(10)]
    for _ in range(TRIES - 1):
        process = Probation(store.tries)
        for key in others:
            async with process.trying(*key) as may_try:
                assert may_try
        await die(store.tries, KILLER)

    async with Probation(store.tries).trying(*KILLER) as may_try:
        assert not may_try


async def test_t53_suspects_are_taken_one_at_a_time(store: Any) -> None:
    suspects = [("tg", str(number)) for number in range(5)]
    for key in suspects:
        await die(store.tries, key)
    process, at_once, most = Probation(store.tries), 0, 0

    async def take(key: tuple[str, str]) -> None:
        nonlocal at_once, most
        async with process.trying(*key):
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0)
            at_once -= 1

    await asyncio.gather(*(take(key) for key in suspects))

    assert most == 1


async def test_t53_without_redis_every_try_is_the_first(store: Any) -> None:
    await store.cache._redis.aclose()
    store.cache._redis.connection_pool.connection_kwargs["path"] = "/nowhere.sock"
    await store.cache._redis.connection_pool.disconnect()

    taken = [await die(store.tries, KILLER) for _ in range(2 * TRIES)]

    assert taken == [True] * 2 * TRIES


async def test_t53_tries_of_another_type_under_the_key_count_as_the_first(store: Any) -> None:
    await store.cache._redis.rpush(store.tries._key(*KILLER), "x")

    assert [await store.tries.count(*KILLER) for _ in range(2)] == [1, 1]


@pytest.fixture(autouse=True)
async def whose(store: Any, tmp_path: Any) -> None:
    """Keys of this test's own."""
    store.sessions.bind(str(tmp_path).encode())


def test_a_probation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("bot.probation.time.monotonic", lambda: now[0])
    probation = Probation(None, length_s=10)  # type: ignore[arg-type]

    assert not probation.is_over
    now[0] += 10
    assert probation.is_over
