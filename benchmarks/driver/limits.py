"""The platform's limits on messages that answer nothing: who breaks them is seen.

30 messages a second in all, and one a second to a chat (Bot API FAQ, "My bot is hitting limits").
Pure: time is an argument, in seconds from any beginning.
"""

from collections import deque

A_SECOND = 30
EVERY = 200
"""One message in so many is refused for a while though no limit was broken."""


class Limits:
    """What was sent within the last second; one per run."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int]] = deque()
        self._count = 0

    def is_broken(self, chat: int, now_s: float) -> bool:
        """Note a message, and whether it came too soon."""
        while self._sent and self._sent[0][0] <= now_s - 1:
            self._sent.popleft()
        is_soon = len(self._sent) >= A_SECOND or any(chat == other for _, other in self._sent)
        self._sent.append((now_s, chat))
        return is_soon

    def is_refused(self) -> bool:
        """Whether the message just noted is one of those."""
        self._count += 1
        return self._count % EVERY == 0
