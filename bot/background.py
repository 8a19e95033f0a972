"""What runs beside the door for as long as the process does; a part that dies ends the process."""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import Any

import structlog

from handlers.ports import HoithiError

log = structlog.get_logger(__name__)

INSIST_S = 0.5

_DEAD_PARTS: list[str] = []


class PartDiedError(HoithiError):
    """A part of the process failed: it stops with an error, so that its keeper starts it anew."""


def begin() -> None:
    """No part has died yet."""
    _DEAD_PARTS.clear()


def raise_dead() -> None:
    """Raises PartDiedError where a part died since `begin`."""
    if _DEAD_PARTS:
        raise PartDiedError(", ".join(_DEAD_PARTS))


def spawn(stack: AsyncExitStack, work: Any) -> None:
    """A background task that ends with the process; its failure ends the process."""
    task = asyncio.create_task(work)
    task.add_done_callback(_died)

    async def cancel() -> None:
        # Again and again: a library on the way may lose a cancellation, Redis' client while it
        # connects, and the process would never end (FAULTS T55).
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=INSIST_S)

    stack.push_async_callback(cancel)


def _died(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("part_died", error=type(error).__name__)
        _DEAD_PARTS.append(type(error).__name__)
        signal.raise_signal(signal.SIGTERM)
