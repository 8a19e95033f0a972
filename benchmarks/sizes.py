"""How long and how many: the sizes of a quick run and of a full one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Sample = Mapping[str, float]
"""Figures of one bout, by name. `driver_load` voids it above 0.8."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long and how many; `growth_taps` is what the growth of memory is read over.

    `chats` is how many a broadcast goes to, `tally_people` how many took part where a tally is
    taken, at most.
    """

    people: int
    paced_people: int
    surge_people: int
    warm_s: float
    window_s: float
    pace_s: float
    growth_taps: int
    chats: int
    tally_people: int


QUICK = Sizes(2000, 300, 2000, 1.0, 3.0, 6.0, 5_000, 600, 100_000)
FULL = Sizes(4000, 300, 2000, 2.0, 6.0, 20.0, 1_000_000, 20_000, 1_000_000)
