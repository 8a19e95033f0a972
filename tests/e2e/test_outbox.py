"""T14 and T07: kill -9 in the middle of a batch of 1,000, and of a broadcast."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from bot.outbox import UNDER_WAY
from store.outbox import outbox_values
from store.schema import migrate
from store.sql import Database, connect
from store.tables import ACCOUNT, ACCOUNT_PERSON, BROADCAST, OUTBOX, PARTICIPANT
from tests.nursery import Child, Nursery

TOKEN = "123456:" + "T" * 35
PEOPLE = 1_000
CLOSES = 4_000_000_000_000
WAIT_S = 60.0
Start = Callable[[], Awaitable[Child]]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = connect(sqlite_url)
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture
def start(stand_in: Any, config: Path, sqlite_url: str, redis_url: str, nursery: Nursery) -> Start:
    """Starts a sender on the batch."""
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": stand_in.url,
        "HOITHI_DATA_KEY": "ab" * 32,
        "HOITHI_CLOCK": "2025-12-10T09:00:00+07:00",
        "DATABASE_URL": sqlite_url,
        "REDIS_URL": redis_url,
    }

    async def make() -> Child:
        log = config.with_name("sender.log")
        return await nursery.bear(environment, [str(config)], log, "tests.e2e.outbox_process")

    return make


async def gather(stand_in: Any, database: Database, count: int) -> list[int]:
    """People with an account and a message each, three in ten of whom have blocked the bot."""

    async def one(number: int) -> int:
        made = await stand_in.post("/people", {"name": f"Hoa {number}"})
        await stand_in.post(f"/people/{made['id']}/start")
        if number % 10 < 3:
            await stand_in.post(f"/people/{made['id']}/block")
        return int(made["id"])

    people: list[int] = []
    for first in range(0, count, 50):
        people += await asyncio.gather(*(one(first + at) for at in range(50)))
    accounts = [
        {
            "channel": "tg",
            "external_id": str(chat),
            "chat": str(chat),
            "is_reachable": True,
            "created_at": 0,
        }
        for chat in people
    ]
    told = [
        outbox_values(("tg", str(chat)), "notice.opened", f'{{"closes": {CLOSES}}}', 0, "opening")
        for chat in people
    ]
    await database.write(lambda one: one.execute(insert(ACCOUNT), accounts))
    await database.write(lambda one: one.execute(insert(OUTBOX), told))
    return people


async def rows(database: Database, statement: str) -> list[Any]:
    return list(await database.read(lambda one: one.execute(text(statement)).all()))


async def states(database: Database) -> Counter[str]:
    found = await rows(database, "SELECT state, count(*) FROM outbox GROUP BY state")
    return Counter(dict(found))


async def until(database: Database, is_so: Callable[[Counter[str]], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so(await states(database)):  # noqa: ASYNC110 (another process writes it)
            await asyncio.sleep(0.02)


async def test_t14_kill_9_in_mid_batch_ends_with_the_counts_right(
    stand_in: Any, database: Database, start: Start
) -> None:
    people = await gather(stand_in, database, PEOPLE)
    await stand_in.post("/faults", {"method": "sendMessage", "delay_s": 0.03, "times": PEOPLE})

    first = await start()
    await until(database, lambda now: now["sent"] >= 250 and now["claimed"] > 0)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    in_flight = {
        row.id for row in await rows(database, "SELECT id FROM outbox WHERE state = 'claimed'")
    }
    second = await start()
    await until(database, lambda now: not now["pending"] + now["claimed"])
    second.send_signal(signal.SIGTERM)
    await asyncio.wait_for(second.wait(), WAIT_S)

    got = Counter(
        int(call["params"]["chat_id"])
        for call in await stand_in.get("/transcript?method=sendMessage")
        if call["status"] == 200
    )
    ended = await states(database)
    doubtful = await rows(database, "SELECT id, chat FROM outbox WHERE is_maybe_twice")
    assert ended["sent"] + ended["unreachable"] + ended["dead"] == PEOPLE
    assert (ended["unreachable"], ended["dead"]) == (300, 0)
    assert sorted(got) == sorted(chat for at, chat in enumerate(people) if at % 10 >= 3)
    assert max(got.values()) <= 2
    assert {row.id for row in doubtful} == in_flight
    assert 0 < len(in_flight) <= UNDER_WAY
    assert {chat for chat, count in got.items() if count > 1} <= {int(row.chat) for row in doubtful}
    blocked = await rows(database, "SELECT count(*) FROM account WHERE NOT is_reachable")
    assert blocked == [(300,)]


async def test_t55_sigterm_in_mid_batch_leaves_nothing_in_doubt(
    stand_in: Any, database: Database, start: Start
) -> None:
    await gather(stand_in, database, 400)
    await stand_in.post("/faults", {"method": "sendMessage", "delay_s": 0.03, "times": PEOPLE})

    for _ in range(2):
        process = await start()
        sent = (await states(database))["sent"]
        await until(database, lambda now, sent=sent: now["sent"] >= sent + 40)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), WAIT_S)
        assert process.returncode == 0
        assert (await states(database))["claimed"] == 0
    last = await start()
    await until(database, lambda now: not now["pending"] + now["claimed"])
    last.send_signal(signal.SIGTERM)
    await asyncio.wait_for(last.wait(), WAIT_S)

    calls = await stand_in.get("/transcript?method=sendMessage")
    assert len(calls) == 400
    assert await states(database) == {"sent": 280, "unreachable": 120}
    assert await rows(database, "SELECT id FROM outbox WHERE is_maybe_twice") == []


async def test_two_processes_send_one_batch_once(
    stand_in: Any, database: Database, start: Start
) -> None:
    await gather(stand_in, database, 400)

    both = [await start(), await start()]
    await until(database, lambda now: not now["pending"] + now["claimed"])
    for process in both:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), WAIT_S)

    assert len(await stand_in.get("/transcript?method=sendMessage")) == 400
    assert await rows(database, "SELECT id FROM outbox WHERE tries > 1 OR is_maybe_twice") == []


async def register(stand_in: Any, database: Database, count: int) -> list[int]:
    """Registered people, each with a chat that was started."""
    made = await stand_in.post("/people/crowd", {"count": count, "name": "Hoa", "started": True})
    chats = [int(one) for one in made["ids"]]
    people = [
        {
            "number": at,
            "name_box": b"",
            "born_box": b"",
            "phone_box": b"",
            "salt_box": b"",
            "phone_index": b"",
            "identity_index": str(at).encode(),
            "unit": "TDP-06",
            "is_phone_verified": False,
            "registered_at": 0,
            "registered_by": at,
            "is_flagged": False,
        }
        for at in range(1, count + 1)
    ]
    accounts = [
        {
            "id": at,
            "channel": "tg",
            "external_id": str(chat),
            "chat": str(chat),
            "person": at,
            "is_reachable": True,
            "created_at": 0,
        }
        for at, chat in enumerate(chats, start=1)
    ]
    helps = [
        {"account": at, "person": at, "relation": "own", "at": 0} for at in range(1, count + 1)
    ]

    def write(connection: Any) -> None:
        connection.execute(insert(PARTICIPANT), people)
        connection.execute(insert(ACCOUNT), accounts)
        connection.execute(insert(ACCOUNT_PERSON), helps)

    await database.write(write)
    return chats


async def begin(database: Database) -> None:
    values = {
        "audience": '{"stage": "registered", "units": []}',
        "words": "Xin mời bà con dự thi",
        "state": "filling",
        "total": 0,
        "filled_to": 0,
        "is_filled": False,
        "made_at": 0,
        "started_at": 0,
    }
    await database.write(lambda one: one.execute(insert(BROADCAST).values(values)))


async def test_t07_kill_9_in_mid_broadcast_leaves_nobody_out_and_tells_nobody_twice(
    stand_in: Any, database: Database, start: Start
) -> None:
    chats = await register(stand_in, database, 600)
    await begin(database)
    await stand_in.post("/faults", {"method": "sendMessage", "delay_s": 0.02, "times": 600})
    doubtful: set[int] = set()

    # While its rows are still being written, then twice while they go out.
    for enough in (60, 200, 400):
        process = await start()
        await until(database, lambda now, enough=enough: now["sent"] >= enough)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        claimed = await rows(database, "SELECT chat FROM outbox WHERE state = 'claimed'")
        doubtful |= {int(row.chat) for row in claimed}
    last = await start()
    await until(database, lambda now: now["sent"] >= 600)
    last.send_signal(signal.SIGTERM)
    await last.wait()

    told = Counter(
        int(call["params"]["chat_id"])
        for call in await stand_in.get("/transcript?method=sendMessage")
        if call["status"] == 200
    )
    assert set(told) == set(chats)
    assert max(told.values()) <= 2
    assert {chat for chat, count in told.items() if count > 1} <= doubtful
    assert await rows(database, "SELECT total, is_filled FROM broadcast") == [(600, 1)]
    assert (await states(database))["sent"] == 600
