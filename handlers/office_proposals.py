"""What is asked of the world for proposals."""

from typing import Protocol

from handlers.office_links import ClaimLink
from handlers.proposals import OpenProposal, Proposal, ProposalId, Settled
from handlers.records import AuditEntry


class Proposals(Protocol):
    async def propose(self, proposal: Proposal, entry: AuditEntry) -> ProposalId:
        """Put it on record and tell every other organiser of it."""

    async def propose_claimed(
        self, proposal: Proposal, entry: AuditEntry, claim: ClaimLink
    ) -> ProposalId | None:
        """As `propose`, with the use of the link it came by: both stand or neither.

        None: the claim was refused.
        """

    async def approve(self, proposal: ProposalId, entry: AuditEntry) -> Settled:
        """Let it take effect, in the transaction that closes it."""

    async def refuse(self, proposal: ProposalId, entry: AuditEntry) -> Settled:
        """Close it without effect; who made it withdraws it by that."""

    async def open(self) -> tuple[OpenProposal, ...]:
        """Those that wait, oldest first."""

    async def find(self, proposal: ProposalId) -> OpenProposal | None: ...
