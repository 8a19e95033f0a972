"""What people read once each while something lasts: SQL is away, or many are here (DESIGN §6).

Nothing follows from it: an update that SQL did not take is delivered again by the platform.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from bot.platforms.telegram import Decoded, encode_toast
from bot.platforms.telegram_client import Called
from handlers.records import Sender

MOST_TOLD = 50_000
"""People told at one time; beyond that nobody more is, to keep the memory bounded."""


class Caller(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...


class Apology:
    """One per process and reason; `text` is what is read, a tap's owner closes it if `is_alert`."""

    def __init__(self, caller: Caller, text: str, *, is_alert: bool = True) -> None:
        self._caller = caller
        self._text = text
        self._is_alert = is_alert
        self._told: set[Sender] = set()
        self._calls: set[asyncio.Task[Called]] = set()

    def offer(self, decoded: Decoded) -> None:
        """Tell the sender, unless that was done since it began; nobody waits for it."""
        sender = decoded.incoming.sender
        if sender in self._told or len(self._told) >= MOST_TOLD or not decoded.incoming.is_private:
            return
        self._told.add(sender)
        if decoded.query is not None:
            payload = encode_toast(decoded.query, self._text, is_alert=self._is_alert)
            work = self._caller.call("answerCallbackQuery", payload)
        else:
            payload = {"chat_id": int(decoded.incoming.chat), "text": self._text}
            work = self._caller.call("sendMessage", payload)
        task = asyncio.create_task(work)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    def end(self) -> None:
        """It is over: the next time is a new one."""
        if self._told:
            self._told.clear()
