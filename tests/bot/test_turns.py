import asyncio

from bot.turns import Turns
from handlers.records import Sender

HOA, NAM = Sender("tg", "1"), Sender("tg", "2")


async def test_turns_of_one_person_come_one_by_one_in_order():
    turns, seen = Turns(), []

    async def take(number: int) -> None:
        async with turns.of(HOA):
            seen.append(("in", number))
            await asyncio.sleep(0)
            seen.append(("out", number))

    await asyncio.gather(*(take(number) for number in range(20)))

    assert seen == [(what, number) for number in range(20) for what in ("in", "out")]


async def test_nobody_waits_for_another_person():
    turns = Turns()

    async with turns.of(HOA), asyncio.timeout(5), turns.of(NAM):
        pass


async def test_failure_passes_the_turn_on():
    turns = Turns()

    async def fail() -> None:
        async with turns.of(HOA):
            await asyncio.sleep(0)
            raise ZeroDivisionError

    await asyncio.gather(*(fail() for _ in range(3)), return_exceptions=True)

    async with asyncio.timeout(5), turns.of(HOA):
        pass
    assert turns._waiting == {}


async def test_whoever_leaves_the_line_holds_nobody_up():
    turns, seen = Turns(), []

    async def take(number: int) -> None:
        async with turns.of(HOA):
            seen.append(number)
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(take(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.sleep(0.005)
    # The turn of 2 comes in the very step in which it is cancelled.
    await tasks[0]
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert seen[0] == 0
    assert seen[-1] == 3
    assert turns._waiting == {}
