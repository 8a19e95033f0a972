"""The door: one update in, its effects committed, its acknowledgement out (FAULTS R1, R3).

Polling and webhooks both come through here. When `accept` returns, everything the update changed
is durable and the platform may forget it; when it raises `StoreAwayError`, nothing was.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import structlog

from bot.apology import Apology
from bot.counts import KINDS, NOBODYS, DoorCounts
from bot.crowd import Crowd
from bot.delivery import Delivery
from bot.platforms.telegram import Decoded, Received, decode, encode_toast
from bot.platforms.telegram_types import Update
from bot.probation import TRIES, Probation
from bot.turns import Turns
from handlers.desk import Desk
from handlers.dispatch import answer
from handlers.incoming import Incoming, Tap
from handlers.ports import StoreAwayError
from handlers.reply import Effect, Place, Reply, Screen
from scoring.instant import Instant

log = structlog.get_logger(__name__)


class DeadLetters(Protocol):
    async def dead_letter(self, channel: str, event: str, why: str, at: Instant) -> None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the platform is told: the toast payload of a tap, else None.

    `is_step`: a step of a paper was recorded.
    """

    toast: dict[str, object] | None = None
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands between an update and its handler.

    `is_current` says whether the decisions known here are fresh enough to act on; `apology` is
    what people read while SQL is away, `crowd` who waits for us.
    """

    events: DeadLetters
    is_current: Callable[[], bool]
    probation: Probation
    apology: Apology
    crowd: Crowd


class Door:
    """Takes updates of one bot; `username` is the bot's own name."""

    def __init__(self, desk: Desk, delivery: Delivery, username: str, guards: Guards) -> None:
        self._desk = desk
        self._delivery = delivery
        self._username = username
        self._events = guards.events
        self._is_current = guards.is_current
        self._probation = guards.probation
        self._apology = guards.apology
        self._crowd = guards.crowd
        self._turns = Turns()
        self.counts = DoorCounts()
        # Asked once: a line for each update is written only where everything is.
        self._is_tracing = logging.getLogger().isEnabledFor(logging.DEBUG)
        desk.decided = self._decided

    def received(self) -> Received:
        """Now, as the instant of what has just arrived."""
        clock = self._desk.clock
        began_s = self.counts.received_s = perf_counter()
        return Received(clock.now(), clock.machine_ms(), began_s)

    async def accept(self, update: Update, received: Received) -> Accepted:
        """Handle one update to its commit and queue its reply.

        Raises:
            StoreAwayError: SQL is away; the platform must deliver again.
        """
        decoded = decode(update, received, self._username)
        if decoded is None:
            self.counts.updates[NOBODYS] += 1
            return Accepted()
        self._crowd.enter(decoded)
        try:
            reply = await self._handled(decoded)
        except StoreAwayError:
            self._count(decoded.incoming, "away")
            self._apology.offer(decoded)
            raise
        finally:
            self._crowd.leave(decoded)
        is_step = reply.effect is Effect.STEP
        if is_step:
            self.counts.committed.observe(perf_counter() - received.began_s)
        self._count(decoded.incoming, reply.effect.value)
        self._apology.end()
        age_ms = round((perf_counter() - received.began_s) * 1000)
        self._delivery.post(decoded.incoming.chat, reply.screens, decoded.message, age_ms)
        if decoded.query is None:
            return Accepted(is_step=is_step)
        words = reply.toast
        if not words and self._delivery.is_crowded():
            # What this tap changes is shown late: its own answer says so, and costs no call.
            words = self._desk.text("toast.crowded")
        toast = encode_toast(decoded.query, words, is_alert=reply.is_alert)
        return Accepted(toast, is_step)

    def acknowledged(self, received: Received, steps: int = 1) -> None:
        """The platform has been told that so many of a delivery's steps are ours."""
        elapsed_s = perf_counter() - received.began_s
        for _ in range(steps):
            self.counts.acknowledged.observe(elapsed_s)

    async def bury(self, update_id: int, why: str) -> None:
        """Record an update that cannot be handled: it counts as acknowledged (R3)."""
        log.error("dead_letter", update=update_id, why=why)
        self.counts.dead_letters += 1
        at = self._desk.clock.now()
        await self._events.dead_letter("tg", str(update_id), why, at)

    async def _handled(self, decoded: Decoded) -> Reply:
        """The reply, in the person's turn; an update that kills the process is given up."""
        incoming = decoded.incoming
        if self._probation.is_over:
            async with self._turns.of(incoming.sender):
                return await self._answered(decoded)
        async with (
            self._turns.of(incoming.sender),
            self._probation.trying(incoming.sender.channel, incoming.event) as may_try,
        ):
            return await (self._answered(decoded) if may_try else self._given_up(decoded, "killed"))

    def _decided(self, incoming: Incoming) -> None:
        self.counts.decided.observe(perf_counter() - incoming.began_s)

    def _count(self, incoming: Incoming, outcome: str) -> None:
        kind = KINDS[type(incoming.content)]
        self.counts.updates[kind, outcome] += 1
        if self._is_tracing:
            log.debug("update", update=incoming.event, kind=kind, outcome=outcome)

    async def _answered(self, decoded: Decoded) -> Reply:
        """The reply; an error of ours is tried again in process, then a dead letter."""
        if not self._is_current():
            raise StoreAwayError("decisions are older than they may be")
        for attempt in range(1, TRIES + 1):
            try:
                return await answer(self._desk, decoded.incoming)
            except StoreAwayError:
                raise
            except Exception as error:  # noqa: BLE001 (whatever it is, the next person must not wait)
                log.warning(
                    "handler_failed",
                    attempt=attempt,
                    error=type(error).__name__,
                    where=_where(error),
                )
                await asyncio.sleep(0)
        return await self._given_up(decoded, "handler")

    async def _given_up(self, decoded: Decoded, why: str) -> Reply:
        """A dead letter, and words for who sent it."""
        await self.bury(int(decoded.incoming.event), why)
        is_tap = isinstance(decoded.incoming.content, Tap)
        if is_tap:
            return Reply(toast=self._desk.text("toast.busy"), effect=Effect.FAILED)
        if not decoded.incoming.is_private:
            # A group is not told of what one of it did, or nobody.
            return Reply(effect=Effect.FAILED)
        screen = Screen(self._desk.text("system.failed"), place=Place.BELOW)
        return Reply((screen,), effect=Effect.FAILED)


def _where(error: Exception) -> str:
    """File and line of the failure; never the error's text, which may hold what was typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
