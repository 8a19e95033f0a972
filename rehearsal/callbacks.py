"""Button taps that wait for answerCallbackQuery."""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass

MAX_REMEMBERED = 20_000


@dataclass(slots=True)
class Callback:
    id: str
    person_id: int
    chat_id: int
    tapped_at: float
    is_answered: bool = False


class Callbacks:
    """An answer later than `deadline_s` after the tap is refused, and so is a second one."""

    def __init__(self, deadline_s: float) -> None:
        self._deadline_s = deadline_s
        self._ahead_s = 0.0
        self._callbacks: OrderedDict[str, Callback] = OrderedDict()

    def add(self, person_id: int, chat_id: int) -> Callback:
        callback = Callback(str(secrets.randbits(62)), person_id, chat_id, self._now())
        self._callbacks[callback.id] = callback
        if len(self._callbacks) > MAX_REMEMBERED:
            self._callbacks.popitem(last=False)
        return callback

    def answer(self, callback_id: str) -> Callback | None:
        """None: unknown, already answered, or too old."""
        callback = self._callbacks.get(callback_id)
        if callback is None or callback.is_answered:
            return None
        if self._now() - callback.tapped_at > self._deadline_s:
            return None
        callback.is_answered = True
        return callback

    def age(self, seconds: float) -> None:
        """Let that much time pass for the taps that wait."""
        self._ahead_s += seconds

    def _now(self) -> float:
        return time.monotonic() + self._ahead_s

    def pending(self, person_id: int, chat_id: int) -> list[str]:
        """The person's taps in the chat whose spinner still turns, oldest first."""
        place = person_id, chat_id
        mine = (
            each for each in self._callbacks.values() if (each.person_id, each.chat_id) == place
        )
        return [each.id for each in mine if not each.is_answered]
