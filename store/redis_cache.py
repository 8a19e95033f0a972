"""Redis as a cache that may fail: reads that share a trip, writes that nobody waits for.

A failure is counted, never raised; after one, Redis is left alone for a second, so that a dead
or hanging server costs one short wait and not one per tap.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

TIMEOUT_S = 0.5
REST_S = 1.0
"""How long Redis is left alone after a failure."""

_Entry = tuple[bytes, int]
_Waiter = asyncio.Future[bytes | None]
_CONNECTIONS = 32
# One command and one answer however many keys: a pipeline's answers cost more than its writes.
# MSETEX does that in a quarter of the script's time, where the server is new enough to know it.
_PUT = """
for i, key in ipairs(KEYS) do
  local data = ARGV[2 * i - 1]
  if data == '' then
    redis.call('DEL', key)
  else
    redis.call('SET', key, data, 'EX', ARGV[2 * i])
  end
end
"""
_FAILURES = (RedisError, OSError, TimeoutError, ValueError)


@dataclass(slots=True)
class RedisCounts:
    """What went over the wire since the start, for metrics and tests."""

    reads: int = 0
    writes: int = 0
    failures: int = 0


def connect_redis(url: str) -> "Redis":
    """A client that fails fast: no retries, half a second for anything."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=TIMEOUT_S,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        protocol=3,
    )
    return Redis.from_pool(pool)


class RedisCache:
    """Bytes by key. Made inside a running event loop."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self.counts = RedisCounts()
        self._asked: dict[str, list[_Waiter]] = {}
        self._unwritten: dict[str, _Entry] = {}
        self._in_flight: dict[str, _Entry] = {}
        self._writing: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._rests_until = 0.0
        self._is_closed = False
        self._knows_msetex = True

    async def get(self, key: str) -> bytes | None:
        """The bytes under the key as this process last left them, else as Redis has them."""
        own = self._unwritten.get(key) or self._in_flight.get(key)
        if own is not None:
            return own[0] or None
        if self._is_resting():
            return None
        waiter: _Waiter = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all(), name="redis-reads")
        self._asked.setdefault(key, []).append(waiter)
        return await waiter

    async def add(self, key: str, data: bytes, ttl_s: int) -> bool:
        """Write where nothing is; False where something was. True where Redis is away."""
        if self._is_resting():
            return True
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._redis.set(key, data, ex=ttl_s, nx=True) is not None
        except _FAILURES:
            self._fail()
            return True

    async def increment(self, key: str) -> int:
        """The number under the key, raised by one; 1 where Redis is away or holds no number."""
        if self._is_resting():
            return 1
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return int(await self._redis.incr(key))
        except _FAILURES:
            self._fail()
            return 1

    def put(self, key: str, data: bytes, ttl_s: int) -> None:
        """Write in the background, to live `ttl_s`; no bytes forget the key."""
        if self._is_closed:
            return
        self._unwritten[key] = (data, ttl_s)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="redis-writes")

    async def ping(self) -> bool:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return bool(await self._redis.ping())
        except _FAILURES:
            return False

    async def settle(self) -> None:
        """Wait until what was put has gone out, or failed."""
        if self._writing is not None:
            await self._writing

    async def close(self) -> None:
        self._is_closed = True
        await self.settle()
        if self._reading is not None:
            await self._reading
        await self._redis.aclose()

    async def _read_all(self) -> None:
        """What is asked for while a trip is under way shares the next one."""
        try:
            while self._asked:
                asked, self._asked = self._asked, {}
                await self._read(asked)
        finally:
            self._reading = None
            _tell(self._asked, [None] * len(self._asked))

    async def _read(self, asked: dict[str, list[_Waiter]]) -> None:
        found: Sequence[bytes | None] = [None] * len(asked)
        try:
            found = await self._fetch(list(asked))
        finally:
            _tell(asked, found)

    async def _fetch(self, keys: list[str]) -> Sequence[bytes | None]:
        if self._is_resting():
            return [None] * len(keys)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                found = await self._redis.mget(keys)
        except _FAILURES:
            self._fail()
            return [None] * len(keys)
        self.counts.reads += 1
        return [one if isinstance(one, bytes) else None for one in cast("list[object]", found)]

    async def _write_all(self) -> None:
        try:
            while self._unwritten:
                self._in_flight, self._unwritten = self._unwritten, {}
                if not self._is_resting():
                    await self._write(self._in_flight)
        finally:
            self._in_flight = {}
            self._writing = None

    async def _write(self, entries: dict[str, _Entry]) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                ttl_s = _common_ttl(entries)
                if ttl_s is None or not self._knows_msetex:
                    await self._put_by_script(entries)
                else:
                    await self._put_at_once(entries, ttl_s)
        except _FAILURES:
            self._fail()
        else:
            self.counts.writes += 1

    async def _put_at_once(self, entries: Mapping[str, _Entry], ttl_s: int) -> None:
        pairs = chain.from_iterable((key, data) for key, (data, _) in entries.items())
        try:
            await self._redis.execute_command(  # type: ignore[no-untyped-call]
                "MSETEX", len(entries), *pairs, "EX", ttl_s
            )
        except ResponseError as error:
            if "unknown command" not in str(error):
                raise
            self._knows_msetex = False
            await self._put_by_script(entries)

    async def _put_by_script(self, entries: Mapping[str, _Entry]) -> None:
        values: chain[bytes | int] = chain.from_iterable(entries.values())
        await self._redis.eval(_PUT, len(entries), *entries, *values)

    def _is_resting(self) -> bool:
        return time.monotonic() < self._rests_until

    def _fail(self) -> None:
        self.counts.failures += 1
        self._rests_until = time.monotonic() + REST_S


def _tell(asked: Mapping[str, list[_Waiter]], found: Sequence[bytes | None]) -> None:
    """Whoever asked hears what was found, key by key."""
    for waiters, data in zip(asked.values(), found, strict=True):
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(data)


def _common_ttl(entries: Mapping[str, _Entry]) -> int | None:
    """The one time to live of all that is written; None: several, or something to forget."""
    ttls = {ttl_s if data else 0 for data, ttl_s in entries.values()}
    ttl_s = ttls.pop()
    return None if ttls or not ttl_s else ttl_s
