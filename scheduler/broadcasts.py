"""Broadcasts under way: their rows are written slice by slice, and their end is noticed.

Any number of processes may do it; a slice that two begin is written once.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.desk import Desk
from scoring.instant import Instant

MOST_SLICES = 25
"""In one tick: what else is due must not wait for a long list."""


class Broadcasts(Protocol):
    async def go_on(self, attempts_limit: int, at: Instant) -> bool:
        """One step of whatever is under way; False: nothing is."""


@dataclass(slots=True)
class Announcer:
    desk: Desk
    broadcasts: Broadcasts

    async def tick(self) -> None:
        limit = self.desk.contest.rules.limits.attempts
        for _ in range(MOST_SLICES):
            if not await self.broadcasts.go_on(limit, self.desk.clock.now()):
                return
