"""A chat that goes away or moves: its accounts, and what waits for it (FAULTS T14, T15)."""

from typing import Any

from handlers.records import Notice
from store.chats import ChatsStore

NOTICE = Notice("notice.opened", {"closes": 5})


async def told(world: Any, people: int) -> ChatsStore:
    """People, each with two messages that wait for him."""
    for _ in range(people):
        await world.register()
    for job in ("reminder", "opening"):
        await world.store.jobs.announce(job, world.now, NOTICE, world.now)
    return ChatsStore(world.store.writer, world.store.sessions, "tg")


async def test_t14_departed_chat_gets_nothing_more_and_keeps_its_data(world: Any):
    chats = await told(world, 2)

    await chats.depart("chat-s1")
    await chats.depart("chat-s1")

    accounts = [(row["chat"], row["is_reachable"]) for row in await world.rows("account")]
    states = [(row["chat"], row["state"]) for row in await world.rows("outbox")]
    assert accounts == [("chat-s1", False), ("chat-s2", True)]
    assert states == [("chat-s1", "unreachable"), ("chat-s2", "pending")] * 2
    assert len(await world.rows("participant")) == 2


async def test_t14_person_who_comes_back_is_reachable(world: Any):
    chats = await told(world, 1)
    sender = world.sender()
    await world.visit(sender)
    await chats.depart(f"chat-{sender.id}")

    await world.visit(sender)

    assert all(row["is_reachable"] for row in await world.rows("account"))


async def test_t14_message_under_way_is_its_sender_s_to_settle(world: Any):
    chats = await told(world, 1)
    await world.store.leases.take("outbox", "me", 0, 10)
    await world.store.outbox.claim([1], "me", 0)

    await chats.depart("chat-s1")

    assert [row["state"] for row in await world.rows("outbox")] == ["claimed", "unreachable"]


async def test_t15_moved_chat_has_its_new_id_wherever_it_is_written_to(world: Any):
    chats = await told(world, 2)
    await world.store.leases.take("outbox", "me", 0, 10)
    await world.store.outbox.claim([1], "me", 0)

    for _ in range(2):
        await chats.move("chat-s1", "-1007")

    assert [row["chat"] for row in await world.rows("account")] == ["-1007", "chat-s2"]
    assert [row["chat"] for row in await world.rows("outbox")] == ["-1007", "chat-s2"] * 2


async def test_t15_messages_sent_before_keep_the_id_they_were_sent_to(world: Any):
    chats = await told(world, 1)
    await world.store.leases.take("outbox", "me", 0, 10)
    await world.store.outbox.claim([1], "me", 0)
    await world.store.outbox.sent(1)

    await chats.move("chat-s1", "-1007")

    assert [row["chat"] for row in await world.rows("outbox")] == ["chat-s1", "-1007"]


async def test_time_lost_in_our_queues_is_given_back_to_an_open_attempt(world: Any):
    sender, session = await world.open_paper()
    _, ended = await world.open_paper()
    await world.store.attempts.finish(world.finishing(ended))
    chats = ChatsStore(world.store.writer, world.store.sessions, "tg")

    for attempt, wait_ms in ((session.attempt.id, 2_500), (session.attempt.id, 500), (2, 9_000)):
        await chats.give_back(sender.id, attempt, wait_ms)

    assert [row["wait_ms"] for row in await world.rows("attempt")] == [3_000, 0]
    assert (await world.store.sessions.load(sender)).attempt.wait_ms == 3_000
