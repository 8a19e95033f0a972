"""Pacing of bulk messages: what may leave when. Pure: time is an argument.

Keeps the platform's limits over every stretch of time, not on average (DESIGN §6): a leaky bucket
lets a full burst and its refill through within one second. Times are the machine's milliseconds
from any beginning, and never go back.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.timing import Timer

SECOND_MS, MINUTE_MS = 1_000, 60_000
STRIKE_MS = 5_000
LATE_MS = 35
"""What leaves late may make up for so much, one message at the set pace: no burst arrives."""

STRIKE_CHATS = 3
"""So many chats limited within so long, and it is not the chats: all bulk stops."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many messages: `a_second` in all, one chat every `chat_ms`, a group `a_minute`."""

    a_second: int = 29
    chat_ms: int = SECOND_MS
    a_minute: int = 20


@dataclass(slots=True)
class Pacing:
    """Remembers what was sent and limited lately; one per sender."""

    pace: Pace = field(default_factory=Pace)
    _sent: deque[int] = field(default_factory=deque)
    _left: deque[float] = field(default_factory=deque)
    _next_ms: float = 0.0
    _chats: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _groups: dict[str, deque[int]] = field(default_factory=dict)
    _held: dict[str, int] = field(default_factory=dict)
    _strikes: deque[tuple[int, str, int]] = field(default_factory=deque)
    _stopped_until: int = 0

    def take_over(self, now_ms: int) -> None:
        """Another may have sent up to now: its last second counts here."""
        self._sent = deque([now_ms] * self.pace.a_second)
        self._left = deque([float(now_ms)] * self.pace.a_second)

    def admit(self, chat: str, now_ms: int) -> bool:
        """Whether a message to the chat may be claimed now; if so, it counts as sent."""
        if self.wait_ms(now_ms) or chat in self.closed_chats(now_ms):
            return False
        self._sent.append(now_ms)
        self._chats[chat] = now_ms
        self._chats.move_to_end(chat)
        if _is_group(chat):
            self._groups.setdefault(chat, deque()).append(now_ms)
        return True

    def leave(self, chat: str, now_ms: float) -> float:
        """How long an admitted message must still wait, in milliseconds; 0: it leaves now.

        Between admission and this lies a claim, which takes now longer and now less: what the
        platform sees keeps the pace by this alone, one message after the other.
        """
        while self._left and self._left[0] <= now_ms - SECOND_MS:
            self._left.popleft()
        wait = self._next_ms - now_ms
        if len(self._left) >= self.pace.a_second:
            wait = max(wait, self._left[0] + SECOND_MS - now_ms)
        if wait > 0:
            return wait
        self._left.append(now_ms)
        self._next_ms = max(self._next_ms, now_ms - LATE_MS) + SECOND_MS / self.pace.a_second
        self._chats[chat] = int(now_ms)
        self._chats.move_to_end(chat)
        return 0.0

    def wait_ms(self, now_ms: int) -> int:
        """How long nothing at all may leave; 0: something may now."""
        while self._sent and self._sent[0] <= now_ms - SECOND_MS:
            self._sent.popleft()
        wait = max(0, self._stopped_until - now_ms)
        if len(self._sent) >= self.pace.a_second:
            wait = max(wait, self._sent[0] + SECOND_MS - now_ms)
        return wait

    def closed_chats(self, now_ms: int) -> frozenset[str]:
        """The chats that get nothing now."""
        self._forget(now_ms)
        full = [chat for chat, sent in self._groups.items() if len(sent) >= self.pace.a_minute]
        return frozenset([*self._chats, *full, *self._held])

    def limit(self, chat: str, wait_ms: int, now_ms: int, *, is_reply: bool) -> None:
        """A 429 was met: the chat waits; a reply's makes bulk stand back, three stop it."""
        until = now_ms + wait_ms
        self._held[chat] = max(until, self._held.get(chat, 0))
        self._strikes.append((now_ms, chat, until))
        while self._strikes[0][0] <= now_ms - STRIKE_MS:
            self._strikes.popleft()
        if is_reply:
            self.stop(min(until, now_ms + STRIKE_MS))
        if len({struck for _, struck, _ in self._strikes}) >= STRIKE_CHATS:
            self.stop(max(ends for _, _, ends in self._strikes))

    def stop(self, until_ms: int) -> None:
        """Nothing leaves before `until_ms`."""
        self._stopped_until = max(self._stopped_until, until_ms)

    def is_stopped(self, now_ms: int) -> bool:
        return now_ms < self._stopped_until

    def _forget(self, now_ms: int) -> None:
        while self._chats and next(iter(self._chats.values())) <= now_ms - self.pace.chat_ms:
            self._chats.popitem(last=False)
        for chat, sent in list(self._groups.items()):
            while sent and sent[0] <= now_ms - MINUTE_MS:
                sent.popleft()
            if not sent:
                del self._groups[chat]
        for chat in [chat for chat, until in self._held.items() if until <= now_ms]:
            del self._held[chat]


def limits_of(pacing: Pacing, timer: Timer) -> Callable[[str, float, bool], None]:
    """How delivery tells the pacing of each 429: chat, seconds, whether it met a reply."""

    def limited(chat: str, wait_s: float, is_reply: bool) -> None:  # noqa: FBT001 (delivery's own call)
        now_ms = int(timer.now_s() * 1000)
        pacing.limit(chat, int(wait_s * 1000), now_ms, is_reply=is_reply)

    return limited


def _is_group(chat: str) -> bool:
    """Groups have negative ids (Bot API, Chat)."""
    return chat.startswith("-")
