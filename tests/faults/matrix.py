"""The crash matrix: a resident's whole way, with a process that dies in every step at one point.

After each death a new process starts; the platform delivers again what was not acknowledged. The
screen must come to what it shows without faults, with one more tap at most, and in the end all
tables must be equal to those of a run without faults.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

from tests.faults.ground import Ground
from tests.faults.resident import Resident, Screen
from tests.faults.script import BEFORE_ACKNOWLEDGED, NAME, PHONE, SCRIPT, Step, applies
from tests.faults.tables import compared, sqlite_tables

TRANSPORTS = ("polling", "webhook")
SHORTLY_S = 0.3
"""How long a person looks at a screen that does not change before he taps again."""
PERSON_POINTS = (
    "received",
    "session_read",
    "decided",
    "before_commit",
    "committed",
    "redis_write",
    "redis_written",
    "accepted",
    "acknowledged",
    "answering",
    "answered",
    "showing",
    "shown",
)
MORNING_MS = 1_765_324_800_000
"""07:00 of the day on which the grounds' clock begins."""

NAMED = tuple(step.name for step in SCRIPT if step.name)


@dataclass
class Way:
    """What a run showed and left: the screen after each step, and all tables in the end."""

    screens: list[Screen] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    deaths: list[str] = field(default_factory=list)
    tapped_again: int = 0


async def open_contest(ground: Ground) -> Path:
    """The data of a contest that has done what its calendar wanted of the days before.

    A copy comes to none of that by itself, however long it runs: what it leaves depends on no
    moment.
    """
    await ground.start()
    await ground.until(partial(_has_caught_up, ground), "the work of the days before")
    await ground.close()
    return ground.folder / "data"


async def walk(ground: Ground) -> Way:
    """The way without faults."""
    way = Way()
    await ground.start()
    resident = Resident.meet(ground, NAME, PHONE)
    for step in SCRIPT:
        step.do(resident)
        await resident.until(partial(_is_through, resident, step), step.words)
        way.screens.append(resident.screens()[-1])
    await ground.quiet()
    await ground.stop()
    way.tables = compared(sqlite_tables(ground.database))
    return way


async def walk_dying(
    ground: Ground, point: str, transports: Sequence[str], wanted: Way, kinds: Sequence[str] = NAMED
) -> Way:
    """The same way, dying at the point in every step of these kinds that comes to it.

    The transports are taken in turn, at each start the next one.
    """
    way = Way(screens=wanted.screens)
    turns = cycle(transports)
    await ground.start(next(turns))
    resident = Resident.meet(ground, NAME, PHONE)
    for step, screen in zip(SCRIPT, wanted.screens, strict=True):
        if step.name not in kinds or not applies(point, step, ground.transport):
            step.do(resident)
        else:
            again = step.again(resident)
            await die_in(ground, point, step.name, partial(step.do, resident))
            way.deaths.append(f"{point} in {step.name} over {ground.transport}")
            await ground.start(next(turns))
            await ground.quiet()
            if point not in BEFORE_ACKNOWLEDGED and not await _shortly_sees(resident, screen):
                way.tapped_again += 1
                again()
        await _sees(resident, screen, f"{step.name} after {way.deaths[-1:]}")
    await ground.quiet()
    await ground.stop()
    way.tables = compared(sqlite_tables(ground.database))
    return way


async def die_in(ground: Ground, point: str, what: str, do: Callable[[], object]) -> None:
    """Do something in which the bot dies of that point."""
    ground.arm(point)
    do()
    try:
        code = await ground.death()
    except TimeoutError:
        raise AssertionError(f"nobody died of {point} in {what}") from None
    assert code == -signal.SIGKILL, f"{point} in {what}: exit {code}"


def _has_caught_up(ground: Ground) -> bool:
    """This morning's digest is the last of it."""
    jobs = sqlite_tables(ground.database)["job_run"]
    return any(row["job"] == "tally_morning" and row["planned_at"] == MORNING_MS for row in jobs)


def _is_through(resident: Resident, step: Step) -> bool:
    newest = resident.screens()[-1:]
    return bool(newest) and step.words in f"{newest[0].text} {newest[0].labels}"


async def _sees(resident: Resident, screen: Screen, where: str) -> None:
    await resident.until(lambda: screen in resident.screens()[-2:], f"{where}: {screen}")


async def _shortly_sees(resident: Resident, screen: Screen) -> bool:
    try:
        async with asyncio.timeout(SHORTLY_S):
            await _sees(resident, screen, "")
    except TimeoutError:
        return False
    return True
