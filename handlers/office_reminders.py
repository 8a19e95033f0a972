"""What is asked of the world for reminders: lining them up once, and letting people switch off.

A person hears at most one a day, and none once he has switched them off.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.records import AccountId
from scoring.instant import Instant
from scoring.limits import AttemptLimits
from scoring.tallies import Count

LEADERS, UNSTARTED, SPARE = "remind.leaders", "remind.unstarted", "remind.spare"
"""The messages: to leaders under target, to who never started, to who has an attempt left."""


@dataclass(frozen=True, slots=True)
class UnderTarget:
    """A unit whose leaders are reminded; `pace` as in a tally."""

    unit: str
    count: Count
    target: int
    pace: int | None


@dataclass(frozen=True, slots=True)
class RemindLeaders:
    """`planned_at` with the job is the key; `day_start` begins the day of `at`."""

    planned_at: Instant
    at: Instant
    day_start: Instant
    units: tuple[UnderTarget, ...]


@dataclass(frozen=True, slots=True)
class RemindSlice:
    """Accounts of one slice by id, the first of them 0."""

    planned_at: Instant
    at: Instant
    day_start: Instant
    slice: int
    limits: AttemptLimits


@dataclass(frozen=True, slots=True)
class LinedUp:
    """A reminder that is about to be sent; `day_start` begins the day of now."""

    message: str
    channel: str
    chat: str
    day_start: Instant
    limits: AttemptLimits


class Reminders(Protocol):
    async def is_done(self, job: str, planned_at: Instant) -> bool: ...

    async def remind_leaders(self, order: RemindLeaders) -> int | None:
        """How many accounts; None: done before."""

    async def slices(self) -> int:
        """How many slices all accounts make."""

    async def remind_slice(self, order: RemindSlice) -> int | None:
        """How many accounts of the slice; None: done before."""

    async def finish(self, job: str, planned_at: Instant, at: Instant) -> None:
        """No slice of it is left."""

    async def is_wanted(self, reminder: LinedUp) -> bool:
        """Whether it may still go out: people go on, and switch reminders off, meanwhile."""

    async def is_on(self, account: AccountId) -> bool: ...

    async def switch(self, account: AccountId, *, is_on: bool) -> None: ...
