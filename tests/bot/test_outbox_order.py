"""The order of a chat's messages: one at a time, by number, whatever befalls the one before."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, text

from store.outbox import outbox_values
from store.tables import OUTBOX
from tests.bot.posting import NEVER, Post

PAGES = 4
IN_ORDER = ["06", "07", "08", "09"]


async def tell(post: Post, chats: int = 1, *, batch: str | None = None) -> None:
    """Each chat is told all pages; the pages of all chats lie in turn."""
    post.chats = [await post.platform.person() for _ in range(chats)]
    rows = [
        outbox_values(("tg", chat), "notice.opened", closes(page), 0, batch)
        for page in range(PAGES)
        for chat in post.chats
    ]
    await post.store.database.write(lambda one: one.execute(insert(OUTBOX), rows))


def closes(page: int) -> str:
    """A page is told by the minute in it."""
    return json.dumps({"closes": NEVER + page * 60_000})


async def pages(post: Post) -> list[list[str]]:
    """What each chat was shown, in the order of its messages."""
    told = [await post.platform.texts(chat) for chat in post.chats]
    return [[one[one.index(" phút") - 2 :][:2] for one in texts] for texts in told]


async def begin_as_another(post: Post, row: int) -> None:
    """A sender dies with the message under way."""
    now_ms = post.clock.machine_ms()
    await post.store.leases.take("outbox", "process-1", now_ms, now_ms + 15_000)
    await post.store.outbox.claim([row], "process-1", now_ms)


async def change(post: Post, statement: str) -> None:
    await post.store.database.write(lambda one: one.execute(text(statement)))


async def test_slow_message_is_waited_for_by_its_own_chat_alone(post: Post) -> None:
    await tell(post, chats=6)
    await post.platform.fault(delay_s=0.15, chat_id=int(post.chats[0]))
    most: Counter[str] = Counter()

    async def watch() -> None:
        while True:
            claimed = await post.rows("chat, state")
            now = Counter(chat for chat, state in claimed if state == "claimed")
            most.update({chat: count - most[chat] for chat, count in now.items()})
            await asyncio.sleep(0.001)

    watching = asyncio.create_task(watch())
    await post.send_until(lambda states: states["sent"] >= PAGES * 5, sender := post.make())
    watching.cancel()
    await post.send_all(post.make("process-2"))

    assert await pages(post) == [IN_ORDER] * 6
    assert max(most.values()) == 1
    assert sender.order.crowded() == frozenset()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 429, "retry_after": 37}, id="429"),
        pytest.param({"drop": True}, id="lost before effect"),
        pytest.param({"status": 502}, id="502"),
    ],
)
@pytest.mark.parametrize("batch", [None, "opening"], ids=["single", "bulk"])
async def test_later_messages_wait_for_one_that_is_put_off(
    post: Post, batch: str | None, fault: dict[str, Any]
) -> None:
    await tell(post, chats=3, batch=batch)
    await post.platform.fault(**fault, chat_id=int(post.chats[1]))

    await post.send_all(post.make())

    assert await pages(post) == [IN_ORDER] * 3
    assert max(await post.rows("tries")) == (2,)


async def test_other_chats_go_on_while_one_is_limited(post: Post) -> None:
    await tell(post, chats=3)
    await post.platform.fault(status=429, retry_after=3_600, chat_id=int(post.chats[1]))

    await post.send_until(lambda states: states["sent"] == 2 * PAGES, post.make())

    assert [len(one) for one in await pages(post)] == [PAGES, 0, PAGES]
    rows = await post.rows(f"tries, chat = '{post.chats[1]}'")
    assert Counter(rows) == {(1, 0): 8, (1, 1): 1, (0, 1): 3}


async def test_heir_waits_for_what_was_put_off_before_him(post: Post) -> None:
    await tell(post, chats=3)
    await post.platform.fault(status=429, retry_after=37, chat_id=int(post.chats[1]))

    await post.send_until(lambda states: states["sent"] == 2 * PAGES, post.make())
    await post.send_all(post.make("process-2"))

    assert await pages(post) == [IN_ORDER] * 3


async def test_heir_waits_for_what_a_dead_sender_had_begun(post: Post) -> None:
    await tell(post, chats=2)
    now_ms = post.clock.machine_ms()
    await begin_as_another(post, 1)

    await post.send_all(post.make("process-2"))

    assert await pages(post) == [IN_ORDER] * 2
    sent_at = [at for (at,) in await post.rows("sent_at")]
    assert sent_at[0] >= now_ms + 90_000 > sent_at[7]


async def test_later_messages_go_on_after_a_dead_letter(post: Post) -> None:
    await tell(post)
    await post.platform.fault(status=400, description="Bad Request: SOMETHING_NEW")

    await post.send_all(post.make())

    assert [state for (state,) in await post.rows()] == ["dead", "sent", "sent", "sent"]
    assert await pages(post) == [IN_ORDER[1:]]


@pytest.mark.parametrize("state", ["dropped", "held"])
async def test_nobody_waits_for_what_was_taken_away_meanwhile(post: Post, state: str) -> None:
    await tell(post)
    await post.platform.fault(status=429, retry_after=37)
    sender = post.make()

    running = asyncio.create_task(sender.run())
    await until(lambda: bool(sender.order.due(NEVER)))
    await change(post, f"UPDATE outbox SET state = '{state}' WHERE id = 1")  # noqa: S608
    await post.send_until(lambda states: states["sent"] == PAGES - 1)
    await sender.stop(5)
    await running

    assert await pages(post) == [IN_ORDER[1:]]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 (the sender wakes nobody)
            await asyncio.sleep(0.001)


async def test_single_message_goes_before_the_bulk_of_its_chat(post: Post) -> None:
    await tell(post, batch="opening")
    late = outbox_values(("tg", post.chats[0]), "notice.opened", closes(4), 0)
    await post.store.database.write(lambda one: one.execute(insert(OUTBOX), [late]))

    await post.send_all(post.make())

    assert await pages(post) == [["10", *IN_ORDER]]


async def test_many_waiting_in_one_chat_hide_nobody_elses(post: Post) -> None:
    """What is read at once would be this chat's alone."""
    await tell(post, chats=2)
    first, other = post.chats
    many = [outbox_values(("tg", first), "notice.opened", closes(0), 0)] * 100
    moved = f"UPDATE outbox SET id = id + 1000 WHERE chat = '{other}'"  # noqa: S608
    await post.store.database.write(lambda one: one.execute(insert(OUTBOX), many))
    await change(post, moved)
    await begin_as_another(post, 1)

    await post.send_until(lambda states: states["sent"] == PAGES, post.make("process-2"))

    assert (await pages(post))[1] == IN_ORDER
