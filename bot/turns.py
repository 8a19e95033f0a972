"""One input of a person at a time within a process; SQL decides across processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.records import Sender


class Turns:
    """Locks by sender, first come first served, forgotten when nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[Sender, asyncio.Lock] = {}
        self._waiting: dict[Sender, int] = {}

    @asynccontextmanager
    async def of(self, sender: Sender) -> AsyncIterator[None]:
        lock = self._locks.setdefault(sender, asyncio.Lock())
        self._waiting[sender] = self._waiting.get(sender, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[sender] -= 1
            if not self._waiting[sender]:
                del self._waiting[sender], self._locks[sender]
