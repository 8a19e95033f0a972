"""getUpdates: the long poll, and the conflicts between two of them."""

import asyncio
import time
from typing import Any

from rehearsal.errors import conflict
from rehearsal.updates import Update, UpdateQueue

MAX_TIMEOUT_S = 50
_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
# A bot that asks the same again is slowed down: it has not understood offsets.
_SAME_OFFSET_S = 3
_SAME_OFFSET_HARD_S = 0.5


class Poller:
    def __init__(self, queue: UpdateQueue) -> None:
        self._queue = queue
        self._waiting: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_at = 0.0
        queue.on_add.append(self._wake)

    @property
    def is_used(self) -> bool:
        """Somebody waits now, or asked within the last minute."""
        is_recent = self._last_at > 0 and time.monotonic() - self._last_at < 60  # noqa: PLR2004
        return self._waiting is not None or is_recent

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[dict[str, Any]]:
        limit, timeout_s = self._slowed(offset, limit, timeout_s)
        given = self._queue.poll(offset, limit)
        if not given and timeout_s > 0:
            # As on the real server, only a poll that has to wait ends the one that waits.
            self.abort(_OTHER_POLL)
            await self._wait(timeout_s)
            given = self._queue.poll(offset, limit)
        return [each.body for each in given]

    def abort(self, reason: str) -> None:
        """Ends the waiting poll with a 409."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(conflict(reason))
        self._waiting = None

    def release(self) -> None:
        """Ends the waiting poll with what there is."""
        self._wake(None)

    def _wake(self, _: Update | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _wait(self, timeout_s: int) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            async with asyncio.timeout(timeout_s):
                await waiting
        except TimeoutError:
            pass
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def _slowed(self, offset: int, limit: int, timeout_s: int) -> tuple[int, int]:
        now = time.monotonic()
        since = now - self._last_at if offset == self._last_offset else _SAME_OFFSET_S
        self._last_offset, self._last_at = offset, now
        if since < _SAME_OFFSET_S:
            timeout_s = max(timeout_s, _SAME_OFFSET_S)
        return (1 if since < _SAME_OFFSET_HARD_S else limit), timeout_s
