"""The plain sender of messages that are not replies: rows of the outbox, oldest first.

Rendered when sent, so that an organiser's wording counts. Rules of pacing come with the work on
durability; one message goes out at a time here.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from bot.delivery import Delivery
from bot.platforms.telegram_client import Outcome
from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button
from handlers.paper_screen import running_row
from handlers.ports import StoreAwayError
from handlers.records import OutboxMessage, Sender
from handlers.reply import Place, Rows, Screen
from scoring.instant import Instant

BATCH = 20
IDLE_S = 0.5
MAX_TRIES = 2
RETRY_MS = 2_000

log = structlog.get_logger(__name__)


class OutboxRows(Protocol):
    async def claim(self, limit: int, machine_ms: int) -> tuple[OutboxMessage, ...]: ...

    async def sent(self, message: int) -> None: ...

    async def retry(self, message: int, not_before_ms: int, error: str) -> None: ...

    async def dead(self, message: int, error: str) -> None: ...


class OutboxSender:
    """Sends until cancelled."""

    def __init__(self, rows: OutboxRows, delivery: Delivery, desk: Desk) -> None:
        self._rows = rows
        self._delivery = delivery
        self._desk = desk

    async def run(self) -> None:
        while True:
            try:
                sent = await self.send_batch()
            except StoreAwayError:
                sent = 0
            if not sent:
                await asyncio.sleep(IDLE_S)

    async def send_batch(self) -> int:
        """Send what is claimable now; how many rows were tried."""
        messages = await self._rows.claim(BATCH, self._desk.clock.machine_ms())
        for message in messages:
            await self._send(message)
        return len(messages)

    async def _send(self, message: OutboxMessage) -> None:
        called = await self._delivery.send(message.chat, notice_screen(self._desk, message))
        if called.outcome is Outcome.DONE:
            await self._rows.sent(message.id)
        elif called.outcome is Outcome.LATER or (
            called.outcome is Outcome.UNKNOWN and message.attempts < MAX_TRIES
        ):
            wait_ms = max(RETRY_MS, int(called.wait_s * 1000))
            not_before = self._desk.clock.machine_ms() + wait_ms
            await self._rows.retry(message.id, not_before, called.outcome.value)
        else:
            log.warning("outbox_dead", message=message.id, outcome=called.outcome.value)
            await self._rows.dead(message.id, called.outcome.value)


def notice_screen(desk: Desk, message: OutboxMessage) -> Screen:
    """A notice in words, with the doors that lead on from it."""
    sender = Sender(message.channel, message.chat)
    name = message.notice.message
    text = desk.text(name, **_shown(desk, message.notice.arguments))
    rows = Rows()
    if name.startswith("notice.nudge"):
        rows.add(*running_row(desk, sender))
    elif name.startswith("notice.opened"):
        rows.add(desk.button(sender, "start", PlainButton("start")))
    else:
        rows.add(desk.button(sender, "result", PlainButton("result")), home_button(desk, sender))
    return Screen(text, rows.done(), Place.BELOW)


def _shown(desk: Desk, arguments: Mapping[str, object]) -> dict[str, object]:
    """Instants and durations as people read them; the rest as it is."""
    rendering = desk.rendering
    shown = dict(arguments)
    for key, render in (
        ("opens", rendering.border),
        ("closes", rendering.border),
        ("due", rendering.time),
    ):
        if isinstance(value := shown.get(key), int):
            shown[key] = render(Instant(value))
    if isinstance(value := shown.pop("ended_at", None), int):
        shown["ended"] = rendering.moment(Instant(value))
    if isinstance(value := shown.pop("duration_ms", None), int):
        shown["duration"] = rendering.duration(value)
    return shown
