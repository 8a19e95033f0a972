"""Figures in Prometheus' text, by its own client library; what the process itself uses, too.

Imported when somebody first asks: a start does not wait for it.
"""

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.figures import Figure, Sizes
from bot.metric_families import FAMILIES

_PROCESS = ProcessCollector(registry=None)


def process_figures() -> list[Figure]:
    """Processor time, memory and files of this process."""
    return [
        Figure(sample.name, {}, sample.value)
        for family in _PROCESS.collect()
        for sample in family.samples
        if sample.name in FAMILIES
    ]


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
