"""Figures in Prometheus' text, those of all workers of a port together (`GET /metrics`).

A scrape meets any one worker. Each keeps its figures in a file of its own, written anew every few
seconds; who is asked adds the others' to his. They differ in the label `worker`, so that nothing
is added up that a restart would take away again: that is the reader's business (`sum`, `rate`).
"""

import time
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.metric_families import FAMILIES

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
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


def exposition(figures: Iterable[Figure]) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(list(figures)))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, figures: list[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        families: dict[str, list[Figure]] = {}
        for figure in self._figures:
            families.setdefault(figure.name, []).append(figure)
        # In the order of the table, so that two scrapes can be laid beside each other.
        return [_family(name, families[name]) for name in FAMILIES if name in families]


def _family(name: str, figures: list[Figure]) -> Metric:
    names = sorted({label for figure in figures for label in figure.labels})
    meaning = FAMILIES[name].meaning
    match FAMILIES[name].shape:
        case "histogram":
            histogram = HistogramMetricFamily(name, meaning, labels=names)
            for figure in figures:
                _add_sizes(histogram, _values(names, figure), figure.value)
            return histogram
        case "counter":
            family: CounterMetricFamily | GaugeMetricFamily
            family = CounterMetricFamily(name, meaning, labels=names)
        case "gauge":
            family = GaugeMetricFamily(name, meaning, labels=names)
    for figure in figures:
        if not isinstance(figure.value, Sizes):
            family.add_metric(_values(names, figure), figure.value)
    return family


def _add_sizes(histogram: HistogramMetricFamily, values: list[str], sizes: float | Sizes) -> None:
    if not isinstance(sizes, Sizes):
        raise TypeError("a histogram is made of sizes")
    upto = [*map(str, sizes.bounds), "+Inf"]
    counts = list(zip(upto, map(float, accumulate(sizes.counts)), strict=True))
    histogram.add_metric(values, counts, sizes.total)


def _values(names: list[str], figure: Figure) -> list[str]:
    return [figure.labels.get(name, "") for name in names]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
