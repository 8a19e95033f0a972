import asyncio
from dataclasses import replace
from typing import Any

import pytest

from handlers.ports import StoreAwayError
from scoring.attempt import AttemptId


async def test_alone_a_work_is_exactly_one_commit(world: Any):
    _, session = await world.open_paper()
    before = world.store.writer.counts.commits

    await world.store.attempts.record(world.choosing(session))

    assert world.store.writer.counts.commits == before + 1


async def test_200_taps_at_once_share_commits(world: Any):
    sessions = [(await world.open_paper())[1] for _ in range(200)]
    counts = world.store.writer.counts
    before = replace(counts)

    outcomes = await asyncio.gather(
        *(world.store.attempts.record(world.choosing(session)) for session in sessions)
    )

    assert outcomes == [None] * 200
    assert counts.works - before.works == 200
    assert counts.commits - before.commits <= 20


async def test_a_poisoned_work_harms_only_itself(world: Any):
    sessions = [(await world.open_paper())[1] for _ in range(5)]
    taps = [world.choosing(session) for session in sessions]
    poison = replace(taps[2], attempt=AttemptId(2**80))
    taps[2] = poison

    outcomes = await asyncio.gather(
        *(world.store.attempts.record(tap) for tap in taps), return_exceptions=True
    )

    assert [outcome for outcome in outcomes if outcome is None] == [None] * 4
    assert isinstance(outcomes[2], Exception)
    assert not isinstance(outcomes[2], StoreAwayError)
    assert len(await world.rows("transition")) == 4


async def test_a_cancelled_awaiter_does_not_break_the_batch(world: Any):
    sessions = [(await world.open_paper())[1] for _ in range(4)]
    tasks = [
        asyncio.create_task(world.store.attempts.record(world.choosing(session)))
        for session in sessions
    ]
    await asyncio.sleep(0)
    tasks[1].cancel()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert [outcomes[0], *outcomes[2:]] == [None] * 3
    assert isinstance(outcomes[1], asyncio.CancelledError)


async def test_closing_commits_what_was_handed_in(world: Any, another: Any):
    _, session = await world.open_paper()
    async with another() as other:
        tap = asyncio.create_task(other.attempts.record(world.choosing(session)))
        await asyncio.sleep(0)

    assert await tap is None
    with pytest.raises(StoreAwayError):
        await other.attempts.record(world.choosing(session))


async def test_results_come_only_after_commit(world: Any, another: Any):
    """What a caller was told is there for another process at once."""
    _, session = await world.open_paper()
    tap = world.choosing(session)
    async with another() as other:
        await world.store.attempts.record(tap)

        assert await other.attempts.recorded_at(tap.attempt, tap.view) == tap
