"""The table: for the terminal, as JSON, and as Markdown for docs/benchmarks.md. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.rounds import FULL_ROUNDS, Result
from benchmarks.rows import Figures

_HEAD = ("row", "figure", "ours", "against", "baseline", "ratio", "spread", "floor", "goal", "met")


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: what was found, in how many rounds, on which machine; `notes` are further facts."""

    results: tuple[Result, ...]
    rounds: int
    machine: str
    sizes: Mapping[str, float]
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    """Bouts in which a count that must hold did not: their rows say nothing."""

    @property
    def is_indicative(self) -> bool:
        return self.rounds < FULL_ROUNDS


def table_text(measured: Measured) -> str:
    """The table in columns, and below it what must be known to read it."""
    rows = [_HEAD, *(_cells(one, measured.sizes) for one in measured.results)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], "", *_remarks(measured)])


def table_markdown(measured: Measured) -> str:
    rows = [_cells(one, measured.sizes) for one in measured.results]
    lines = ["| " + " | ".join(row) + " |" for row in (_HEAD, tuple("---" for _ in _HEAD), *rows)]
    return "\n".join([*lines, "", *_remarks(measured)]) + "\n"


def table_json(measured: Measured, rounds: Sequence[Figures]) -> str:
    """Everything, each round's samples among it."""
    results = [
        {
            "row": one.row.id,
            "figure": one.figure,
            "baseline": one.baseline,
            "ratio": one.ratio,
            "low": one.low,
            "high": one.high,
            "floor": one.row.aim.floor,
            "goal": one.row.aim.goal,
            "beyond": one.row.aim.beyond,
            "verdict": one.verdict.value,
            "void": one.void,
            "driver_load": one.driver_load,
        }
        for one in measured.results
    ]
    told = {
        "machine": measured.machine,
        "rounds": measured.rounds,
        "indicative": measured.is_indicative,
        "sizes": dict(measured.sizes),
        "failures": list(measured.failures),
        "results": results,
        "samples": list(rounds),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _cells(one: Result, sizes: Mapping[str, float]) -> tuple[str, ...]:
    row = one.row
    what = row.what.format(**{name: f"{value:,.0f}" for name, value in sizes.items()})
    floor, goal = row.aim.shown(row.aim.floor), row.aim.shown(row.aim.goal)
    if one.void:
        return (row.id, what, "", row.against, "", "", "", floor, goal, f"void: {one.void}")
    baseline = "" if one.baseline is None else _number(one.baseline, row.unit)
    spread = f"{one.low:.3g}–{one.high:.3g}"
    figure = _number(one.figure, row.unit)
    ratio = f"{one.ratio:.3g}"
    met = one.verdict.value
    return (row.id, what, figure, row.against, baseline, ratio, spread, floor, goal, met)


def _number(value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 (three digits say enough)
    return f"{shown} {unit}".rstrip()


def _remarks(measured: Measured) -> list[str]:
    rounds = f"{measured.rounds} rounds"
    if measured.is_indicative:
        rounds += f" (indicative: fewer than {FULL_ROUNDS})"
    loads = [one.driver_load for one in measured.results]
    lines = [
        f"{measured.machine}. {rounds}; medians of the rounds' ratios, spread from least to most.",
        f"Driver's own load at most {max(loads, default=0):.2f}; a row above 0.8 is void.",
    ]
    failures = [f"DOES NOT COUNT: {one}" for one in measured.failures]
    return [*lines, *measured.notes, *failures]
