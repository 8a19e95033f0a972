"""The outbox's sender: rows go out side by side, under pacing, and each outcome is recorded.

One process sends, the holder of the lease `outbox`; the others stand by (DESIGN §6). Decides what
becomes of a row by what the platform answered; how a message looks is `bot.notices`', what may
leave when is `bot.pacing`'s, how it is called `bot.delivery`'s.

Within a chat order is kept: of the rows that are there, single ones go before bulk, each kind by
number, and none is begun before the one begun before it has been sent or given up. One that must
be tried again is waited for, across a death of the sender too.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

import structlog

from bot.chat_order import BegunRow, ChatOrder
from bot.delivery import Delivery
from bot.lease import Lease
from bot.notices import message_screen
from bot.pacing import Pacing
from bot.platforms.telegram_errors import Called, Outcome
from bot.timing import Timer
from handlers.desk import Desk
from handlers.ports import StoreAwayError
from handlers.records import OutboxMessage

BATCH_S = 0.25
"""A batch is what the pace lets through in so long: eight rows of 29 a second."""

UNDER_WAY = 32
"""At most so many are claimed: claimed means under way, and in doubt after `kill -9`."""

IDLE_S = 0.5
STANDBY_S = 1.0
TURN_S = 0.05
LATE_S = 0.3
"""What a turn that came late may catch up with: less than a batch at the set pace."""

YIELD_S = 5.0
"""Bulk gives way to replies, but for one batch after so long: it is not starved for hours."""

AWAY_S = 1.0

log = structlog.get_logger(__name__)


class WaitingRow(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def chat(self) -> str: ...


class Claimed(Protocol):
    @property
    def messages(self) -> tuple[OutboxMessage, ...]: ...

    @property
    def lost(self) -> tuple[int, ...]: ...


class TriedRow(WaitingRow, Protocol):
    @property
    def not_before_ms(self) -> int: ...


class OutboxRows(Protocol):
    async def tried(self) -> Sequence[TriedRow]: ...

    async def waiting(
        self, limit: int, machine_ms: int, but_chats: Sequence[str] = ()
    ) -> Sequence[WaitingRow]: ...

    async def claim(self, ids: Sequence[int], holder: str, machine_ms: int) -> Claimed: ...

    async def sent(self, message: int, machine_ms: int | None = None) -> None: ...

    async def retry(
        self, message: int, not_before_ms: int, error: str, *, is_maybe_twice: bool = False
    ) -> None: ...

    async def dead(self, message: int, error: str) -> None: ...

    async def unreachable(self, message: int) -> None: ...

    async def stale(self, message: int) -> None: ...


@dataclass(slots=True)
class OutboxSender:
    """Sends until stopped."""

    rows: OutboxRows
    delivery: Delivery
    desk: Desk
    lease: Lease
    pacing: Pacing
    timer: Timer = field(default_factory=Timer)
    order: ChatOrder = field(default_factory=ChatOrder)
    _under_way: dict[asyncio.Task[None], int] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _has_room: asyncio.Event = field(default_factory=asyncio.Event)
    _failures: int = 0
    _due_s: float = 0.0
    _is_informed: bool = False
    _yielding_since_ms: int | None = None

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                wait_s = await self._turn()
            except StoreAwayError:
                wait_s = AWAY_S
            await self._pause(wait_s)
        self._stopped.set()

    async def stop(self, within_s: float) -> None:
        """Finish and record what is under way, then give up the lease; nothing new is begun."""
        self._stopping.set()
        try:
            async with asyncio.timeout(within_s):
                await self._stopped.wait()
                while self._under_way:
                    await asyncio.wait(self._under_way)
                await self.lease.release()
        except (TimeoutError, StoreAwayError):
            log.warning("outbox_not_settled", under_way=len(self._under_way))
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _turn(self) -> float:
        """Send what may leave now; how long to wait for the next turn, in seconds."""
        now_ms, machine_ms = self._now_ms(), self.desk.clock.machine_ms()
        was_held = self.lease.is_held(machine_ms)
        if not await self.lease.hold(machine_ms):
            return STANDBY_S
        if not was_held:
            log.info("outbox_sender")
            self.pacing.take_over(now_ms)
            self._is_informed = False
        if not self._is_informed:
            await self._look_back()
        wait_ms = self.pacing.wait_ms(now_ms)
        if wait_ms:
            return min(wait_ms / 1000, STANDBY_S)
        if self._must_yield(now_ms):
            return TURN_S
        if len(self._under_way) + self._most() > UNDER_WAY:
            return await self._wait_for_room()
        if self._failures and not await self.delivery.is_platform_up():
            self._rest()
            return TURN_S
        return await self._send_batch(machine_ms)

    async def _look_back(self) -> None:
        """What others have begun: its chats wait for it."""
        tried = await self.rows.tried()
        self.order.take_over(BegunRow(row.id, row.chat, row.not_before_ms) for row in tried)
        self._is_informed = True

    async def _send_batch(self, machine_ms: int) -> float:
        closed = sorted(self.pacing.closed_chats(self._now_ms()) | self.order.crowded())
        # Of twice as many some are of one chat, and then of the next batch.
        waiting = await self.rows.waiting(2 * self._most(), machine_ms, closed)
        chosen = self._chosen(self.order.due(machine_ms), waiting)
        if not chosen:
            return TURN_S if waiting else IDLE_S
        claim = await self.rows.claim(chosen, self.lease.holder, machine_ms)
        for lost in claim.lost:
            log.error("outbox_dead", message=lost, reason="unknown")
        # What was put off and is not there any more was dropped or held: nobody waits for it.
        for gone in set(chosen).difference(message.id for message in claim.messages):
            self.order.end(gone)
        for message in claim.messages:
            self._begin(message)
        return self._spread(len(chosen))

    def _begin(self, message: OutboxMessage) -> None:
        self.order.begin(message.id, message.chat)
        task = asyncio.create_task(self._send(message))
        self._under_way[task] = message.id
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self.order.end_under_way(self._under_way.pop(task))
        if len(self._under_way) + self._most() <= UNDER_WAY:
            self._has_room.set()

    def _spread(self, count: int) -> float:
        """Until the next may follow: even over the second, so that replies never meet a burst.

        Counted from when these were due, not from now: what a turn itself takes slows nothing.
        """
        now_s = self.timer.now_s()
        due_s = max(self._due_s, now_s - LATE_S)
        self._due_s = due_s + count / self.pacing.pace.a_second
        return max(0.0, self._due_s - now_s)

    async def _wait_for_room(self) -> float:
        """Until another batch has room among those under way, or the sender stops."""
        self._has_room.clear()
        room = asyncio.ensure_future(self._has_room.wait())
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({room, stop}, return_when=asyncio.FIRST_COMPLETED)
        for waiter in (room, stop):
            waiter.cancel()
        return 0.0

    def _most(self) -> int:
        """How many a batch takes: even over the second, and never more than half of the room."""
        even = math.ceil(self.pacing.pace.a_second * BATCH_S)
        return 1 if self._failures else min(even, UNDER_WAY // 2)

    def _chosen(self, due: Sequence[WaitingRow], waiting: Sequence[WaitingRow]) -> list[int]:
        """One row a chat: what it waits for, or what is next where it waits for nothing.

        So a claim of ours that seems to have run out is left alone: the clock has jumped.
        """
        most = self._most()
        chosen: dict[str, int] = {}
        for row in chain(due, (one for one in waiting if self.order.admit(one.chat))):
            if len(chosen) == most:
                break
            if row.chat not in chosen and self.pacing.admit(row.chat, self._now_ms()):
                chosen[row.chat] = row.id
        return list(chosen.values())

    def _must_yield(self, now_ms: int) -> bool:
        if not self.delivery.is_busy():
            self._yielding_since_ms = None
            return False
        if self._yielding_since_ms is None:
            self._yielding_since_ms = now_ms
        if now_ms - self._yielding_since_ms < YIELD_S * 1000:
            return True
        self._yielding_since_ms = now_ms
        return False

    async def _send(self, message: OutboxMessage) -> None:
        """One message to its recorded end; a defect of ours makes it a dead letter."""
        try:
            called = await self._called(message)
        except Exception as error:  # noqa: BLE001 (whatever it is, the next message must go out)
            log.error("outbox_defect", message=message.id, error=type(error).__name__)  # noqa: TRY400
            called = Called(Outcome.REFUSED, reason="defect")
        if called is None:
            log.info("outbox_stale", message=message.id)
            await self._record(lambda: self.rows.stale(message.id))
        else:
            self._learn(called)
            await self._settle(message, called)

    async def _called(self, message: OutboxMessage) -> Called | None:
        """What became of the message; None: it came too late and was not sent."""
        try:
            screen = await message_screen(self.desk, message)
        except StoreAwayError:
            return Called(Outcome.UNSENT)
        if screen is None:
            return None
        while (wait_ms := self.pacing.leave(message.chat, self.timer.now_s() * 1000)) > 0:
            await self.timer.sleep(wait_ms / 1000)
        return await self.delivery.send(message.chat, screen)

    async def _settle(self, message: OutboxMessage, called: Called) -> None:
        rows, one, machine_ms = self.rows, message.id, self.desk.clock.machine_ms()
        match called.outcome:
            case Outcome.DONE:
                await self._record(lambda: rows.sent(one, machine_ms))
            case Outcome.UNREACHABLE | Outcome.MUTED | Outcome.NO_THREAD:
                await self._record(lambda: rows.unreachable(one))
            case Outcome.LATER | Outcome.UNSENT:
                await self._put_off(message, called)
            case Outcome.UNKNOWN if not message.is_maybe_twice:
                await self._put_off(message, called, is_maybe_twice=True)
            case Outcome.UNKNOWN:
                await self._bury(message, "unknown")
            case _:
                await self._bury(message, called.reason or called.outcome.value)

    async def _put_off(
        self, message: OutboxMessage, called: Called, *, is_maybe_twice: bool = False
    ) -> None:
        until_ms = self.desk.clock.machine_ms() + self._wait_ms(message, called)
        one, why = message.id, called.outcome.value
        await self._record(
            lambda: self.rows.retry(one, until_ms, why, is_maybe_twice=is_maybe_twice)
        )
        self.order.put_off(one, until_ms)

    async def _bury(self, message: OutboxMessage, reason: str) -> None:
        log.error("outbox_dead", message=message.id, reason=reason)
        await self._record(lambda: self.rows.dead(message.id, reason))

    def _wait_ms(self, message: OutboxMessage, called: Called) -> int:
        """When to try again: as the platform said, else growing."""
        named = called.wait_s
        wait_s = self.timer.growing_s(message.attempts) if named is None else named
        return int(wait_s * 1000)

    def _learn(self, called: Called) -> None:
        """A platform that does not take messages is asked after before the next is risked."""
        if called.outcome in {Outcome.UNKNOWN, Outcome.UNSENT}:
            self._rest()
        elif called.outcome is not Outcome.LATER:
            self._failures = 0

    def _rest(self) -> None:
        """Stop bulk for a while, longer each time; what fails side by side fails once."""
        now_ms = self._now_ms()
        if not self.pacing.is_stopped(now_ms):
            self._failures += 1
            self.pacing.stop(now_ms + int(self.timer.growing_s(self._failures) * 1000))

    async def _record(self, change: Callable[[], Awaitable[None]]) -> None:
        """Until SQL has it: a message that was sent must not be sent again."""
        while True:
            try:
                return await change()
            except StoreAwayError:
                await self.timer.sleep(AWAY_S)

    async def _pause(self, wait_s: float) -> None:
        """Wait, but not past the order to stop."""
        if wait_s <= 0:
            return
        pause = asyncio.ensure_future(self.timer.sleep(wait_s))
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({pause, stop}, return_when=asyncio.FIRST_COMPLETED)
        for waiter in (pause, stop):
            waiter.cancel()
        await asyncio.gather(pause, stop, return_exceptions=True)

    def _now_ms(self) -> int:
        return int(self.timer.now_s() * 1000)
