"""`make faults`: the long matrix and the long storm, with progress and a summary in Markdown.

`python -m tests.faults --kills 1000 --people 24 --seed 7 --out build/faults.md`
"""

import argparse
import asyncio
import math
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

import redis.asyncio

from store.embedded_redis import start_embedded_redis
from tests.faults.ground import Ground, lay_ground
from tests.faults.matrix import PERSON_POINTS, TRANSPORTS, Way, open_contest, walk, walk_dying
from tests.faults.storm import Plan, Storm
from tests.faults.tables import differences
from tests.nursery import Nursery, nursery_process

ANSWERS = ("answer",)


def main() -> None:
    usage = argparse.ArgumentParser(prog="make faults", description=__doc__)
    usage.add_argument("--kills", type=int, default=1_000)
    usage.add_argument("--people", type=int, default=24, help="at once")
    usage.add_argument("--minutes", type=float, default=math.inf, help="of kills, at most")
    usage.add_argument("--seed", default=secrets.token_hex(4))
    usage.add_argument("--out", type=Path, default=Path("build/faults.md"))
    usage.add_argument("--no-matrix", action="store_true", help="the storm alone")
    usage.add_argument("--no-storm", action="store_true", help="the matrix alone")
    given = usage.parse_args()
    _say(f"seed {given.seed}")
    folder = Path(tempfile.mkdtemp(prefix="hoithi-faults-"))
    with nursery_process(folder / "door") as door:
        run = Run(folder, door, given.out)
        is_well = asyncio.run(run.all(given))
    if is_well:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        _say(f"tables and log are left in {folder}")
    sys.exit(0 if is_well else 1)


class Run:
    """One long run; `lines` become the summary."""

    def __init__(self, folder: Path, door: Path, out: Path) -> None:
        self._folder = folder
        self._door = door
        self._out = out
        self._lines: list[str] = []
        self._wrong: list[str] = []
        self._environment: dict[str, str] = {}

    async def all(self, given: argparse.Namespace) -> bool:
        engine = await start_embedded_redis(self._folder / "redis")
        nursery = await Nursery.visit(self._door)
        self._environment = {"REDIS_URL": engine.url}
        began = time.monotonic()
        try:
            if not given.no_matrix:
                await self._matrix(nursery)
            if not given.no_storm:
                await self._storm(nursery, given)
        finally:
            await nursery.leave()
            await engine.stop()
        minutes = (time.monotonic() - began) / 60
        self._write(f"Seed `{given.seed}`, {minutes:.0f} minutes.")
        return not self._wrong

    async def _ground(self, nursery: Nursery, name: str, template: Path | None = None) -> Ground:
        client = redis.asyncio.from_url(self._environment["REDIS_URL"])
        await client.flushall()
        await client.aclose()
        return await lay_ground(self._folder / name, nursery, self._environment, template)

    async def _matrix(self, nursery: Nursery) -> None:
        data = await open_contest(await self._ground(nursery, "opened"))
        walked = await self._ground(nursery, "walked", data)
        wanted = await walk(walked)
        await walked.close()
        self._lines += [
            "| dies at | polling: deaths | tapped again | webhook: deaths | again | tables |",
            "|---|---|---|---|---|---|",
        ]
        for point in PERSON_POINTS:
            ways = [await self._way(nursery, (point, one), data, wanted) for one in TRANSPORTS]
            counts = " | ".join(f"{len(way.deaths)} | {way.tapped_again}" for way in ways)
            is_equal = all(way.tables == wanted.tables for way in ways)
            self._lines.append(f"| {point} | {counts} | {'equal' if is_equal else 'DIFFER'} |")
            _say(self._lines[-1])
        self._lines.append("")

    async def _way(self, nursery: Nursery, cell: tuple[str, str], data: Path, wanted: Way) -> Way:
        point, transport = cell
        ground = await self._ground(nursery, f"{point}-{transport}", data)
        try:
            way = await walk_dying(ground, point, (transport,), wanted)
        finally:
            await ground.close()
        found = differences(way.tables, wanted.tables)
        if found:
            self._wrong.append(f"{point} over {transport}:\n{found}")
        return way

    async def _storm(self, nursery: Nursery, given: argparse.Namespace) -> None:
        ground = await self._ground(nursery, "storm")
        plan = Plan(given.seed, given.kills, given.people, longest_s=given.minutes * 60)
        storm = Storm(plan, ground, _say)
        try:
            wrong = await storm.rage()
        except AssertionError as error:
            # A person who came to nothing, or a bot that never answered.
            wrong = [f"broken off: {error}"]
        finally:
            await ground.close()
        self._wrong += wrong
        for line in wrong:
            _say(line)
        self._lines += _storm_lines(storm, wrong)

    def _write(self, last: str) -> None:
        self._lines += ["", last, *(f"- WRONG: {one}" for one in self._wrong)]
        self._out.parent.mkdir(parents=True, exist_ok=True)
        self._out.write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        _say(f"\n{self._out}:\n" + "\n".join(self._lines))


def _storm_lines(storm: Storm, wrong: list[str]) -> list[str]:
    answers = [one for one in storm.history.operations if one.act in ANSWERS]
    counts = storm.history.counts()
    acknowledged = sum(one.outcome == "ok" for one in answers)
    lines = [
        "| the storm | |",
        "|---|---|",
        f"| kills | {sum(storm.deaths.values())} |",
        (
            f"| starts over polling, webhook | {storm.transports['polling']}, "
            f"{storm.transports['webhook']} |"
        ),
        f"| people through | {storm.through} |",
        (
            f"| operations ok, refused, unknown | {counts['ok']}, {counts['refused']}, "
            f"{counts['unknown']} |"
        ),
        f"| answers acknowledged | {acknowledged} |",
        f"| acknowledged and lost | {sum('lost' in one for one in wrong)} |",
        f"| standing twice | {sum('twice' in one for one in wrong)} |",
        f"| anything else wrong | {sum('lost' not in x and 'twice' not in x for x in wrong)} |",
        "",
        "| where the process died | times |",
        "|---|---|",
    ]
    lines += [f"| {name} | {count} |" for name, count in storm.deaths.most_common()]
    lines += ["", "| besides | times |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in storm.ordered.most_common()]
    return lines


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
