"""The organisers' workbook behind its one-time link: what it is of, and where it lies till sent.

What stands in it is the reports', imported when first asked for. It names everybody, so that its
file is its owner's alone and gone as soon as it is sent or given up, or at the next start.
"""

import asyncio
import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from bot.house import House
from bot.scratch import Scratch
from handlers.file_works import Content, Download, FileOrder, Trouble, Work
from store.encryption import BoxError


class ResultWorks:
    def __init__(self, house: House, scratch: Scratch) -> None:
        self._house = house
        self._scratch = scratch
        self._say = house.desk.catalogue.text
        # One at a time: each takes a thread and reads the whole contest.
        self._turn = asyncio.Lock()

    @property
    def works(self) -> Mapping[str, Work]:
        return {"results-xlsx": Download(self._produce)}

    async def _produce(self, _: FileOrder) -> Content | Trouble:
        from reports.xlsx_table import SheetFullError  # noqa: PLC0415 (as said above)

        async with self._turn:
            try:
                return await self._made()
            except SheetFullError:
                return Trouble((self._say("page.results_full"),))
            except BoxError:
                return Trouble((self._say("page.results_unreadable"),))
            except OSError as error:
                return Trouble((self._say("page.results_unwritable", why=error.strerror),))

    async def _made(self) -> Path:
        with ExitStack() as stack:
            path = _empty_file(self._scratch.folder())
            stack.callback(path.unlink, missing_ok=True)
            await self._write(path)
            stack.pop_all()
        return path

    async def _write(self, path: Path) -> None:
        """As `hoithi results export`, with the units and rules that this process has now."""
        from bot.results import SETTLED_MS  # noqa: PLC0415 (as said above)
        from reports.pages import Scope  # noqa: PLC0415
        from reports.workbook import Target, make_workbook  # noqa: PLC0415

        house, desk = self._house, self._house.desk
        listing, clock = house.store.listing, house.clock
        at = clock.at_machine(clock.machine_ms() - SETTLED_MS)
        size, window = await listing.size(at), desk.contest.timeline.window_at(at)
        scope = Scope(
            units=desk.units,
            audiences=desk.customs.audiences,
            window=window,
            min_answers=desk.contest.rules.min_answers,
            at=at,
            # In the first seconds after closing the papers that it ended are still to come.
            is_closed=size.is_closed and at >= window.closes,
        )
        await make_workbook(Target(path), desk.rendering, scope, listing)


def _empty_file(folder: Path) -> Path:
    """To be read by its owner alone."""
    handle, name = tempfile.mkstemp(suffix=".xlsx", dir=folder)
    os.close(handle)
    return Path(name)
