"""What a stand-in is told when it starts."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from rehearsal.chats import MAX_MESSAGES
from rehearsal.files import MAX_TOTAL_BYTES
from rehearsal.transcript import MAX_CALLS

BOT_ID = 123456


def fresh_token() -> str:
    return f"{BOT_ID}:{secrets.token_urlsafe(26)}"


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """`port` 0 takes a free one; `units` are handed to the chat page as they are.

    The three times are the real service's; tests make them short. `retry_base_s` is the second
    retry's delay (the first comes at once), doubled for each one after it. `reads_all`: the
    bot's privacy mode in groups is off. The last three bound the memory: messages of each chat
    and calls of the transcript (0 only counts them), bytes of files.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default_factory=fresh_token, repr=False)
    username: str = "hoithi_dien_tap_bot"
    bot_name: str = "Hội thi (diễn tập)"
    bot_url: str | None = None
    clock_token: str | None = field(default=None, repr=False)
    units: tuple[dict[str, Any], ...] = ()
    answer_deadline_s: float = 30.0
    retry_base_s: float = 2.0
    webhook_timeout_s: float = 60.0
    reads_all: bool = False
    messages_kept: int = MAX_MESSAGES
    calls_kept: int = MAX_CALLS
    files_bytes: int = MAX_TOTAL_BYTES

    @property
    def bot_id(self) -> int:
        head = self.token.partition(":")[0]
        return int(head) if head.isdecimal() else BOT_ID
