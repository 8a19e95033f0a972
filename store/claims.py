"""Claims of invitations: one account takes one, and what the inviter says of it takes effect once.

Who claimed is kept in boxes until it is settled, then in the role or nowhere.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from handlers.office_roles import (
    Claim,
    ClaimOutcome,
    Invitation,
    InvitationState,
    Ordered,
    SettleClaim,
    SettleOutcome,
)
from handlers.records import AccountId, AuditEntry, Grant, Notice, Role
from scoring.instant import Instant
from store.audit import write_audit
from store.dialogues import end_step, lock_accounts
from store.encryption import Vault
from store.insertion import InsertNew
from store.invitation_rows import (
    BY_TOKEN,
    NAME_BOX,
    ONE,
    PHONE_BOX,
    grant_of,
    invitation_of,
    is_brought,
    line_of,
    said_of,
    token_index,
)
from store.roles import Gift, Given, give_role
from store.tables import INVITATION, JOB_RUN, ROLE
from store.telling import tell_account

NOBODY = "none"
"""The role under which somebody without one acts."""

_NEW = ("account", "name_box", "phone_box", "is_phone_verified", "claimed_at")
_CLAIM = (
    update(INVITATION)
    .where(
        INVITATION.c.id == bindparam("invitation_id"),
        INVITATION.c.state == InvitationState.OPEN.value,
        INVITATION.c.expires_ms > bindparam("machine_ms"),
    )
    .values(
        {"state": InvitationState.CLAIMED.value} | {name: bindparam(f"new_{name}") for name in _NEW}
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
_ABANDONED = select(INVITATION).where(
    INVITATION.c.state == InvitationState.CLAIMED.value,
    INVITATION.c.claimed_at < bindparam("before"),
)
_ONCE = InsertNew(JOB_RUN, JOB_RUN.c.job)


def claim(connection: Connection, vault: Vault, order: Claim) -> ClaimOutcome:
    if not end_step(connection, vault, order.at, order.account, order.step):
        return ClaimOutcome.SUPERSEDED
    row = connection.execute(BY_TOKEN, {"token": token_index(vault, order.token)}).first()
    if row is None:
        return ClaimOutcome.UNKNOWN
    if row.made_by == order.account:
        return ClaimOutcome.OWN
    if _holds(connection, order.account, grant_of(row)):
        return ClaimOutcome.HELD
    if not connection.execute(_CLAIM, _claim_values(vault, row.id, order)).rowcount:
        return _why_not(connection, row.id, order)
    entry = AuditEntry(order.at, order.account, NOBODY, "invitation.claim")
    write_audit(connection, [line_of(entry, row)])
    told = Notice("roles.claimed", {"invitation": row.id})
    tell_account(connection, row.made_by, told, order.at)
    return ClaimOutcome.CLAIMED


def settle(connection: Connection, vault: Vault, order: SettleClaim) -> SettleOutcome:
    """Approve or refuse; after `NEEDS_DOC` the caller undoes what was done so far."""
    ordered = order.ordered
    row = connection.execute(ONE, {"invitation_id": order.invitation}).first()
    both = (ordered.account, None if row is None else row.account)
    lock_accounts(connection, {one for one in both if one is not None})
    if not end_step(connection, vault, ordered.at, ordered.account, ordered.step):
        return SettleOutcome.SUPERSEDED
    if row is None or row.made_by != ordered.account:
        return SettleOutcome.NOT_YOURS
    to, claimed = _end_of(order), InvitationState.CLAIMED
    # What was read is what was claimed, or nothing is settled by it.
    if row.state != claimed.value or not is_brought(connection, row.id, ordered, to, claimed):
        return SettleOutcome.GONE
    if order.is_approved and not _is_given(connection, vault, order, invitation_of(vault, row)):
        return SettleOutcome.NEEDS_DOC
    write_audit(connection, [line_of(ordered.entry, row, row.account)])
    told = "roles.approved" if order.is_approved else "roles.refused"
    tell_account(connection, row.account, Notice(told, said_of(row)), ordered.at)
    if ordered.account is None and order.is_approved:
        _tell_organisers(connection, row, ordered.at)
    return SettleOutcome(to.value)


def tell_reuse(connection: Connection, row: Row[Any], account: AccountId, at: Instant) -> None:
    """Tell the inviter, once an account, that his link was passed on."""
    job = f"invitation-reused/{row.id}/{account}"
    if _ONCE.execute(connection, [{"job": job, "planned_at": row.made_at, "done_at": at}]):
        write_audit(connection, [line_of(AuditEntry(at, account, NOBODY, "refused"), row)])
        tell_account(connection, row.made_by, Notice("roles.reused", said_of(row)), at)


def lapse_claims(connection: Connection, before: Instant, now: Instant) -> int:
    """Forget who claimed before that instant and was never settled; how many those were."""
    rows: Sequence[Row[Any]] = connection.execute(_ABANDONED, {"before": before}).all()
    for row in rows:
        ordered = Ordered(AuditEntry(now, None, NOBODY, "invitation.lapse"))
        withdrawn, claimed = InvitationState.WITHDRAWN, InvitationState.CLAIMED
        if is_brought(connection, row.id, ordered, withdrawn, claimed):
            write_audit(connection, [line_of(ordered.entry, row)])
            tell_account(connection, row.account, Notice("roles.refused", said_of(row)), now)
    return len(rows)


def _why_not(connection: Connection, invitation: int, order: Claim) -> ClaimOutcome:
    """The claim came second, or too late."""
    row = connection.execute(ONE, {"invitation_id": invitation}).one()
    if row.state != InvitationState.CLAIMED.value:
        return ClaimOutcome.ENDED
    if row.account == order.account:
        return ClaimOutcome.CLAIMED
    tell_reuse(connection, row, order.account, order.at)
    return ClaimOutcome.TAKEN


def _end_of(order: SettleClaim) -> InvitationState:
    return InvitationState.APPROVED if order.is_approved else InvitationState.REFUSED


def _is_given(
    connection: Connection, vault: Vault, order: SettleClaim, claimed: Invitation
) -> bool:
    if claimed.account is None or claimed.holder is None:
        raise ValueError("only a claim can be approved")
    gift = Gift(claimed.account, claimed.grant, claimed.holder, order.ordered, order.doc)
    return give_role(connection, vault, gift) is not Given.NEEDS_DOC


def _holds(connection: Connection, account: int, grant: Grant) -> bool:
    asked = {"of_account": account, "of_role": grant.role.value, "of_unit": grant.unit}
    return connection.execute(_HELD, asked).first() is not None


def _tell_organisers(connection: Connection, row: Row[Any], at: Instant) -> None:
    """What the command line gave is no secret from those who answer for the contest."""
    for account in sorted(connection.execute(_ORGANISERS).scalars()):
        if account != row.account:
            tell_account(connection, account, Notice("roles.by_command", said_of(row)), at)


def _claim_values(vault: Vault, invitation: int, order: Claim) -> dict[str, object]:
    holder = order.holder
    return {
        "invitation_id": invitation,
        "machine_ms": order.machine_ms,
        "new_account": order.account,
        "new_name_box": vault.seal(holder.name.encode(), NAME_BOX, invitation),
        "new_phone_box": vault.seal(holder.phone.encode(), PHONE_BOX, invitation),
        "new_is_phone_verified": holder.is_phone_verified,
        "new_claimed_at": order.at,
    }
