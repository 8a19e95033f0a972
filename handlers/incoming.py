"""What arrives from a platform, platform-blind. Adapters make it (`decode`), handlers read it."""

from dataclasses import dataclass

from handlers.records import EventId, Sender
from scoring.instant import Instant


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button; `data` as it came back from the platform, unchecked."""

    data: str


@dataclass(frozen=True, slots=True)
class Text:
    """Typed text as it came, not cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """`/name argument`; `name` in lower case without the slash."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card. `is_own`: the platform vouches that the number is the sender's."""

    phone: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """Anything that has no meaning here: a sticker, a voice message, a photo."""


@dataclass(frozen=True, slots=True)
class Departed:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """The bot's own standing in a group or channel has changed, by the sender's doing.

    Where it may not send, it may still read; who put it out leaves `is_member` False.
    """

    is_member: bool
    is_administrator: bool = False
    can_send: bool = True


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """The group that this is sent in has another id from now on, and numbers messages anew."""

    to: str


Content = Tap | Text | Command | SharedContact | Attachment | Departed | GroupStatus | GroupMoved


@dataclass(frozen=True, slots=True)
class Incoming:
    """One input.

    `received_at` is the contest clock when a process received the delivery, `received_ms` the
    machine's clock then. `is_private` is False in a group. `began_s` is the same moment on a clock
    without a date, for those who count how long things take.
    `chat_kind`: private, group, supergroup, channel; `title` is a group's, not cleaned. `thread`
    is a forum's topic. `is_anonymous`: the sender is nobody's account, but a group or channel that
    somebody speaks for; he is never registered.
    """

    sender: Sender
    chat: str
    event: EventId
    received_at: Instant
    received_ms: int
    content: Content
    sender_name: str = ""
    is_private: bool = True
    began_s: float = 0.0
    chat_kind: str = "private"
    title: str = ""
    thread: int | None = None
    is_anonymous: bool = False
