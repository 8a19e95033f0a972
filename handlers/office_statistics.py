"""What is asked of the world for statistics: counts by one property at a time."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Property(Enum):
    """By what people and attempts are counted."""

    UNIT = "unit"
    AUDIENCE = "audience"
    AGE = "age"
    HOUR = "hour"
    """Hour of the day in the contest's zone, 0 … 23."""
    DAY = "day"
    """Number of the contest's day (`scoring.instant.day_of`)."""
    CHANNEL = "channel"
    RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Tallied:
    """People with a participation and participations, for one value of a property."""

    value: str
    people: int
    attempts: int


class Statistics(Protocol):
    async def by(self, asked: Property) -> tuple[Tallied, ...]:
        """In the order of the property's values."""

    async def by_score(self) -> tuple[tuple[int, int], ...] | None:
        """Right answers and how many participations have so many, from the most.

        None: the contest is not closed in the ledger yet, and nobody may know (DESIGN §4).
        """
