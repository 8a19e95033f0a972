"""Files that were sent in by link are forgotten when their ten minutes are over, links a day later.

By the machine's clock, for a moved contest clock must keep nothing longer. Any number of processes
may do it.
"""

from dataclasses import dataclass
from typing import Protocol

from handlers.ports import Clock
from scoring.instant import MINUTE_MS


class FileRetention(Protocol):
    async def forget(self, now_ms: int) -> None: ...


@dataclass(slots=True)
class FileForgetter:
    files: FileRetention
    clock: Clock
    looked_ms: int | None = None

    async def tick(self) -> None:
        """Forget what ran out; does nothing within the minute after."""
        now_ms = self.clock.machine_ms()
        if self.looked_ms is not None and now_ms - self.looked_ms < MINUTE_MS:
            return
        await self.files.forget(now_ms)
        self.looked_ms = now_ms
