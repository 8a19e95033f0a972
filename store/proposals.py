"""Proposals: what a second person agrees to takes effect in the transaction that closes it.

Decides that one person is never both, and that two presses have one effect. What a kind does is
in `EFFECTS`, registered by those whose tables it changes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from handlers.office_links import ClaimLink
from handlers.proposals import OpenProposal, Proposal, ProposalId, ProposalState, Settled
from handlers.records import AccountId, AuditEntry, Notice, Role
from scoring.instant import Instant
from store.audit import write_audit
from store.encryption import Vault
from store.file_links import FileLinksStore
from store.group_commit import Kind, Writer
from store.outbox import arguments_text, outbox_values
from store.sql import Database
from store.tables import ACCOUNT, OUTBOX, PROPOSAL, ROLE

MADE, SETTLED = "proposal.made", "proposal.settled"
_BOX = "proposal.content"

Effect = Callable[[Connection, Vault, OpenProposal, Instant], bool]
"""Does what a proposal asks for at an instant; False: it does not fit what stands now."""

EFFECTS: dict[str, Effect] = {}
"""By kind; a kind that is not here cannot be proposed."""

_ONE = select(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal"))
_OPEN = select(PROPOSAL).where(PROPOSAL.c.state == ProposalState.OPEN.value).order_by(PROPOSAL.c.id)
_ORGANISERS = (
    select(ACCOUNT.c.channel, ACCOUNT.c.chat)
    .distinct()
    .join(ROLE, ROLE.c.account == ACCOUNT.c.id)
    .where(
        ROLE.c.role == Role.ORGANISER.value,
        ROLE.c.withdrawn_at.is_(None),
        ACCOUNT.c.is_reachable.is_(True),
    )
    .order_by(ACCOUNT.c.channel, ACCOUNT.c.chat)
)
_MAKER = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(
    ACCOUNT.c.id == bindparam("account"), ACCOUNT.c.is_reachable.is_(True)
)


class _Settle(NamedTuple):
    proposal: ProposalId
    entry: AuditEntry
    is_approval: bool


class ProposalsStore:
    def __init__(
        self, database: Database, writer: Writer, vault: Vault, links: FileLinksStore
    ) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._links = links
        self._propose = Kind(96, self._propose_all)
        self._settle = Kind(97, self._settle_all)

    async def propose(self, proposal: Proposal, entry: AuditEntry) -> ProposalId:
        """Put it on record and tell every other organiser of it.

        Raises:
            KeyError: no such kind is known.
        """
        _ask_kind(proposal)
        made: int = await self._writer.commit(self._propose, (proposal, entry))
        return ProposalId(made)

    async def propose_claimed(
        self, proposal: Proposal, entry: AuditEntry, claim: ClaimLink
    ) -> ProposalId | None:
        """As `propose`, in the transaction that uses the link up; None: the claim was refused.

        Raises:
            KeyError: no such kind is known.
        """
        _ask_kind(proposal)
        made = await self._links.claim_with(
            claim, lambda connection: self._propose_one(connection, proposal, entry)
        )
        return None if made is None else ProposalId(made)

    async def approve(self, proposal: ProposalId, entry: AuditEntry) -> Settled:
        order = _Settle(proposal, entry, is_approval=True)
        settled: Settled = await self._writer.commit(self._settle, order)
        return settled

    async def refuse(self, proposal: ProposalId, entry: AuditEntry) -> Settled:
        order = _Settle(proposal, entry, is_approval=False)
        settled: Settled = await self._writer.commit(self._settle, order)
        return settled

    async def open(self) -> tuple[OpenProposal, ...]:
        def read(connection: Connection) -> tuple[OpenProposal, ...]:
            return tuple(self._open_of(row) for row in connection.execute(_OPEN))

        return await self._database.read(read)

    async def find(self, proposal: ProposalId) -> OpenProposal | None:
        def read(connection: Connection) -> OpenProposal | None:
            row = connection.execute(_ONE, {"proposal": proposal}).first()
            return None if row is None else self._open_of(row)

        return await self._database.read(read)

    def _propose_all(
        self, connection: Connection, works: Sequence[tuple[Proposal, AuditEntry]]
    ) -> list[int]:
        return [self._propose_one(connection, *work) for work in works]

    def _propose_one(self, connection: Connection, proposal: Proposal, entry: AuditEntry) -> int:
        values = {
            "kind": proposal.kind,
            "content_box": b"",
            "why": proposal.why,
            "state": ProposalState.OPEN.value,
            "made_by": proposal.made_by,
            "made_at": proposal.made_at,
        }
        made = int(
            connection.execute(
                insert(PROPOSAL).values(values).returning(PROPOSAL.c.id)
            ).scalar_one()
        )
        # The box is bound to its row, whose number is known only now.
        box = self._vault.seal_json(dict(proposal.content), _BOX, made)
        connection.execute(update(PROPOSAL).where(PROPOSAL.c.id == made).values(content_box=box))
        write_audit(connection, [_of(entry, made)])
        maker = _chat_of(connection, proposal.made_by)
        others = [chat for chat in _organisers(connection) if chat != maker]
        _tell(connection, others, Notice(MADE, {"proposal": made}), proposal.made_at)
        return made

    def _settle_all(self, connection: Connection, orders: Sequence[_Settle]) -> list[Settled]:
        return [self._settle_one(connection, order) for order in orders]

    def _settle_one(self, connection: Connection, order: _Settle) -> Settled:
        row = connection.execute(_ONE.with_for_update(), {"proposal": order.proposal}).first()
        if row is None or row.state != ProposalState.OPEN.value:
            return Settled.NOT_OPEN
        opened, account = self._open_of(row), order.entry.account
        is_own = account is not None and account == opened.proposal.made_by
        if order.is_approval:
            if is_own or account is None:
                return Settled.OWN
            effect = EFFECTS[opened.proposal.kind]
            if not effect(connection, self._vault, opened, order.entry.at):
                return Settled.OUTDATED
        state = ProposalState.APPROVED
        if not order.is_approval:
            state = ProposalState.WITHDRAWN if is_own else ProposalState.REFUSED
        self._close(connection, order, opened, state)
        return Settled.DONE

    def _close(
        self,
        connection: Connection,
        order: _Settle,
        opened: OpenProposal,
        state: ProposalState,
    ) -> None:
        entry = order.entry
        values = {"state": state.value, "settled_by": entry.account, "settled_at": entry.at}
        connection.execute(update(PROPOSAL).where(PROPOSAL.c.id == order.proposal).values(values))
        write_audit(connection, [_of(entry, order.proposal)])
        told = set(_organisers(connection)) | {_chat_of(connection, opened.proposal.made_by)}
        told -= {_chat_of(connection, entry.account), None}
        notice = Notice(SETTLED, {"proposal": order.proposal})
        _tell(connection, sorted(chat for chat in told if chat is not None), notice, entry.at)

    def _open_of(self, row: Row[Any]) -> OpenProposal:
        content = self._vault.unseal_json(row.content_box, _BOX, row.id)
        maker = None if row.made_by is None else AccountId(row.made_by)
        proposal = Proposal(
            row.kind,
            content if isinstance(content, Mapping) else {},
            row.why,
            maker,
            Instant(row.made_at),
        )
        return OpenProposal(
            ProposalId(row.id),
            proposal,
            ProposalState(row.state),
            None if row.settled_by is None else AccountId(row.settled_by),
            None if row.settled_at is None else Instant(row.settled_at),
        )


def _ask_kind(proposal: Proposal) -> None:
    if proposal.kind not in EFFECTS:
        raise KeyError(proposal.kind)


def _of(entry: AuditEntry, proposal: int) -> AuditEntry:
    """The line with the proposal's number, which its writer could not know."""
    return AuditEntry(
        entry.at,
        entry.account,
        entry.role,
        entry.act,
        f"proposal:{proposal}",
        {**entry.detail, **({"subject": entry.subject} if entry.subject else {})},
        entry.why,
    )


Chat = tuple[str, str]


def _organisers(connection: Connection) -> list[Chat]:
    return [(row.channel, row.chat) for row in connection.execute(_ORGANISERS)]


def _chat_of(connection: Connection, account: int | None) -> Chat | None:
    if account is None:
        return None
    row = connection.execute(_MAKER, {"account": account}).first()
    return None if row is None else (row.channel, row.chat)


def _tell(connection: Connection, chats: Sequence[Chat], notice: Notice, at: Instant) -> None:
    text = arguments_text(notice)
    rows = [outbox_values(chat, notice.message, text, at) for chat in chats]
    if rows:
        connection.execute(insert(OUTBOX), rows)
