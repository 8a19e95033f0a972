"""What the handlers ask about groups and channels: which chat is a unit's, and who says so.

Values and ports. A link is asked for in the group and made by the leader in private; what changes
one is committed with its line of the audit trail.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from handlers.incoming import GroupStatus
from handlers.records import AccountId, AuditEntry, Event, Sender
from scoring.instant import Instant

WARD = ""
"""In place of a unit's code: the chat is the organisers' own, for the whole ward."""


class LinkState(Enum):
    PENDING = "pending"
    LINKED = "linked"
    REFUSED = "refused"
    UNLINKED = "unlinked"
    LOST = "lost"
    """The bot was put out of the chat."""


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group or channel as it is now; `thread` is the topic that was spoken in."""

    channel: str
    chat: str
    kind: str
    title: str = field(repr=False)
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class UnitChat:
    """A chat that gets a unit's tallies, or is asked for; `can_send`: as far as is known.

    `account` answers for it and hears of it.
    """

    id: int
    group: GroupChat
    unit: str
    state: LinkState
    can_send: bool
    account: AccountId | None


@dataclass(frozen=True, slots=True)
class AskForLink:
    """A leader's code has come in a group: he is asked whether the group is the unit's."""

    group: GroupChat
    unit: str
    account: AccountId
    at: Instant
    event: Event


class AskOutcome(Enum):
    ASKED = "asked"
    LINKED = "linked"
    """It is the unit's already; messages go to the topic where this was said from now on."""
    REFUSED = "refused"
    """Not now: the leader has just said no, or too many groups wait for his word."""
    ENDED = "ended"
    """The account does not lead the unit any more: the code is worth nothing."""


@dataclass(frozen=True, slots=True)
class SettleLink:
    """The answer to what was asked; `replaces` is the other unit's link that was shown with it."""

    link: int
    is_confirmed: bool
    entry: AuditEntry
    replaces: int | None = None


class SettleOutcome(Enum):
    LINKED = "linked"
    REFUSED = "refused"
    OTHER_UNIT = "other_unit"
    """The chat is another unit's now: nothing was changed."""
    GONE = "gone"
    """Settled before, or the bot is not in the chat any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot's place in a chat has changed; `sender` None: nobody knows who did it."""

    group: GroupChat
    status: GroupStatus
    sender: Sender | None
    at: Instant
    event: Event


class UnitChats(Protocol):
    async def linked(self, unit: str) -> tuple[UnitChat, ...]:
        """The chats of a unit, `WARD` for the organisers', oldest first."""

    async def all_linked(self) -> tuple[UnitChat, ...]: ...

    async def of_chat(self, channel: str, chat: str) -> UnitChat | None:
        """The link that stands for the chat."""

    async def is_linked(self, channel: str, chat: str, unit: str) -> bool:
        """Whether the chat gets what the unit's chats get."""

    async def find(self, link: int) -> UnitChat | None: ...

    async def ask(self, order: AskForLink) -> AskOutcome: ...

    async def settle(self, order: SettleLink) -> SettleOutcome:
        """Linked, the group is welcomed once."""

    async def unlink(self, link: int, entry: AuditEntry) -> bool:
        """End a link; False: it had ended. Who answers for it hears of it, if another did it."""

    async def try_again(self, link: int, entry: AuditEntry) -> bool:
        """Send a word to a chat that let nothing in; False: there is no such link."""

    async def stand(self, standing: Standing) -> None:
        """Note what the bot may do where; an organiser who made it administrator is asked."""

    async def move(self, channel: str, chat: str, to: str, at: Instant) -> None:
        """The chat has another id: everything that knew the old one knows this one, once."""


class GroupPace(Protocol):
    """How often a group is answered: everybody in it reads every answer."""

    async def is_due(self, chat: str, what: str) -> bool:
        """Whether `what` was not said there within the last minute; said now, if so."""
