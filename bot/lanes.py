"""Lanes: what waits for one chat, and which of it is out of date. No I/O.

Decides what may take another's place, what is dropped where too much waits, and how often a
message may be repeated (FAULTS R7). Who sends it when is `bot.delivery`.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.platforms.telegram_errors import Called
from handlers.reply import Screen

EDIT_REPEATS = 5
LANE_LIMIT = 30
"""Replies that may wait in one lane: who floods the bot costs no more than that (FAULTS T44)."""


@dataclass(slots=True, eq=False)
class Shipment:
    """A screen under way; `message` is the message to edit, None to send a new one.

    `done` is who waits for it: the outbox. None: a reply, to what was received at `received_s` on
    the timer's clock.
    """

    screen: Screen
    message: int | None
    is_plain: bool = False
    done: asyncio.Future[Called] | None = None
    received_s: float = 0.0


@dataclass(slots=True)
class Lane:
    waiting: deque[Shipment] = field(default_factory=deque)
    runner: asyncio.Task[None] | None = None
    is_replying: bool = False


def merged(waiting: deque[Shipment], shipment: Shipment) -> bool:
    """Whether the shipment took the place of one that waits and is stale now.

    An edit replaces any edit of its message; a message only an equal one right before it.
    """
    if shipment.done is not None:
        return False
    if shipment.message is None:
        last = waiting[-1] if waiting else None
        return last is not None and (last.message, last.screen, last.done) == (
            None,
            shipment.screen,
            None,
        )
    for other in waiting:
        if other.message == shipment.message:
            other.screen = shipment.screen
            return True
    return False


def shortened(waiting: deque[Shipment]) -> bool:
    """Whether the oldest reply had to go: the newest screen is the one that counts."""
    replies = [one for one in waiting if one.done is None]
    if len(replies) <= LANE_LIMIT:
        return False
    waiting.remove(replies[0])
    return True


def is_stale(waiting: deque[Shipment], shipment: Shipment) -> bool:
    return shipment.message is not None and any(
        other.message == shipment.message for other in waiting
    )


def repeats(shipment: Shipment) -> int:
    """An edit may be repeated freely; a message once: it may be there already.

    The outbox's messages are not repeated here: the repetition must be on record first.
    """
    if shipment.done is not None:
        return 0
    return EDIT_REPEATS if shipment.message is not None else 1
