"""What needs a second person before it happens (DESIGN §4), as values. Pure.

How a kind takes effect is the store's, how it is told and approved in chat `handlers.approving`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from handlers.records import AccountId
from scoring.instant import Instant

ProposalId = NewType("ProposalId", int)


class ProposalState(Enum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Settled(Enum):
    """What became of an attempt to settle a proposal."""

    DONE = "done"
    NOT_OPEN = "not_open"
    """Somebody settled it before."""
    OWN = "own"
    """Who made it cannot be the second person."""
    OUTDATED = "outdated"
    """What it asks for does not fit what stands now; it stays open."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind` names what it is about, `content` holds JSON values.

    `made_by` None: typed on the server, where nobody's account is known.
    """

    kind: str
    content: Mapping[str, object]
    why: str
    made_by: AccountId | None
    made_at: Instant


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """A proposal on record."""

    id: ProposalId
    proposal: Proposal
    state: ProposalState
    settled_by: AccountId | None = None
    settled_at: Instant | None = None
