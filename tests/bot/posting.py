"""An outbox with its sender, between a store and the stand-in."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from sqlalchemy import insert, text

from bot.delivery import Delivery
from bot.lease import Lease
from bot.outbox import OutboxSender
from bot.pacing import Pace, Pacing, limits_of
from bot.timing import Timer
from store.chats import ChatsStore
from store.outbox import outbox_values
from store.tables import OUTBOX

NEVER = 4_000_000_000_000
FAST = Pace(a_second=2_000, chat_ms=0)


@dataclass
class Post:
    """An outbox with its sender, between a store and the stand-in."""

    platform: Any
    store: Any
    clock: Any
    make: Callable[..., OutboxSender]
    chats: list[str] = field(default_factory=list)

    async def fill(self, count: int, message: str = "notice.opened", argument: str = "closes"):
        """So many chats, each with one message."""
        self.chats = [await self.platform.person() for _ in range(count)]
        arguments = f'{{"{argument}": {NEVER}}}'
        rows = [
            outbox_values(("tg", chat), message, arguments, 0, "opening") for chat in self.chats
        ]
        await self.store.database.write(lambda one: one.execute(insert(OUTBOX), rows))

    async def rows(self, columns: str = "state") -> list[tuple[Any, ...]]:
        statement = text(f"SELECT {columns} FROM outbox ORDER BY id")  # noqa: S608 (of the test itself)
        found = await self.store.database.read(lambda one: one.execute(statement).all())
        return [tuple(row) for row in found]

    async def send_all(self, *senders: OutboxSender) -> None:
        """Run the senders until nothing waits any more, then stop them."""
        await self.send_until(lambda states: not states["pending"] + states["claimed"], *senders)

    async def send_until(
        self, is_enough: Callable[[Counter[str]], bool], *senders: OutboxSender
    ) -> None:
        running = [asyncio.create_task(one.run()) for one in senders]
        async with asyncio.timeout(60):
            while not is_enough(Counter(state for (state,) in await self.rows())):  # noqa: ASYNC110 (it is SQL that is watched)
                await asyncio.sleep(0.005)
        for one in senders:
            await one.stop(5)
        await asyncio.gather(*running)

    async def got(self) -> Counter[int]:
        """How many chats got how many messages."""
        return Counter([len(await self.platform.texts(chat)) for chat in self.chats])


def post_at(platform: Any, store: Any, desk: Any, clock: Any) -> Post:
    """Whoever sleeps moves the clock on, and wakes at once."""

    async def sleep(seconds: float) -> None:
        clock.wait(ceil(seconds * 1_000))
        await asyncio.sleep(0.001)

    timer = Timer(lambda: clock.machine_ms() / 1_000, sleep, lambda: 0.0)

    def make(holder: str = "process-1") -> OutboxSender:
        pacing, chats = Pacing(FAST), ChatsStore(store.writer, store.sessions, "tg")
        delivery = Delivery(platform.client, Papers(), chats, limits_of(pacing, timer), timer)
        lease = Lease(store.leases, "outbox", holder)
        return OutboxSender(store.outbox, delivery, desk, lease, pacing, timer)

    return Post(platform, store, clock, make)


class Papers:
    def __init__(self) -> None:
        self.kept: dict[str, int] = {}

    async def load(self, chat: str) -> int | None:
        return self.kept.get(chat)

    def keep(self, chat: str, message: int) -> None:
        self.kept[chat] = message
