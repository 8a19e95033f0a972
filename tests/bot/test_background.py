"""What runs beside the door: it ends with the process, and its death ends the process."""

import asyncio
import signal
from contextlib import AsyncExitStack, suppress

import pytest

from bot.background import PartDiedError, begin, raise_dead, spawn


async def test_t55_a_part_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    cancelled = []

    async def work() -> None:
        for _ in range(3):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(1)
        await asyncio.Event().wait()

    async with asyncio.timeout(30), AsyncExitStack() as stack:
        spawn(stack, work())
        await asyncio.sleep(0)

    assert len(cancelled) == 3


async def test_a_part_that_dies_ends_the_process_with_an_error() -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    begin()

    async def work() -> None:
        raise ZeroDivisionError

    async with AsyncExitStack() as stack:
        spawn(stack, work())
        await asyncio.wait_for(ended.wait(), 30)

    with pytest.raises(PartDiedError, match="ZeroDivisionError"):
        raise_dead()
    begin()
    with suppress(ValueError):
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
