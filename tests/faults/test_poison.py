"""T53: an update that kills the process each time is given up, and nobody else pays for it."""

import contextlib
import sqlite3
from typing import Any

import pytest

from tests.faults.resident import Resident
from tests.faults.script import PAPER_STEPS, REGISTRATION, Step
from tests.faults.tables import sqlite_tables

TRIES = 5


async def go(resident: Resident, *steps: Step) -> None:
    for step in steps:
        step.do(resident)
        await resident.until(lambda step=step: step.words in _newest(resident), step.words)


def _newest(resident: Resident) -> str:
    return str(resident.screens()[-1:])


@pytest.mark.parametrize("transport", ["polling", "webhook"])
async def test_t53_an_update_that_kills_each_process_is_a_dead_letter(
    lay: Any, transport: str
) -> None:
    ground = await lay()
    await ground.start(transport)
    hoa, nam = [Resident.meet(ground, name) for name in ("Trần Thị Hoa", "Lê Văn Nam")]
    for one in (hoa, nam):
        steps = [step for step in REGISTRATION if step.name != "name"]
        await go(one, *steps[:4])
        one.say(one.chat.person.name)
        await one.sees("Bước 3/4")
        await go(one, *steps[4:], *PAPER_STEPS[:2])
    poison = ground.world.queue._next_id
    ground.arm("decided", poison, times=99)

    hoa.tap("A")
    nam.tap("B")
    deaths = 0
    while not any(row["event"] == str(poison) for row in letters(ground)):
        await ground.until(lambda: has_died(ground) or letters(ground), "a death or a dead letter")
        if has_died(ground):
            assert await ground.death() == -9
            deaths += 1
            await ground.start_only(transport)
    await ground.quiet()
    hoa.tap("C")
    await hoa.sees("Câu 2/15")
    await nam.sees("Câu 2/15")
    await ground.stop()

    tables = sqlite_tables(ground.database)
    assert deaths == TRIES
    assert [(row["event"], row["why"]) for row in tables["dead_letter"]] == [
        (str(poison), "killed")
    ]
    assert sorted(row["choice"] for row in tables["transition"]) == [1, 2]
    assert '"event":"dead_letter"' in ground.log.read_text(encoding="utf-8")


def has_died(ground: Any) -> bool:
    return bool(ground.nursery.has_ended(ground.pid))


def letters(ground: Any) -> list[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(ground.database, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM dead_letter")]
