import asyncio
from collections import Counter
from typing import Any

import pytest


async def test_lease_is_one_holder_s_until_it_runs_out(world: Any):
    take = world.store.leases.take

    taken = [
        await take("outbox", "a", 1_000, 16_000),
        await take("outbox", "b", 15_999, 30_999),
        await take("outbox", "b", 16_000, 31_000),
        await take("outbox", "a", 16_001, 31_001),
    ]

    assert taken == [True, False, True, False]


async def test_lease_is_renewed_by_its_holder(world: Any):
    take = world.store.leases.take
    await take("outbox", "a", 1_000, 16_000)

    assert await take("outbox", "a", 6_000, 21_000)

    assert not await take("outbox", "b", 20_999, 40_000)


async def test_lease_given_back_is_free_at_once(world: Any):
    leases = world.store.leases
    await leases.take("outbox", "a", 1_000, 16_000)

    await leases.release("outbox", "b")
    foreign = await leases.take("outbox", "c", 1_001, 16_001)
    await leases.release("outbox", "a")

    assert (foreign, await leases.take("outbox", "c", 1_002, 16_002)) == (False, True)


async def test_leases_of_different_names_do_not_meet(world: Any):
    leases = world.store.leases

    assert await leases.take("outbox", "a", 0, 9)
    assert await leases.take("other", "b", 0, 9)


@pytest.mark.parametrize("rounds", [200])
async def test_processes_that_race_for_a_lease_get_it_one_at_a_time(
    world: Any, another: Any, rounds: int
):
    winners = Counter()
    async with another() as other:
        for at in range(rounds):
            taken = await asyncio.gather(
                world.store.leases.take("outbox", "a", at * 10, at * 10 + 10),
                other.leases.take("outbox", "b", at * 10, at * 10 + 10),
            )
            winners[sum(taken)] += 1

    assert winners == {1: rounds}
