"""Invitations and roles in few words, for the store's tests."""

from dataclasses import dataclass
from typing import Any

from handlers.office_roles import (
    Claim,
    ClaimOutcome,
    Holder,
    Invite,
    Invited,
    Ordered,
    SettleClaim,
    SettleOutcome,
)
from handlers.records import AccountId, AuditEntry, Dialogue, Grant, MoveDialogue, Role

MACHINE_MS = 1_800_000_000_000
JUDGE = Grant(Role.JUDGE)
CLI = "cli"


@dataclass
class Office:
    """Acts of staff through a world's store; account None is the command line."""

    world: Any

    def ordered(self, act: str, account: AccountId | None = None, why: str = "") -> Ordered:
        role = CLI if account is None else "organiser"
        return Ordered(AuditEntry(self.world.now, account, role, act, why=why))

    async def account(self) -> AccountId:
        visitor = await self.world.visit(self.world.sender())
        return AccountId(visitor.account)

    def holder(self, phone: str = "") -> Holder:
        return Holder("Trần Văn Bình", phone or self.world.new_data().phone, is_phone_verified=True)

    async def invite(self, grant: Grant = JUDGE, by: AccountId | None = None) -> Invited:
        order = Invite(grant, MACHINE_MS, self.ordered("role.invite", by))
        made = await self.world.store.invitations.invite(order)
        assert isinstance(made, Invited)
        return made

    async def claiming(
        self, token: str, account: AccountId, phone: str = "", later_ms: int = 0
    ) -> Claim:
        """The claim of an account whose dialogue has come to its last step."""
        move = MoveDialogue(account, Dialogue("claim"), self.world.now)
        _, step = await self.world.store.people.move(move)
        machine_ms = MACHINE_MS + later_ms
        return Claim(token, account, step, self.holder(phone), self.world.now, machine_ms)

    async def claim(
        self, token: str, account: AccountId, phone: str = "", later_ms: int = 0
    ) -> ClaimOutcome:
        order = await self.claiming(token, account, phone, later_ms)
        outcome: ClaimOutcome = await self.world.store.invitations.claim(order)
        return outcome

    async def settle(
        self, invitation: int, by: AccountId | None = None, doc: str = "", *, is_yes: bool = True
    ) -> SettleOutcome:
        order = SettleClaim(invitation, is_yes, self.ordered("role.approve", by), doc)
        outcome: SettleOutcome = await self.world.store.invitations.settle(order)
        return outcome

    async def appoint(
        self, grant: Grant = JUDGE, account: AccountId | None = None, phone: str = "", doc: str = ""
    ) -> AccountId:
        """An account with the role, by an invitation of the command line."""
        holder = account or await self.account()
        made = await self.invite(grant)
        assert await self.claim(made.token, holder, phone) is ClaimOutcome.CLAIMED
        assert await self.settle(made.id, doc=doc) is SettleOutcome.APPROVED
        return holder

    async def grants(self, account: AccountId) -> list[Grant]:
        return [one.grant for one in await self.world.store.roles.of_account(account)]

    async def told(self) -> list[tuple[str, str]]:
        """(chat, message) of all that was lined up, in order."""
        return [(row["chat"], row["message"]) for row in await self.world.rows("outbox")]

    async def acts(self) -> list[tuple[str, str]]:
        """(act, subject) of the audit trail."""
        return [(row["act"], row["subject"]) for row in await self.world.rows("audit")]
