"""What the handlers of those who run the contest ask of the world, beside `handlers.ports`.

One bundle of small Protocols; `store` implements each. Writes that matter take their line of the
audit trail with them, so that both stand or neither.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.office_bank import BankDesk
from handlers.office_links import FileLinks, Uploads
from handlers.records import AuditEntry


class Audit(Protocol):
    async def record(self, entry: AuditEntry) -> None:
        """A line for what changed nothing: a look, a refusal."""

    async def latest(
        self, limit: int, before: int | None = None
    ) -> tuple[tuple[int, AuditEntry], ...]:
        """Lines with their ids, newest first, below the id `before`."""


@dataclass(slots=True, kw_only=True)
class Office:
    """The ports of those who run the contest.

    `public_url`: where browsers reach our server, without a slash at the end; "" where none does.
    """

    audit: Audit
    links: FileLinks
    uploads: Uploads
    bank: BankDesk | None = None
    public_url: str = ""
