"""A group is answered once a minute, whichever process it asks."""

from typing import Any

import pytest


async def test_group_is_answered_once_a_minute(world: Any, another: Any):
    async with another() as second:
        paces = [world.store.group_pace, second.group_pace]

        said = [
            await pace.is_due(chat, what)
            for chat, what in (("-1", "tally"), ("-1", "tally"), ("-1", "hint"), ("-2", "tally"))
            for pace in paces
        ]

    assert said == [True, False, False, False, True, False, True, False]


async def test_answer_is_due_again_after_a_minute(world: Any):
    await world.store.group_pace.is_due("-1", "tally")

    key = f"{world.store.sessions.prefix}:pace1:tally:-1"
    lives_s = await world.store.cache._redis.ttl(key)

    assert 0 < lives_s <= 60


@pytest.mark.usefixtures("world")
async def test_t09_group_is_answered_without_redis(another: Any):
    async with another(redis_url="redis://127.0.0.1:9/0") as lonely:
        said = [await lonely.group_pace.is_due("-1", "tally") for _ in range(2)]

    assert said == [True, True]
