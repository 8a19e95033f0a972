"""An invitation's row: read, and brought to its end by one order and no other (FAULTS R10)."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from handlers.office_roles import (
    Holder,
    Invitation,
    InvitationState,
    Ordered,
)
from handlers.records import AccountId, AuditEntry, Grant, Role
from scoring.instant import Instant
from store.encryption import Vault
from store.lists import among
from store.tables import INVITATION

NAME_BOX, PHONE_BOX = "invitation.name", "invitation.phone"
ONE = select(INVITATION).where(INVITATION.c.id == bindparam("invitation_id"))
BY_TOKEN = select(INVITATION).where(INVITATION.c.token_index == bindparam("token"))
_SETTLE = (
    update(INVITATION)
    .where(
        INVITATION.c.id == bindparam("invitation_id"),
        among(INVITATION.c.state, "from_states"),
    )
    .values(
        state=bindparam("to_state"),
        name_box=None,
        phone_box=None,
        settled_by=bindparam("by"),
        settled_at=bindparam("now"),
    )
)


def is_brought(
    connection: Connection,
    invitation: int,
    ordered: Ordered,
    to: InvitationState,
    *states: InvitationState,
) -> bool:
    """Whether this order, and no other, took the invitation from one of `states` to its end.

    Who claimed it is forgotten here.
    """
    asked = {
        "invitation_id": invitation,
        "from_states": [state.value for state in states],
        "to_state": to.value,
        "by": ordered.account,
        "now": ordered.at,
    }
    return bool(connection.execute(_SETTLE, asked).rowcount)


def token_index(vault: Vault, token: str) -> bytes:
    return vault.index("invitation", token)


def invitation_of(vault: Vault, row: Row[Any]) -> Invitation:
    holder = None
    if row.name_box is not None and row.phone_box is not None:
        name = vault.unseal(row.name_box, NAME_BOX, row.id).decode()
        phone = vault.unseal(row.phone_box, PHONE_BOX, row.id).decode()
        holder = Holder(name, phone, bool(row.is_phone_verified))
    return Invitation(
        id=row.id,
        grant=grant_of(row),
        state=InvitationState(row.state),
        made_by=None if row.made_by is None else AccountId(row.made_by),
        made_at=Instant(row.made_at),
        expires_ms=row.expires_ms,
        account=None if row.account is None else AccountId(row.account),
        holder=holder,
    )


def grant_of(row: Row[Any]) -> Grant:
    return Grant(Role(row.role), row.unit)


def line_of(entry: AuditEntry, row: Row[Any], account: int | None = None) -> AuditEntry:
    """A line of the audit trail about an invitation, and whom it was claimed by."""
    detail: dict[str, object] = {"role": row.role, "unit": row.unit}
    if account is not None:
        detail["account"] = account
    return replace(entry, subject=f"invitation:{row.id}", detail=detail)


def said_of(row: Row[Any]) -> dict[str, object]:
    """What a message tells of an invitation: codes, nobody's name."""
    return {"role": row.role, "unit": row.unit}
