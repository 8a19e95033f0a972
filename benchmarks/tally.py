"""How long a tally of 60 units takes: its figures summed, and stored with all its messages.

Run as a process of its own on the bot's core, over databases that differ in how many took part. In
turn and many times over, so that what disturbs one disturbs all; prints the medians as JSON.
"""

import asyncio
import json
import sys
import time
from statistics import median

from sqlalchemy import text

from benchmarks.crowd import CLOSES, UNITS, fill
from handlers.daily_tallies import WARD, PostTally, TallyKey
from handlers.records import Notice
from scoring.daily_tallies import taken_at
from scoring.instant import DAY_MS, Instant
from scoring.rules import UnitRule
from store.group_commit import Writer
from store.schema import migrate
from store.sql import Database, connect
from store.tallies import CountsStore
from store.tally_posts import TalliesStore

TIMES, WARM = 40, 5
AT = Instant(CLOSES - DAY_MS)
RULES = tuple(UnitRule(code, "to-dan-pho", 0, 50) for code in UNITS)
_FORGET = (text("DELETE FROM outbox"), text("DELETE FROM tally"))


async def prepare(url: str, people: int) -> None:
    """A database in which so many took part, if it is not one yet."""
    database = connect(url)
    try:
        await migrate(database)
        await database.write(lambda one: fill(one, people), 3_600.0)
    finally:
        await database.close()


async def measure(urls: list[str]) -> list[float]:
    """Milliseconds of a tally in each database, by its middle one."""
    databases = [connect(url) for url in urls]
    spent: list[list[float]] = [[] for _ in urls]
    for number in range(WARM + TIMES):
        for database, of_one in zip(databases, spent, strict=True):
            begun = time.perf_counter()
            await tally(database, number)
            of_one.append(1000 * (time.perf_counter() - begun))
    for database in databases:
        await database.write(lambda one: [one.execute(forget) for forget in _FORGET])
        await database.close()
    return [median(of_one[WARM:]) for of_one in spent]


async def tally(database: Database, number: int) -> None:
    """As the scheduler does it, under a key of its own."""
    writer = Writer(database)
    store = TalliesStore(database, writer, CountsStore(database))
    since = Instant(AT - DAY_MS)
    now, before = await store.between(since, AT)
    key = TallyKey(f"bench-{time.time_ns()}-{number}", AT)
    order = PostTally(
        key,
        key,
        taken_at(AT, CLOSES, RULES, (now, (since, before))),
        tuple(UNITS),
        (Notice(WARD, {"job": key.job, "planned_at": AT, "page": 1}),),
        AT,
    )
    if not await store.post(order):
        raise RuntimeError("the tally was posted before")
    await writer.close()


def main() -> None:
    what, *given = sys.argv[1:]
    if what == "prepare":
        asyncio.run(prepare(given[0], int(given[1])))
    else:
        sys.stdout.write(json.dumps(asyncio.run(measure(given))) + "\n")


if __name__ == "__main__":
    main()
