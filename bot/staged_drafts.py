"""Drafts that were sent in by link: a file of the bank is there with the use of its link, or not.

A file and a row share no transaction. So the file is written out of readers' sight, under a mark;
the link is used up with a line of the audit trail that names the mark; then the file is renamed.
Where a process died in between, the audit trail says what becomes of the file that waits.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

import structlog

from bot.timing import Timer
from handlers.ports import StoreAwayError
from question_bank.importers.bank_files import held, publish_staged, staged_files
from question_bank.importers.toml_file import BankFilesError

EVERY_S = 60.0
_MARK_BYTES = 8

log = structlog.get_logger(__name__)


class Trail(Protocol):
    async def tells(self, key: str, value: str) -> bool:
        """Whether some line's detail has the value under the key."""


class StagedDrafts:
    """The files that wait in a folder. A trial may share it: `contest` says whose they are."""

    def __init__(self, folder: Path, trail: Trail, contest: bytes) -> None:
        self.folder = folder
        self._trail = trail
        self._marks = f"{contest.hex()[: 2 * _MARK_BYTES]}-"
        self._doubted: frozenset[str] = frozenset()

    def new_mark(self) -> str:
        return f"{self._marks}{secrets.token_hex(_MARK_BYTES)}"

    async def finish(self) -> frozenset[str]:
        """Publish what was taken; the marks of what was not. The folder is held."""
        untold = set()
        for path, mark in staged_files(self.folder, self._marks).items():
            if not await self._trail.tells("draft", mark):
                untold.add(mark)
                continue
            try:
                await asyncio.to_thread(publish_staged, path)
            except BankFilesError:
                # Somebody added the same ids by hand meanwhile: people have to look.
                log.error("draft_does_not_fit", file=path.name)  # noqa: TRY400 (the trace tells no more)
            else:
                log.info("draft_finished", draft=mark)
        return frozenset(untold)

    async def look(self) -> None:
        """Finish what was taken, drop what was not; what cannot be asked now is asked later.

        Dropped is what two looks found untold: a commit that was cut off may land after the first.
        """
        if not staged_files(self.folder, self._marks):
            return
        try:
            async with folder_held(self.folder):
                untold = await self.finish()
                for path, mark in staged_files(self.folder, self._marks).items():
                    if mark in untold & self._doubted:
                        path.unlink()
                        log.info("draft_dropped", draft=mark)
                self._doubted = untold
        except StoreAwayError:
            log.warning("drafts_wait_for_store")
        except OSError as error:
            log.warning("drafts_wait_for_folder", error=error.strerror)

    async def keep(self, timer: Timer | None = None) -> None:
        """For as long as the process runs: at its start, and after an end that nobody knows."""
        timer = timer or Timer()
        while True:
            await self.look()
            await timer.sleep(EVERY_S)


@asynccontextmanager
async def folder_held(folder: Path) -> AsyncIterator[None]:
    """As `bank_files.held`; the loop goes on while another process has the folder."""
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, held(folder))
        yield
