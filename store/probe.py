"""Whether the stores answer, asked without changing anything in them."""

from sqlalchemy import text

from store.redis_cache import RedisCache, connect_redis
from store.sql import connect


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


async def probe_redis(url: str) -> bool:
    cache = RedisCache(connect_redis(url))
    try:
        return await cache.ping()
    finally:
        await cache.close()
