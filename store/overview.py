"""What waits in the tables, for metrics and `/readyz`: counted from partial indexes, seldom.

A count is asked of SQL every few seconds at most, however many ask; where SQL does not answer in
time there are no figures, which is itself the answer.
"""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from handlers.ports import StoreAwayError
from store.outbox import IS_WAITING
from store.rebuild import IS_OPEN
from store.sql import Database
from store.tables import ATTEMPT, DEAD_LETTER, LEDGER_QUEUE, OUTBOX

KEPT_S = 5.0
PATIENCE_S = 2.0

_OUTBOX = (
    select(OUTBOX.c.state, func.count().label("messages"))
    .where(IS_WAITING)
    .group_by(OUTBOX.c.state)
)
_OUTBOX_DEAD = select(func.count(OUTBOX.c.id)).where(text("outbox.state = 'dead'"))
# From both ends of the key: the queue may be long, and is taken from its beginning.
_LEDGER = select(func.min(LEDGER_QUEUE.c.id).label("first"))
_LEDGER_LAST = select(func.max(LEDGER_QUEUE.c.id).label("last"))
_LETTERS = select(func.count()).select_from(DEAD_LETTER)
_OPEN = select(func.count(ATTEMPT.c.id)).where(IS_OPEN)


@dataclass(frozen=True, slots=True)
class Overview:
    """Rows that wait: the outbox's by state, the ledger's queue, dead letters, open attempts."""

    outbox_pending: int
    outbox_claimed: int
    outbox_dead: int
    ledger_queue: int
    dead_letters: int
    open_attempts: int


class OverviewStore:
    """One per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking = asyncio.Lock()
        self._known: Overview | None = None
        self._asked_s: float | None = None

    async def look(self) -> Overview | None:
        """The figures, at most `KEPT_S` old; None: SQL did not give them in time."""
        async with self._asking:
            now_s = time.monotonic()
            if self._asked_s is None or now_s - self._asked_s >= KEPT_S:
                self._known = await self._ask()
                self._asked_s = time.monotonic()
            return self._known

    async def _ask(self) -> Overview | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._database.read(_overview)
        except (StoreAwayError, TimeoutError):
            return None


def _overview(connection: Connection) -> Overview:
    waiting = {row.state: row.messages for row in connection.execute(_OUTBOX)}
    first = connection.execute(_LEDGER).scalar()
    last = connection.execute(_LEDGER_LAST).scalar()
    return Overview(
        outbox_pending=waiting.get("pending", 0),
        outbox_claimed=waiting.get("claimed", 0),
        outbox_dead=connection.execute(_OUTBOX_DEAD).scalar_one(),
        ledger_queue=0 if first is None or last is None else last - first + 1,
        dead_letters=connection.execute(_LETTERS).scalar_one(),
        open_attempts=connection.execute(_OPEN).scalar_one(),
    )
