"""A window: everything that runs on, read at its beginning and its end, and what lies between."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.driver.counts import Counts
from benchmarks.processes import Usage, usage_of


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything that runs on, at one instant."""

    at: float
    taps: int
    updates: int
    own_cpu_s: float
    bot: Usage
    stores: Usage


def mark(counts: Counts, watched: Mapping[str, Iterable[int]]) -> Mark:
    """The present instant; `watched` names the processes of the bot and of the stores."""
    return Mark(
        time.monotonic(),
        counts.taps,
        counts.updates,
        time.process_time(),
        usage_of(watched.get("bot", ())),
        usage_of(watched.get("stores", ())),
    )


def between(first: Mark, last: Mark) -> dict[str, Any]:
    """The figures of a window."""
    wall, taps = last.at - first.at, last.taps - first.taps
    return {
        "wall_s": wall,
        "taps": taps,
        "updates": last.updates - first.updates,
        "bot_cpu_s": last.bot.cpu_s - first.bot.cpu_s,
        "stores_cpu_s": last.stores.cpu_s - first.stores.cpu_s,
        "driver_load": (last.own_cpu_s - first.own_cpu_s) / wall,
        "rss_first_mib": first.bot.rss_mib,
        "rss_mib": last.bot.rss_mib,
        "peak_mib": last.bot.peak_mib,
    }


def waits_of(waits: list[float]) -> dict[str, Any]:
    """Percentiles of sorted seconds, in milliseconds."""
    if not waits:
        return {"p50_ms": None, "p99_ms": None, "max_ms": None, "count": 0}
    return {
        "p50_ms": waits[len(waits) // 2] * 1000,
        "p99_ms": waits[min(len(waits) - 1, len(waits) * 99 // 100)] * 1000,
        "max_ms": waits[-1] * 1000,
        "count": len(waits),
    }
