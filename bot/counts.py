"""What the bot's own parts count as they work: plain integers, read when somebody asks.

Each part owns its counts; what they are called outside, and how they are shown, is `bot.metrics`'.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from handlers.incoming import (
    Attachment,
    Command,
    Departed,
    GroupMoved,
    GroupStatus,
    SharedContact,
    Tap,
    Text,
)
from store.buckets import Buckets

KINDS: dict[type, str] = {
    Tap: "tap",
    Text: "text",
    Command: "command",
    SharedContact: "contact",
    Attachment: "attachment",
    Departed: "departed",
    GroupStatus: "group_status",
    GroupMoved: "group_moved",
}
NOBODYS = ("other", "ignored")
"""Kind and outcome of an update that is nobody's input to us."""

_METHODS = {
    "sendMessage": "send",
    "sendPhoto": "send",
    "sendDocument": "send",
    "editMessageText": "edit",
    "editMessageReplyMarkup": "edit",
    "answerCallbackQuery": "answer",
    "getUpdates": "poll",
}


def method_class(method: str) -> str:
    """What a call of the Bot API is for; "other" for what is called once in a while."""
    return _METHODS.get(method, "other")


@dataclass(slots=True)
class DoorCounts:
    """`updates` by kind and outcome; the stages in seconds since receipt, of a paper's steps."""

    updates: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    dead_letters: int = 0
    decided: Buckets = field(default_factory=Buckets)
    committed: Buckets = field(default_factory=Buckets)
    acknowledged: Buckets = field(default_factory=Buckets)
    received_s: float | None = None
    """When the last update came, on a clock without a date."""


@dataclass(slots=True)
class CallCounts:
    """Calls of the Bot API by class of method; times on a clock without a date."""

    calls: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    seconds: defaultdict[str, Buckets] = field(default_factory=lambda: defaultdict(Buckets))
    limited_s: float = 0.0
    """Seconds that 429s told us to wait, added up."""
    done_s: float | None = None
    conflict_s: float | None = None
    """When another process was last seen to poll with this token."""
    is_token_refused: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What delivery has before it: chats being answered, screens waiting, chats held by a 429."""

    lanes: int
    waiting: int
    limited: int
