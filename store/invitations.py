"""Invitations: a link that offers a role, for a day and one claim, unless it is withdrawn.

Of its token only a keyed hash is kept. Claims are `store.claims`'.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select

from handlers.office_roles import (
    INVITATION_MS,
    Claim,
    ClaimOutcome,
    Invitation,
    InvitationState,
    Invite,
    Invited,
    SettleClaim,
    SettleOutcome,
    WithdrawInvitation,
    WithdrawOutcome,
)
from handlers.records import AccountId, Notice
from scoring.instant import Instant
from store.audit import write_audit
from store.claims import claim, settle, tell_reuse
from store.dialogues import end_step
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.invitation_rows import (
    BY_TOKEN,
    ONE,
    invitation_of,
    is_brought,
    line_of,
    said_of,
    token_index,
)
from store.registrations import lock_counter
from store.sql import Database
from store.tables import INVITATION
from store.telling import tell_account

TOKEN_BYTES = 32
_INSERT = insert(INVITATION).returning(INVITATION.c.id, INVITATION.c.role, INVITATION.c.unit)
_PENDING = (
    select(INVITATION)
    .where(
        INVITATION.c.made_by == bindparam("of_account"),
        or_(
            INVITATION.c.state == InvitationState.CLAIMED.value,
            (INVITATION.c.state == InvitationState.OPEN.value)
            & (INVITATION.c.expires_ms > bindparam("machine_ms")),
        ),
    )
    .order_by(INVITATION.c.id)
)

_Order = Invite | Claim | SettleClaim | WithdrawInvitation


class InvitationsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._change = Kind(81, self._execute)

    async def invite(self, order: Invite) -> Invited | None:
        made: Invited | None = await self._writer.commit(self._change, order)
        return made

    async def by_token(self, token: str) -> Invitation | None:
        return await self._find(BY_TOKEN, token=token_index(self._vault, token))

    async def find(self, invitation: int) -> Invitation | None:
        return await self._find(ONE, invitation_id=invitation)

    async def pending_of(self, account: AccountId, machine_ms: int) -> tuple[Invitation, ...]:
        asked = {"of_account": account, "machine_ms": machine_ms}

        def read(connection: Connection) -> list[Any]:
            return list(connection.execute(_PENDING, asked))

        rows = await self._database.read(read)
        return tuple(invitation_of(self._vault, row) for row in rows)

    async def claim(self, order: Claim) -> ClaimOutcome:
        outcome: ClaimOutcome = await self._writer.commit(self._change, order)
        return outcome

    async def settle(self, order: SettleClaim) -> SettleOutcome:
        outcome: SettleOutcome = await self._writer.commit(self._change, order)
        return outcome

    async def withdraw(self, order: WithdrawInvitation) -> WithdrawOutcome:
        outcome: WithdrawOutcome = await self._writer.commit(self._change, order)
        return outcome

    async def reused(self, invitation: int, account: AccountId, at: Instant) -> None:
        await self._writer.commit(_REUSE, (invitation, account, at))

    async def _find(self, statement: Any, **asked: object) -> Invitation | None:
        def read(connection: Connection) -> Row[Any] | None:
            return connection.execute(statement, asked).first()

        row = await self._database.read(read)
        return None if row is None else invitation_of(self._vault, row)

    def _execute(self, connection: Connection, orders: Sequence[_Order]) -> list[object]:
        lock_counter(connection)
        return [self._executed(connection, order) for order in orders]

    def _executed(self, connection: Connection, order: _Order) -> object:
        match order:
            case Invite():
                return _invite(connection, self._vault, order)
            case Claim():
                return claim(connection, self._vault, order)
            case WithdrawInvitation():
                return _withdraw(connection, self._vault, order)
            case SettleClaim():
                # What must be asked first leaves nothing behind.
                with connection.begin_nested() as nested:
                    outcome = settle(connection, self._vault, order)
                    if outcome is SettleOutcome.NEEDS_DOC:
                        nested.rollback()
                return outcome


def _invite(connection: Connection, vault: Vault, order: Invite) -> Invited | None:
    ordered = order.ordered
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {
        "token_index": token_index(vault, token),
        "role": order.grant.role.value,
        "unit": order.grant.unit,
        "state": InvitationState.OPEN.value,
        "made_by": ordered.account,
        "made_at": ordered.at,
        "expires_ms": order.machine_ms + INVITATION_MS,
    }
    row = connection.execute(_INSERT, values).one()
    write_audit(connection, [line_of(ordered.entry, row)])
    return Invited(row.id, token)


def _withdraw(connection: Connection, vault: Vault, order: WithdrawInvitation) -> WithdrawOutcome:
    ordered = order.ordered
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return WithdrawOutcome.SUPERSEDED
    row = connection.execute(ONE, {"invitation_id": order.invitation}).first()
    states = (InvitationState.OPEN, InvitationState.CLAIMED)
    if row is None or row.made_by != ordered.account:
        return WithdrawOutcome.GONE
    if not is_brought(connection, row.id, ordered, InvitationState.WITHDRAWN, *states):
        return WithdrawOutcome.GONE
    write_audit(connection, [line_of(ordered.entry, row)])
    # Read again: it may have been claimed since it was read.
    claimed = connection.execute(ONE, {"invitation_id": order.invitation}).one()
    tell_account(connection, claimed.account, Notice("roles.refused", said_of(row)), ordered.at)
    return WithdrawOutcome.WITHDRAWN


def _reuse(connection: Connection, orders: Sequence[tuple[int, AccountId, Instant]]) -> list[None]:
    for invitation, account, at in orders:
        row = connection.execute(ONE, {"invitation_id": invitation}).first()
        if row is not None:
            tell_reuse(connection, row, account, at)
    return [None] * len(orders)


_REUSE = Kind(84, _reuse)
