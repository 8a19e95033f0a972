"""Links between chats and units: asked for in the group, made by the leader, ended by either.

Titles are kept encrypted: a group's name may hold somebody's. What a chat's own changes lead to
is `store.unit_chat_rows`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select

from handlers.office_groups import (
    AskForLink,
    AskOutcome,
    LinkState,
    SettleLink,
    SettleOutcome,
    Standing,
    UnitChat,
)
from handlers.records import AuditEntry, Notice
from scoring.instant import Instant
from store.audit import write_audit
from store.chats import MOVE, ChatOrder
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.outbox import Address, arguments_text, outbox_values
from store.sql import Database
from store.tables import OUTBOX, UNIT_CHAT
from store.unit_chat_asking import Asking, unit_chat_of
from store.unit_chat_rows import (
    ChatKey,
    allow_sending,
    link_to,
    linked_in,
    locked,
    set_state,
    subject_of,
    tell_answering,
)

_KEY = (UNIT_CHAT.c.channel, UNIT_CHAT.c.chat)
_IS_LINKED = UNIT_CHAT.c.state == LinkState.LINKED.value
_LINKED = select(UNIT_CHAT).where(_IS_LINKED).order_by(UNIT_CHAT.c.id)
_TELL = insert(OUTBOX)


class _Ending(NamedTuple):
    link: int
    entry: AuditEntry


class _Trial(NamedTuple):
    link: int
    entry: AuditEntry


class UnitChatsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        asking = Asking(vault)
        self._ask = Kind(90, asking.ask)
        self._stand = Kind(92, asking.stand)

    async def linked(self, unit: str) -> tuple[UnitChat, ...]:
        return await self._read(_LINKED.where(UNIT_CHAT.c.unit == unit))

    async def all_linked(self) -> tuple[UnitChat, ...]:
        return await self._read(_LINKED)

    async def of_chat(self, channel: str, chat: str) -> UnitChat | None:
        where = (UNIT_CHAT.c.channel == channel, UNIT_CHAT.c.chat == chat)
        found = await self._read(_LINKED.where(*where))
        return found[0] if found else None

    async def is_linked(self, channel: str, chat: str, unit: str) -> bool:
        where = (UNIT_CHAT.c.channel == channel, UNIT_CHAT.c.chat == chat, UNIT_CHAT.c.unit == unit)
        asked = select(UNIT_CHAT.c.id).where(_IS_LINKED, *where)
        return await self._database.read(lambda one: one.execute(asked).first() is not None)

    async def find(self, link: int) -> UnitChat | None:
        found = await self._read(select(UNIT_CHAT).where(UNIT_CHAT.c.id == link))
        return found[0] if found else None

    async def ask(self, order: AskForLink) -> AskOutcome:
        outcome: AskOutcome = await self._writer.commit(self._ask, order)
        return outcome

    async def settle(self, order: SettleLink) -> SettleOutcome:
        outcome: SettleOutcome = await self._writer.commit(_CHANGE, order)
        return outcome

    async def unlink(self, link: int, entry: AuditEntry) -> bool:
        is_ended: bool = await self._writer.commit(_CHANGE, _Ending(link, entry))
        return is_ended

    async def try_again(self, link: int, entry: AuditEntry) -> bool:
        is_tried: bool = await self._writer.commit(_CHANGE, _Trial(link, entry))
        return is_tried

    async def stand(self, standing: Standing) -> None:
        await self._writer.commit(self._stand, standing)

    async def move(self, channel: str, chat: str, to: str, at: Instant) -> None:
        await self._writer.commit(MOVE, ChatOrder(channel, chat, at, to))

    async def _read(self, asked: Any) -> tuple[UnitChat, ...]:
        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(asked).all()

        rows = await self._database.read(read)
        return tuple(unit_chat_of(self._vault, row) for row in rows)


def _change(
    connection: Connection, orders: Sequence[SettleLink | _Ending | _Trial]
) -> list[SettleOutcome | bool]:
    outcomes: list[SettleOutcome | bool] = []
    for order in orders:
        rows = _rows_beside(connection, order.link)
        row = next((one for one in rows if one.id == order.link), None)
        match order:
            case SettleLink():
                outcomes.append(_settle(connection, order, row, linked_in(rows)))
            case _Ending():
                outcomes.append(_end(connection, order, row))
            case _Trial():
                outcomes.append(_try(connection, order, row))
    return outcomes


def _rows_beside(connection: Connection, link: int) -> Sequence[Row[Any]]:
    """All links of the chat that the link is of, locked."""
    key = connection.execute(select(*_KEY).where(UNIT_CHAT.c.id == link)).first()
    return () if key is None else locked(connection, ChatKey(key.channel, key.chat))


def _settle(
    connection: Connection, order: SettleLink, row: Row[Any] | None, other: Row[Any] | None
) -> SettleOutcome:
    if row is None or row.state != LinkState.PENDING.value:
        is_done = row is not None and row.state == LinkState.LINKED.value and order.is_confirmed
        return SettleOutcome.LINKED if is_done else SettleOutcome.GONE
    at = order.entry.at
    if not order.is_confirmed:
        set_state(connection, row.id, LinkState.REFUSED, at)
        _enter(connection, order.entry, "group.refuse", row)
        return SettleOutcome.REFUSED
    if other is not None and other.id != order.replaces:
        return SettleOutcome.OTHER_UNIT
    if other is not None:
        set_state(connection, other.id, LinkState.UNLINKED, at)
        _enter(connection, order.entry, "group.unlink", other, replaced_by=row.id)
        _tell_other(connection, "groups.replaced", other, order.entry)
    link_to(connection, row.id, order.entry.account, at)
    _enter(connection, order.entry, "group.link", row, kind=row.kind)
    _say_there(connection, "groups.welcome", row, at)
    return SettleOutcome.LINKED


def _end(connection: Connection, order: _Ending, row: Row[Any] | None) -> bool:
    if row is None or row.state != LinkState.LINKED.value:
        return False
    set_state(connection, row.id, LinkState.UNLINKED, order.entry.at)
    _enter(connection, order.entry, "group.unlink", row)
    _tell_other(connection, "groups.unlinked", row, order.entry)
    return True


def _try(connection: Connection, order: _Trial, row: Row[Any] | None) -> bool:
    if row is None or row.state != LinkState.LINKED.value:
        return False
    allow_sending(connection, row.id)
    _enter(connection, order.entry, "group.try", row)
    _say_there(connection, "groups.trial", row, order.entry.at)
    return True


def _tell_other(connection: Connection, message: str, row: Row[Any], entry: AuditEntry) -> None:
    """Who answers for the link hears what another has done to it."""
    tell_answering(connection, row, message, entry.at, but=entry.account)


def _say_there(connection: Connection, message: str, row: Row[Any], at: Instant) -> None:
    """A message to the chat itself."""
    where = Address(row.channel, row.chat, row.thread or None)
    arguments = arguments_text(Notice(message, {"unit": row.unit}))
    connection.execute(_TELL, [outbox_values(where, message, arguments, at)])


def _enter(
    connection: Connection, entry: AuditEntry, act: str, row: Row[Any], **detail: object
) -> None:
    told = {"link": row.id, **detail}
    line = replace(entry, act=act, subject=subject_of(row.unit), detail=told)
    write_audit(connection, [line])


_CHANGE = Kind(91, _change)
