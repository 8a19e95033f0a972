"""Delivery: replies go out on one lane a chat, in order, stale renders skipped (FAULTS R7).

An edit is repeated freely, a message is sent once more at most; 429 holds its own lane alone.
What to send is decided elsewhere and is committed already: nothing here can lose an answer.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.platforms.telegram import encode, without_markup
from bot.platforms.telegram_client import Called, Outcome
from handlers.reply import Place, Screen

BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)
LONGEST_WAIT_S = 120.0
REMEMBERED_PAPERS = 20_000
NO_MESSAGE = 0

log = structlog.get_logger(__name__)


class Caller(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...


class PaperMessages(Protocol):
    """Which message shows a chat's live paper; forgetting it costs a stale keyboard at most."""

    async def load(self, chat: str) -> int | None: ...

    def keep(self, chat: str, message: int) -> None: ...


@dataclass(slots=True)
class _Shipment:
    """A screen under way; `message` is the message to edit, None to send a new one."""

    screen: Screen
    message: int | None
    is_plain: bool = False
    done: asyncio.Future[Called] | None = None


@dataclass(slots=True)
class _Lane:
    waiting: deque[_Shipment] = field(default_factory=deque)
    runner: asyncio.Task[None] | None = None


class Delivery:
    """Sends screens to chats; one per process and platform."""

    def __init__(
        self,
        caller: Caller,
        papers: PaperMessages,
        departed: Callable[[str], Awaitable[None]],
    ) -> None:
        self._caller = caller
        self._papers = papers
        self._departed = departed
        self._lanes: dict[str, _Lane] = {}
        self._live: OrderedDict[str, int] = OrderedDict()

    def post(self, chat: str, screens: tuple[Screen, ...], tapped: int | None) -> None:
        """Queue a reply's screens; `tapped` is the message that a HERE screen takes over."""
        for screen in screens:
            message = tapped if screen.place is Place.HERE and _is_editable(screen) else None
            self._enqueue(chat, _Shipment(screen, message))

    async def send(self, chat: str, screen: Screen) -> Called:
        """Send one message in its chat's lane and wait for what became of it."""
        done: asyncio.Future[Called] = asyncio.get_running_loop().create_future()
        self._enqueue(chat, _Shipment(screen, None, done=done))
        return await done

    async def drain(self, within_s: float) -> None:
        """Wait until all lanes are empty, at most `within_s`."""
        runners = [lane.runner for lane in self._lanes.values() if lane.runner is not None]
        if runners:
            _, late = await asyncio.wait(runners, timeout=within_s)
            for runner in late:
                runner.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _enqueue(self, chat: str, shipment: _Shipment) -> None:
        lane = self._lanes.setdefault(chat, _Lane())
        if not _merged(lane.waiting, shipment):
            lane.waiting.append(shipment)
        if lane.runner is None:
            lane.runner = asyncio.create_task(self._run(chat, lane))

    async def _run(self, chat: str, lane: _Lane) -> None:
        try:
            while lane.waiting:
                shipment = lane.waiting.popleft()
                called = await self._shipped(chat, lane, shipment)
                if shipment.done is not None and not shipment.done.done():
                    shipment.done.set_result(called)
        finally:
            lane.runner = None
            self._lanes.pop(chat, None)

    async def _shipped(self, chat: str, lane: _Lane, shipment: _Shipment) -> Called:
        """As `_ship`; a defect of ours costs this one message, not the lane."""
        try:
            return await self._ship(chat, lane, shipment)
        except Exception as error:  # noqa: BLE001 (what waits behind it must still go out)
            log.error("shipment_failed", chat=chat, error=type(error).__name__)  # noqa: TRY400
            return Called(Outcome.REFUSED)

    async def _ship(self, chat: str, lane: _Lane, shipment: _Shipment) -> Called:
        """Carry one shipment to its end, whatever the platform answers on the way."""
        unknown = 0
        while True:
            called = await self._call(chat, shipment)
            if called.outcome is Outcome.LATER and shipment.done is not None:
                # Whoever waits decides when to ask again; the next chat must not wait with him.
                return called
            if called.outcome is Outcome.LATER:
                await asyncio.sleep(min(called.wait_s, LONGEST_WAIT_S))
                if _is_stale(lane.waiting, shipment):
                    return called
            elif called.outcome is Outcome.UNKNOWN and unknown < _repeats(shipment):
                await asyncio.sleep(BACKOFF_S[unknown])
                unknown += 1
            elif called.outcome is Outcome.GONE and shipment.message is not None:
                shipment.message = None
            elif called.outcome is Outcome.UNPARSED and not shipment.is_plain:
                log.error("markup_not_parsed", chat=chat)
                shipment.is_plain = True
            else:
                await self._settle(chat, shipment, called)
                return called

    async def _call(self, chat: str, shipment: _Shipment) -> Called:
        payload = encode(chat, shipment.screen)
        if shipment.is_plain:
            payload = without_markup(payload)
        if shipment.message is not None:
            payload["message_id"] = shipment.message
            return await self._caller.call("editMessageText", payload)
        if shipment.screen.is_live:
            await self._retire_paper(chat)
        return await self._caller.call("sendMessage", payload)

    async def _settle(self, chat: str, shipment: _Shipment, called: Called) -> None:
        if called.outcome is Outcome.UNREACHABLE:
            await self._departed(chat)
        elif called.outcome is not Outcome.DONE:
            log.error("reply_not_delivered", chat=chat, outcome=called.outcome.value)
            log.debug("reply_refused", why=called.why)
        elif shipment.screen.is_live:
            # A message with a contact keyboard has no buttons of its own to take away.
            live = shipment.message or _message_id(called)
            self._remember(chat, live if _is_editable(shipment.screen) else NO_MESSAGE)

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
    """Only inline keyboards can be edited in (Bot API, editMessageText)."""
    return screen.keyboard is None and not screen.removes_keyboard


def _merged(waiting: deque[_Shipment], shipment: _Shipment) -> bool:
    """Whether the shipment took the place of one that waits and is stale now.

    An edit replaces any edit of its message; a message only an equal one right before it.
    """
    if shipment.done is not None:
        return False
    if shipment.message is None:
        last = waiting[-1] if waiting else None
        return last is not None and (last.message, last.screen) == (None, shipment.screen)
    for other in waiting:
        if other.message == shipment.message:
            other.screen = shipment.screen
            return True
    return False


def _is_stale(waiting: deque[_Shipment], shipment: _Shipment) -> bool:
    return shipment.message is not None and any(
        other.message == shipment.message for other in waiting
    )


def _repeats(shipment: _Shipment) -> int:
    """An edit may be repeated freely; a message once: it may be there already."""
    return len(BACKOFF_S) if shipment.message is not None else 1


def _message_id(called: Called) -> int | None:
    return called.result.get("message_id") if isinstance(called.result, dict) else None
