"""The recount: whether the buckets of all units are what the rows say, looked at now and then.

Slice by slice and never in anybody's way; what differs is looked at once more, since people go on
meanwhile. Decides which hours are compared and what counts as a difference; who hears of it is
the process's business.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from handlers.ports import Clock
from scoring.instant import HOUR_MS, Instant
from scoring.tallies import NOBODY, Count

SLICE = 2_000
"""People in one statement: some tens of milliseconds of the database."""

PAUSE_S = 0.1
SETTLED_MS = HOUR_MS // 6
"""An hour is compared once it has been over for so long: late endings have come in by then."""

Counted = Mapping[tuple[str, int], Count]


class Recounts(Protocol):
    async def people(self) -> int: ...

    async def buckets(self, before: Instant) -> Counted: ...

    async def rows(self, before: Instant, beyond: int, upper: int) -> Counted: ...


@dataclass(slots=True)
class Recounter:
    recounts: Recounts
    clock: Clock
    pause_s: float = PAUSE_S

    async def differing(self) -> tuple[str, ...]:
        """The units whose buckets are wrong, twice in the same way."""
        before = Instant((self.clock.now() - SETTLED_MS) // HOUR_MS * HOUR_MS)
        first = await self._differences(before)
        if not first:
            return ()
        second = await self._differences(before)
        return tuple(sorted({unit for (unit, hour), _ in first.items() & second.items()}))

    async def _differences(self, before: Instant) -> dict[tuple[str, int], Count]:
        """By how much the buckets are above the rows."""
        people = await self.recounts.people()
        found: dict[tuple[str, int], Count] = {}
        for beyond in range(0, people, SLICE):
            slice_ = await self.recounts.rows(before, beyond, min(people, beyond + SLICE))
            for bucket, count in slice_.items():
                found[bucket] = found.get(bucket, NOBODY) - count
            await asyncio.sleep(self.pause_s)
        for bucket, count in (await self.recounts.buckets(before)).items():
            found[bucket] = found.get(bucket, NOBODY) + count
        return {bucket: count for bucket, count in found.items() if count != NOBODY}
