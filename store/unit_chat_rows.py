"""Rows of `unit_chat` under a lock: what becomes of a chat's links when the chat itself changes.

For use inside a transaction; every change enters the audit trail there. Who asks for links and
who makes them is `store.unit_chats`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, update

from handlers.office_groups import WARD, LinkState
from handlers.records import AuditEntry, Notice, Role
from scoring.instant import MINUTE_MS, Instant
from store.audit import write_audit
from store.tables import ROLE, UNIT_CHAT
from store.telling import tell_account

BOT = "bot"
"""The role under which the audit trail shows what followed by itself."""

SUPERGROUP = "supergroup"
MOVING_MS = 5 * MINUTE_MS
"""So close together the two lines of a migration and what the bot hears of itself come."""

_LOCKED = (
    select(UNIT_CHAT)
    .where(UNIT_CHAT.c.channel == bindparam("of_channel"), UNIT_CHAT.c.chat == bindparam("of_chat"))
    .order_by(UNIT_CHAT.c.id)
    .with_for_update()
)
_CHANGE = update(UNIT_CHAT).where(UNIT_CHAT.c.id == bindparam("link"))
_SETTLE = _CHANGE.values(state=bindparam("new_state"), at=bindparam("now"))
_MOVE = _CHANGE.values(
    chat=bindparam("new_chat"), state=bindparam("new_state"), thread=0, kind=SUPERGROUP
)
_SENDING = _CHANGE.values(can_send=bindparam("new_can_send"))
_LINK = _CHANGE.values(state=LinkState.LINKED.value, account=bindparam("by"), at=bindparam("now"))
_THREAD = _CHANGE.values(thread=bindparam("new_thread"))
_FORGET = delete(UNIT_CHAT).where(UNIT_CHAT.c.id == bindparam("link"))


_ENDED = (
    select(UNIT_CHAT.c.id)
    .where(UNIT_CHAT.c.state != LinkState.LINKED.value, UNIT_CHAT.c.at < bindparam("before"))
    .order_by(UNIT_CHAT.c.id)
    .limit(bindparam("limit"))
    .with_for_update()
)
_STANDING = select(ROLE.c.account, ROLE.c.role).where(
    ROLE.c.withdrawn_at.is_(None),
    or_(
        and_(ROLE.c.role == Role.LEADER.value, ROLE.c.unit == bindparam("of_unit")),
        ROLE.c.role == Role.ORGANISER.value,
    ),
)


class ChatKey(NamedTuple):
    channel: str
    chat: str


def locked(connection: Connection, key: ChatKey) -> Sequence[Row[Any]]:
    """All links of a chat by id, locked until the transaction ends."""
    asked = {"of_channel": key.channel, "of_chat": key.chat}
    return connection.execute(_LOCKED, asked).all()


def linked_in(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """The one that stands."""
    return next((row for row in rows if row.state == LinkState.LINKED.value), None)


def set_state(connection: Connection, link: int, state: LinkState, at: Instant) -> None:
    connection.execute(_SETTLE, {"link": link, "new_state": state.value, "now": at})


def link_to(connection: Connection, link: int, account: int | None, at: Instant) -> None:
    """The link stands from now on, and the account answers for it."""
    connection.execute(_LINK, {"link": link, "by": account, "now": at})


def allow_sending(connection: Connection, link: int) -> None:
    """As far as is known the bot may write there."""
    connection.execute(_SENDING, {"link": link, "new_can_send": True})


def set_thread(connection: Connection, link: int, thread: int | None) -> None:
    connection.execute(_THREAD, {"link": link, "new_thread": thread or 0})


def lose_chat(connection: Connection, key: ChatKey, at: Instant) -> None:
    """The bot is not in the chat any more: who answers for a link is told, once."""
    for row in locked(connection, key):
        if row.state == LinkState.PENDING.value:
            set_state(connection, row.id, LinkState.UNLINKED, at)
        elif row.state == LinkState.LINKED.value:
            set_state(connection, row.id, LinkState.LOST, at)
            _enter(connection, row, "group.lost", at)
            tell_answering(connection, row, "groups.lost", at)


def set_sending(connection: Connection, key: ChatKey, at: Instant, *, can_send: bool) -> None:
    """What the bot may do in the chat; the first time that it may not write, somebody is told."""
    row = linked_in(locked(connection, key))
    if row is None or row.can_send == can_send:
        return
    connection.execute(_SENDING, {"link": row.id, "new_can_send": can_send})
    if not can_send:
        tell_answering(connection, row, "groups.muted", at)


def leave_thread(connection: Connection, key: ChatKey) -> None:
    """Messages go to the chat as a whole from now on."""
    row = linked_in(locked(connection, key))
    if row is not None:
        set_thread(connection, row.id, None)


def move_chat(connection: Connection, key: ChatKey, to: str, at: Instant) -> None:
    """A group has become a supergroup (FAULTS T15): its links go along, once.

    What stands under the new id already was said there later, and is left; but for a link that
    stands under the old id only. A link lost just now was lost by the move itself: the platform
    tells of the two in any order.
    """
    old, new = locked(connection, key), locked(connection, ChatKey(key.channel, to))
    there = {row.unit: row for row in new}
    is_taken = linked_in(new) is not None
    for row in old:
        is_linked = _is_linked(row, at)
        twin = there.get(row.unit)
        if twin is not None and (is_taken or not is_linked):
            connection.execute(_FORGET, {"link": row.id})
            continue
        if twin is not None:
            connection.execute(_FORGET, {"link": twin.id})
        state = row.state
        if is_linked:
            state = (LinkState.UNLINKED if is_taken else LinkState.LINKED).value
        asked = {"link": row.id, "new_chat": to, "new_state": state}
        connection.execute(_MOVE, asked)
        if is_linked:
            _enter(connection, row, "group.move", at)


def _is_linked(row: Row[Any], at: Instant) -> bool:
    if row.state == LinkState.LOST.value:
        return bool(row.at >= at - MOVING_MS)
    return bool(row.state == LinkState.LINKED.value)


def forget_links(connection: Connection, before: Instant, limit: int) -> int:
    """Forget links that ended before that instant, or were asked for then and never answered.

    Titles go with them; that there was a link stays in the audit trail, by its number.
    """
    old = list(connection.execute(_ENDED, {"before": before, "limit": limit}).scalars())
    if old:
        connection.execute(_FORGET, [{"link": link} for link in old])
    return len(old)


def subject_of(unit: str) -> str:
    """How the audit trail names whose chat it is."""
    return "ward" if unit == WARD else f"unit:{unit}"


def _enter(connection: Connection, row: Row[Any], act: str, at: Instant) -> None:
    line = AuditEntry(at, None, BOT, act, subject_of(row.unit), {"link": row.id})
    write_audit(connection, [line])


def tell_answering(
    connection: Connection, row: Row[Any], message: str, at: Instant, but: int | None = None
) -> None:
    """Tell who answers for a link; where his role has ended, those who lead the unit now.

    `but`: the account that did it itself.
    """
    standing = connection.execute(_STANDING, {"of_unit": row.unit}).all()
    accounts = {one.account for one in standing}
    if row.account in accounts:
        accounts = {row.account}
    elif row.unit != WARD:
        accounts = {one.account for one in standing if one.role == Role.LEADER.value}
    for account in sorted(accounts - {but}):
        tell_account(connection, account, Notice(message, {"link": row.id}), at)
