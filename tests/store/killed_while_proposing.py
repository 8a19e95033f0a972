"""A process that proposes by a link and dies by SIGKILL around its first transaction.

Run by `test_claimed_proposals`: what it is to do is JSON on the standard input, for a token and
its code are no arguments for others to see.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from handlers.office_links import ClaimLink
from handlers.proposals import Proposal
from handlers.records import AccountId, AuditEntry
from scoring.instant import Instant
from store.house import StoreSettings, open_store


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """A database whose process dies right before, or right after, it commits."""

    def __init__(self, database: Any, moment: str) -> None:
        self._database = database
        self._moment = moment

    async def write(self, work: Callable[[Any], Any], *limits: float) -> Any:
        def done(connection: Any) -> Any:
            result = work(connection)
            if self._moment == "before":
                die()
            return result

        result = await self._database.write(done, *limits)
        die()
        return result


async def run(asked: dict[str, Any]) -> None:
    account = AccountId(asked["account"])
    entry = AuditEntry(Instant(1), account, "judge", "units.propose", "units", why="sáp nhập")
    used = AuditEntry(Instant(1), account, "judge", "used", "file:units-import")
    claim = ClaimLink(asked["token"], "bank_keys", asked["now_ms"], used, asked["upload"])
    proposal = Proposal("units", {"list": {}}, entry.why, account, entry.at)
    settings = StoreSettings(asked["database"], asked["redis"], bytes.fromhex(asked["key"]))
    async with open_store(settings) as store:
        store.writer.database = Dying(store.writer.database, asked["moment"])  # type: ignore[assignment]
        await store.proposals.propose_claimed(proposal, entry, claim)


if __name__ == "__main__":
    asyncio.run(run(json.load(sys.stdin)))
