"""Where the microseconds of a tap go: py-spy samples the running bot, this reads its stacks.

Decides how samples become microseconds a tap: a function's share of all samples at work, times the
CPU that a tap took in the window without the sampler.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

RATE_HZ = 100
PY_SPY = Path(__file__).parents[1] / ".venv-peers" / "bin" / "py-spy"
_LINE = re.compile(r":\d+\)$")
_OUTER = re.compile(r"typer/|runpy>|<module>|threading\.py|^thread \(|bot/cli\.py|^process ")
"""Frames that only lead to the work."""
_WAITING = "_worker (concurrent/futures/thread.py)"
"""A pool's thread that waits for work, which the sampler takes for work."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A function's own microseconds a tap, and those of all it called."""

    function: str
    own_us: float
    total_us: float


@dataclass(frozen=True, slots=True)
class Sampler:
    """A py-spy at work on a process, writing its stacks to a file."""

    process: "subprocess.Popen[bytes]"
    path: Path

    def stacks(self) -> str:
        """The stacks, when the sampler has ended."""
        self.process.wait()
        return self.path.read_text(encoding="utf-8")


def start_sampler(pid: int, seconds: float, path: Path) -> Sampler:
    """Sample a process; each sample stops it for about a millisecond.

    Raises:
        FileNotFoundError: the peers' environment, which holds py-spy, is not set up.
    """
    command = [
        str(PY_SPY),
        "record",
        *("--pid", str(pid)),
        *("--duration", str(int(seconds))),
        *("--rate", str(RATE_HZ)),
        *("--format", "raw"),
        *("--output", str(path)),
    ]
    process = subprocess.Popen(  # noqa: S603 (a pinned package's program)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return Sampler(process, path)


def spent_by_function(stacks: str, tap_us: float) -> list[Spent]:
    """Every function that was seen, by what it spent itself; `stacks` in py-spy's raw format."""
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    samples = 0
    for frames, count in _read(stacks.splitlines()):
        samples += count
        own[frames[-1]] += count
        for frame in set(frames):
            total[frame] += count
    return [
        Spent(name, own[name] / samples * tap_us, total[name] / samples * tap_us)
        for name in sorted(total, key=lambda one: (-own[one], -total[one], one))
    ]


def _read(lines: Iterable[str]) -> Iterable[tuple[list[str], int]]:
    """Frames from the outermost in, without line numbers, and how often they were seen."""
    for line in lines:
        stack, _, count = line.rpartition(" ")
        frames = [_LINE.sub(")", frame) for frame in stack.split(";") if not _OUTER.search(frame)]
        if count.isdecimal() and frames and frames[-1] != _WAITING:
            yield frames, int(count)


def profile_text(spent: list[Spent], top: int) -> str:
    """The functions that cost most: by their own time, then with what they call."""
    by_total = sorted(spent, key=lambda one: -one.total_us)
    return "\n".join(
        [
            "own µs a tap   with calls   function",
            *(_line(one) for one in spent[:top]),
            "",
            "the same, ordered by time with calls",
            *(_line(one) for one in by_total[: top * 2]),
        ]
    )


def _line(one: Spent) -> str:
    return f"{one.own_us:12.1f} {one.total_us:12.1f}   {one.function}"
