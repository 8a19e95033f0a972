import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from store.schema import HEAD, SchemaError, alembic_config, migrate, version_of
from store.sql import Database, connect
from store.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest):
    name = "sqlite_url" if request.param == "sqlite" else "empty_postgres_url"
    return request.getfixturevalue(name)


@pytest.fixture
async def database(empty_url: str):
    database = connect(empty_url)
    yield database
    await database.close()


async def test_migrations_lead_to_the_tables_and_back(database: Database):
    """Up, compared with the metadata, down to nothing, up again."""
    for _ in range(2):
        await migrate(database)
        assert await database.read(version_of) == HEAD
        assert await database.write(differences) == []

        await database.write(lambda one: command.downgrade(alembic_config(one), "base"))
        assert await database.read(lambda one: inspect(one).get_table_names()) == [
            "alembic_version"
        ]


def differences(connection: Connection):
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return compare_metadata(context, metadata)


async def test_head_is_the_newest_migration(database: Database):
    found = await database.write(
        lambda one: ScriptDirectory.from_config(alembic_config(one)).get_heads()
    )

    assert found == [HEAD]


async def test_processes_that_start_at_once_migrate_once(empty_url: str):
    databases = [connect(empty_url) for _ in range(4)]
    try:
        await asyncio.gather(*(migrate(one) for one in databases))

        assert await databases[0].read(version_of) == HEAD
    finally:
        for one in databases:
            await one.close()


async def test_a_newer_database_is_refused(database: Database):
    await migrate(database)
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await database.write(lambda one: one.execute(newer))

    with pytest.raises(SchemaError):
        await migrate(database)
