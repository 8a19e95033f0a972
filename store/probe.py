"""Whether the stores answer, asked without changing anything in them."""

from sqlalchemy import text

from handlers.units import Units
from store.contests import ContestsStore, DeclaredContest
from store.encryption import Vault
from store.heartbeats import last_beat
from store.redis_cache import RedisCache, connect_redis
from store.schema import HEAD, version_of
from store.sql import connect
from store.unit_lists import newest_units


async def probe_sql(url: str) -> None:
    """Return if SQL answers.

    Raises:
        StoreAwayError: it does not.
    """
    database = connect(url)
    try:
        await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    finally:
        await database.close()


async def probe_contest(url: str, data_key: bytes, declared: DeclaredContest) -> bool:
    """Whether the database holds a contest that could be compared; it fits if so.

    Raises:
        StoreAwayError: SQL does not answer.
        HoithiError: as `ContestsStore.open`.
    """
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD:
            return False
        contests = ContestsStore(database, Vault(data_key), lambda _: None)
        return await contests.compare(declared)
    finally:
        await database.close()


async def probe_units(url: str, data_key: bytes) -> Units | None:
    """The list of units in force in that database; None: there is none.

    Raises:
        StoreAwayError: SQL does not answer.
    """
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD:
            return None
        vault = Vault(data_key)
        standing = await database.read(lambda one: newest_units(one, vault))
        return None if standing is None else standing.units
    finally:
        await database.close()


async def probe_heartbeat(url: str) -> int | None:
    """When any process last beat on that database, by the machine's clock; None: never.

    Raises:
        StoreAwayError: SQL does not answer.
    """
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD:
            return None
        return await last_beat(database)
    finally:
        await database.close()


async def probe_redis(url: str) -> bool:
    cache = RedisCache(connect_redis(url))
    try:
        return await cache.ping()
    finally:
        await cache.close()
