import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from handlers.records import Notice
from store import outbox as module
from store.outbox import CLAIM_MS, OutboxStore, outbox_values
from store.tables import OUTBOX

NOTICE = Notice("notice.opened", {"closes": 5})
ME = "process-1"


async def filled(world: Any, count: Any):
    """So many messages, and the lease for an hour."""
    for _ in range(count):
        await world.register()
    assert await world.store.jobs.announce("open", world.now, NOTICE, world.now)
    assert await world.store.leases.take("outbox", ME, 0, 3_600_000)


async def claim(store: Any, machine_ms: int, most: int = 100) -> Any:
    waiting = await store.outbox.waiting(most, machine_ms)
    return await store.outbox.claim([row.id for row in waiting], ME, machine_ms)


async def test_claims_take_each_message_once(world: Any, another: Any):
    await filled(world, 30)
    waiting = await world.store.outbox.waiting(100, 1_000)
    ids = [row.id for row in waiting]

    async with another() as other:
        claims = await asyncio.gather(
            *(store.outbox.claim(ids, ME, 1_000) for store in [world.store, other] * 5)
        )

    taken = [message.id for one in claims for message in one.messages]
    assert Counter(taken) == Counter(ids)


async def test_only_the_holder_of_the_lease_claims(world: Any):
    await filled(world, 2)
    leases, outbox = world.store.leases, world.store.outbox

    stranger = await outbox.claim([1, 2], "process-2", 1_000)
    late = await outbox.claim([1, 2], ME, 3_600_000)
    await leases.take("outbox", "process-2", 3_600_000, 3_700_000)
    heir = await outbox.claim([1, 2], "process-2", 3_600_001)

    assert (stranger.messages, late.messages, len(heir.messages)) == ((), (), 2)


async def test_a_message_has_its_chat_and_notice(world: Any):
    await filled(world, 1)

    (message,) = (await claim(world.store, 0)).messages

    assert (message.channel, message.chat, message.attempts) == ("tg", "chat-s1", 1)
    assert (message.notice, message.is_maybe_twice) == (NOTICE, False)


async def test_row_of_a_dead_worker_is_sent_once_more_and_then_never_again(world: Any):
    await filled(world, 1)
    first = await claim(world.store, 1_000)

    within = await claim(world.store, 1_000 + CLAIM_MS - 1)
    again = await claim(world.store, 1_000 + CLAIM_MS)
    third = await claim(world.store, 1_000 + 2 * CLAIM_MS)

    assert [one.is_maybe_twice for one in (*first.messages, *again.messages)] == [False, True]
    assert (within.messages, third.messages, third.lost) == ((), (), (1,))
    (row,) = await world.rows("outbox")
    assert (row["state"], row["error"]) == ("dead", "unknown")


async def test_message_given_back_is_not_in_doubt(world: Any):
    await filled(world, 1)
    for at in range(5):
        (message,) = (await claim(world.store, at)).messages
        await world.store.outbox.retry(message.id, at + 1, "later")

    (row,) = await world.rows("outbox")
    assert (row["tries"], row["is_maybe_twice"], row["state"]) == (5, False, "pending")


async def test_what_is_settled_is_not_claimed_again(world: Any):
    await filled(world, 4)
    outbox = world.store.outbox
    one, two, three, four = (await claim(world.store, 0)).messages

    await outbox.sent(one.id, 77)
    await outbox.dead(two.id, "too_long")
    await outbox.unreachable(three.id)
    await outbox.stale(four.id)
    await outbox.retry(one.id, 5, "late settling changes nothing")

    assert await outbox.waiting(10, 10 * CLAIM_MS) == ()
    rows = await world.rows("outbox")
    assert [(row["state"], row["sent_at"], row["error"]) for row in rows] == [
        ("sent", 77, None),
        ("dead", None, "too_long"),
        ("unreachable", None, None),
        ("stale", None, None),
    ]


async def test_a_retry_waits_until_its_time(world: Any):
    await filled(world, 1)
    (message,) = (await claim(world.store, 0)).messages

    await world.store.outbox.retry(message.id, 9_000, "later", is_maybe_twice=True)

    assert await world.store.outbox.waiting(10, 8_999) == ()
    (again,) = (await claim(world.store, 9_000)).messages
    assert (again.attempts, again.is_maybe_twice) == (2, True)


async def test_tried_are_those_that_were_begun_and_have_not_ended(world: Any):
    await filled(world, 4)
    visitor = await world.register()
    await world.store.jobs.tell("nudge", world.now, visitor.account, NOTICE, world.now)
    waiting = await world.store.outbox.waiting(10, 0)
    await world.store.outbox.claim([row.id for row in waiting if row.id != 4], ME, 1_000)
    await world.store.outbox.sent(1, 77)
    await world.store.outbox.retry(2, 9_000, "later")

    tried = await world.store.outbox.tried()

    until_ms = 1_000 + CLAIM_MS
    assert sorted(tried) == [
        (2, "chat-s2", 9_000),
        (3, "chat-s3", until_ms),
        (5, "chat-s5", until_ms),
    ]


async def test_single_messages_go_before_a_batch(world: Any):
    await filled(world, 3)
    visitor = await world.register()
    nudge = Notice("notice.nudge", {"due": 1})
    await world.store.jobs.tell("nudge", world.now, visitor.account, nudge, world.now)

    waiting = await world.store.outbox.waiting(2, 0)
    others = await world.store.outbox.waiting(10, 0, ["chat-s1", "chat-s4"])

    assert [row.chat for row in waiting] == ["chat-s4", "chat-s1"]
    assert [row.chat for row in others] == ["chat-s2", "chat-s3"]
    rows = await world.rows("outbox")
    assert [(row["batch"], row["is_bulk"]) for row in rows] == [("open", True)] * 3 + [
        (None, False)
    ]


@pytest.mark.parametrize("count", [1_000, 100_000])
async def test_claim_looks_at_no_more_than_it_takes(world: Any, count: int):
    """However many were sent or wait, finding the next ones is a search in an index."""
    await world.store.database.write(lambda one: fill(one, count))

    plans = await world.store.database.write(plans_of)

    assert [plan for plan in plans if "scan outbox" in plan or "seq scan" in plan] == []
    assert all("ix_outbox_waiting" in plan for plan in plans[:3])


def fill(connection: Connection, count: int) -> None:
    """Nine in ten were sent."""
    row = outbox_values(("tg", "5"), "notice.opened", "{}", 0, "opening")
    states = ["pending"] + ["sent"] * 9
    rows = [row | {"state": states[at % 10], "chat": str(at)} for at in range(10_000)]
    for _ in range(count // 1_000):
        connection.execute(insert(OUTBOX), rows[:1_000])
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE outbox"))


def plans_of(connection: Connection) -> list[str]:
    """The plans of the claim's statements as they are sent, arguments apart; lower case."""
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    due = {"now_ms": 5, "but_chats": ["5", "6"], "most": 64}
    asked: list[tuple[Any, dict[str, Any]]] = [
        (module._DUE, {**due, "is_bulk": False}),
        (module._DUE, {**due, "is_bulk": True}),
        (module._TRIED, {"is_bulk": True}),
        (module._CLAIM, {"ids": [11, 21, 31], "now_ms": 5, "until_ms": 9}),
    ]
    sent: list[tuple[str, Any]] = []

    def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", keep)
    for statement, values in asked:
        connection.execute(statement, values).all()
    event.remove(connection, "before_cursor_execute", keep)
    return [
        "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + one, values)).lower()
        for one, values in sent
    ]


async def test_claims_share_one_commit_with_what_else_is_to_be_done(world: Any):
    """A claim is a few rows by key: a tap beside it waits for one commit, not for a batch."""
    await filled(world, 20)
    before = world.store.writer.counts.commits

    await asyncio.gather(*(world.store.outbox.claim([at], ME, 1_000) for at in range(1, 21)))

    assert world.store.writer.counts.commits - before <= 2


async def test_claim_lasts_as_long_as_it_was_told_to(world: Any):
    await filled(world, 1)
    quick = OutboxStore(world.store.database, world.store.writer, claim_ms=100)

    await quick.claim([1], ME, 1_000)

    assert [len(await quick.waiting(9, at)) for at in (1_099, 1_100)] == [0, 1]
