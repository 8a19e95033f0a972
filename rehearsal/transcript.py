"""Every Bot API call that came in, without its files: what the bot did, for tests to read."""

import time
from collections import Counter, deque
from typing import Any

from rehearsal.calls import Call

MAX_CALLS = 50_000


class Transcript:
    """`kept` is how many calls are remembered; `counts` knows all of them, by method and status."""

    def __init__(self, kept: int = MAX_CALLS) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=kept)
        self.counts: Counter[tuple[str, int]] = Counter()

    def record(self, call: Call, status: int) -> None:
        """`status` 0: the connection was closed without an answer."""
        self.counts[call.method, status] += 1
        if self._calls.maxlen == 0:
            return
        self._calls.append(
            {
                "method": call.method,
                "params": dict(call.params),
                "status": status,
                "at": time.time(),
            }
        )

    def clear(self) -> None:
        self._calls.clear()
        self.counts.clear()

    def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        wanted = None if method is None else method.lower()
        return [each for each in self._calls if wanted in {None, each["method"].lower()}]
