"""How a link comes to be asked for: by a leader's code in a group, or by an organiser's own deed.

Decides whether anybody is asked at all, so that a code that goes round floods nobody.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from handlers.office_groups import (
    WARD,
    AskForLink,
    AskOutcome,
    GroupChat,
    LinkState,
    Standing,
    UnitChat,
)
from handlers.records import AccountId, Notice, Role
from scoring.instant import HOUR_MS, MINUTE_MS
from store.encryption import Vault
from store.events import take_events
from store.insertion import InsertNew
from store.tables import ACCOUNT, ROLE, UNIT_CHAT
from store.telling import tell_account
from store.unit_chat_rows import ChatKey, locked, lose_chat, set_sending, set_thread

MOST_PENDING = 5
"""So many chats wait for one account's word at most."""

ASK_AGAIN_MS = 10 * MINUTE_MS
REFUSED_MS = HOUR_MS
"""Who said no is left in peace for so long."""

_TITLE = "unit_chat.title"
_ASKED = ("thread", "kind", "title_box", "state", "can_send", "account", "at")
_INSERT = InsertNew(UNIT_CHAT, UNIT_CHAT.c.id)
_ASK = (
    update(UNIT_CHAT)
    .where(UNIT_CHAT.c.id == bindparam("link"))
    .values({name: bindparam(f"new_{name}") for name in _ASKED})
)
_STANDS = ROLE.c.withdrawn_at.is_(None)
_LEADS = select(ROLE.c.id).where(
    ROLE.c.account == bindparam("of_account"),
    ROLE.c.role == Role.LEADER.value,
    ROLE.c.unit == bindparam("of_unit"),
    _STANDS,
)
_PENDING = select(func.count()).where(
    UNIT_CHAT.c.account == bindparam("of_account"),
    UNIT_CHAT.c.state == LinkState.PENDING.value,
)
_ORGANISER = (
    select(ACCOUNT.c.id)
    .join(ROLE, ROLE.c.account == ACCOUNT.c.id)
    .where(
        ACCOUNT.c.channel == bindparam("of_channel"),
        ACCOUNT.c.external_id == bindparam("of_sender"),
        ROLE.c.role == Role.ORGANISER.value,
        _STANDS,
    )
)


def unit_chat_of(vault: Vault, row: Row[Any]) -> UnitChat:
    title = vault.unseal(row.title_box, _TITLE, row.id).decode()
    return UnitChat(
        id=row.id,
        group=GroupChat(row.channel, row.chat, row.kind, title, row.thread or None),
        unit=row.unit,
        state=LinkState(row.state),
        can_send=row.can_send,
        account=None if row.account is None else AccountId(row.account),
    )


class Asking:
    """Executes what groups ask for; `vault` closes their titles."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def ask(self, connection: Connection, orders: Sequence[AskForLink]) -> list[AskOutcome]:
        is_new = take_events(connection, [(order.event, order.at) for order in orders])
        return [
            self._ask_one(connection, order, is_new=new)
            for order, new in zip(orders, is_new, strict=True)
        ]

    def stand(self, connection: Connection, standings: Sequence[Standing]) -> list[None]:
        for standing in standings:
            key = ChatKey(standing.group.channel, standing.group.chat)
            if not standing.status.is_member:
                lose_chat(connection, key, standing.at)
                continue
            can_send = standing.status.can_send
            set_sending(connection, key, standing.at, can_send=can_send)
            if standing.status.is_administrator and can_send:
                self._offer_ward(connection, standing)
        return [None] * len(standings)

    def _ask_one(self, connection: Connection, order: AskForLink, *, is_new: bool) -> AskOutcome:
        leader = {"of_account": order.account, "of_unit": order.unit}
        if connection.execute(_LEADS, leader).first() is None:
            return AskOutcome.ENDED
        key = ChatKey(order.group.channel, order.group.chat)
        row = _of_unit(locked(connection, key), order.unit)
        state = None if row is None else LinkState(row.state)
        if row is not None and state is LinkState.LINKED:
            set_thread(connection, row.id, order.group.thread)
            return AskOutcome.LINKED
        if _is_lately(row, LinkState.REFUSED, order.at - REFUSED_MS):
            return AskOutcome.REFUSED
        if not is_new or _is_lately(row, LinkState.PENDING, order.at - ASK_AGAIN_MS):
            return AskOutcome.ASKED
        if state is not LinkState.PENDING and _waits_for(connection, order.account):
            return AskOutcome.REFUSED
        self._ask_account(connection, order, row)
        return AskOutcome.ASKED

    def _offer_ward(self, connection: Connection, standing: Standing) -> None:
        """An organiser has made the bot administrator where nobody uses it yet."""
        group, sender, at = standing.group, standing.sender, standing.at
        rows = locked(connection, ChatKey(group.channel, group.chat))
        is_used = any(row.state in {"pending", "linked"} for row in rows)
        row = _of_unit(rows, WARD)
        if sender is None or is_used or _is_lately(row, LinkState.REFUSED, at - REFUSED_MS):
            return
        asked = {"of_channel": sender.channel, "of_sender": sender.id}
        organiser = connection.execute(_ORGANISER, asked).scalar()
        if organiser is None or _waits_for(connection, organiser):
            return
        order = AskForLink(group, WARD, AccountId(organiser), at, standing.event)
        self._ask_account(connection, order, row)

    def _ask_account(self, connection: Connection, order: AskForLink, row: Row[Any] | None) -> None:
        """Put the link before who is to say yes; `row` is what stands for chat and unit already."""
        link = self._inserted(connection, order) if row is None else row.id
        if link is None:
            return  # another process was faster, and has asked
        group = order.group
        values = {
            "thread": group.thread or 0,
            "kind": group.kind,
            "title_box": self._vault.seal(group.title.encode(), _TITLE, link),
            "state": LinkState.PENDING.value,
            "can_send": True,
            "account": order.account,
            "at": order.at,
        }
        named = {f"new_{name}": value for name, value in values.items()}
        connection.execute(_ASK, {"link": link, **named})
        tell_account(connection, order.account, Notice("groups.asked", {"link": link}), order.at)

    def _inserted(self, connection: Connection, order: AskForLink) -> int | None:
        values = {
            "channel": order.group.channel,
            "chat": order.group.chat,
            "thread": 0,
            "unit": order.unit,
            "kind": order.group.kind,
            "title_box": b"",
            "state": LinkState.PENDING.value,
            "can_send": True,
            "account": None,
            "at": order.at,
        }
        return next((int(row.id) for row in _INSERT.execute(connection, [values])), None)


def _of_unit(rows: Sequence[Row[Any]], unit: str) -> Row[Any] | None:
    return next((row for row in rows if row.unit == unit), None)


def _is_lately(row: Row[Any] | None, state: LinkState, since: int) -> bool:
    return row is not None and row.state == state.value and row.at > since


def _waits_for(connection: Connection, account: int) -> bool:
    """Whether so much waits for the account's word that nothing more may."""
    waiting = connection.execute(_PENDING, {"of_account": account}).scalar_one()
    return bool(waiting >= MOST_PENDING)
