"""The least that a durable tap can cost the stores: one row in a batch, one GET, one SET.

Run as a process of its own on the bot's core; whoever started it reads the stores' CPU. Prints a
line when it is warm and, after the window, how many rows it wrote.
"""

import asyncio
import sys
import time

import asyncpg
import redis.asyncio

BATCH = 64
"""Half of the 128 taps under way: those that came while the commit before ran."""

SESSION = b"s" * 600
TTL_S = 172_800
_TABLE = """
CREATE TABLE IF NOT EXISTS baseline (
  attempt bigint, view integer, act integer, place integer, choice integer, at bigint,
  PRIMARY KEY (attempt, view))
"""
_INSERT = """
INSERT INTO baseline SELECT * FROM
  unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::bigint[])
"""


async def batch(connection: "asyncpg.Connection", cache: "redis.asyncio.Redis", first: int) -> None:
    """One commit's worth: sessions read, rows inserted, sessions written."""
    people = [f"baseline:{first % 4096 + at}" for at in range(BATCH)]
    async with cache.pipeline(transaction=False) as pipe:
        for one in people:
            pipe.get(one)
        await pipe.execute()
    rows = range(first, first + BATCH)
    ones = [1] * BATCH
    await connection.execute(_INSERT, list(rows), ones, ones, ones, ones, list(rows))
    async with cache.pipeline(transaction=False) as pipe:
        for one in people:
            pipe.set(one, SESSION, ex=TTL_S)
        await pipe.execute()


async def run(database_url: str, redis_url: str, warm_s: float, window_s: float) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(_TABLE)
    cache = redis.asyncio.Redis.from_url(redis_url)
    first, written = 0, 0
    for seconds in (warm_s, window_s):
        until, begun = time.monotonic() + seconds, first
        while time.monotonic() < until:
            await batch(connection, cache, first)
            first += BATCH
        written = first - begun
        sys.stdout.write(f"{written}\n")
        sys.stdout.flush()
    await connection.close()
    await cache.aclose()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
