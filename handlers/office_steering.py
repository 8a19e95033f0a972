"""What is asked of the world to steer the contest: how it stands, and decisions on its window."""

from dataclasses import dataclass
from typing import Protocol

from handlers.records import AuditEntry
from scoring.contest import Ruling


@dataclass(frozen=True, slots=True)
class Glance:
    """How the contest stands now; people and attempts side by side.

    `waiting` and `dead` are messages of the outbox, `proposals` those that wait for a second
    person, `organisers` how many could be one.
    """

    registered: int
    people: int
    attempts: int
    open_attempts: int
    waiting: int
    dead: int
    proposals: int
    organisers: int


class Glances(Protocol):
    async def look(self) -> Glance: ...


class WindowDecisions(Protocol):
    async def decide(self, ruling: Ruling, entry: AuditEntry) -> bool:
        """Pause or go on; False: the contest is not in the phase that it needs (any more)."""
