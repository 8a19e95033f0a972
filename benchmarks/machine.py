"""The machine that measures: its cores, who runs on which, and its description in a table."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores the bot, the driver and the stores run on; with two, the latter two share."""

    bot: tuple[int, ...]
    driver: tuple[int, ...]
    stores: tuple[int, ...]
    count: int

    def bots(self, workers: int) -> tuple[int, ...]:
        """Cores for so many workers: the bot's, then the first of the stores' that are free."""
        spare = tuple(core for core in self.stores if core not in self.driver)
        return self.bot + spare[: workers - 1]


def share_cores() -> Cores:
    """Bot and driver on cores of their own; the stores on what is left, else beside the driver."""
    usable = sorted(os.sched_getaffinity(0))
    bot, driver = usable[:1], usable[1:2] or usable[:1]
    stores = usable[2:] or driver
    return Cores(tuple(bot), tuple(driver), tuple(stores), len(usable))


def describe_machine() -> str:
    """One line: processor, cores, memory, kernel, Python."""
    memory_gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = (
        _processor(),
        f"{len(os.sched_getaffinity(0))} cores",
        f"{memory_gib:.0f} GiB",
        f"Linux {platform.release()}",
        f"Python {platform.python_version()}",
    )
    return ", ".join(parts)


def load_now() -> float:
    """The machine's load of the last minute: what others do shows here."""
    return os.getloadavg()[0]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
