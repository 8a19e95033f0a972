import asyncio
from collections import Counter
from typing import Any

import orjson

from handlers.records import AttemptNotStarted, Notice, Registered, RegisterRefusal
from scoring.limits import StartRefusal

NOTICE = Notice("notice.opened", {"closes": 5})


async def test_t29_an_announcement_is_made_once(world: Any, another: Any):
    for _ in range(3):
        await world.register()
    await world.visit(world.sender())

    async with another() as other:
        done = await asyncio.gather(
            *(
                store.jobs.announce("open", world.now, NOTICE, world.now)
                for store in [world.store, other] * 10
            )
        )

    assert sum(done) == 1
    rows = await world.rows("outbox")
    assert [row["chat"] for row in rows] == ["chat-s1", "chat-s2", "chat-s3"]
    assert await world.store.jobs.is_done("open", world.now)
    assert not await world.store.jobs.is_done("open", world.now + 1)


async def test_the_unreachable_are_not_told(world: Any):
    gone, _ = await world.register(), await world.register()
    await world.store.people.depart(gone.account)

    await world.store.jobs.announce("open", world.now, NOTICE, world.now)

    assert [row["chat"] for row in await world.rows("outbox")] == ["chat-s2"]


async def test_one_account_is_told_once(world: Any, another: Any):
    first, second = await world.register(), await world.register()

    async with another() as other:
        done = await asyncio.gather(
            *(
                store.jobs.tell("nudge", world.now, visitor.account, NOTICE, world.now)
                for store in (world.store, other)
                for visitor in (first, second) * 5
            )
        )

    assert sum(done) == 2
    assert [row["chat"] for row in await world.rows("outbox")] == ["chat-s1", "chat-s2"]


async def test_closing_waits_for_open_attempts_and_is_entered_once(world: Any):
    await world.register()
    _, session = await world.open_paper()
    close = world.store.jobs.close

    assert not await close(world.now, world.now)
    await world.store.attempts.finish(world.finishing(session))
    done = await asyncio.gather(*(close(world.now, world.now) for _ in range(5)))

    assert sum(done) == 1
    (row,) = [row for row in await world.rows("ledger_queue") if row["kind"] == "close"]
    assert orjson.loads(row["fields_text"]) == {
        "k": "close",
        "persons": 2,
        "attempts": 1,
        "submits": 1,
    }


async def test_t24_what_comes_to_its_commit_after_the_closing_is_refused(world: Any):
    """Received in time, committed late: nothing of it may follow the ledger's `close`."""
    registered, newcomer = await world.register(), world.sender()
    registering = await world.registering(newcomer, world.new_data())
    fixing = await world.correcting(registered)
    await world.store.jobs.close(world.now, world.now)
    before = await world.rows("ledger_queue")

    started = await world.store.attempts.start(world.starting(registered))
    enrolled = await world.store.people.register(registering)
    corrected = await world.store.people.correct(fixing)

    assert started == AttemptNotStarted(StartRefusal.CLOSED)
    assert (enrolled, corrected) == (RegisterRefusal.CLOSED, RegisterRefusal.CLOSED)
    assert await world.rows("ledger_queue") == before
    assert [row["number"] for row in await world.rows("participant")] == [1]


async def test_t24_close_is_the_last_entry_however_the_commits_race(world: Any, another: Any):
    orders = [await world.registering(world.sender(), world.new_data()) for _ in range(20)]

    async with another() as other:
        works: list[Any] = [other.people.register(order) for order in orders]
        works.insert(10, world.store.jobs.close(world.now, world.now))
        outcomes = await asyncio.gather(*works)

    entries = [row["kind"] for row in await world.rows("ledger_queue")]
    taken = sum(isinstance(one, Registered) for one in outcomes)
    assert entries[-1] == "close"
    assert entries.count("reg") == taken
    assert orjson.loads((await world.rows("ledger_queue"))[-1]["fields_text"])["persons"] == taken


async def test_t29_two_schedulers_fire_a_thousand_times_and_tell_once_each(
    world: Any, another: Any
):
    """Each (job, planned instant) once, with its messages, in one transaction."""
    for _ in range(2):
        await world.register()
    firings = [(f"tally:{at % 4}", world.now + at) for at in range(1_000)]

    async def fire(store: Any, order: Any) -> list[bool]:
        return await asyncio.gather(
            *(store.jobs.announce(job, at, NOTICE, world.now) for job, at in order)
        )

    async with another() as other:
        mine, theirs = await asyncio.gather(
            fire(world.store, firings), fire(other, list(reversed(firings)))
        )

    assert sum(mine) + sum(theirs) == 1_000
    assert [one + two for one, two in zip(mine, reversed(theirs), strict=True)] == [1] * 1_000
    assert len(await world.rows("job_run")) == 1_000
    rows = await world.rows("outbox")
    assert Counter(row["batch"] for row in rows) == {f"tally:{at}": 500 for at in range(4)}
