"""The house: a rehearsal's clock is moved by nobody's leave but its own, and between ticks."""

import asyncio

import pytest

from bot.house import LAST_INSTANT, House
from scoring.instant import Instant

NINE = Instant(1_765_332_000_000)


@pytest.mark.parametrize(
    ("to", "rate"),
    [
        (LAST_INSTANT, None),
        (Instant(-1), None),
        (None, 10_001),
        (None, -1),
        (None, 0),
        (NINE, 10_001),
    ],
    ids=str,
)
async def test_clock_is_not_moved_out_of_bounds(
    house: House, to: Instant | None, rate: int | None
) -> None:
    before = house.clock.anchor

    with pytest.raises(ValueError, match="rate"):
        await house.move_clock(to, rate)

    assert house.clock.anchor == before


async def test_moving_back_begins_a_new_contest_and_forward_does_not(house: House) -> None:
    first = house.desk.contest.id

    await house.move_clock(Instant(NINE + 3_600_000), 60)
    forward = house.desk.contest.id
    await house.move_clock(NINE, None)

    assert forward == first
    assert house.desk.contest.id != first
    assert house.clock.anchor is not None
    assert (house.clock.anchor.contest, house.clock.anchor.rate) == (NINE, 60)


async def test_clock_is_not_moved_while_a_tick_acts_by_it(house: House) -> None:
    before = house.clock.anchor

    async with house.ticking:
        moving = asyncio.create_task(house.move_clock(Instant(NINE + 1), None))
        await asyncio.sleep(0)
        held = house.clock.anchor
    await moving

    assert held == before
    assert house.clock.anchor != before
