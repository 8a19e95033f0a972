"""Chats: what becomes of accounts, units' groups and waiting messages when a chat goes or moves.

Data are kept; a person who comes back is reachable again at his next visit (FAULTS T14, T15).
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, update

from handlers.records import Sender
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.outbox import IS_PENDING, IS_WAITING, UNREACHABLE
from store.sessions import SessionsStore
from store.tables import ACCOUNT, ATTEMPT, OUTBOX
from store.unit_chat_rows import ChatKey, leave_thread, lose_chat, move_chat, set_sending


class ChatOrder(NamedTuple):
    """What has happened to a chat; `to` is its new id."""

    channel: str
    chat: str
    at: Instant
    to: str = ""

    @property
    def key(self) -> ChatKey:
        return ChatKey(self.channel, self.chat)


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


def _machine_now() -> Instant:
    return Instant(time.time_ns() // 1_000_000)


class ChatsStore:
    """The chats of one channel; `now` is the contest clock."""

    def __init__(
        self,
        writer: Writer,
        sessions: SessionsStore,
        channel: str,
        now: Callable[[], Instant] = _machine_now,
    ) -> None:
        self._sessions = sessions
        self._writer = writer
        self._channel = channel
        self._now = now

    async def depart(self, chat: str) -> None:
        """Mark the chat's accounts unreachable and settle what waits for it, under way excepted.

        A group that the bot was put out of gets no tallies any more; its leader is told once.
        """
        await self._writer.commit(_DEPART_KIND, self._order(chat))

    async def move(self, chat: str, to: str) -> None:
        """Replace the chat's id wherever it is written to; again changes nothing."""
        await self._writer.commit(MOVE, self._order(chat, to))

    async def mute(self, chat: str) -> None:
        """The bot may not write in the group; its leader is told once."""
        await self._writer.commit(_MUTE, self._order(chat))

    async def leave_thread(self, chat: str) -> None:
        """The topic that the group's messages went to is closed or gone."""
        await self._writer.commit(_LEAVE_THREAD, self._order(chat))

    async def give_back(self, chat: str, attempt: int, wait_ms: int) -> None:
        """Add to the waits of an attempt; one that has ended meanwhile keeps what it had."""
        await self._writer.commit(_GIVE_BACK, (attempt, wait_ms))
        self._sessions.drop(Sender(self._channel, chat))

    def _order(self, chat: str, to: str = "") -> ChatOrder:
        return ChatOrder(self._channel, chat, self._now(), to)


def _depart(connection: Connection, orders: Sequence[ChatOrder]) -> list[None]:
    for order in sorted(set(orders)):
        of = {"of_channel": order.channel, "of_chat": order.chat}
        connection.execute(_DEPART, of)
        connection.execute(_SETTLE, of)
        lose_chat(connection, order.key, order.at)
    return [None] * len(orders)


def _move(connection: Connection, orders: Sequence[ChatOrder]) -> list[None]:
    for order in sorted(set(orders)):
        of = {"of_channel": order.channel, "of_chat": order.chat, "new_chat": order.to}
        connection.execute(_MOVE, of)
        connection.execute(_MOVE_WAITING, of)
        move_chat(connection, order.key, order.to, order.at)
    return [None] * len(orders)


def _mute(connection: Connection, orders: Sequence[ChatOrder]) -> list[None]:
    for order in sorted(set(orders)):
        set_sending(connection, order.key, order.at, can_send=False)
    return [None] * len(orders)


def _leave_thread(connection: Connection, orders: Sequence[ChatOrder]) -> list[None]:
    for order in sorted(set(orders)):
        leave_thread(connection, order.key)
    return [None] * len(orders)


def _give_back(connection: Connection, waits: Sequence[tuple[int, int]]) -> list[None]:
    rows = [{"attempt_id": attempt, "ms": wait_ms} for attempt, wait_ms in sorted(waits)]
    connection.execute(_WAITED, rows)
    return [None] * len(waits)


_DEPART_KIND = Kind(17, _depart)
MOVE = Kind(18, _move)
_MUTE = Kind(19, _mute)
_LEAVE_THREAD = Kind(36, _leave_thread)
_GIVE_BACK = Kind(35, _give_back)
