"""Waiting: the clock, the sleep and the chance that lanes and senders wait by, and how delays grow.

Handed in, so that tests wait for nothing and see exactly how long anybody would have waited.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

FIRST_S, LONGEST_S = 0.5, 60.0


@dataclass(frozen=True, slots=True)
class Timer:
    """`now_s` never goes back and has no date; `chance` is in [0, 1)."""

    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.SystemRandom().random

    def growing_s(self, failures: int) -> float:
        """The delay after that many failures in a row."""
        return growing_s(failures, self.chance())


def growing_s(failures: int, chance: float) -> float:
    """The delay after `failures` failures (from 1): doubled by each, up to a minute.

    Half of it is left to `chance`, in [0, 1), so that many who failed together do not come back
    together.
    """
    whole = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 30))
    return whole / 2 + whole / 2 * chance
