"""A timer whose time is moved by hand: tests see who waits how long, and wait for nothing."""

import asyncio
import heapq
import itertools

from bot.timing import Timer


class HandTimer:
    """`slept` keeps every wait that was asked for, in order."""

    def __init__(self, chance: float = 0.0) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self.timer = Timer(lambda: self.now, self.sleep, lambda: chance)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        await woken

    @property
    def next_at(self) -> float | None:
        """When the next sleeper wakes; None: nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    async def pass_s(self, seconds: float) -> None:
        """Let time pass, waking everybody in turn; what follows from it happens."""
        end = self.now + seconds
        await settle()
        while (at := self.next_at) is not None and at <= end:
            self.now = at
            heapq.heappop(self._sleepers)[2].set_result(None)
            await settle()
        self.now = end


async def settle() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(50):
        await asyncio.sleep(0)
