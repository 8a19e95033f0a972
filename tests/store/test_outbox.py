import asyncio
from collections import Counter
from typing import Any

from handlers.records import Notice
from store.outbox import LEASE_MS

NOTICE = Notice("notice.opened", {"closes": 5})


async def filled(world: Any, count: Any):
    for _ in range(count):
        await world.register()
    assert await world.store.jobs.announce("open", world.now, NOTICE, world.now)


async def test_claims_take_each_message_once(world: Any, another: Any):
    await filled(world, 30)

    async with another() as other:
        stores = [world.store, other] * 5
        claims = await asyncio.gather(*(store.outbox.claim(4, 1_000) for store in stores))

    taken = [message.id for claim in claims for message in claim]
    assert max(Counter(taken).values()) == 1
    rest = await world.store.outbox.claim(100, 1_000)
    assert len(taken) + len(rest) == 30


async def test_a_message_has_its_chat_and_notice(world: Any):
    await filled(world, 1)

    (message,) = await world.store.outbox.claim(10, 0)

    assert (message.channel, message.chat, message.attempts) == ("tg", "chat-s1", 1)
    assert message.notice == NOTICE


async def test_a_lease_ends_and_the_message_is_claimed_again(world: Any):
    await filled(world, 1)
    await world.store.outbox.claim(10, 1_000)

    within = await world.store.outbox.claim(10, 1_000 + LEASE_MS - 1)
    (after,) = await world.store.outbox.claim(10, 1_000 + LEASE_MS)

    assert within == ()
    assert after.attempts == 2


async def test_what_is_sent_or_dead_is_not_claimed_again(world: Any):
    await filled(world, 2)
    first, second = await world.store.outbox.claim(10, 0)

    await world.store.outbox.sent(first.id)
    await world.store.outbox.dead(second.id, "403")

    assert await world.store.outbox.claim(10, 10 * LEASE_MS) == ()
    rows = await world.rows("outbox")
    assert [(row["state"], row["error"]) for row in rows] == [("sent", None), ("dead", "403")]


async def test_a_retry_waits_until_its_time(world: Any):
    await filled(world, 1)
    (message,) = await world.store.outbox.claim(10, 0)

    await world.store.outbox.retry(message.id, 9_000, "429")

    assert await world.store.outbox.claim(10, 8_999) == ()
    (again,) = await world.store.outbox.claim(10, 9_000)
    assert again.attempts == 2
