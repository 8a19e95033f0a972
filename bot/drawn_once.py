"""TallyPictures of a tally, each drawn once however many chats it goes to.

Those of the tally that goes out are kept, and make way for the next one's. What the drawing itself
is, is another's (`handlers.daily_tallies.TallyPictures`); here it is shared by all who wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from handlers.daily_tallies import TallyPictures
from handlers.reply import Attached
from scoring.daily_tallies import Tally


class DrawnOnce:
    """Stands before the pictures of `drawn`."""

    def __init__(self, drawn: TallyPictures) -> None:
        self._drawn = drawn
        self._of: Tally | None = None
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    def ward_pages(self, tally: Tally) -> int:
        return self._drawn.ward_pages(tally)

    async def ward_pictures(self, tally: Tally) -> tuple[Attached, ...]:
        pictures: tuple[Attached, ...] = await self._once(
            tally, "", lambda: self._drawn.ward_pictures(tally)
        )
        return pictures

    async def unit_picture(self, tally: Tally, unit: str) -> Attached | None:
        picture: Attached | None = await self._once(
            tally, unit, lambda: self._drawn.unit_picture(tally, unit)
        )
        return picture

    async def _once(self, tally: Tally, name: str, draw: Callable[[], Awaitable[Any]]) -> Any:
        if self._of != tally:
            self._of, self._tasks = tally, {}
        task = self._tasks.get(name)
        if task is None:
            task = self._tasks[name] = asyncio.ensure_future(draw())
            task.add_done_callback(lambda done: self._forget_failed(name, done))
        # Who is cut off leaves the drawing to the others.
        return await asyncio.shield(task)

    def _forget_failed(self, name: str, task: asyncio.Task[Any]) -> None:
        """The next who asks tries again."""
        is_failed = task.cancelled() or task.exception() is not None
        if is_failed and self._tasks.get(name) is task:
            del self._tasks[name]
