"""Lists of any length make one statement, and ask for exactly their members."""

from functools import partial

import pytest
from sqlalchemy import Connection, select

from handlers.records import StartAttempt
from store.lists import among
from store.starts import START
from store.tables import PARTICIPANT
from tests.store.conftest import World
from tests.store.statements import sent

NUMBER = PARTICIPANT.c.number
BY_NUMBER = select(NUMBER).order_by(NUMBER)
LISTED = BY_NUMBER.where(among(NUMBER, "numbers"))
OTHERS = BY_NUMBER.where(~among(NUMBER, "numbers"))


@pytest.mark.parametrize("numbers", [[], [2], [1, 3], [3, 3, 1], list(range(-500, 3))])
async def test_among_asks_for_exactly_the_members(world: World, numbers: list[int]) -> None:
    for _ in range(3):
        await world.register()

    def read(connection: Connection) -> list[list[int]]:
        asked = {"numbers": numbers}
        return [list(connection.execute(one, asked).scalars()) for one in (LISTED, OTHERS)]

    listed, others = await world.store.database.read(read)

    assert listed == [one for one in (1, 2, 3) if one in numbers]
    assert others == [one for one in (1, 2, 3) if one not in numbers]


def _started(orders: list[StartAttempt], connection: Connection) -> object:
    return START.execute(connection, orders)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_batches_of_many_sizes_are_the_same_statements(world: World) -> None:
    visitors = [await world.register() for _ in range(35)]

    async def start(size: int) -> set[str]:
        orders = [world.starting(visitors.pop()) for _ in range(size)]
        with sent() as said:
            await world.store.database.write(partial(_started, orders))
        return {statement for statement, _ in said}

    # What is inserted alone is asked for its key by SQLAlchemy: from two on nothing changes.
    first = await start(2)
    assert len(first) > 4
    for size in range(3, 9):
        assert await start(size) == first
