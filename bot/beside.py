"""A contest's database for commands that work beside a running bot, or after it.

Decides which database that is, and refuses one of another version instead of changing it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import Anchor, ContestClock
from bot.data_folder import data_folder
from bot.environment import Environment
from bot.problems import stop
from bot.settings import Config
from scoring.instant import Instant
from store.decisions import ClockStore
from store.group_commit import Writer
from store.schema import HEAD, version_of
from store.sql import Database, connect


def database_url_of(config: Config, environment: Environment) -> str:
    """The database that a start with these settings would use.

    Raises:
        SettingsProblemError: it is not there.
    """
    if environment.database_url:
        return environment.database_url
    path = data_folder(config, environment).path.resolve() / "hoithi.sqlite"
    if not path.exists():
        raise stop(str(path), "outbox_no_database")
    return f"sqlite:///{path}"


@asynccontextmanager
async def opened_database(url: str) -> AsyncIterator[Database]:
    """The database as it stands.

    Raises:
        SettingsProblemError: it is of another version.
        StoreAwayError: it does not answer.
    """
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD:
            raise stop("DATABASE_URL", "outbox_old_schema")
        yield database
    finally:
        await database.close()


async def clock_of(database: Database) -> ContestClock:
    """The contest clock, whose anchor a rehearsal keeps in SQL."""
    stored = await ClockStore(database, Writer(database)).load()
    if stored is None:
        return ContestClock()
    return ContestClock(Anchor(Instant(stored.contest_ms), stored.machine_ms, int(stored.rate)))
