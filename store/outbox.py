"""The outbox: messages that answer nobody's input, claimed by one worker at a time (DESIGN §6).

A claim is a lease: a worker that dies leaves its rows to be claimed again when the lease ends.
Written in the transaction of what they tell of; how they are sent and paced is delivery's.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, select, update

from handlers.records import Notice, OutboxMessage
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.tables import OUTBOX

LEASE_MS = 60_000

PENDING, CLAIMED, SENT, DEAD = "pending", "claimed", "sent", "dead"

_WAITING = (
    select(OUTBOX.c.id)
    .where(
        OUTBOX.c.state.in_((PENDING, CLAIMED)), OUTBOX.c.not_before_ms <= bindparam("machine_ms")
    )
    .order_by(OUTBOX.c.not_before_ms, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=CLAIMED, not_before_ms=bindparam("until"), tries=OUTBOX.c.tries + 1)
    .returning(OUTBOX)
)
_SETTLE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("message_id"), OUTBOX.c.state == CLAIMED)
    .values(
        state=bindparam("new_state"),
        not_before_ms=bindparam("until"),
        sent_at=bindparam("new_sent_at"),
        error=bindparam("new_error"),
    )
)


def outbox_values(
    where: tuple[str, str], message: str, arguments: str, at: Instant
) -> dict[str, object]:
    """A new row; `where` is (channel, chat), `arguments` a JSON text."""
    channel, chat = where
    return {
        "channel": channel,
        "chat": chat,
        "message": message,
        "arguments": arguments,
        "created_at": at,
        "not_before_ms": 0,
        "tries": 0,
        "state": PENDING,
    }


def arguments_text(notice: Notice) -> str:
    return orjson.dumps(dict(notice.arguments)).decode()


def _claim(
    connection: Connection, orders: Sequence[tuple[int, int]]
) -> list[tuple[OutboxMessage, ...]]:
    return [_claim_one(connection, most, machine_ms) for most, machine_ms in orders]


def _claim_one(connection: Connection, most: int, machine_ms: int) -> tuple[OutboxMessage, ...]:
    waiting = connection.execute(_WAITING, {"machine_ms": machine_ms, "most": most})
    ids = list(waiting.scalars())
    if not ids:
        return ()
    rows = connection.execute(_CLAIM, {"ids": ids, "until": machine_ms + LEASE_MS})
    return tuple(sorted((_message_of(row) for row in rows), key=lambda one: one.id))


def _message_of(row: Row[Any]) -> OutboxMessage:
    notice = Notice(row.message, orjson.loads(row.arguments))
    return OutboxMessage(row.id, row.channel, row.chat, notice, row.tries)


def _settle(connection: Connection, orders: Sequence[dict[str, object]]) -> list[None]:
    ordered = sorted(orders, key=lambda order: str(order["message_id"]))
    connection.execute(_SETTLE, ordered)
    return [None] * len(orders)


_CLAIM_KIND = Kind(60, _claim)
_SETTLE_KIND = Kind(70, _settle)


class OutboxStore:
    """Times are the machine's milliseconds: leases and back-off are never scaled."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def claim(self, limit: int, machine_ms: int) -> tuple[OutboxMessage, ...]:
        """Up to `limit` messages due at `machine_ms`, leased to the caller for a minute.

        `attempts` counts this claim too: 2 or more means that an earlier one may have been sent.
        """
        claimed: tuple[OutboxMessage, ...]
        claimed = await self._writer.commit(_CLAIM_KIND, (limit, machine_ms))
        return claimed

    async def sent(self, message: int, machine_ms: int | None = None) -> None:
        await self._settle(message, SENT, sent_at=machine_ms)

    async def retry(self, message: int, not_before_ms: int, error: str) -> None:
        """Give the message back; it is claimed again from `not_before_ms` on."""
        await self._settle(message, PENDING, not_before_ms, error=error)

    async def dead(self, message: int, error: str) -> None:
        """Give the message up."""
        await self._settle(message, DEAD, error=error)

    async def _settle(
        self,
        message: int,
        state: str,
        until: int = 0,
        *,
        sent_at: int | None = None,
        error: str | None = None,
    ) -> None:
        values = {
            "message_id": message,
            "new_state": state,
            "until": until,
            "new_sent_at": sent_at,
            "new_error": error,
        }
        await self._writer.commit(_SETTLE_KIND, values)
