"""A run: rounds of bouts, one after the other, told as they go."""

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks import bots
from benchmarks.arena import Arena, CountError
from benchmarks.bouts import BOUTS
from benchmarks.machine import describe_machine, load_now, share_cores
from benchmarks.rounds import bouts_of, order_of, result_of
from benchmarks.rows import Figures, Row
from benchmarks.servers import running_servers
from benchmarks.sizes import Sizes
from benchmarks.table import Measured


def measure(rows: Sequence[Row], sizes: Sizes, rounds: int) -> tuple[Measured, list[Figures]]:
    """Run what the rows need, in as many rounds."""
    cores = share_cores()
    bouts = bouts_of(rows, cores.count)
    begun = time.monotonic()
    found: list[Figures] = []
    failures: list[str] = []
    with running_servers(cores) as servers:
        arena = Arena(servers, cores, bots.button_labels())
        for number in range(rounds):
            figures: dict[str, dict[str, float]] = {}
            for at, name in enumerate(order_of(bouts, number), start=1):
                _tell(f"round {number + 1}/{rounds}, {at}/{len(bouts)}: {name}", begun)
                try:
                    figures[name] = dict(BOUTS[name](arena, sizes))
                except CountError as error:
                    failures.append(f"{name}: {error}")
                    _tell(f"  does not count: {error}", begun)
            found.append(figures)
    results = tuple(result_of(row, found, cores.count) for row in rows)
    notes = (f"Load of the machine at the end: {load_now():.1f}.", *_notes(found))
    sized = {name: float(value) for name, value in asdict(sizes).items()}
    machine = describe_machine()
    return Measured(results, rounds, machine, sized, notes, tuple(failures)), found


def _notes(rounds: Sequence[Figures]) -> list[str]:
    """How many taps a second each bot took at saturation, in the last round."""
    last = rounds[-1] if rounds else {}
    tallies = {name: ms for name, ms in last.get("tally", {}).items() if name.startswith("at_")}
    told = ", ".join(f"{name[3:-3]} people {ms:.1f} ms" for name, ms in tallies.items())
    taken = [f"A tally of 60 units: {told}."] if told else []
    return taken + [
        f"{name}: {sample['taps_s']:,.0f} taps/s, {sample['bot_us']:,.0f} µs CPU a tap, "
        f"{sample['stores_us']:,.0f} µs in the stores, {sample['bot_load']:.2f} of a core, "
        f"{sample['updates_a_tap']:.2f} updates a tap."
        for name, sample in last.items()
        if "taps_s" in sample
    ]


def _tell(words: str, begun: float) -> None:
    sys.stderr.write(f"[{time.monotonic() - begun:5.0f} s] {words}\n")
    sys.stderr.flush()
