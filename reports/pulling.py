"""Pages that the event loop reads, for a maker of files in a thread of its own.

The maker asks for the next page when it has written the one before: nothing waits in between, and
the loop is held up by no writing.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import TypeVar

R = TypeVar("R")
T = TypeVar("T")


class NobodyWaitsError(Exception):
    """Who asked for the file has gone; it is not finished."""


async def in_thread(make: Callable[["Puller"], T]) -> T:
    """What `make` makes in a thread; cancelled, it is given up before the next page."""
    puller = Puller(asyncio.get_running_loop())
    making = asyncio.create_task(asyncio.to_thread(make, puller))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        puller.is_left.set()
        # What the thread holds (pages under way, half a file) is let go before who waited goes.
        await asyncio.wait({making})
        making.exception()
        raise


class Puller:
    """Hands rows of asynchronous pages to another thread than the event loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.is_left = threading.Event()

    def rows(
        self, pages: AsyncIterator[Sequence[R]], told: Callable[[int], None] = lambda _: None
    ) -> Iterator[R]:
        """Row after row; `told` of the rows of each page once they are taken."""
        while (page := self._next(pages)) is not None:
            yield from page
            told(len(page))

    def _next(self, pages: AsyncIterator[Sequence[R]]) -> Sequence[R] | None:
        if self.is_left.is_set():
            raise NobodyWaitsError

        async def ask() -> Sequence[R] | None:
            return await anext(pages, None)

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result()
