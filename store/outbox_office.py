"""The outbox as an operator sees it: listed, sent again, given up; beside a running bot.

Every change is a short transaction of a few hundred rows, so that on SQLite no tap waits for it
(DESIGN §7). Rows under way are the sender's and are left alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select, text, update

from store.lists import among
from store.outbox import DEAD, DROPPED, IS_WAITING, PENDING, UNREACHABLE
from store.sql import Database
from store.tables import OUTBOX

CHUNK = 500

_IS_DEAD = text("outbox.state = 'dead'")
_COLUMNS = (
    OUTBOX.c.id,
    OUTBOX.c.chat,
    OUTBOX.c.message,
    OUTBOX.c.batch,
    OUTBOX.c.tries,
    OUTBOX.c.state,
    OUTBOX.c.error,
    OUTBOX.c.is_maybe_twice,
    OUTBOX.c.created_at,
)
_LISTED = select(*_COLUMNS).order_by(OUTBOX.c.id).limit(bindparam("most"))
_DEAD_IDS = (
    select(OUTBOX.c.id)
    .where(_IS_DEAD, OUTBOX.c.id > bindparam("beyond"))
    .order_by(OUTBOX.c.id)
    .limit(CHUNK)
)
_COUNTS = (
    select(OUTBOX.c.batch, OUTBOX.c.state, func.count().label("messages"))
    .group_by(OUTBOX.c.batch, OUTBOX.c.state)
    .order_by(OUTBOX.c.batch, OUTBOX.c.state)
)


def _changed(*states: str) -> Any:
    is_one = among(OUTBOX.c.id, "ids")
    return update(OUTBOX).where(is_one, OUTBOX.c.state.in_(states)).returning(OUTBOX.c.id)


_RESEND = _changed(DEAD, UNREACHABLE, DROPPED).values(state=PENDING, not_before_ms=0, error=None)
_DROP = _changed(PENDING, DEAD, UNREACHABLE).values(state=DROPPED)


class OutboxLine(NamedTuple):
    """A message as listed; `created_at` is the contest's instant."""

    id: int
    chat: str
    message: str
    batch: str | None
    tries: int
    state: str
    error: str | None
    is_maybe_twice: bool
    created_at: int


class OutboxOffice:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, state: str | None, most: int) -> tuple[OutboxLine, ...]:
        """Messages of a state by id; None: those that wait and those that were given up."""

        def read(connection: Connection) -> list[OutboxLine]:
            if state is not None:
                return _lines(connection, OUTBOX.c.state == state, most)
            found = [*_lines(connection, _IS_DEAD, most), *_lines(connection, IS_WAITING, most)]
            return sorted(found)[:most]

        return tuple(await self._database.read(read))

    async def counts(self) -> dict[str | None, dict[str, int]]:
        """How many messages of each batch are in each state; None: single messages."""

        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(_COUNTS).all()

        counts: dict[str | None, dict[str, int]] = {}
        for row in await self._database.read(read):
            counts.setdefault(row.batch, {})[row.state] = row.messages
        return counts

    async def dead_ids(self, beyond: int) -> tuple[int, ...]:
        """The next dead letters after `beyond`, some hundreds."""

        def read(connection: Connection) -> tuple[int, ...]:
            return tuple(connection.execute(_DEAD_IDS, {"beyond": beyond}).scalars())

        return await self._database.read(read)

    async def resend(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Let messages that came to nothing be sent again; those for which that is so."""
        return await self._change(_RESEND, ids)

    async def drop(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Give messages up that were not sent; those for which that is so."""
        return await self._change(_DROP, ids)

    async def _change(self, statement: Any, ids: Sequence[int]) -> tuple[int, ...]:
        changed: list[int] = []
        for start in range(0, len(ids), CHUNK):
            changed += await self._database.write(_change(statement, ids[start : start + CHUNK]))
        return tuple(sorted(changed))


def _change(statement: Any, ids: Sequence[int]) -> Callable[[Connection], list[int]]:
    return lambda one: list(one.execute(statement, {"ids": sorted(ids)}).scalars())


def _lines(connection: Connection, condition: Any, most: int) -> list[OutboxLine]:
    rows = connection.execute(_LISTED.where(condition), {"most": most})
    return [OutboxLine(*row) for row in rows]
