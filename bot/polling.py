"""Long polling that acknowledges after commit (FAULTS R1).

An offset moves only when every update before it is committed or dead-lettered. python-telegram-
bot's own updater confirms a batch when it is queued in memory; that path is not used. Of two
processes that poll with one token the one that was first goes on (FAULTS T16).
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import structlog

from bot.door import Accepted, Door
from bot.platforms.telegram import Received
from bot.platforms.telegram_client import Called, SecondPollerError
from bot.platforms.telegram_types import ALLOWED_UPDATES, Update
from bot.timing import Timer
from handlers.ports import StoreAwayError

POLL_S = 25
AWAY_S = 3.0
BACKOFF_S = (1.0, 2.0, 5.0, 10.0)
ESTABLISHED_S = 5.0
"""Polling undisturbed for so long: nobody else was here before."""

INSIST_S = 1.0
PATIENCE = 5
NEWCOMER_S, NEWCOMER_LONGEST_S = 10.0, 600.0

log = structlog.get_logger(__name__)


class UpdateSource(Protocol):
    async def get_updates(
        self, offset: int, wait_s: int, allowed: tuple[str, ...]
    ) -> list[Any]: ...

    async def call(self, method: str, payload: dict[str, object]) -> Called: ...


class Poller:
    """Asks for updates until cancelled."""

    def __init__(self, source: UpdateSource, door: Door, timer: Timer | None = None) -> None:
        self._source = source
        self._door = door
        self._timer = timer or Timer()
        self._offset = 0
        self._standing = Standing()
        self._toasts: set[asyncio.Task[Called]] = set()

    async def run(self) -> None:
        """Poll for ever; a failure holds the offset and the same updates are asked for again."""
        failures = 0
        while True:
            try:
                await self._poll()
                failures = 0
            except SecondPollerError as error:
                await self._give_way(error)
            except Exception as error:  # noqa: BLE001 (whatever it is, polling goes on)
                log.warning("polling_failed", error=type(error).__name__)
                await self._timer.sleep(_wait_s(error, failures))
                failures += 1

    async def _give_way(self, error: SecondPollerError) -> None:
        """After a 409: the first to poll asks again soon, who came later lets him."""
        if "webhook" in str(error).lower():
            log.error("webhook_is_set_while_polling")
            await self._source.call("deleteWebhook", {"drop_pending_updates": False})
            await self._timer.sleep(INSIST_S)
            return
        wait_s = self._standing.conflict(self._timer.chance())
        log.error(
            "another_bot_polls_with_this_token",
            does="goes_on" if self._standing.is_established else "stands_back",
            advice="stop one of the two",
            wait_s=round(wait_s, 1),
        )
        await self._timer.sleep(wait_s)

    async def _poll(self) -> None:
        began = self._timer.now_s()
        # A newcomer asks for a moment only: who was here before would end a longer poll.
        wait_s = POLL_S if self._standing.is_established else int(ESTABLISHED_S)
        raw = await self._source.get_updates(self._offset, wait_s, ALLOWED_UPDATES)
        if self._standing.polled(self._timer.now_s() - began):
            log.info("polling")
        if not raw:
            return
        received = self._door.received()
        steps = await self._take_all(raw, received)
        self._offset = raw[-1]["update_id"] + 1
        self._door.acknowledged(received, steps)

    async def _take_all(self, raw: list[Any], received: Received) -> int:
        """Commit a whole batch; different people side by side, one person in order.

        How many steps of papers were in it.
        """
        results = await asyncio.gather(
            *(self._take(one, received) for one in raw), return_exceptions=True
        )
        failures = [one for one in results if isinstance(one, BaseException)]
        if failures:
            raise failures[0]
        return sum(one is True for one in results)

    async def _take(self, raw: Any, received: Received) -> bool:
        try:
            update = msgspec.convert(raw, Update)
        except msgspec.ValidationError:
            await self._door.bury(raw["update_id"], "shape")
            return False
        accepted = await self._door.accept(update, received)
        self._answer_toast(accepted)
        return accepted.is_step

    def _answer_toast(self, accepted: Accepted) -> None:
        """Stop the button's spinner; nobody waits for it."""
        if accepted.toast is None:
            return
        task = asyncio.create_task(self._source.call("answerCallbackQuery", accepted.toast))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)


@dataclass(slots=True)
class Standing:
    """Whether this process was the first to poll, as far as it can tell from the answers.

    Telegram ends the poll that waits when another begins, so the first hears of the newcomer: it
    asks again at once, which ends the newcomer's. Who is ended within his first seconds was not
    the first, and steps back for longer each time.
    """

    is_established: bool = False
    undisturbed_s: float = 0.0
    conflicts: int = 0

    def polled(self, took_s: float) -> bool:
        """A poll was answered after `took_s`; True: with it this process is established."""
        self.undisturbed_s += took_s
        if self.undisturbed_s < ESTABLISHED_S:
            return False
        self.conflicts = 0
        was_established, self.is_established = self.is_established, True
        return not was_established

    def conflict(self, chance: float) -> float:
        """Another polled: how long to wait, in seconds; `chance` is in [0, 1)."""
        self.undisturbed_s = 0.0
        self.conflicts += 1
        if self.is_established and self.conflicts > PATIENCE:
            # He insists as well: two that were both the first once. Chance decides.
            self.is_established, self.conflicts = False, 1
        if self.is_established:
            return INSIST_S
        longest = min(NEWCOMER_LONGEST_S, NEWCOMER_S * 2.0 ** min(self.conflicts - 1, 10))
        return longest / 2 + longest / 2 * chance


def _wait_s(error: Exception, failures: int) -> float:
    if isinstance(error, StoreAwayError):
        return AWAY_S
    return BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
