"""Probation: what a process started after a death does about an input that kills it (FAULTS T53).

A killed process is started anew, and the platform delivers the same input again within two
minutes. So tries are counted only in the first minutes after such a start: one trip to Redis
then, and none for the rest of the day, when people wait for nothing but their commit. An input
that was in hand when a process died is taken alone, so that it cannot pull others down with it, and
after five tries it is given up.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

TRIES = 5
"""The first of them before anybody counted."""

PROBATION_S = 300.0
"""Beyond the longest time between two deliveries (Bot API: two minutes), however slow a start."""


class Tries(Protocol):
    async def is_first(self, channel: str, event: str) -> bool: ...

    async def count(self, channel: str, event: str) -> int: ...

    async def forget(self, channel: str, event: str) -> None: ...

    def forget_soon(self, channel: str, event: str) -> None: ...


class Probation:
    """Begins when it is made; `length_s` after that nothing is counted any more.

    0 after a clean stop: nothing was in hand when that process ended.
    """

    def __init__(self, tries: Tries, length_s: float = PROBATION_S) -> None:
        self._tries = tries
        self._until = time.monotonic() + length_s
        self._alone = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    @asynccontextmanager
    async def trying(self, channel: str, event: str) -> AsyncIterator[bool]:
        """Whether to handle the input, as the body does; False: it was tried often enough."""
        if await self._tries.is_first(channel, event):
            try:
                yield True
            finally:
                self._tries.forget_soon(channel, event)
            return
        async with self._alone:
            tries = await self._tries.count(channel, event)
            try:
                yield tries < TRIES
            finally:
                await self._tries.forget(channel, event)
