"""Rounds and what they come to: medians of the rounds' ratios, with the spread. Pure.

Decides when a row is void, and when a table is no more than indicative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.rows import Figures, Row, Verdict

FULL_ROUNDS = 5
"""Fewer make a table that only indicates."""

MAX_DRIVER_LOAD = 0.8


@dataclass(frozen=True, slots=True)
class Result:
    """A row's medians; `low` and `high` are the ratio's extremes, `void` why it says nothing."""

    row: Row
    figure: float = 0.0
    baseline: float | None = None
    ratio: float = 0.0
    low: float = 0.0
    high: float = 0.0
    driver_load: float = 0.0
    void: str = ""

    @property
    def verdict(self) -> Verdict:
        return Verdict.VOID if self.void else self.row.aim.verdict(self.ratio)


def order_of(bouts: Sequence[str], number: int) -> list[str]:
    """The bouts of round `number` (from 0): each round begins with another, and turns around."""
    at = number % len(bouts) if bouts else 0
    turned = [*bouts[at:], *bouts[:at]]
    return turned[::-1] if number % 2 else turned


def bouts_of(rows: Sequence[Row], cores: int) -> list[str]:
    """What must be run for these rows, each once."""
    needed = [bout for row in rows if row.cores <= cores for bout in row.bouts]
    return list(dict.fromkeys(needed))


def result_of(row: Row, rounds: Sequence[Figures], cores: int) -> Result:
    """What the rounds say of a row."""
    if cores < row.cores:
        return Result(row, void=f"needs {row.cores} cores")
    whole = [one for one in rounds if all(bout in one for bout in row.bouts)]
    if not whole:
        return Result(row, void="not measured")
    loads = [one[bout].get("driver_load", 0.0) for one in whole for bout in row.bouts]
    ratios = [row.ratio(one) for one in whole]
    return Result(
        row,
        figure=median(row.figure(one) for one in whole),
        baseline=None if row.baseline is None else median(row.baseline(one) for one in whole),
        ratio=median(ratios),
        low=min(ratios),
        high=max(ratios),
        driver_load=max(loads),
        void="" if max(loads) <= MAX_DRIVER_LOAD else f"driver load {max(loads):.2f}",
    )
