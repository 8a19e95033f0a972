"""Roles that were given: read at each visit, given by an approved claim, withdrawn in chat.

Names and phones are boxes. Whoever gets a role that is never ranked is put on that list in the same
transaction (rules 2.2); a role's end does not take him off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from handlers.access import UNRANKED
from handlers.office_roles import HeldRole, Holder, Ordered, WithdrawOutcome, WithdrawRole
from handlers.records import AccountId, Grant, Notice, Role
from scoring.instant import Instant
from store.audit import write_audit
from store.dialogues import end_step
from store.encryption import Vault
from store.excluded_papers import papers_touched, settle_papers
from store.exclusions import list_phone
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.sql import Database
from store.tables import ACCOUNT, INVITATION, ROLE
from store.telling import tell_account

_INSERT = InsertNew(ROLE, ROLE.c.id)
_STANDS = ROLE.c.withdrawn_at.is_(None)
_HELD = select(ROLE).where(_STANDS).order_by(ROLE.c.id)
_BY_CHAT = (
    select(ACCOUNT.c.chat, ROLE.c.role, ROLE.c.unit, ROLE.c.withdrawn_at)
    .join(ACCOUNT, ACCOUNT.c.id == ROLE.c.account)
    .where(ACCOUNT.c.channel == bindparam("channel"))
    .order_by(ROLE.c.id)
)
_IN_CHAT = (
    select(ROLE.c.role, ROLE.c.unit)
    .select_from(ACCOUNT)
    .outerjoin(ROLE, and_(ROLE.c.account == ACCOUNT.c.id, _STANDS))
    .where(ACCOUNT.c.channel == bindparam("channel"), ACCOUNT.c.chat == bindparam("chat"))
    .order_by(ROLE.c.id)
)
_ORGANISERS = (
    select(ROLE.c.id)
    .where(ROLE.c.role == Role.ORGANISER.value, _STANDS)
    .order_by(ROLE.c.id)
    .with_for_update()
)
_WITHDRAW = (
    update(ROLE)
    .where(ROLE.c.id == bindparam("role_id"), _STANDS)
    .values(withdrawn_by=bindparam("by"), withdrawn_at=bindparam("now"))
    .returning(ROLE.c.account, ROLE.c.role, ROLE.c.unit)
)
_LAPSE = (
    update(INVITATION)
    .where(
        INVITATION.c.made_by == bindparam("of_account"),
        INVITATION.c.state.in_(("open", "claimed")),
    )
    .values(
        state="withdrawn",
        name_box=None,
        phone_box=None,
        settled_by=bindparam("by"),
        settled_at=bindparam("now"),
    )
    .returning(INVITATION.c.id, INVITATION.c.account, INVITATION.c.role, INVITATION.c.unit)
)


class Given(Enum):
    """What became of a role that was to be given."""

    GIVEN = "given"
    HELD = "held"
    NEEDS_DOC = "needs_doc"
    """Nothing may stay of this transaction: the caller undoes it."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A role for an account; `doc` as in `SettleClaim`."""

    account: AccountId
    grant: Grant
    holder: Holder
    ordered: Ordered
    doc: str = ""


def give_role(connection: Connection, vault: Vault, gift: Gift) -> Given:
    """Give the role in the caller's transaction, which holds the registrations' lock.

    The line of the audit trail is the caller's.
    """
    rows = [_role_values(vault, gift)]
    given = Given.GIVEN if _INSERT.execute(connection, rows) else Given.HELD
    if gift.grant.role in UNRANKED:
        why = f"role:{gift.grant.role.value}"
        list_phone(connection, vault, gift.holder.phone, why, gift.ordered)
        papers = papers_touched(connection, vault.index("phone", gift.holder.phone))
        if not papers.is_none and not gift.doc:
            return Given.NEEDS_DOC
        settle_papers(connection, papers, gift.ordered, gift.doc)
    return given


class RolesStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._withdraw = Kind(82, self._withdraw_all)

    async def held(self) -> tuple[HeldRole, ...]:
        return await self._read(_HELD)

    async def of_account(self, account: AccountId) -> tuple[HeldRole, ...]:
        return await self._read(_HELD.where(ROLE.c.account == account))

    async def by_chat(self, channel: str) -> dict[str, tuple[Grant, ...]]:
        """Grants that stand by private chat, of everybody who holds or held a role there."""

        def read(connection: Connection) -> list[Any]:
            return list(connection.execute(_BY_CHAT, {"channel": channel}))

        grants: dict[str, tuple[Grant, ...]] = {}
        for row in await self._database.read(read):
            held = grants.setdefault(row.chat, ())
            if row.withdrawn_at is None:
                grants[row.chat] = (*held, Grant(Role(row.role), row.unit))
        return grants

    async def grants_in(self, channel: str, chat: str) -> tuple[Grant, ...] | None:
        asked = {"channel": channel, "chat": chat}

        def read(connection: Connection) -> list[Any]:
            return list(connection.execute(_IN_CHAT, asked))

        rows = await self._database.read(read)
        if not rows:
            return None
        return tuple(Grant(Role(row.role), row.unit) for row in rows if row.role is not None)

    async def find(self, role: int) -> HeldRole | None:
        found = await self._read(_HELD.where(ROLE.c.id == role))
        return found[0] if found else None

    async def withdraw(self, order: WithdrawRole) -> WithdrawOutcome:
        outcome: WithdrawOutcome = await self._writer.commit(self._withdraw, order)
        return outcome

    async def _read(self, asked: Any) -> tuple[HeldRole, ...]:
        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(asked).all()

        return tuple(_held(self._vault, row) for row in await self._database.read(read))

    def _withdraw_all(
        self, connection: Connection, orders: Sequence[WithdrawRole]
    ) -> list[WithdrawOutcome]:
        return [self._withdraw_one(connection, order) for order in orders]

    def _withdraw_one(self, connection: Connection, order: WithdrawRole) -> WithdrawOutcome:
        ordered = order.ordered
        if not end_step(connection, self._vault, ordered.at, ordered.account, ordered.step):
            return WithdrawOutcome.SUPERSEDED
        # Two organisers who withdraw each other at once: the second finds himself the last.
        if list(connection.execute(_ORGANISERS).scalars()) == [order.role]:
            return WithdrawOutcome.LAST_ORGANISER
        asked = {"role_id": order.role, "by": ordered.account, "now": ordered.at}
        row = connection.execute(_WITHDRAW, asked).first()
        if row is None:
            return WithdrawOutcome.GONE
        detail = {"account": row.account, "role": row.role, "unit": row.unit}
        line = replace(ordered.entry, subject=f"role:{order.role}", detail=detail)
        write_audit(connection, [line])
        if row.account != ordered.account:
            told = Notice("roles.withdrawn", {"role": row.role, "unit": row.unit})
            tell_account(connection, row.account, told, ordered.at)
        if row.role == Role.ORGANISER.value:
            _lapse(connection, row.account, ordered)
        return WithdrawOutcome.WITHDRAWN


def _lapse(connection: Connection, account: int, ordered: Ordered) -> None:
    """What he offered and did not settle is off: he may not approve it any more."""
    asked = {"of_account": account, "by": ordered.account, "now": ordered.at}
    for row in connection.execute(_LAPSE, asked).all():
        detail = {"role": row.role, "unit": row.unit}
        act, subject = "invitation.lapse", f"invitation:{row.id}"
        write_audit(connection, [replace(ordered.entry, act=act, subject=subject, detail=detail)])
        tell_account(connection, row.account, Notice("roles.refused", detail), ordered.at)


def _role_values(vault: Vault, gift: Gift) -> dict[str, object]:
    holder, account = gift.holder, gift.account
    return {
        "account": account,
        "role": gift.grant.role.value,
        "unit": gift.grant.unit,
        "name_box": vault.seal(holder.name.encode(), "role.name", account),
        "phone_box": vault.seal(holder.phone.encode(), "role.phone", account),
        "phone_index": vault.index("phone", holder.phone),
        "is_phone_verified": holder.is_phone_verified,
        "granted_by": gift.ordered.account,
        "granted_at": gift.ordered.at,
        "withdrawn_by": None,
        "withdrawn_at": None,
    }


def _held(vault: Vault, row: Row[Any]) -> HeldRole:
    name = vault.unseal(row.name_box, "role.name", row.account).decode()
    phone = vault.unseal(row.phone_box, "role.phone", row.account).decode()
    return HeldRole(
        id=row.id,
        account=AccountId(row.account),
        grant=Grant(Role(row.role), row.unit),
        holder=Holder(name, phone, row.is_phone_verified),
        granted_at=Instant(row.granted_at),
    )
