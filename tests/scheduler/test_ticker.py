"""What a tick does: endings, the opening's announcement, reminders; each once, however late."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from scheduler import ticker as module
from scheduler.ticker import Ticker, keep_waking, schedule
from scoring.instant import HOUR_MS, MINUTE_MS, Instant

OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
Meet = Callable[..., Any]


@pytest.fixture
def ticker(desk: Any, store: Any, clock: Any) -> Ticker:
    return Ticker(desk, store.jobs, store.attempts, clock, 3 * MINUTE_MS)


async def rows(store: Any, statement: str) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in await store.database.read(lambda one: one.execute(text(statement)).all())
    ]


async def begin_paper(meet: Meet) -> Any:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.tap("B")
    await hoa.tap("C")
    return hoa


@pytest.mark.parametrize("late_ms", [5_000, 3_600_000, 4 * 24 * 3_600_000])
async def test_t25_ending_is_the_same_whenever_it_is_swept(
    meet: Meet, store: Any, clock: Any, ticker: Ticker, late_ms: int
) -> None:
    hoa = await begin_paper(meet)
    opened_at = (await rows(store, "SELECT opened_at FROM attempt"))[0][0]
    clock.go_to(Instant(opened_at + 15 * MINUTE_MS + late_ms))

    await ticker.tick()
    await ticker.tick()

    ended = await rows(store, "SELECT ended_at - opened_at, duration_ms, answered FROM attempt")
    last = await rows(store, "SELECT view, act, at FROM transition ORDER BY view DESC LIMIT 1")
    assert ended == [(15 * MINUTE_MS, 15 * MINUTE_MS, 2)]
    assert last == [(3, 7, opened_at + 15 * MINUTE_MS)]
    assert await rows(store, "SELECT message FROM outbox") == [("notice.expired",)]
    assert (await hoa.tap("D")).toast == "Lượt thi này đã kết thúc."


async def test_t24_ending_waits_for_its_grace(
    meet: Meet, store: Any, clock: Any, ticker: Ticker
) -> None:
    await begin_paper(meet)
    due = (await rows(store, "SELECT due FROM attempt"))[0][0]

    open_at = {}
    for late_ms in (0, 4_999, 5_000):
        clock.go_to(Instant(due + late_ms))
        await ticker.tick()
        (open_at[late_ms],) = (
            await rows(store, "SELECT count(*) FROM attempt WHERE ended_at IS NULL")
        )[0]

    assert open_at == {0: 1, 4_999: 1, 5_000: 0}


async def test_t24_commit_in_flight_over_closing_still_counts(
    meet: Meet, store: Any, clock: Any, ticker: Ticker
) -> None:
    clock.go_to(Instant(CLOSES - 10 * MINUTE_MS))
    hoa = await begin_paper(meet)
    clock.go_to(Instant(CLOSES - 1_001))

    # Received one millisecond before closing; the sweep comes while it commits.
    tap = asyncio.create_task(hoa.tap("D"))
    await asyncio.sleep(0)
    clock.go_to(Instant(CLOSES + 5_000))
    await asyncio.gather(tap, ticker.tick())
    await ticker.tick()

    acts = await rows(store, "SELECT act, at FROM transition ORDER BY view")
    assert acts[-2:] == [(1, CLOSES - 1), (8, CLOSES)]
    closings = await rows(store, "SELECT count(*) FROM ledger_queue WHERE kind = 'close'")
    assert closings == [(1,)]


async def test_t28_opening_is_announced_once_to_who_registered_before(
    meet: Meet, store: Any, clock: Any, ticker: Ticker
) -> None:
    clock.go_to(Instant(OPENS - MINUTE_MS))
    await meet().register()
    await ticker.tick()
    before = await rows(store, "SELECT count(*) FROM outbox")
    clock.go_to(Instant(OPENS + 4 * MINUTE_MS))
    await meet(name="Trần Văn Nam").register("84987654321")

    for _ in range(3):
        await ticker.tick()

    assert before == [(0,)]
    assert await rows(store, "SELECT message FROM outbox") == [("notice.opened_late",)]


async def test_reminder_comes_once_three_minutes_before_the_end(
    meet: Meet, store: Any, clock: Any, ticker: Ticker
) -> None:
    await begin_paper(meet)
    due = (await rows(store, "SELECT due FROM attempt"))[0][0]

    told = {}
    for left_ms in (3 * MINUTE_MS + 1_000, 3 * MINUTE_MS, 2 * MINUTE_MS, 1_000):
        clock.go_to(Instant(due - left_ms))
        await ticker.tick()
        told[left_ms] = len(await rows(store, "SELECT message FROM outbox"))

    assert list(told.values()) == [0, 1, 1, 1]
    assert await rows(store, "SELECT message FROM outbox") == [("notice.nudge",)]


async def test_reminders_reach_more_papers_than_one_batch_holds(
    meet: Meet, store: Any, clock: Any, ticker: Ticker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(5):
        hoa = meet(name=f"Nguyễn Thị {'ABCDE'[number]}n")
        await hoa.register(f"8491234567{number}")
        await hoa.open_paper()
    due = (await rows(store, "SELECT min(due) FROM attempt"))[0][0]
    clock.go_to(Instant(due - 2 * MINUTE_MS))

    await ticker.tick()
    await ticker.tick()

    told = await rows(store, "SELECT count(*), count(DISTINCT chat) FROM outbox")
    assert told == [(5, 5)]


async def test_opening_is_announced_beforehand_once_to_who_has_registered(
    meet: Meet, store: Any, clock: Any, desk: Any
) -> None:
    ticker = Ticker(desk, store.jobs, store.attempts, clock, 0, reminder_ms=12 * HOUR_MS)
    clock.go_to(Instant(OPENS - 20 * HOUR_MS))
    await meet().register()

    told = {}
    for before_ms in (12 * HOUR_MS + 60_000, 12 * HOUR_MS, 11 * HOUR_MS, 60_000):
        clock.go_to(Instant(OPENS - before_ms))
        await ticker.tick()
        told[before_ms] = len(await rows(store, "SELECT id FROM outbox"))
    await meet(name="Trần Văn Nam").register("84987654321")
    await ticker.tick()

    assert list(told.values()) == [0, 1, 1, 1]
    assert await rows(store, "SELECT message, batch FROM outbox") == [
        ("notice.reminder", "reminder")
    ]


async def test_t28_scheduler_dead_all_evening_reminds_nobody_of_what_has_come(
    meet: Meet, store: Any, clock: Any, desk: Any
) -> None:
    ticker = Ticker(desk, store.jobs, store.attempts, clock, 0, reminder_ms=12 * HOUR_MS)
    clock.go_to(Instant(OPENS - 20 * HOUR_MS))
    await meet().register()

    clock.go_to(Instant(OPENS - HOUR_MS))
    await ticker.tick()
    at_night = await rows(store, "SELECT count(*) FROM outbox")
    clock.go_to(Instant(OPENS + 1))
    await ticker.tick()

    assert at_night == [(0,)]
    assert await rows(store, "SELECT message FROM outbox") == [("notice.opened",)]


async def test_t23_ticks_go_on_after_the_date_went_back() -> None:
    """What a step back of an hour leaves behind: the next tick is planned for in an hour."""
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    scheduler = schedule(tick)
    scheduler.start()
    keeper = asyncio.create_task(keep_waking(scheduler))
    job = scheduler.get_jobs()[0]
    job.modify(next_run_time=job.next_run_time + timedelta(hours=1))
    try:
        await asyncio.wait_for(ticked.wait(), 30)
    finally:
        keeper.cancel()
        scheduler.shutdown(wait=False)

    assert ticked.is_set()
