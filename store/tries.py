"""How often an input was begun and not ended: kept in Redis only (FAULTS R3, T53).

An input that ends, well or badly, is forgotten; what stays counted was in hand when a process
died. A lost Redis means more tries, never a lost input.
"""

from collections.abc import Callable

from store.redis_cache import RedisCache

TTL_S = 3600
"""Longer than a platform waits between two deliveries."""


class TriesStore:
    """`prefix` tells whose contest it is: another one may share the Redis."""

    def __init__(self, cache: RedisCache, prefix: Callable[[], str]) -> None:
        self._cache = cache
        self._prefix = prefix

    async def is_first(self, channel: str, event: str) -> bool:
        """Count a first try; False, and nothing counted, where there was one before."""
        return await self._cache.add(self._key(channel, event), b"1", TTL_S)

    async def count(self, channel: str, event: str) -> int:
        """Count one more try; how many there were with it."""
        return await self._cache.increment(self._key(channel, event))

    async def forget(self, channel: str, event: str) -> None:
        """The input has ended, and Redis knows it."""
        self._cache.put(self._key(channel, event), b"", TTL_S)
        await self._cache.settle()

    def forget_soon(self, channel: str, event: str) -> None:
        """The input has ended; nobody waits for that write."""
        self._cache.put(self._key(channel, event), b"", TTL_S)

    def _key(self, channel: str, event: str) -> str:
        return f"{self._prefix()}:tries1:{channel}:{event}"
