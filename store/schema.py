"""The schema's version: brought to head when a store opens, by one process at a time."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text

from handlers.ports import HoithiError
from store.sql import Database

HEAD = "0005"
"""The newest migration; a test holds it against the files."""

OPENING_LOCK = 0x486F6974
"""PostgreSQL's advisory lock for what only one opening process may do at a time."""

_MIGRATION_S = 600.0
_VERSION = text("SELECT version_num FROM alembic_version")


class SchemaError(HoithiError):
    """The database has a version that this program does not know."""


async def migrate(database: Database) -> None:
    """Bring the schema to head; several processes may call this at once.

    Raises:
        SchemaError: a newer program made this database.
        StoreAwayError: SQL is away.
    """
    if await database.read(version_of) != HEAD:
        await database.write(_upgrade, _MIGRATION_S)


def version_of(connection: Connection) -> str | None:
    """The version of the schema; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(_VERSION).scalar()
    return version


def lock_opening(connection: Connection) -> None:
    """Hold other openings back until this transaction ends (SQLite: its BEGIN does)."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(OPENING_LOCK)))


def alembic_config(connection: Connection) -> Any:
    """Alembic's settings for a run on that connection, inside its transaction."""
    # Slow to import, and needed only where the schema is not at head.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (see above)
    from alembic.util import CommandError  # noqa: PLC0415

    lock_opening(connection)
    found = version_of(connection)
    if found == HEAD:
        return
    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise SchemaError(f"schema version {found!r} is not known here: {error}") from error
