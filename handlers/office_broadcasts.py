"""What is asked of the world for broadcasts."""

from typing import Protocol

from handlers.broadcasts import Audience, Broadcast, BroadcastAct, BroadcastId, Progress
from handlers.records import AccountId, AuditEntry
from scoring.instant import Instant


class Broadcasts(Protocol):
    async def count(self, audience: Audience, attempts_limit: int) -> int:
        """How many chats the audience has now; `attempts_limit` 0: no limit."""

    async def draft(
        self, audience: Audience, words: str, account: AccountId, at: Instant
    ) -> BroadcastId: ...

    async def act(self, broadcast: BroadcastId, act: BroadcastAct, entry: AuditEntry) -> bool:
        """Do it, once; False where the state it needs is not there (any more)."""

    async def resend_dead(self, broadcast: BroadcastId, entry: AuditEntry) -> int:
        """Let its dead letters be sent again; how many there were."""

    async def try_out(self, broadcast: BroadcastId, account: AccountId, at: Instant) -> bool:
        """Send it to one account alone; False where that chat cannot be reached."""

    async def find(self, broadcast: BroadcastId) -> tuple[Broadcast, Progress] | None: ...

    async def latest(self, limit: int) -> tuple[Broadcast, ...]:
        """Newest first."""

    async def words(self, broadcast: BroadcastId) -> str | None:
        """What it says; None where it is not there."""

    async def audience(self, broadcast: BroadcastId) -> Audience | None: ...
