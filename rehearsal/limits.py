"""The real service's limits of sending and editing, off until a test or a person orders them."""

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from time import monotonic
from typing import Annotated

import msgspec

from rehearsal.calls import Call
from rehearsal.errors import ApiError

_Count = Annotated[int, msgspec.Meta(ge=0)]
_METERED = ("send", "edit", "copy", "forward")
_FREE = {"sendchataction"}
_MINUTE_S = 60.0


class LimitsAsked(msgspec.Struct, forbid_unknown_fields=True):
    """0 is no limit. The real ones are 20, 1 and about 30."""

    group_per_minute: _Count = 0
    chat_per_second: _Count = 0
    all_per_second: _Count = 0


class Limits:
    """Counts what was let through in sliding windows."""

    def __init__(self) -> None:
        self.asked = LimitsAsked()
        self._passed: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def set(self, asked: LimitsAsked) -> None:
        self.asked = asked
        self._passed.clear()

    def check(self, call: Call) -> None:
        """Raises the 429 of a send or an edit too many."""
        method = call.method.lower()
        if not method.startswith(_METERED) or method in _FREE:
            return
        now = monotonic()
        windows = [each for each in self._windows(call.text("chat_id")) if each[1] > 0]
        waits = [self._wait_s(key, limit, length, now) for key, limit, length in windows]
        if (wait_s := max(waits, default=0.0)) > 0:
            after = math.ceil(wait_s)
            words = f"Too Many Requests: retry after {after}"
            raise ApiError(429, words, {"retry_after": after})
        for key, _, _ in windows:
            self._passed[key].append(now)

    def view(self) -> Mapping[str, int]:
        shown: Mapping[str, int] = msgspec.to_builtins(self.asked)
        return shown

    def _windows(self, chat: str) -> list[tuple[tuple[str, str], int, float]]:
        is_group = chat.startswith(("-", "@"))
        return [
            (("minute", chat), self.asked.group_per_minute if is_group else 0, _MINUTE_S),
            (("second", chat), self.asked.chat_per_second, 1.0),
            (("second", ""), self.asked.all_per_second, 1.0),
        ]

    def _wait_s(self, key: tuple[str, str], limit: int, length_s: float, now: float) -> float:
        passed = self._passed[key]
        while passed and passed[0] <= now - length_s:
            passed.popleft()
        return passed[0] + length_s - now if len(passed) >= limit else 0.0
