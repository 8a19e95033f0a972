"""What is asked of the world for counts by unit: at an instant, and day by day."""

from collections.abc import Mapping
from typing import Protocol

from scoring.instant import Instant
from scoring.tallies import Count


class Counts(Protocol):
    async def until(self, instant: Instant) -> Mapping[str, Count]:
        """People and attempts by unit of all full hours before, and of the running hour so far."""

    async def by_day(self, unit: str) -> tuple[tuple[Instant, Count], ...]: ...
