"""What the handlers of those who run the contest ask of the world, beside `handlers.ports`.

One bundle of small Protocols; `store` implements each. Writes that matter take their line of the
audit trail with them, so that both stand or neither.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.office_finishers import Finishers
from handlers.office_groups import GroupPace, UnitChats
from handlers.office_pictures import Pictures, Posters
from handlers.office_tallies import Counts
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
    """The ports of those who run the contest.

    Without `counts` nothing is told of how many take part, without `pictures` it is told in words,
    without `posters` there are none to pass on.
    """

    audit: Audit
    unit_chats: UnitChats
    group_pace: GroupPace
    finishers: Finishers
    counts: Counts | None = None
    pictures: Pictures | None = None
    posters: Posters | None = None
