"""Which message shows a chat's live paper: kept in Redis only.

Forgetting it costs a keyboard that stays on an old message; its buttons are of a view that SQL
checks anyway.
"""

from store.redis_cache import RedisCache

TTL_S = 2 * 24 * 3600


class PapersStore:
    def __init__(self, cache: RedisCache, channel: str) -> None:
        self._cache = cache
        self._prefix = f"paper1:{channel}"

    def bind(self, contest: bytes) -> None:
        """Keep the messages of this contest apart from any other's on the same Redis."""
        self._prefix = f"{self._prefix}:{contest.hex()}"

    async def load(self, chat: str) -> int | None:
        data = await self._cache.get(self._key(chat))
        return int(data) if data is not None and data.isdigit() else None

    def keep(self, chat: str, message: int) -> None:
        self._cache.put(self._key(chat), str(message).encode(), TTL_S)

    def _key(self, chat: str) -> str:
        return f"{self._prefix}:{chat}"
