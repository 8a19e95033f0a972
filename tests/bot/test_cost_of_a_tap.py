"""Counts that need no clock: what one answered tap asks of SQL, Redis and the platform.

PERFORMANCE names the numbers; how long anything takes is the benchmarks' business.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, event, text

from bot.apology import Apology
from bot.crowd import Crowd
from bot.delivery import Delivery
from bot.door import Door, Guards
from bot.platforms.telegram_errors import Called, Outcome
from bot.polling import Poller
from bot.probation import Probation
from bot.webhooks import take_into
from store.chats import ChatsStore
from store.house import Store, StoreSettings, open_store
from store.papers import PapersStore
from store.tables import metadata

AT_ONCE = 100


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
async def store(database_url: str, redis_url: str) -> AsyncIterator[Store]:
    async with open_store(StoreSettings(database_url, redis_url, bytes(range(32)))) as opened:
        yield opened


class Platform:
    """Counts calls, and gives a poller the updates it was given."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.updates: list[Any] = []

    async def call(self, method: str, _: Mapping[str, object]) -> Called:
        self.calls.append(method)
        return Called(Outcome.DONE, {"message_id": 7})

    async def get_updates(self, offset: int, *_: object) -> list[Any]:
        if offset:
            await asyncio.Event().wait()
        return self.updates


@dataclass
class Bot:
    """The whole way of a tap, from a webhook's body to the calls it causes."""

    platform: Platform
    delivery: Delivery
    door: Door
    store: Store

    async def quiet(self) -> None:
        await self.delivery.drain(10)
        await self.store.cache.settle()


@pytest.fixture
def bot(desk: Any, store: Store) -> Bot:
    platform = Platform()
    papers = PapersStore(store.cache, "tg")
    papers.bind(desk.contest.id)
    delivery = Delivery(platform, papers, ChatsStore(store.writer, store.sessions, "tg"))
    crowd = Crowd(Apology(platform, "crowded", is_alert=False))
    guards = Guards(
        store.events, lambda: True, Probation(store.tries, 0.0), Apology(platform, "busy"), crowd
    )
    return Bot(platform, delivery, Door(desk, delivery, "bot", guards), store)


@dataclass
class Cost:
    statements: list[str]
    commits: int = 0
    reads: int = 0
    writes: int = 0


@contextmanager
def costing(store: Store) -> Iterator[Cost]:
    """What is asked of SQL and Redis meanwhile; transactions' own words apart."""
    cost = Cost([])

    def keep(_: Any, __: Any, statement: str, *___: Any) -> None:
        cost.statements.append(" ".join(statement.split(maxsplit=3)[:3]))

    commits, cache = store.writer.counts.commits, store.cache.counts
    reads, writes = cache.reads, cache.writes
    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield cost
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
        # SQLite's transactions begin by a statement of ours.
        cost.statements = [one for one in cost.statements if not one.startswith("BEGIN")]
        cost.commits = store.writer.counts.commits - commits
        cost.reads, cost.writes = cache.reads - reads, cache.writes - writes


def update_of(resident: Any, number: int, letter: str = "B") -> dict[str, Any]:
    person = {"id": int(resident.id), "first_name": "Hoa"}
    message = {"message_id": 5, "chat": {"id": int(resident.id), "type": "private"}}
    query = {"id": f"q{number}", "from": person, "message": message}
    query["data"] = resident.button(letter).data
    return {"update_id": 900 + number, "callback_query": query}


async def rows(store: Store) -> Counter[str]:
    def count(connection: Any) -> Counter[str]:
        names = metadata.tables
        counted = {one: connection.execute(text(f"SELECT count(*) FROM {one}")) for one in names}  # noqa: S608 (our own tables)
        return Counter({one: found.scalar_one() for one, found in counted.items()})

    return await store.database.read(count)


async def test_an_answered_tap_over_a_webhook_costs_what_it_may(
    bot: Bot, store: Store, meet: Any, clock: Any
) -> None:
    hoa = await at_the_paper(meet, clock, store)
    body = msgspec.json.encode(update_of(hoa, 1))
    before = await rows(store)

    with costing(store) as cost:
        answer = await take_into(bot.door)(body)
        await bot.quiet()

    assert cost.statements == ["INSERT INTO transition"]
    assert (cost.commits, cost.reads) == (1, 1)
    assert await rows(store) - before == {"transition": 1}
    assert answer is not None
    assert msgspec.json.decode(answer)["method"] == "answerCallbackQuery"
    assert bot.platform.calls == ["editMessageText"]


async def test_an_answered_tap_over_polling_costs_one_call_more(
    bot: Bot, store: Store, meet: Any, clock: Any
) -> None:
    hoa = await at_the_paper(meet, clock, store)
    bot.platform.updates = [update_of(hoa, 1)]

    with costing(store) as cost:
        polling = asyncio.create_task(Poller(bot.platform, bot.door).run())
        while len(bot.platform.calls) < 2:  # noqa: ASYNC110 (counted, not signalled)
            await asyncio.sleep(0.001)
        await bot.quiet()
        polling.cancel()

    assert cost.statements == ["INSERT INTO transition"]
    assert (cost.commits, cost.reads) == (1, 1)
    assert sorted(bot.platform.calls) == ["answerCallbackQuery", "editMessageText"]


async def test_a_tap_that_comes_again_writes_nothing(
    bot: Bot, store: Store, meet: Any, clock: Any
) -> None:
    hoa = await at_the_paper(meet, clock, store)
    body = msgspec.json.encode(update_of(hoa, 1))
    await take_into(bot.door)(body)
    await bot.quiet()
    clock.wait(1_000)
    before = await rows(store)

    with costing(store) as cost:
        answer = await take_into(bot.door)(body)
        await bot.quiet()

    assert [one for one in cost.statements if one.split()[0] not in {"SELECT", "WITH"}] == []
    assert (cost.commits, cost.reads) == (0, 1)
    assert await rows(store) == before
    assert answer is not None


async def test_taps_at_once_share_commits_and_trips(
    bot: Bot, store: Store, meet: Any, clock: Any
) -> None:
    """At most a tenth of a commit an answer, and no more of anything else than alone."""
    people = [meet() for _ in range(AT_ONCE)]
    for number, one in enumerate(people):
        await one.register(f"8491{number:07}")
    for one in people:
        await one.open_paper()
    clock.wait(1_000)
    await store.cache.settle()
    bodies = [msgspec.json.encode(update_of(one, at)) for at, one in enumerate(people)]
    before = await rows(store)

    with costing(store) as cost:
        answers = await asyncio.gather(*(take_into(bot.door)(body) for body in bodies))
        await bot.quiet()

    assert await rows(store) - before == {"transition": AT_ONCE}
    assert cost.commits <= AT_ONCE / 10
    assert len(cost.statements) == cost.commits
    assert cost.reads + cost.writes <= AT_ONCE / 10
    assert None not in answers
    assert bot.platform.calls == ["editMessageText"] * AT_ONCE


async def at_the_paper(meet: Any, clock: Any, store: Store) -> Any:
    """A resident who has read the first question for a while."""
    resident = meet()
    await resident.register()
    await resident.open_paper()
    clock.wait(1_000)
    await store.cache.settle()
    return resident
