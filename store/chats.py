"""Chats: what becomes of accounts and waiting messages when a chat goes away or gets another id.

Data are kept; a person who comes back is reachable again at his next visit (FAULTS T14, T15).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, update

from handlers.records import Sender
from store.group_commit import Kind, Writer
from store.outbox import IS_PENDING, IS_WAITING, UNREACHABLE
from store.sessions import SessionsStore
from store.tables import ACCOUNT, ATTEMPT, OUTBOX


class _Chat(NamedTuple):
    channel: str
    chat: str
    to: str = ""


def _of_chat(table: Any) -> Any:
    where = (table.c.channel == bindparam("of_channel"), table.c.chat == bindparam("of_chat"))
    return update(table).where(*where)


_DEPART = _of_chat(ACCOUNT).values(is_reachable=False)
_SETTLE = _of_chat(OUTBOX).where(IS_WAITING, IS_PENDING).values(state=UNREACHABLE)
_MOVE = _of_chat(ACCOUNT).values(chat=bindparam("new_chat"))
_MOVE_WAITING = _of_chat(OUTBOX).where(IS_WAITING).values(chat=bindparam("new_chat"))
_WAITED = (
    update(ATTEMPT)
    .where(ATTEMPT.c.id == bindparam("attempt_id"), ATTEMPT.c.ended_at.is_(None))
    .values(wait_ms=ATTEMPT.c.wait_ms + bindparam("ms"))
)


class ChatsStore:
    """The chats of one channel."""

    def __init__(self, writer: Writer, sessions: SessionsStore, channel: str) -> None:
        self._sessions = sessions
        self._writer = writer
        self._channel = channel

    async def depart(self, chat: str) -> None:
        """Mark the chat's accounts unreachable and settle what waits for it, under way excepted."""
        await self._writer.commit(_DEPART_KIND, _Chat(self._channel, chat))

    async def move(self, chat: str, to: str) -> None:
        """Replace the chat's id in accounts and in waiting messages; again changes nothing."""
        await self._writer.commit(_MOVE_KIND, _Chat(self._channel, chat, to))

    async def give_back(self, chat: str, attempt: int, wait_ms: int) -> None:
        """Add to the waits of an attempt; one that has ended meanwhile keeps what it had."""
        await self._writer.commit(_GIVE_BACK, (attempt, wait_ms))
        self._sessions.drop(Sender(self._channel, chat))


def _depart(connection: Connection, orders: Sequence[_Chat]) -> list[None]:
    for order in sorted(set(orders)):
        of = {"of_channel": order.channel, "of_chat": order.chat}
        connection.execute(_DEPART, of)
        connection.execute(_SETTLE, of)
    return [None] * len(orders)


def _move(connection: Connection, orders: Sequence[_Chat]) -> list[None]:
    for order in sorted(set(orders)):
        of = {"of_channel": order.channel, "of_chat": order.chat, "new_chat": order.to}
        connection.execute(_MOVE, of)
        connection.execute(_MOVE_WAITING, of)
    return [None] * len(orders)


def _give_back(connection: Connection, waits: Sequence[tuple[int, int]]) -> list[None]:
    rows = [{"attempt_id": attempt, "ms": wait_ms} for attempt, wait_ms in sorted(waits)]
    connection.execute(_WAITED, rows)
    return [None] * len(waits)


_DEPART_KIND = Kind(17, _depart)
_MOVE_KIND = Kind(18, _move)
_GIVE_BACK = Kind(35, _give_back)
