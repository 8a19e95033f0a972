"""What commands share that work beside a running bot, or without one: its database and clock.

SQL is where they meet: nothing is asked of the bot's process.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.clock import Anchor, ContestClock
from bot.data_folder import data_folder
from bot.environment import Environment
from bot.files import load_units
from bot.problems import stop
from bot.settings import Config
from handlers.ports import StoreAwayError
from handlers.units import Units
from scoring.instant import Instant
from store.contests import WrongDataKeyError, check_key
from store.decisions import ClockStore
from store.encryption import Vault
from store.group_commit import Writer
from store.schema import HEAD, version_of
from store.sql import Database, DatabaseUrlError, connect, is_new_file
from store.unit_lists import newest_units


def database_url(config: Config, environment: Environment) -> str:
    """The database that a start with these settings would use; it must be there already."""
    folder = data_folder(config, environment)
    is_own = environment.is_trial or not environment.database_url
    url = folder.database_url if is_own else environment.database_url
    if is_own and is_new_file(url):
        raise stop(url.removeprefix("sqlite:///"), "outbox_no_database")
    return url


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, of this program's version."""
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD:
            raise stop("DATABASE_URL", "outbox_old_schema")
        yield database
    finally:
        await database.close()


async def clock_of(database: Database) -> ContestClock:
    """The contest clock, which a rehearsal keeps in SQL."""
    stored = await ClockStore(database, Writer(database)).load()
    if stored is None:
        return ContestClock()
    return ContestClock(Anchor(Instant(stored.contest_ms), stored.machine_ms, int(stored.rate)))


async def vault_of(config: Config, environment: Environment, database: Database) -> Vault:
    """The keys of the contest in the database.

    Raises:
        SettingsProblemError: there is no key, or it is not the one the contest was made with.
    """
    key = environment.data_key or data_folder(config, environment).key()
    if not key:
        raise stop("HOITHI_DATA_KEY", "data_key_missing")
    vault = Vault(key)
    try:
        await check_key(database, vault)
    except WrongDataKeyError as error:
        raise stop("HOITHI_DATA_KEY", "data_key_wrong") from error
    return vault


async def units_in_force(config: Config, database: Database, vault: Vault) -> Units:
    """The newest list of units in the database; the file's where there is none yet.

    Raises:
        SettingsProblemError: the file is asked for and cannot be read.
    """
    standing = await database.read(lambda connection: newest_units(connection, vault))
    return load_units(config) if standing is None else standing.units


@contextmanager
def sql_told() -> Iterator[None]:
    """SQL that is away, in words."""
    try:
        yield
    except (StoreAwayError, DatabaseUrlError) as error:
        raise stop("DATABASE_URL", "database", why=type(error).__name__) from error
