"""What is forgotten by the clock: events after 48 hours, what nobody went on with after 7 days.

Dialogues and claims are such, and links of groups that ended or were never answered. Any number of
processes may do it; looking once an hour is soon enough.
"""

from dataclasses import dataclass
from typing import Protocol

import structlog

from handlers.ports import Clock
from scoring.instant import HOUR_MS, Instant

KEPT_EVENTS_MS = 48 * HOUR_MS
"""FAULTS R3: the platform delivers again for 24 hours at most."""
KEPT_DIALOGUES_MS = 7 * 24 * HOUR_MS
"""DESIGN §6: a dialogue dies at completion, at /huy or after 7 days; the rest goes with it."""

log = structlog.get_logger(__name__)


class Retention(Protocol):
    async def forget(self, events_before: Instant, dialogues_before: Instant, now: Instant) -> int:
        """Forget a bounded number of what is older; how many there were, 0 at the end."""


@dataclass(slots=True)
class Forgetter:
    retention: Retention
    clock: Clock
    looked_at: Instant | None = None

    async def tick(self) -> None:
        """Forget what is old, in bounded steps; does nothing within the hour after."""
        now = self.clock.now()
        if self.looked_at is not None and 0 <= now - self.looked_at < HOUR_MS:
            return
        total = 0
        while count := await self._forget(now):
            total += count
        self.looked_at = now
        if total:
            log.info("forgotten", rows=total)

    async def _forget(self, now: Instant) -> int:
        events_before = Instant(now - KEPT_EVENTS_MS)
        return await self.retention.forget(events_before, Instant(now - KEPT_DIALOGUES_MS), now)
