import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from handlers.ports import StoreAwayError
from store import sql
from store.house import Store, StoreSettings, open_store
from store.rebuild import _PLAYED_BY_SENDER
from store.sql import DatabaseUrlError, normal_url
from store.transitions import _STANDING_ONE

PRAGMA = "PRAGMA {}"


@pytest.mark.parametrize(
    ("url", "drivername"),
    [
        ("sqlite:///a.db", "sqlite+pysqlite"),
        ("sqlite+aiosqlite:///a.db", "sqlite+pysqlite"),
        ("postgres://u:p%40w@h/d", "postgresql+asyncpg"),
        ("postgresql://u@h/d", "postgresql+asyncpg"),
        ("postgresql+psycopg://u@h/d", "postgresql+asyncpg"),
    ],
)
def test_urls_are_taken_in_any_usual_form(url: str, drivername: str):
    assert normal_url(url).drivername == drivername


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "secret", ""])
def test_a_foreign_url_is_refused_without_repeating_it(url: str):
    with pytest.raises(DatabaseUrlError) as caught:
        normal_url(url)

    assert "secret" not in str(caught.value)


async def test_a_password_with_an_at_sign_survives():
    assert normal_url("postgres://u:p%40w@h/d").password == "p@w"


async def test_sql_answers(store: Store):
    await store.ping_sql()


@pytest.fixture
async def file_world(
    world: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    """The world over SQLite, waiting for locks but a moment; faults of files only."""
    monkeypatch.setattr(sql, "BUSY_MS", 50)
    async with open_store(
        StoreSettings(database_url, "unix:///nowhere.sock", bytes(range(32)))
    ) as impatient:
        yield world.at(impatient)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_t10_a_lock_held_too_long_is_away_and_recovers(world: Any, file_world: Any):
    _, session = await world.open_paper()
    tap = world.choosing(session)
    await asyncio.gather(file_world.visit(world.sender()))
    held, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_connection: Any) -> None:
        loop.call_soon_threadsafe(held.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()

    holding = asyncio.create_task(world.store.database.write(hold))
    await held.wait()
    with pytest.raises(StoreAwayError):
        await file_world.store.attempts.record(tap)
    go.set()
    await holding

    assert await file_world.store.attempts.record(tap) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "mended"),
    [
        ("query_only=ON", "query_only=OFF"),
        ("max_page_count=1", "max_page_count=1000000"),
    ],
    ids=["read-only", "disk full"],
)
async def test_t10_a_file_that_takes_nothing_is_away_and_recovers(
    file_world: Any, fault: str, mended: str
):
    papers = [await file_world.open_paper() for _ in range(3)]
    database = file_world.store.database
    await database.write(lambda one: one.exec_driver_sql(PRAGMA.format(fault)))

    data = [file_world.store.events.dead_letter("tg", f"e{at}", "x" * 9_000, 0) for at in range(3)]
    outcomes = await asyncio.gather(*data, return_exceptions=True)

    assert [type(one) for one in outcomes] == [StoreAwayError] * 3
    with contextlib.closing(database._writer.raw_connection()) as raw:
        raw.driver_connection.execute(PRAGMA.format(mended)).close()
    assert await file_world.store.attempts.record(file_world.choosing(papers[0][1])) is None
    assert await file_world.rows("dead_letter") == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_t10_lost_connections_are_away_and_recover(world: Any, postgres_server: Any):
    _, session = await world.open_paper()
    tap = world.choosing(session)
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    await asyncio.to_thread(postgres_server.psql, kill)

    with pytest.raises(StoreAwayError):
        await world.store.attempts.record(tap)

    assert await world.store.attempts.record(tap) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_t10_a_read_only_server_is_away(world: Any, another: Any):
    _, session = await world.open_paper()
    read_only = text("SET default_transaction_read_only = on")

    async with another() as other:
        await other.database.write(lambda one: one.execute(read_only))
        with pytest.raises(StoreAwayError):
            await other.attempts.record(world.choosing(session))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_t10_a_server_that_does_not_answer_is_away_and_recovers(world: Any):
    hangs = text("SELECT pg_sleep(60)")

    with pytest.raises(StoreAwayError):
        await world.store.database.write(lambda one: one.execute(hangs).all(), 0.1)

    await world.store.ping_sql()
    assert (await world.register()).participant.number == 1


async def test_t10_nobody_at_the_address_is_away(redis_url: str):
    settings = StoreSettings("postgresql://u@127.0.0.1:9/d", redis_url, bytes(32))

    with pytest.raises(StoreAwayError):
        async with open_store(settings):
            pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_statements_of_a_tap_search_by_key(world: Any):
    asked = [
        (_STANDING_ONE, {"attempt": 1, "at_view": 1}),
        (_PLAYED_BY_SENDER, {"channel": "tg", "external_id": "s1"}),
    ]

    plans = [await world.store.database.read(lambda one: plan_of(one, *ask)) for ask in asked]  # noqa: B023

    for plan in plans:
        # "player" is the one account asked about.
        assert {step for step in plan if step.startswith("SCAN")} <= {"SCAN player"}


def plan_of(connection: Any, statement: Any, values: Any) -> list[str]:
    named = statement.params(values)
    compiled = named.compile(connection, compile_kwargs={"literal_binds": True})
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
    return [row[3] for row in rows]
