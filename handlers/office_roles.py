"""What the handlers ask of roles, invitations and the list of who is never ranked.

Values and ports. An order that changes something carries its line of the audit trail and the step
of the dialogue it ends: all of it is committed together, or nothing.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from handlers.records import AccountId, AuditEntry, Grant
from scoring.instant import HOUR_MS, Instant

INVITATION_MS = 24 * HOUR_MS
"""How long a link may be claimed, on the machine's clock."""

INVITATION_PREFIX = "inv-"
"""What tells an invitation from a unit's code in `?start=`; with its token 47 characters of 64."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Who orders something and why, as it will stand in the audit trail.

    `step` is that of his dialogue, which ends with the order; None: the command line has none.
    """

    entry: AuditEntry
    step: int | None = None

    @property
    def account(self) -> AccountId | None:
        return self.entry.account

    @property
    def at(self) -> Instant:
        return self.entry.at


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds or claims a role, as he said himself; `phone` in E.164."""

    name: str
    phone: str
    is_phone_verified: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that stands."""

    id: int
    account: AccountId
    grant: Grant
    holder: Holder
    granted_at: Instant


class InvitationState(Enum):
    OPEN = "open"
    CLAIMED = "claimed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it stands.

    `made_by` None: the command line. `account` and `holder` are the claim's; who claimed is
    forgotten once it is settled. `expires_ms` on the machine's clock ends an open one only.
    """

    id: int
    grant: Grant
    state: InvitationState
    made_by: AccountId | None
    made_at: Instant
    expires_ms: int
    account: AccountId | None = None
    holder: Holder | None = None

    def is_open(self, machine_ms: int) -> bool:
        return self.state is InvitationState.OPEN and machine_ms < self.expires_ms


@dataclass(frozen=True, slots=True)
class Invite:
    grant: Grant
    machine_ms: int
    ordered: Ordered


@dataclass(frozen=True, slots=True)
class Invited:
    """`token` is told once and not kept: only its keyed hash is."""

    id: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim an invitation and end the claim's dialogue at `step`."""

    token: str = field(repr=False)
    account: AccountId
    step: int
    holder: Holder
    at: Instant
    machine_ms: int


class ClaimOutcome(Enum):
    CLAIMED = "claimed"
    SUPERSEDED = "superseded"
    """The dialogue has gone on since."""
    UNKNOWN = "unknown"
    TAKEN = "taken"
    """Somebody was faster, or the link was passed on: its inviter is told."""
    ENDED = "ended"
    """Expired, withdrawn, refused, or used to its end."""
    OWN = "own"
    """Nobody claims what he offered himself."""
    HELD = "held"
    """This account has the role already."""


@dataclass(frozen=True, slots=True)
class SettleClaim:
    """Approve or refuse a claim; `doc` is the number of the decision under which papers are voided.

    It is needed only where the person has opened attempts and the role is one that is never ranked.
    """

    invitation: int
    is_approved: bool
    ordered: Ordered
    doc: str = ""


class SettleOutcome(Enum):
    APPROVED = "approved"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    NOT_YOURS = "not_yours"
    GONE = "gone"
    """Settled before, by another press or another device."""
    NEEDS_DOC = "needs_doc"
    """There are attempts that will not count: under which decision?"""


@dataclass(frozen=True, slots=True)
class WithdrawInvitation:
    invitation: int
    ordered: Ordered


@dataclass(frozen=True, slots=True)
class WithdrawRole:
    role: int
    ordered: Ordered


class WithdrawOutcome(Enum):
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    GONE = "gone"
    LAST_ORGANISER = "last_organiser"
    """Nobody would be left to invite anybody."""


class Roles(Protocol):
    async def held(self) -> tuple[HeldRole, ...]:
        """All roles that stand, oldest first."""

    async def of_account(self, account: AccountId) -> tuple[HeldRole, ...]: ...

    async def find(self, role: int) -> HeldRole | None:
        """A role that stands."""

    async def grants_in(self, channel: str, chat: str) -> tuple[Grant, ...] | None:
        """What stands of whose private chat it is; None: it is nobody's, as a group's."""

    async def withdraw(self, order: WithdrawRole) -> WithdrawOutcome: ...


class Invitations(Protocol):
    async def invite(self, order: Invite) -> Invited | None:
        """None: the dialogue has gone on since."""

    async def by_token(self, token: str) -> Invitation | None: ...

    async def find(self, invitation: int) -> Invitation | None: ...

    async def pending_of(self, account: AccountId, machine_ms: int) -> tuple[Invitation, ...]:
        """The account's invitations that are open or wait for its word."""

    async def claim(self, order: Claim) -> ClaimOutcome: ...

    async def settle(self, order: SettleClaim) -> SettleOutcome: ...

    async def withdraw(self, order: WithdrawInvitation) -> WithdrawOutcome: ...

    async def reused(self, invitation: int, account: AccountId, at: Instant) -> None:
        """A link that was claimed came to another account: its inviter is told once."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody who is never ranked (rules 2.2).

    `key` names the entry and tells nothing of the phone; `why` was typed, or is `role:` and a role.
    """

    key: str
    phone: str
    why: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Exclude:
    """Put a phone on the list; `doc` as in `SettleClaim`."""

    phone: str
    why: str
    ordered: Ordered
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Readmit:
    """Take an entry off the list; attempts that were voided for it count again under `doc`."""

    key: str
    ordered: Ordered
    doc: str = ""


class ListOutcome(Enum):
    DONE = "done"
    SUPERSEDED = "superseded"
    ALREADY = "already"
    """On the list before, or off it."""
    NEEDS_DOC = "needs_doc"
    HOLDS_ROLE = "holds_role"
    """As long as the role stands, so does the entry."""


class Exclusions(Protocol):
    async def listed(self) -> tuple[Excluded, ...]:
        """The whole list, oldest first."""

    async def find(self, key: str) -> Excluded | None: ...

    async def add(self, order: Exclude) -> ListOutcome: ...

    async def remove(self, order: Readmit) -> ListOutcome: ...
