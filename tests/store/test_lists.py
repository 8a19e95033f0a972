"""Lists of any length make few statements, and ask for no other members."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event

from handlers.records import StartAttempt
from store.lists import filled
from store.starts import START
from tests.store.conftest import World


@given(st.lists(st.integers(), max_size=70))
def test_a_filled_list_has_the_same_members_and_few_lengths(values: list[int]) -> None:
    found = filled(values)
    assert found[: len(values)] == values
    assert set(found) == set(values)
    assert len(found) in {0, 1, 2, 4, 8, 16, 32, 64, 128}
    assert len(found) < max(1, 2 * len(values))


@contextmanager
def statements() -> Iterator[set[str]]:
    found: set[str] = set()

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.add(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


def _started(orders: list[StartAttempt], connection: Connection) -> object:
    return START.execute(connection, orders)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_batches_of_many_sizes_are_few_statements(world: World) -> None:
    visitors = [await world.register() for _ in range(36)]
    with statements() as found:
        for size in range(1, 9):
            orders = [world.starting(visitors.pop()) for _ in range(size)]
            await world.store.database.write(partial(_started, orders))
    # One statement a step, and each list in the lengths 1, 2, 4 and 8.
    assert len(found) <= 26, sorted(found)
