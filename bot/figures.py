"""Figures: a process's own, and those of the other workers of its port (`GET /metrics`).

A scrape meets any one worker. Each keeps its figures in a file of its own, written anew every few
seconds; who is asked adds the others' to his. They differ in the label `worker`, so that nothing
is added up that a restart would take away again: that is the reader's business (`sum`, `rate`).
"""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

FRESH_MS = 20_000
"""Figures older than this are of a worker that is no more."""


class Sizes(NamedTuple):
    """A histogram: how many values up to each bound and above the one before, and their sum."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float


class Figure(NamedTuple):
    """One figure of a family of `bot.metric_families`."""

    name: str
    labels: Mapping[str, str]
    value: float | Sizes


class _Sheet(NamedTuple):
    """A worker's figures, and when it wrote them on the machine's clock."""

    at_ms: int
    figures: tuple[Figure, ...]


class Sheets:
    """The files of the workers of one port, each written by its worker alone."""

    def __init__(self, folder: Path, worker: int) -> None:
        self._folder = folder
        self._own = folder / f"{worker}.json"

    def write(self, figures: Iterable[Figure]) -> None:
        """Replace this worker's file in one step: nobody reads half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        written = self._own.with_suffix(".new")
        written.write_bytes(msgspec.json.encode(_Sheet(_now_ms(), tuple(figures))))
        written.replace(self._own)

    def others(self) -> list[Figure]:
        """What the other workers wrote lately."""
        found: list[Figure] = []
        for path in sorted(self._folder.glob("*.json")):
            if path == self._own:
                continue
            try:
                sheet = msgspec.json.decode(path.read_bytes(), type=_Sheet)
            except (OSError, msgspec.MsgspecError):
                continue
            if abs(_now_ms() - sheet.at_ms) <= FRESH_MS:
                found.extend(sheet.figures)
        return found

    def remove(self) -> None:
        """A worker that stops in order leaves nothing behind."""
        self._own.unlink(missing_ok=True)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
