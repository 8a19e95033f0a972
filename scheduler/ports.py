"""What the scheduler asks of the store, as Protocols."""

from typing import Protocol

from handlers.records import AccountId, Notice, Sender, Session
from scoring.instant import Instant


class Jobs(Protocol):
    async def is_done(self, job: str, planned_at: Instant) -> bool: ...

    async def announce(self, job: str, planned_at: Instant, notice: Notice, at: Instant) -> bool:
        """Once: a message to all who had registered by then; False where it was done before."""

    async def tell(
        self, job: str, planned_at: Instant, account: AccountId, notice: Notice, at: Instant
    ) -> bool:
        """Once: a message to one account."""

    async def close(self, planned_at: Instant, at: Instant) -> bool:
        """Once, and only when no attempt is open: the ledger's `close`."""


class OpenAttempts(Protocol):
    async def open_attempts(
        self,
        due_before: Instant | None,
        limit: int,
        due_after: Instant = ...,
        beyond: int = ...,
    ) -> tuple[tuple[Sender, Session], ...]:
        """Open attempts by id whose own limit is in (`due_after`, `due_before`]; None: all.

        `beyond` leaves out ids up to it: the next batch of many.
        """
