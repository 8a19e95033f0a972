"""Long polling that acknowledges after commit (FAULTS R1).

An offset moves only when every update before it is committed or dead-lettered. python-telegram-
bot's own updater confirms a batch when it is queued in memory; that path is not used.
"""

import asyncio
from typing import Any, Protocol

import msgspec
import structlog

from bot.door import Accepted, Door
from bot.platforms.telegram import Received
from bot.platforms.telegram_client import Called, SecondPollerError
from bot.platforms.telegram_types import ALLOWED_UPDATES, Update
from handlers.ports import StoreAwayError

POLL_S = 25
AWAY_S = 3.0
BACKOFF_S = (1.0, 2.0, 5.0, 10.0)
CONFLICT_S = 10.0

log = structlog.get_logger(__name__)


class UpdateSource(Protocol):
    async def get_updates(
        self, offset: int, wait_s: int, allowed: tuple[str, ...]
    ) -> list[Any]: ...

    async def call(self, method: str, payload: dict[str, object]) -> Called: ...


class Poller:
    """Asks for updates until cancelled."""

    def __init__(self, source: UpdateSource, door: Door) -> None:
        self._source = source
        self._door = door
        self._offset = 0
        self._toasts: set[asyncio.Task[Called]] = set()

    async def run(self) -> None:
        """Poll for ever; a failure holds the offset and the same updates are asked for again."""
        failures = 0
        while True:
            try:
                await self._poll()
                failures = 0
            except Exception as error:  # noqa: BLE001 (whatever it is, polling goes on)
                log.warning("polling_failed", error=type(error).__name__)
                if isinstance(error, SecondPollerError) and "webhook" in str(error).lower():
                    await self._source.call("deleteWebhook", {"drop_pending_updates": False})
                await asyncio.sleep(_wait_s(error, failures))
                failures += 1

    async def _poll(self) -> None:
        raw = await self._source.get_updates(self._offset, POLL_S, ALLOWED_UPDATES)
        await self._take_all(raw, self._door.received())
        if raw:
            self._offset = raw[-1]["update_id"] + 1

    async def _take_all(self, raw: list[Any], received: Received) -> None:
        """Commit a whole batch; different people side by side, one person in order."""
        results = await asyncio.gather(
            *(self._take(one, received) for one in raw), return_exceptions=True
        )
        failures = [one for one in results if isinstance(one, BaseException)]
        if failures:
            raise failures[0]

    async def _take(self, raw: Any, received: Received) -> None:
        try:
            update = msgspec.convert(raw, Update)
        except msgspec.ValidationError:
            await self._door.bury(raw["update_id"], "shape")
            return
        self._answer_toast(await self._door.accept(update, received))

    def _answer_toast(self, accepted: Accepted) -> None:
        """Stop the button's spinner; nobody waits for it."""
        if accepted.toast is None:
            return
        task = asyncio.create_task(self._source.call("answerCallbackQuery", accepted.toast))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)


def _wait_s(error: Exception, failures: int) -> float:
    if isinstance(error, SecondPollerError):
        return CONFLICT_S
    if isinstance(error, StoreAwayError):
        return AWAY_S
    return BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
