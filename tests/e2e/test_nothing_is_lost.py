"""kill -9 and FLUSHALL in mid-paper, with fifty people at once: nothing is lost, nothing twice."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import redis.asyncio

PEOPLE = 50
Launch = Callable[..., Any]
Meet = Callable[..., Any]


class Player:
    """Answers question after question; `taken` rises with each answer a screen said was taken."""

    def __init__(self, person: Any, chance: random.Random, taken: asyncio.Semaphore) -> None:
        self.person = person
        self.letters = [chance.choice("ABCD") for _ in range(15)]
        self.taken = taken

    async def play(self) -> None:
        for place, letter in enumerate(self.letters, start=1):
            await self.person.answer(place, letter)
            self.taken.release()


async def players(meet: Meet) -> list[Player]:
    chance = random.Random(20251208)
    people = [
        await meet(
            f"Nguyễn Văn {'ABCDEGHIKLMNOPQRSTUVXY'[i % 22]}n{'abcdeghiklm'[i // 22]}",
            f"+84912{i:06d}",
        )
        for i in range(PEOPLE)
    ]
    await asyncio.gather(*(one.register() for one in people))
    await asyncio.gather(*(one.open_paper() for one in people))
    taken = asyncio.Semaphore(0)
    return [Player(one, chance, taken) for one in people]


async def play_through(everyone: list[Player], strike: Callable[[], Awaitable[None]]) -> None:
    """All answer to the end; the strike comes in the middle of everything."""
    playing = [asyncio.create_task(one.play()) for one in everyone]
    for _ in range(PEOPLE * 5):
        await everyone[0].taken.acquire()
    await strike()
    await asyncio.gather(*playing)


async def submit(everyone: list[Player]) -> None:
    async def one(player: Player) -> None:
        await player.person.text("7")
        await player.person.tap("Nộp bài")
        await player.person.sees("ĐÃ NỘP BÀI")

    await asyncio.gather(*(one(player) for player in everyone))


def check_tables(config: Path, everyone: list[Player]) -> None:
    """Every acknowledged answer stands once, as it was given; numbers have no gaps."""
    with sqlite3.connect(config.parent / "data" / "hoithi.sqlite") as database:
        numbers = [row[0] for row in database.execute("SELECT number FROM participant ORDER BY 1")]
        given = sorted(
            tuple(
                row[0]
                for row in database.execute(
                    "SELECT choice FROM transition WHERE attempt = ? AND act = 1 ORDER BY view",
                    (one,),
                )
            )
            for (one,) in database.execute("SELECT id FROM attempt").fetchall()
        )
        ended = database.execute(
            "SELECT count(*) FROM attempt WHERE ended_at IS NOT NULL"
        ).fetchone()[0]
    database.close()
    expected = sorted(tuple("ABCD".index(letter) for letter in one.letters) for one in everyone)
    assert numbers == list(range(1, PEOPLE + 1))
    assert given == expected
    assert ended == PEOPLE


async def test_t07_kill_9_in_mid_paper_loses_no_answer(
    launch: Launch, meet: Meet, config: Path
) -> None:
    bot = await launch()
    everyone = await players(meet)

    async def strike() -> None:
        await bot.kill()
        await bot.start()

    await play_through(everyone, strike)
    await submit(everyone)
    await bot.stop()

    check_tables(config, everyone)


async def test_t09_flushall_in_mid_paper_loses_no_answer(
    launch: Launch, meet: Meet, config: Path, redis_url: str
) -> None:
    bot = await launch(REDIS_URL=redis_url)
    everyone = await players(meet)

    async def strike() -> None:
        client = redis.asyncio.from_url(redis_url)
        await client.flushall()
        await client.aclose()

    await play_through(everyone, strike)
    await submit(everyone)
    await bot.stop()

    check_tables(config, everyone)
