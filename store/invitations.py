"""Invitations: a link is claimed once, and what its inviter says of the claim takes effect once.

Of a token only a keyed hash is kept. Who claimed is kept in boxes until it is settled, then in the
role or nowhere. Conditional updates of one row decide every race (FAULTS R10).
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from handlers.office_roles import (
    INVITATION_MS,
    Claim,
    ClaimOutcome,
    Holder,
    Invitation,
    InvitationState,
    Invite,
    Invited,
    SettleClaim,
    SettleOutcome,
    WithdrawInvitation,
    WithdrawOutcome,
)
from handlers.records import AccountId, AuditEntry, Grant, Notice, Role
from scoring.instant import Instant
from store.audit import write_audit
from store.dialogues import end_step, lock_accounts
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.registrations import lock_counter
from store.roles import Gift, Given, give_role
from store.sql import Database
from store.tables import INVITATION, JOB_RUN, ROLE
from store.telling import tell_account

TOKEN_BYTES = 32

_INSERT = insert(INVITATION).returning(INVITATION.c.id)
_ONE = select(INVITATION).where(INVITATION.c.id == bindparam("invitation_id"))
_BY_TOKEN = select(INVITATION).where(INVITATION.c.token_index == bindparam("token"))
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
_CLAIM = (
    update(INVITATION)
    .where(
        INVITATION.c.id == bindparam("invitation_id"),
        INVITATION.c.state == InvitationState.OPEN.value,
        INVITATION.c.expires_ms > bindparam("machine_ms"),
    )
    .values(
        {
            "state": InvitationState.CLAIMED.value,
            **{
                name: bindparam(f"new_{name}")
                for name in (
                    "account",
                    "name_box",
                    "phone_box",
                    "is_phone_verified",
                    "claimed_at",
                )
            },
        }
    )
)
_SETTLE = (
    update(INVITATION)
    .where(
        INVITATION.c.id == bindparam("invitation_id"),
        INVITATION.c.state.in_(bindparam("from_states", expanding=True)),
    )
    .values(
        state=bindparam("to_state"),
        name_box=None,
        phone_box=None,
        settled_by=bindparam("by"),
        settled_at=bindparam("now"),
    )
)
_HELD = select(ROLE.c.id).where(
    ROLE.c.account == bindparam("of_account"),
    ROLE.c.role == bindparam("of_role"),
    ROLE.c.unit == bindparam("of_unit"),
    ROLE.c.withdrawn_at.is_(None),
)
_ORGANISERS = (
    select(ROLE.c.account)
    .where(ROLE.c.role == Role.ORGANISER.value, ROLE.c.withdrawn_at.is_(None))
    .distinct()
)
_ONCE = InsertNew(JOB_RUN, JOB_RUN.c.job)

_Order = Invite | Claim | SettleClaim | WithdrawInvitation


class InvitationsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._change = Kind(81, self._execute)
        self._reuse = Kind(84, _reuse)

    async def invite(self, order: Invite) -> Invited | None:
        made: Invited | None = await self._writer.commit(self._change, order)
        return made

    async def by_token(self, token: str) -> Invitation | None:
        return await self._find(_BY_TOKEN, token=_index(self._vault, token))

    async def find(self, invitation: int) -> Invitation | None:
        return await self._find(_ONE, invitation_id=invitation)

    async def pending_of(self, account: AccountId, machine_ms: int) -> tuple[Invitation, ...]:
        asked = {"of_account": account, "machine_ms": machine_ms}

        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(_PENDING, asked).all()

        rows = await self._database.read(read)
        return tuple(_invitation(self._vault, row) for row in rows)

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
        await self._writer.commit(self._reuse, (invitation, account, at))

    async def _find(self, statement: Any, **asked: object) -> Invitation | None:
        def read(connection: Connection) -> Row[Any] | None:
            return connection.execute(statement, asked).first()

        row = await self._database.read(read)
        return None if row is None else _invitation(self._vault, row)

    def _execute(self, connection: Connection, orders: Sequence[_Order]) -> list[object]:
        lock_counter(connection)
        return [self._whole(connection, order) for order in orders]

    def _whole(self, connection: Connection, order: _Order) -> object:
        match order:
            case Invite():
                return _invite(connection, self._vault, order)
            case Claim():
                return _claim(connection, self._vault, order)
            case WithdrawInvitation():
                return _withdraw(connection, self._vault, order)
            case SettleClaim():
                # What must be asked first leaves nothing behind.
                with connection.begin_nested() as nested:
                    outcome = _settle(connection, self._vault, order)
                    if outcome is SettleOutcome.NEEDS_DOC:
                        nested.rollback()
                return outcome


def _invite(connection: Connection, vault: Vault, order: Invite) -> Invited | None:
    ordered = order.ordered
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {
        "token_index": _index(vault, token),
        "role": order.grant.role.value,
        "unit": order.grant.unit,
        "state": InvitationState.OPEN.value,
        "made_by": ordered.account,
        "made_at": ordered.at,
        "expires_ms": order.machine_ms + INVITATION_MS,
    }
    made = connection.execute(_INSERT, values).scalar_one()
    write_audit(connection, [_line(ordered.entry, made, order.grant)])
    return Invited(made, token)


def _claim(connection: Connection, vault: Vault, order: Claim) -> ClaimOutcome:
    row = connection.execute(_BY_TOKEN, {"token": _index(vault, order.token)}).first()
    if row is None:
        return ClaimOutcome.UNKNOWN
    if not end_step(connection, vault, order.at, order.account, order.step):
        return ClaimOutcome.SUPERSEDED
    grant = Grant(Role(row.role), row.unit)
    if row.made_by == order.account:
        return ClaimOutcome.OWN
    if _holds(connection, order.account, grant):
        return ClaimOutcome.HELD
    if not connection.execute(_CLAIM, _claim_values(vault, row.id, order)).rowcount:
        return _why_not(connection, row.id, order)
    entry = AuditEntry(order.at, order.account, "none", "invitation.claim")
    write_audit(connection, [_line(entry, row.id, grant)])
    told = Notice("roles.claimed", {"invitation": row.id})
    tell_account(connection, row.made_by, told, order.at)
    return ClaimOutcome.CLAIMED


def _why_not(connection: Connection, invitation: int, order: Claim) -> ClaimOutcome:
    """The claim came second, or too late."""
    row = connection.execute(_ONE, {"invitation_id": invitation}).one()
    if row.state != InvitationState.CLAIMED.value:
        return ClaimOutcome.ENDED
    if row.account == order.account:
        return ClaimOutcome.CLAIMED
    _tell_reuse(connection, row, order.account, order.at)
    return ClaimOutcome.TAKEN


def _settle(connection: Connection, vault: Vault, order: SettleClaim) -> SettleOutcome:
    ordered = order.ordered
    row = connection.execute(_ONE, {"invitation_id": order.invitation}).first()
    both = (ordered.account, None if row is None else row.account)
    lock_accounts(connection, {one for one in both if one is not None})
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return SettleOutcome.SUPERSEDED
    if row is None or row.made_by != ordered.account:
        return SettleOutcome.NOT_YOURS
    invitation = _invitation(vault, row)
    to = InvitationState.APPROVED if order.is_approved else InvitationState.REFUSED
    if invitation.holder is None or not _moved(connection, order, to, InvitationState.CLAIMED):
        return SettleOutcome.GONE
    if order.is_approved and not _given(connection, vault, order, invitation):
        return SettleOutcome.NEEDS_DOC
    write_audit(connection, [_line(ordered.entry, row.id, invitation.grant, row.account)])
    said = {"role": row.role, "unit": row.unit}
    notice = Notice("roles.approved" if order.is_approved else "roles.refused", said)
    tell_account(connection, row.account, notice, ordered.at)
    if ordered.account is None and order.is_approved:
        _tell_organisers(connection, row, ordered.at)
    return SettleOutcome(to.value)


def _given(connection: Connection, vault: Vault, order: SettleClaim, claimed: Invitation) -> bool:
    if claimed.account is None or claimed.holder is None:
        raise ValueError("only a claim can be approved")
    gift = Gift(claimed.account, claimed.grant, claimed.holder, order.ordered, order.doc)
    return give_role(connection, vault, gift) is not Given.NEEDS_DOC


def _withdraw(connection: Connection, vault: Vault, order: WithdrawInvitation) -> WithdrawOutcome:
    ordered = order.ordered
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return WithdrawOutcome.SUPERSEDED
    row = connection.execute(_ONE, {"invitation_id": order.invitation}).first()
    states = (InvitationState.OPEN, InvitationState.CLAIMED)
    if row is None or row.made_by != ordered.account:
        return WithdrawOutcome.GONE
    if not _moved(connection, order, InvitationState.WITHDRAWN, *states):
        return WithdrawOutcome.GONE
    grant = Grant(Role(row.role), row.unit)
    write_audit(connection, [_line(ordered.entry, row.id, grant)])
    said = {"role": row.role, "unit": row.unit}
    tell_account(connection, row.account, Notice("roles.refused", said), ordered.at)
    return WithdrawOutcome.WITHDRAWN


def _moved(
    connection: Connection,
    order: SettleClaim | WithdrawInvitation,
    to: InvitationState,
    *states: InvitationState,
) -> bool:
    """Whether this order, and no other, took the invitation to its end."""
    asked = {
        "invitation_id": order.invitation,
        "from_states": [state.value for state in states],
        "to_state": to.value,
        "by": order.ordered.account,
        "now": order.ordered.at,
    }
    return bool(connection.execute(_SETTLE, asked).rowcount)


def _holds(connection: Connection, account: int, grant: Grant) -> bool:
    asked = {"of_account": account, "of_role": grant.role.value, "of_unit": grant.unit}
    return connection.execute(_HELD, asked).first() is not None


def _reuse(connection: Connection, orders: Sequence[tuple[int, AccountId, Instant]]) -> list[None]:
    for invitation, account, at in orders:
        row = connection.execute(_ONE, {"invitation_id": invitation}).first()
        if row is not None:
            _tell_reuse(connection, row, account, at)
    return [None] * len(orders)


def _tell_reuse(connection: Connection, row: Row[Any], account: AccountId, at: Instant) -> None:
    """Tell the inviter, once an account, that his link was passed on."""
    job = f"invitation-reused/{row.id}/{account}"
    key = {"job": job, "planned_at": row.made_at, "done_at": at}
    if not _ONCE.execute(connection, [key]):
        return
    entry = AuditEntry(at, account, "none", "refused")
    write_audit(connection, [_line(entry, row.id, Grant(Role(row.role), row.unit))])
    said = {"role": row.role, "unit": row.unit}
    tell_account(connection, row.made_by, Notice("roles.reused", said), at)


def _tell_organisers(connection: Connection, row: Row[Any], at: Instant) -> None:
    """What the command line gave is no secret from those who answer for the contest."""
    notice = Notice("roles.by_command", {"role": row.role, "unit": row.unit})
    for account in sorted(connection.execute(_ORGANISERS).scalars()):
        if account != row.account:
            tell_account(connection, account, notice, at)


def _line(
    entry: AuditEntry, invitation: int, grant: Grant, account: int | None = None
) -> AuditEntry:
    detail: dict[str, object] = {"role": grant.role.value, "unit": grant.unit}
    if account is not None:
        detail["account"] = account
    return replace(entry, subject=f"invitation:{invitation}", detail=detail)


def _claim_values(vault: Vault, invitation: int, order: Claim) -> dict[str, object]:
    holder = order.holder
    return {
        "invitation_id": invitation,
        "machine_ms": order.machine_ms,
        "new_account": order.account,
        "new_name_box": vault.seal(holder.name.encode(), "invitation.name", invitation),
        "new_phone_box": vault.seal(holder.phone.encode(), "invitation.phone", invitation),
        "new_is_phone_verified": holder.is_phone_verified,
        "new_claimed_at": order.at,
    }


def _invitation(vault: Vault, row: Row[Any]) -> Invitation:
    holder = None
    if row.name_box is not None and row.phone_box is not None:
        name = vault.unseal(row.name_box, "invitation.name", row.id).decode()
        phone = vault.unseal(row.phone_box, "invitation.phone", row.id).decode()
        holder = Holder(name, phone, bool(row.is_phone_verified))
    return Invitation(
        id=row.id,
        grant=Grant(Role(row.role), row.unit),
        state=InvitationState(row.state),
        made_by=None if row.made_by is None else AccountId(row.made_by),
        made_at=Instant(row.made_at),
        expires_ms=row.expires_ms,
        account=None if row.account is None else AccountId(row.account),
        holder=holder,
    )


def _index(vault: Vault, token: str) -> bytes:
    return vault.index("invitation", token)
