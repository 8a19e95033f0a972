"""What is kept for a while only: handled events, and what nobody went on with.

A dialogue holds what a person typed, a claim his name, a group's title perhaps somebody's: they die
with the leaving, not when somebody looks (DESIGN §6). Bounded per call, so that nobody waits long
for the writer.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, text

from handlers.records import AccountId, Dialogue
from scoring.instant import Instant
from store.claims import lapse_claims
from store.dialogues import lock_accounts, write_dialogues
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.tables import DIALOGUE, EVENT
from store.unit_chat_rows import forget_links

BATCH = 500

_OLD_EVENTS = (
    select(EVENT.c.channel, EVENT.c.id)
    .where(EVENT.c.kept_since < bindparam("before"))
    .order_by(EVENT.c.kept_since)
    .limit(BATCH)
)
_FORGET_EVENT = delete(EVENT).where(
    EVENT.c.channel == bindparam("of_channel"), EVENT.c.id == bindparam("of_id")
)
# Written out, or no database would answer it from the partial index.
_ABANDONED = (
    select(DIALOGUE.c.account)
    .where(text("dialogue.name != ''"), DIALOGUE.c.at < bindparam("before"))
    .order_by(DIALOGUE.c.at)
    .limit(BATCH)
)


class _Borders(NamedTuple):
    """What is older than these is forgotten."""

    events: Instant
    dialogues: Instant
    now: Instant


class RetentionStore:
    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault
        self._forget = Kind(99, self._forget_all)

    async def forget(self, events_before: Instant, dialogues_before: Instant, now: Instant) -> int:
        """Forget at most `BATCH` of each kind; how many there were in all."""
        borders = _Borders(events_before, dialogues_before, now)
        count: int = await self._writer.commit(self._forget, borders)
        return count

    def _forget_all(self, connection: Connection, orders: Sequence[_Borders]) -> list[int]:
        return [
            _forget_events(connection, order.events)
            + self._end_dialogues(connection, order)
            + lapse_claims(connection, order.dialogues, order.now)
            + forget_links(connection, order.dialogues, BATCH)
            for order in orders
        ]

    def _end_dialogues(self, connection: Connection, borders: _Borders) -> int:
        """The step rises, so that a button of the dead dialogue never fits a later one."""
        found = connection.execute(_ABANDONED, {"before": borders.dialogues}).scalars()
        standing = lock_accounts(connection, set(found))
        ended = {
            AccountId(account): (Dialogue("", one.step + 1), borders.now)
            for account, one in standing.items()
        }
        write_dialogues(connection, self._vault, ended)
        return len(ended)


def _forget_events(connection: Connection, before: Instant) -> int:
    old = connection.execute(_OLD_EVENTS, {"before": before}).all()
    if old:
        connection.execute(
            _FORGET_EVENT, [{"of_channel": row.channel, "of_id": row.id} for row in old]
        )
    return len(old)
