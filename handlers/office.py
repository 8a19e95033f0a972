"""What the handlers of those who run the contest ask of the world, beside `handlers.ports`.

One bundle of small Protocols; `store` implements each. Writes that matter take their line of the
audit trail with them, so that both stand or neither.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.office_broadcasts import Broadcasts
from handlers.office_roles import Exclusions, Invitations, Roles
from handlers.records import AuditEntry


class Audit(Protocol):
    async def record(self, entry: AuditEntry) -> None:
        """A line for what changed nothing: a look, a refusal."""

    async def latest(
        self, limit: int, before: int | None = None
    ) -> tuple[tuple[int, AuditEntry], ...]:
        """Lines with their ids, newest first, below the id `before`."""


@dataclass(slots=True)
class Office:
    """The ports of those who run the contest."""

    audit: Audit
    broadcasts: Broadcasts
    roles: Roles
    invitations: Invitations
    exclusions: Exclusions
