"""The outbox: messages that answer nobody's input, sent by one process at a time (DESIGN §6).

Written in the transaction of what they tell of. Only the holder of the lease `outbox` claims
rows, and SQL checks it in the claim's own transaction. A claim says "about to be sent": a row
whose claim ran out may have arrived, is sent once more, and then never again. How they are sent
and paced is the sender's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    text,
    update,
)

from handlers.records import Notice, OutboxMessage
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.insertion import arrays, unnested
from store.leases import is_held
from store.lists import among
from store.sql import Database
from store.tables import OUTBOX

LEASE = "outbox"
CLAIM_MS = 90_000
"""How long a claim lasts: longer than sending to a platform may take."""

PENDING, CLAIMED, SENT, DEAD = "pending", "claimed", "sent", "dead"
UNREACHABLE, STALE, DROPPED = "unreachable", "stale", "dropped"
HELD = "held"
"""It waits for the one who paused its batch, and is not looked at meanwhile."""
UNKNOWN = "unknown"
"""The reason of a message of which nobody knows, for the second time, whether it arrived."""

# Written out, or no database would answer it from the partial indexes.
IS_WAITING = text("outbox.state IN ('pending', 'claimed')")
IS_PENDING = text("outbox.state = 'pending'")


class Waiting(NamedTuple):
    """A message that is due; nobody has claimed it."""

    id: int
    chat: str


class Tried(NamedTuple):
    """A message that was claimed once and has not been settled; `not_before_ms` frees it."""

    id: int
    chat: str
    not_before_ms: int


class Claim(NamedTuple):
    """Messages to be sent now, and those that were given up because nobody knows of them."""

    messages: tuple[OutboxMessage, ...] = ()
    lost: tuple[int, ...] = ()


class _Order(NamedTuple):
    ids: tuple[int, ...]
    holder: str
    now_ms: int
    until_ms: int


# A bindparam of its own for each of the two kinds: singles first, they are about what is now.
_DUE = (
    select(OUTBOX.c.id, OUTBOX.c.chat)
    .where(
        IS_WAITING,
        OUTBOX.c.is_bulk == bindparam("is_bulk"),
        OUTBOX.c.not_before_ms <= bindparam("now_ms"),
        ~among(OUTBOX.c.chat, "but_chats"),
    )
    .order_by(OUTBOX.c.not_before_ms, OUTBOX.c.id)
    .limit(bindparam("most"))
)
# New rows have 0: nothing is planned for later but by who tried it.
_TRIED = select(OUTBOX.c.id, OUTBOX.c.chat, OUTBOX.c.not_before_ms).where(
    IS_WAITING, OUTBOX.c.is_bulk == bindparam("is_bulk"), OUTBOX.c.not_before_ms > 0
)
_WAS_CLAIMED = OUTBOX.c.state == CLAIMED
_IS_LOST = and_(_WAS_CLAIMED, OUTBOX.c.is_maybe_twice)
_CLAIM = (
    update(OUTBOX)
    .where(
        among(OUTBOX.c.id, "ids"),
        IS_WAITING,
        OUTBOX.c.not_before_ms <= bindparam("now_ms"),
    )
    .values(
        state=case((_IS_LOST, DEAD), else_=CLAIMED),
        error=case((_IS_LOST, UNKNOWN), else_=OUTBOX.c.error),
        is_maybe_twice=or_(OUTBOX.c.is_maybe_twice, _WAS_CLAIMED),
        not_before_ms=bindparam("until_ms"),
        tries=OUTBOX.c.tries + 1,
    )
    .returning(OUTBOX)
)
_SETTLED = {
    "message_id": OUTBOX.c.id,
    "new_state": OUTBOX.c.state,
    "until": OUTBOX.c.not_before_ms,
    "new_sent_at": OUTBOX.c.sent_at,
    "new_error": OUTBOX.c.error,
    "maybe_twice": OUTBOX.c.is_maybe_twice,
}
"""What settles a message, and the column that each of it is of."""


def _settling(given: Mapping[str, ColumnElement[Any]]) -> Update:
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id == given["message_id"], _WAS_CLAIMED)
        .values(
            state=given["new_state"],
            not_before_ms=given["until"],
            sent_at=given["new_sent_at"],
            error=given["new_error"],
            is_maybe_twice=or_(OUTBOX.c.is_maybe_twice, given["maybe_twice"]),
        )
    )


_SETTLE = _settling({name: bindparam(name) for name in _SETTLED})
_SETTLE_ALL = _settling(dict(unnested(_SETTLED).subquery("given").c))


class Address(NamedTuple):
    """Where a message goes; `thread` is a forum's topic."""

    channel: str
    chat: str
    thread: int | None = None


def outbox_values(
    where: Address | tuple[str, str],
    message: str,
    arguments: str,
    at: Instant,
    batch: str | None = None,
) -> dict[str, object]:
    """A new row; a plain `where` is (channel, chat), `arguments` a JSON text.

    `batch` names what tells many at once; without it the message goes out before any of those.
    """
    address = Address(*where)
    return {
        "channel": address.channel,
        "chat": address.chat,
        "thread": address.thread,
        "message": message,
        "arguments": arguments,
        "batch": batch,
        "is_bulk": batch is not None,
        "created_at": at,
        "not_before_ms": 0,
        "tries": 0,
        "is_maybe_twice": False,
        "state": PENDING,
    }


def arguments_text(notice: Notice) -> str:
    return orjson.dumps(dict(notice.arguments)).decode()


class OutboxStore:
    """Times are the machine's milliseconds: claims and back-off are never scaled.

    `claim_ms` is how long a dead worker's rows stay his.
    """

    def __init__(self, database: Database, writer: Writer, claim_ms: int = CLAIM_MS) -> None:
        self._database = database
        self._writer = writer
        self._claim_ms = claim_ms
        self.settled: Counter[str] = Counter()
        """Messages by the state that this process left them in."""

    async def waiting(
        self, limit: int, machine_ms: int, but_chats: Sequence[str] = ()
    ) -> tuple[Waiting, ...]:
        """Up to `limit` messages due at `machine_ms`, oldest first, single ones before bulk."""
        asked = {"now_ms": machine_ms, "but_chats": list(but_chats)}

        def read(connection: Connection) -> list[Waiting]:
            found: list[Waiting] = []
            for is_bulk in (False, True):
                left = limit - len(found)
                if left > 0:
                    rows = connection.execute(_DUE, {**asked, "is_bulk": is_bulk, "most": left})
                    found += [Waiting(row.id, row.chat) for row in rows]
            return found

        return tuple(await self._database.read(read))

    async def tried(self) -> tuple[Tried, ...]:
        """What was begun by whoever sent before and is not settled: few, and in no order."""

        def read(connection: Connection) -> list[Tried]:
            return [
                Tried(row.id, row.chat, row.not_before_ms)
                for is_bulk in (False, True)
                for row in connection.execute(_TRIED, {"is_bulk": is_bulk})
            ]

        return tuple(await self._database.read(read))

    async def claim(self, ids: Sequence[int], holder: str, machine_ms: int) -> Claim:
        """Those of the messages that are still due; none where `holder` has not the lease.

        `attempts` counts this claim too.
        """
        until_ms = machine_ms + self._claim_ms
        order = _Order(tuple(ids), holder, machine_ms, until_ms)
        claim: Claim = await self._writer.commit(_CLAIM_KIND, order)
        self.settled[DEAD] += len(claim.lost)
        return claim

    async def sent(self, message: int, machine_ms: int | None = None) -> None:
        await self._settle(message, new_state=SENT, new_sent_at=machine_ms)

    async def retry(
        self, message: int, not_before_ms: int, error: str, *, is_maybe_twice: bool = False
    ) -> None:
        """Give the message back; it is claimed again from `not_before_ms` on.

        `is_maybe_twice`: it may have arrived.
        """
        await self._settle(
            message,
            new_state=PENDING,
            until=not_before_ms,
            new_error=error,
            maybe_twice=is_maybe_twice,
        )

    async def dead(self, message: int, error: str) -> None:
        """Give the message up, for somebody to look at."""
        await self._settle(message, new_state=DEAD, new_error=error)

    async def unreachable(self, message: int) -> None:
        await self._settle(message, new_state=UNREACHABLE)

    async def stale(self, message: int) -> None:
        """It would say what is not so any more: nobody gets it."""
        await self._settle(message, new_state=STALE)

    async def _settle(self, message: int, **values: object) -> None:
        usual = {"until": 0, "new_sent_at": None, "new_error": None, "maybe_twice": False}
        await self._writer.commit(_SETTLE_KIND, {"message_id": message, **usual, **values})
        self.settled[str(values["new_state"])] += 1


def _claim(connection: Connection, orders: Sequence[_Order]) -> list[Claim]:
    return [_claim_one(connection, order) for order in orders]


def _claim_one(connection: Connection, order: _Order) -> Claim:
    if not is_held(connection, LEASE, order.holder, order.now_ms):
        return Claim()
    asked = {"ids": sorted(order.ids), "now_ms": order.now_ms, "until_ms": order.until_ms}
    rows = sorted(connection.execute(_CLAIM, asked), key=lambda row: int(row.id))
    return Claim(
        tuple(_message_of(row) for row in rows if row.state == CLAIMED),
        tuple(row.id for row in rows if row.state == DEAD),
    )


def _message_of(row: Row[Any]) -> OutboxMessage:
    notice = Notice(row.message, orjson.loads(row.arguments))
    return OutboxMessage(
        row.id, row.channel, row.chat, notice, row.tries, row.is_maybe_twice, row.thread
    )


def _settle(connection: Connection, orders: Sequence[dict[str, object]]) -> list[None]:
    ordered = sorted(orders, key=lambda order: str(order["message_id"]))
    if connection.dialect.name == "sqlite":
        connection.execute(_SETTLE, ordered)
    else:
        connection.execute(_SETTLE_ALL, arrays(tuple(_SETTLED), ordered))
    return [None] * len(orders)


_CLAIM_KIND = Kind(60, _claim)
_SETTLE_KIND = Kind(70, _settle)
