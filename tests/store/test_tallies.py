"""Counts summed from buckets: until an instant, between two, and day by day."""

from typing import Any

import pytest
from sqlalchemy import insert

from scoring.instant import DAY_MS, HOUR_MS, Instant, day_start
from scoring.tallies import NOBODY, Count
from store.tables import UNIT_HOUR
from tests.store.conftest import OPENS
from tests.store.counting import take_part

EIGHT = Instant(OPENS + HOUR_MS)
MIDNIGHT = Instant(day_start(OPENS) + DAY_MS)


@pytest.fixture
async def counted(world: Any) -> Any:
    rows = [
        ("to-1", EIGHT - DAY_MS, 4, 0, 0),
        ("to-1", EIGHT, 3, 2, 2),
        ("to-1", EIGHT + HOUR_MS, 1, 1, 2),
        ("to-1", MIDNIGHT - HOUR_MS, 0, 1, 1),
        ("to-1", MIDNIGHT, 0, 0, 1),
        ("to-2", EIGHT + HOUR_MS, 5, 0, 0),
    ]
    names = [column.name for column in UNIT_HOUR.columns]
    values = [dict(zip(names, row, strict=True)) for row in rows]
    await world.store.database.write(lambda one: one.execute(insert(UNIT_HOUR), values))
    return world.store.counts


@pytest.mark.parametrize(
    ("until", "found"),
    [
        pytest.param(EIGHT - DAY_MS, {}, id="before anything"),
        pytest.param(EIGHT, {"to-1": Count(4, 0, 0)}, id="at a full hour"),
        pytest.param(EIGHT + 1, {"to-1": Count(7, 2, 2)}, id="within the hour, so far"),
        pytest.param(EIGHT + HOUR_MS, {"to-1": Count(7, 2, 2)}, id="at the next"),
        pytest.param(
            MIDNIGHT,
            {"to-1": Count(8, 4, 5), "to-2": Count(5, 0, 0)},
            id="midnight has not begun",
        ),
        pytest.param(
            MIDNIGHT + 1, {"to-1": Count(8, 4, 6), "to-2": Count(5, 0, 0)}, id="midnight has"
        ),
    ],
)
async def test_until_sums_the_hours_that_have_begun(counted: Any, until: int, found: Any):
    assert await counted.until(Instant(until)) == found


async def test_between_tells_what_had_been_counted_by_both(counted: Any):
    now, before = await counted.between(Instant(EIGHT + HOUR_MS), MIDNIGHT)

    assert now == {"to-1": Count(8, 4, 5), "to-2": Count(5, 0, 0)}
    assert before == {"to-1": Count(7, 2, 2), "to-2": NOBODY}


async def test_by_day_tells_what_each_day_brought(counted: Any):
    assert await counted.by_day("to-1") == (
        (Instant(MIDNIGHT - 2 * DAY_MS), Count(4, 0, 0)),
        (Instant(MIDNIGHT - DAY_MS), Count(4, 4, 5)),
        (MIDNIGHT, Count(0, 0, 1)),
    )
    assert await counted.by_day("to-3") == ()


async def test_counts_come_from_what_people_did(world: Any):
    sender = world.sender()
    await world.register(sender)
    await take_part(world, sender, Instant(EIGHT + HOUR_MS))

    until = await world.store.counts.until(Instant(EIGHT + 2 * HOUR_MS))

    assert until == {"to-1": Count(1, 1, 1)}
