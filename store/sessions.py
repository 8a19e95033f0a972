"""Sessions: open attempts by sender, cached in Redis and rebuilt from SQL (FAULTS R5, T09).

Whatever is wrong with Redis (away, slow, emptied, another type under the key, bytes of another
version) is the same as an absent entry: SQL answers, slower. No identity field is kept here.
"""

from dataclasses import dataclass

from handlers.records import Sender, Session
from store.rebuild import played_by_sender
from store.redis_cache import RedisCache
from store.session_format import SessionFormat, UnreadableError
from store.sql import Database

TTL_S = 2 * 24 * 3600
"""A session outlives its paper by far; what nobody touches goes by itself."""


@dataclass(slots=True)
class SessionCounts:
    """How loads were answered since the start, for metrics."""

    hits: int = 0
    rebuilt: int = 0
    unreadable: int = 0


class SessionsStore:
    """Loads of one turn of the event loop share one MGET; writes go out in the background."""

    def __init__(self, database: Database, cache: RedisCache) -> None:
        self._database = database
        self._cache = cache
        self._format = SessionFormat()
        self._prefix: str | None = None
        self.counts = SessionCounts()

    def bind(self, contest_id: bytes) -> None:
        """Keep sessions under this contest from now on; before, nothing is cached."""
        self._prefix = contest_id.hex()

    @property
    def prefix(self) -> str:
        """What this contest's keys begin with; empty before there is one."""
        return self._prefix or ""

    async def load(self, sender: Sender) -> Session | None:
        kept = None
        if self._prefix is not None:
            kept = self._read(await self._cache.get(self._key(sender)))
        if kept is not None:
            self.counts.hits += 1
            return kept
        return await self.reload(sender)

    async def reload(self, sender: Sender) -> Session | None:
        session = await self._database.read(lambda one: played_by_sender(one, sender))
        self.counts.rebuilt += 1
        if session is None:
            self.drop(sender)
        else:
            self.keep(sender, session)
        return session

    def keep(self, sender: Sender, session: Session) -> None:
        if self._prefix is not None:
            self._cache.put(self._key(sender), self._format.encode(session), TTL_S)

    def drop(self, sender: Sender) -> None:
        if self._prefix is not None:
            self._cache.put(self._key(sender), b"", TTL_S)

    def _key(self, sender: Sender) -> str:
        return f"{self._prefix}:s1:{sender.channel}:{sender.id}"

    def _read(self, data: bytes | None) -> Session | None:
        if data is None:
            return None
        try:
            return self._format.decode(data)
        except UnreadableError:
            self.counts.unreadable += 1
            return None
