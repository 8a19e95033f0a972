"""T54: everybody at once. People come by a clock of their own, however slow the answers are."""

import asyncio
import contextlib
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.ground import Ground
from tests.faults.resident import Resident
from tests.faults.script import REGISTRATION
from tests.faults.tables import sqlite_tables

PEOPLE = 300
WITHIN_S = 1.0
"""Five times as dense as the row's 300 within five seconds; nothing is measured by it."""

SEED = 20251208
CROWDED = "Đang có nhiều người thi cùng lúc"


@pytest.mark.parametrize("transport", ["polling", "webhook"])
async def test_t54_everybody_who_comes_at_the_opening_gets_his_paper(
    lay: Any, transport: str
) -> None:
    ground = await lay()
    await ground.start(transport)
    people = await registered(ground, PEOPLE)
    for one in people:
        one.say("/thi")
    await all_see(people, "Bắt đầu làm bài")

    await open_loop(people, lambda one: one.tap("Bắt đầu làm bài"))
    await all_see(people, "Câu 1/15")
    await ground.quiet()
    errors = [line for line in ground.log_since_start().splitlines() if '"level":"error"' in line]
    await ground.stop()

    tables = sqlite_tables(ground.database)
    assert sorted(row["person"] for row in tables["attempt"]) == list(range(1, PEOPLE + 1))
    assert {row["ended_at"] for row in tables["attempt"]} == {None}
    assert {papers_of(one) for one in people} == {1}
    assert errors == []
    assert tables["dead_letter"] == []
    assert ground.stand_in.world.webhook.last_error is None


async def test_t54_who_waits_is_told_once_that_many_are_here_and_is_answered_all_the_same(
    lay: Any,
) -> None:
    """The database is held by somebody else for as long as it takes until all were told."""
    ground = await lay()
    await ground.start("webhook")
    people = await registered(ground, 20)
    for one in people:
        one.say("/thi")
    await all_see(people, "Bắt đầu làm bài")

    with contextlib.closing(sqlite3.connect(ground.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for one in people:
            one.tap("Bắt đầu làm bài")
        await asyncio.gather(*(one.until(lambda one=one: told(one), CROWDED) for one in people))
        other.execute("ROLLBACK")
    await all_see(people, "Câu 1/15")
    await ground.quiet()

    assert Counter(told(one) for one in people) == {1: 20}
    assert {papers_of(one) for one in people} == {1}


async def registered(ground: Ground, count: int) -> list[Resident]:
    """So many people who have registered, each with a phone of his own."""
    people = [Resident.meet(ground, phone=f"+8491{number:07}") for number in range(count)]
    for step in REGISTRATION:
        for one in people:
            step.do(one)
        await all_see(people, step.words)
    return people


async def all_see(people: list[Resident], words: str) -> None:
    def sees(one: Resident) -> Callable[[], bool]:
        return lambda: words in str(one.screens()[-1:])

    await asyncio.gather(*(one.until(sees(one), words) for one in people))


async def open_loop(people: list[Resident], do: Callable[[Resident], object]) -> None:
    """Each at his own instant, whatever became of those before him."""
    chance = random.Random(SEED)
    loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
    done = asyncio.Event()
    left = len(people)

    def act(one: Resident) -> None:
        nonlocal left
        do(one)
        left -= 1
        if not left:
            done.set()

    for one in people:
        loop.call_at(begun + chance.random() * WITHIN_S, act, one)
    await done.wait()


def papers_of(one: Resident) -> int:
    return sum("Câu 1/15" in message.text for message in one.said())


def told(one: Resident) -> int:
    return sum(CROWDED in str(toast) for toast in one.chat.toasts)
