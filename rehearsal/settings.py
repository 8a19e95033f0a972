"""What a stand-in is told when it starts."""

import secrets
from dataclasses import dataclass, field
from typing import Any

BOT_ID = 123456


def fresh_token() -> str:
    return f"{BOT_ID}:{secrets.token_urlsafe(26)}"


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """`port` 0 takes a free one; `units` are handed to the chat page as they are.

    The three times are the real service's; tests make them short. `retry_base_s` is the second
    retry's delay (the first comes at once), doubled for each one after it.
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

    @property
    def bot_id(self) -> int:
        head = self.token.partition(":")[0]
        return int(head) if head.isdecimal() else BOT_ID
