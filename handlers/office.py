"""What the handlers of those who run the contest ask of the world, beside `handlers.ports`.

One bundle of small Protocols; `store` implements each. Writes that matter take their line of the
audit trail with them, so that both stand or neither.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from handlers.daily_tallies import NoPictures, Tallies, TallyPictures
from handlers.office_bank import BankDesk
from handlers.office_broadcasts import Broadcasts
from handlers.office_finishers import Finishers
from handlers.office_groups import GroupPace, UnitChats
from handlers.office_links import FileLinks, Uploads
from handlers.office_persons import Corrections, ExtraTimes, Persons, Voids
from handlers.office_pictures import Pictures, Posters
from handlers.office_proposals import Proposals
from handlers.office_reminders import Reminders
from handlers.office_roles import Exclusions, Invitations, Roles
from handlers.office_statistics import Statistics
from handlers.office_steering import Glances, WindowDecisions
from handlers.office_tallies import Counts
from handlers.records import AuditEntry

HEALTH_FACTS = (
    "alarms",
    "backlog",
    "dead",
    "heartbeat_s",
    "is_redis_up",
    "is_sql_up",
    "ledger_queue",
    "open_attempts",
    "received_s",
    "tick_s",
    "waiting",
)


class Audit(Protocol):
    async def record(self, entry: AuditEntry) -> None:
        """A line for what changed nothing: a look, a refusal."""

    async def latest(
        self, limit: int, before: int | None = None, *, has_uses: bool = False
    ) -> tuple[tuple[int, AuditEntry], ...]:
        """Lines with their ids, newest first, below the id `before`; looks where asked for."""


Health = Callable[[], Awaitable[Mapping[str, object]]]
"""How the machine does, as placeholders of `health.shown`; the process knows."""


async def _nothing_known() -> Mapping[str, object]:
    """Where no process runs."""
    return dict.fromkeys(HEALTH_FACTS)


@dataclass(slots=True, kw_only=True)
class Office:
    """The ports of those who run the contest.

    Without `pictures` figures are told in words alone, without `posters` there are none to pass on.
    `public_url`: where browsers reach our server, without a slash at the end; "" where none does.
    """

    audit: Audit
    broadcasts: Broadcasts
    roles: Roles
    invitations: Invitations
    exclusions: Exclusions
    proposals: Proposals
    window_decisions: WindowDecisions
    glances: Glances
    statistics: Statistics
    persons: Persons
    corrections: Corrections
    voids: Voids
    extra_times: ExtraTimes
    counts: Counts
    tallies: Tallies
    unit_chats: UnitChats
    group_pace: GroupPace
    finishers: Finishers
    links: FileLinks
    uploads: Uploads
    reminders: Reminders
    health: Health = _nothing_known
    bank: BankDesk | None = None
    public_url: str = ""
    pictures: Pictures | None = None
    posters: Posters | None = None
    tally_pictures: TallyPictures = field(default_factory=NoPictures)
