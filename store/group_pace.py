"""How often a group is answered: kept in Redis only. Redis away, a group is answered each time."""

from collections.abc import Callable

from store.redis_cache import RedisCache

EVERY_S = 60


class GroupPaceStore:
    """`prefix` tells whose contest it is: another one may share the Redis."""

    def __init__(self, cache: RedisCache, prefix: Callable[[], str]) -> None:
        self._cache = cache
        self._prefix = prefix

    async def is_due(self, chat: str, what: str) -> bool:
        """Whether `what` was not said there within the last minute; said now, if so."""
        return await self._cache.add(f"{self._prefix()}:pace1:{what}:{chat}", b"1", EVERY_S)
