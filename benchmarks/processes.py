"""What processes cost: CPU time and memory of a process tree, read from /proc.

Decides what counts as a tree's CPU (user and system, ended children included). Linux only.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """A tree's CPU seconds since it began, and its memory in MiB now and at its highest."""

    cpu_s: float = 0.0
    rss_mib: float = 0.0
    peak_mib: float = 0.0


def usage_of(roots: Iterable[int]) -> Usage:
    """The usage of these processes and all their descendants."""
    cpu_s = rss = peak = 0.0
    for pid in tree_of(roots):
        cpu_s += _cpu_s(pid)
        status = _status(pid)
        rss += status.get("VmRSS", 0) / 1024
        peak += status.get("VmHWM", 0) / 1024
    return Usage(cpu_s, rss, peak)


def tree_of(roots: Iterable[int]) -> set[int]:
    """The processes and their descendants that live now."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(children.get(pid, ()))
    return found


def pin(pid: int, cores: Iterable[int]) -> None:
    """Keep a tree on these cores: all threads that live now, and what they start."""
    wanted = set(cores)
    for one in tree_of([pid]):
        try:
            threads = [int(thread.name) for thread in (_PROC / str(one) / "task").iterdir()]
        except OSError:
            continue
        for thread in threads:
            _pin_thread(thread, wanted)


def _pin_thread(thread: int, cores: set[int]) -> None:
    try:
        os.sched_setaffinity(thread, cores)
    except ProcessLookupError:
        return


def _cpu_s(pid: int) -> float:
    """User and system time, of reaped children too."""
    fields = _stat(pid)
    return sum(int(one) for one in fields[11:15]) / _TICKS if fields else 0.0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state first; empty for a process that ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _status(pid: int) -> dict[str, int]:
    """The kilobyte lines of /proc/PID/status."""
    try:
        text = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = (line.split() for line in text.splitlines())
    return {one[0].rstrip(":"): int(one[1]) for one in lines if len(one) == 3 and one[2] == "kB"}  # noqa: PLR2004 (name, number, unit)
