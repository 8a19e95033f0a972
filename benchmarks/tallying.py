"""The bout of a tally: the same work over databases in which more and more people took part."""

import json
import subprocess
import sys

from benchmarks.arena import Arena
from benchmarks.processes import pin
from benchmarks.sizes import Sample, Sizes
from benchmarks.steering import ROOT

CROWDS = (1_000, 10_000, 100_000, 1_000_000)
"""Those up to the size that is asked for; the last is held against the first."""


def tally(arena: Arena, sizes: Sizes) -> Sample:
    crowds = [people for people in CROWDS if people <= sizes.tally_people]
    urls = [_database(arena, people) for people in crowds]
    spent = json.loads(_run(arena, "measure", *urls))
    return {"few_ms": spent[0], "most_ms": spent[-1]} | {
        f"at_{people}_ms": ms for people, ms in zip(crowds, spent, strict=True)
    }


def _database(arena: Arena, people: int) -> str:
    """Made at the first asking: the rounds after it find it."""
    if people not in arena.crowds:
        _, url = arena.servers.database()
        _run(arena, "prepare", url, str(people))
        arena.crowds[people] = url
    return arena.crowds[people]


def _run(arena: Arena, *given: str) -> str:
    with subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-m", "benchmarks.tally", *given],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        pin(process.pid, arena.cores.bot)
        said = process.communicate()[0]
    if process.returncode:
        raise RuntimeError("the tally's process failed; what it said stands above")
    return said
