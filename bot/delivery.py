"""Delivery: replies go out on one lane a chat, in order, stale renders skipped (FAULTS R7).

An edit is repeated freely, a message is sent once more at most; 429 holds its own lane alone.
What to send is decided elsewhere and is committed already: nothing here can lose an answer. The
outbox's messages take the same lanes, but what follows from their outcome is the outbox's.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

import structlog

from bot.counts import Load
from bot.lanes import Lane, Shipment, is_stale, merged, repeats, shortened
from bot.platforms.telegram import encode, method_of, without_markup
from bot.platforms.telegram_errors import Called, Outcome
from bot.timing import Timer
from handlers.ports import StoreAwayError
from handlers.reply import Place, Screen
from store.buckets import Buckets

REMEMBERED_PAPERS = 20_000
NO_MESSAGE = 0
BUSY_REPLIES = 64
"""More replies than this on their way at once, and bulk stands back: half of the connections."""

CROWDED_S = 3.0
"""A reply that is shown so late after its input has waited for others'."""

GIVEN_BACK_MS = 2_000
"""A reply that left later than this after its input was received has cost its owner time."""

CLOSED = frozenset({Outcome.MUTED, Outcome.NO_THREAD})
"""The bot is in the group, and its words are not let in."""

BUSY_LANE_S = 1.0
"""How long a notice waits for a chat that is being answered."""

log = structlog.get_logger(__name__)


class Caller(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...


class PaperMessages(Protocol):
    """Which message shows a chat's live paper; forgetting it costs a stale keyboard at most."""

    async def load(self, chat: str) -> int | None: ...

    def keep(self, chat: str, message: int) -> None: ...


class ChatBook(Protocol):
    """Where accounts can be reached, and how long they waited for us."""

    async def depart(self, chat: str) -> None:
        """The chat cannot be reached any more."""

    async def move(self, chat: str, to: str) -> None:
        """The chat has another id now."""

    async def mute(self, chat: str) -> None:
        """The bot may not write in the group."""

    async def leave_thread(self, chat: str) -> None:
        """The topic that the group gets its messages in is closed or gone."""

    async def give_back(self, chat: str, attempt: int, wait_ms: int) -> None:
        """Time that the owner of an open attempt lost in our queues."""


Limited = Callable[[str, float, bool], None]
"""Told of each 429: chat, seconds, whether it met a reply."""


class Delivery:
    """Sends screens to chats; one per process and platform."""

    def __init__(
        self,
        caller: Caller,
        papers: PaperMessages,
        chats: ChatBook,
        limited: Limited | None = None,
        timer: Timer | None = None,
    ) -> None:
        self._caller = caller
        self._papers = papers
        self._chats = chats
        self._limited = limited
        self._timer = timer or Timer()
        self._lanes: dict[str, Lane] = {}
        self._held: dict[str, float] = {}
        self._live: OrderedDict[str, int] = OrderedDict()
        self._shown_after_s = 0.0
        self.delivered = Buckets()
        """How long after the receipt of what they answer papers' screens were shown, in seconds."""

    def post(
        self, chat: str, screens: tuple[Screen, ...], tapped: int | None, age_ms: int = 0
    ) -> None:
        """Queue a reply's screens; `tapped` is the message that a HERE screen takes over.

        `age_ms`: how long ago what they answer was received.
        """
        received_s = self._timer.now_s() - age_ms / 1000
        for screen in screens:
            message = tapped if screen.place is Place.HERE and _is_editable(screen) else None
            self._enqueue(chat, Shipment(screen, message, received_s=received_s))

    async def send(self, chat: str, screen: Screen) -> Called:
        """Send one message that is no reply, and wait for what became of it.

        Never queued behind anything, so that it is begun when this is called: LATER where the
        chat must wait or is being answered. Nothing is repeated that may have arrived.
        """
        wait_s = max(self._held_s(chat), BUSY_LANE_S if chat in self._lanes else 0.0)
        if wait_s > 0:
            return Called(Outcome.LATER, wait_s=wait_s)
        done: asyncio.Future[Called] = asyncio.get_running_loop().create_future()
        self._enqueue(chat, Shipment(screen, None, done=done))
        return await done

    def is_busy(self) -> bool:
        """Whether replies wait for anything but the end of their own 429."""
        lanes = [lane for chat, lane in self._lanes.items() if not self._held_s(chat)]
        if any(one.done is None for lane in lanes for one in lane.waiting):
            return True
        return sum(lane.is_replying for lane in lanes) > BUSY_REPLIES

    def is_crowded(self) -> bool:
        """Whether a reply that is queued now will wait: as the last one did, and others do."""
        return self._shown_after_s > CROWDED_S and len(self._lanes) > 2 * BUSY_REPLIES

    def load(self) -> Load:
        waiting = sum(len(lane.waiting) for lane in self._lanes.values())
        limited = sum(bool(self._held_s(chat)) for chat in list(self._held))
        return Load(len(self._lanes), waiting, limited)

    async def is_platform_up(self) -> bool:
        """Whether the platform answers a question that changes nothing."""
        return (await self._caller.call("getMe", {})).outcome is Outcome.DONE

    async def drain(self, within_s: float) -> None:
        """Wait until all lanes are empty, at most `within_s`."""
        runners = [lane.runner for lane in self._lanes.values() if lane.runner is not None]
        if runners:
            _, late = await asyncio.wait(runners, timeout=within_s)
            for runner in late:
                runner.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _enqueue(self, chat: str, shipment: Shipment) -> None:
        lane = self._lanes.setdefault(chat, Lane())
        if not merged(lane.waiting, shipment):
            lane.waiting.append(shipment)
            if shortened(lane.waiting):
                log.warning("lane_full", chat=chat)
        if lane.runner is None:
            lane.runner = asyncio.create_task(self._run(chat, lane))

    async def _run(self, chat: str, lane: Lane) -> None:
        try:
            while lane.waiting:
                wait_s = self._held_s(chat)
                if wait_s > 0:
                    await self._timer.sleep(wait_s)
                    continue
                shipment = lane.waiting.popleft()
                lane.is_replying = shipment.done is None
                called = await self._shipped(chat, lane, shipment)
                if shipment.done is not None and not shipment.done.done():
                    shipment.done.set_result(called)
        finally:
            lane.runner = None
            self._lanes.pop(chat, None)

    async def _shipped(self, chat: str, lane: Lane, shipment: Shipment) -> Called:
        """As `_ship`; a defect of ours costs this one message, not the lane."""
        try:
            return await self._ship(chat, lane, shipment)
        except Exception as error:  # noqa: BLE001 (what waits behind it must still go out)
            log.error("shipment_failed", chat=chat, error=type(error).__name__)  # noqa: TRY400
            return Called(Outcome.REFUSED, reason="defect")

    async def _ship(self, chat: str, lane: Lane, shipment: Shipment) -> Called:
        """Carry one shipment to its end, whatever the platform answers on the way."""
        failures = unknown = 0
        is_moved = False
        while True:
            begun_s = self._timer.now_s()
            called = await self._call(chat, shipment)
            outcome = called.outcome
            if outcome in {Outcome.LATER, Outcome.UNSENT}:
                failures += 1
                called = self._put_off(chat, shipment, called, failures)
                # Whoever waits decides when to ask again; the next chat must not wait with him.
                if shipment.done is not None:
                    return called
                await self._timer.sleep(called.wait_s or 0.0)
                if is_stale(lane.waiting, shipment):
                    return called
            elif outcome is Outcome.UNKNOWN and unknown < repeats(shipment):
                unknown += 1
                await self._timer.sleep(self._timer.growing_s(unknown))
            elif outcome is Outcome.MIGRATED and not is_moved:
                chat, is_moved = await self._moved(chat, shipment, str(called.result)), True
            elif not await self._reshaped(chat, shipment, outcome):
                await self._settle(chat, shipment, called)
                if outcome is Outcome.DONE and shipment.done is None:
                    self._note_wait(shipment, failures + unknown)
                    await self._give_back(chat, shipment, begun_s)
                return called

    async def _reshaped(self, chat: str, shipment: Shipment, outcome: Outcome) -> bool:
        """Whether the shipment has another shape now in which the chat may take it."""
        screen = shipment.screen
        if outcome is Outcome.GONE and shipment.message is not None:
            shipment.message = None
        elif outcome is Outcome.UNPARSED and not shipment.is_plain:
            log.error("markup_not_parsed", chat=chat)
            shipment.is_plain = True
        elif outcome is Outcome.NO_THREAD and screen.thread is not None:
            await self._leave_thread(chat, shipment)
        elif outcome is Outcome.MUTED and screen.file is not None and screen.text:
            # Where pictures are not allowed, words may be.
            shipment.screen = replace(screen, file=None)
        else:
            return False
        return True

    def _note_wait(self, shipment: Shipment, failures: int) -> None:
        """How late a reply is shown; one that was put off waited for the platform alone."""
        if not failures:
            self._shown_after_s = self._timer.now_s() - shipment.received_s

    def _put_off(self, chat: str, shipment: Shipment, called: Called, failures: int) -> Called:
        """The outcome with the time to wait: the platform's own to the letter, else a growing one.

        A platform that says "0 seconds" again and again is not asked in a circle.
        """
        wait_s = called.wait_s
        if wait_s is None or (wait_s <= 0 and failures > 1):
            wait_s = self._timer.growing_s(failures)
        called = replace(called, wait_s=wait_s)
        if called.outcome is Outcome.UNSENT and failures == 1:
            log.error("platform_not_reached", chat=chat)
        if called.outcome is Outcome.LATER:
            is_reply = shipment.done is None
            log.warning("chat_limited", chat=chat, wait_s=wait_s, is_reply=is_reply)
            self._held[chat] = self._timer.now_s() + wait_s
            if self._limited is not None:
                self._limited(chat, wait_s, is_reply)
        return called

    def _held_s(self, chat: str) -> float:
        """How long the chat must still wait after a 429; 0 when it need not."""
        left = self._held.get(chat, 0.0) - self._timer.now_s()
        if left <= 0:
            self._held.pop(chat, None)
        return max(0.0, left)

    async def _moved(self, chat: str, shipment: Shipment, to: str) -> str:
        """The group's new id, noted; its messages are numbered anew, so nothing can be edited."""
        log.info("chat_moved", chat=chat, to=to)
        shipment.message = None
        try:
            await self._chats.move(chat, to)
        except StoreAwayError:
            log.warning("move_not_recorded")
        return to

    async def _leave_thread(self, chat: str, shipment: Shipment) -> None:
        """Once more to the group as a whole, where its messages go from now on."""
        log.info("thread_left", chat=chat)
        shipment.screen = replace(shipment.screen, thread=None)
        try:
            await self._chats.leave_thread(chat)
        except StoreAwayError:
            log.warning("thread_not_recorded")

    async def _call(self, chat: str, shipment: Shipment) -> Called:
        payload = encode(chat, shipment.screen)
        if shipment.is_plain:
            payload = without_markup(payload)
        if shipment.message is not None:
            payload["message_id"] = shipment.message
            return await self._caller.call("editMessageText", payload)
        if shipment.screen.is_live:
            await self._retire_paper(chat)
        return await self._caller.call(method_of(shipment.screen), payload)

    async def _settle(self, chat: str, shipment: Shipment, called: Called) -> None:
        if called.outcome is Outcome.UNREACHABLE or called.outcome in CLOSED:
            await self._give_up(chat, called)
        elif called.outcome is not Outcome.DONE:
            event = "reply_not_delivered" if shipment.done is None else "notice_not_delivered"
            log.error(event, chat=chat, outcome=called.outcome.value, reason=called.reason)
        elif shipment.screen.is_live:
            # A message with a contact keyboard has no buttons of its own to take away.
            live = shipment.message or _message_id(called)
            self._remember(chat, live if _is_editable(shipment.screen) else NO_MESSAGE)

    async def _give_up(self, chat: str, called: Called) -> None:
        """Nothing reaches the chat any more, or not now: it is on record and nobody's defect."""
        is_closed = called.outcome in CLOSED
        if is_closed:
            log.info("chat_closed", chat=chat, outcome=called.outcome.value)
        try:
            await (self._chats.mute(chat) if is_closed else self._chats.depart(chat))
        except StoreAwayError:
            log.warning("departure_not_recorded")

    async def _give_back(self, chat: str, shipment: Shipment, begun_s: float) -> None:
        """The time that a paper's screen waited here is not its owner's (DESIGN §4)."""
        attempt = shipment.screen.attempt
        if attempt is None:
            return
        self.delivered.observe(self._timer.now_s() - shipment.received_s)
        wait_ms = round((begun_s - shipment.received_s) * 1000)
        if wait_ms <= GIVEN_BACK_MS:
            return
        try:
            await self._chats.give_back(chat, attempt, wait_ms)
        except StoreAwayError:
            log.warning("wait_not_recorded", attempt=attempt, wait_ms=wait_ms)

    async def _retire_paper(self, chat: str) -> None:
        """Take the keyboard off the paper's message before it is sent anew at the bottom."""
        known = self._live.get(chat)
        message = known if known is not None else await self._papers.load(chat)
        if message:
            await self._caller.call(
                "editMessageReplyMarkup", {"chat_id": int(chat), "message_id": message}
            )

    def _remember(self, chat: str, message: int | None) -> None:
        if message is None or self._live.get(chat) == message:
            return
        self._live[chat] = message
        self._live.move_to_end(chat)
        if len(self._live) > REMEMBERED_PAPERS:
            self._live.popitem(last=False)
        self._papers.keep(chat, message)


def _is_editable(screen: Screen) -> bool:
    """Only texts with inline keyboards can be edited in (Bot API, editMessageText)."""
    return screen.keyboard is None and not screen.removes_keyboard and screen.file is None


def _message_id(called: Called) -> int | None:
    return called.result.get("message_id") if isinstance(called.result, dict) else None
