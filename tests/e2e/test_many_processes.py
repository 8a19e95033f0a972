"""Several processes behind one port: they share people, numbers and work, and may die or come."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

from tests.e2e.test_polling_and_webhook import transport

Launch = Callable[..., Any]
Meet = Callable[..., Any]


def children_of(parent: int) -> list[int]:
    """Process ids of the workers, oldest first."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(fields[1]) == parent and b"bot" in command:
            found.append(int(entry.name))
    return sorted(found)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 (another process's state: nothing tells us)
            await asyncio.sleep(0.05)


async def test_worker_killed_and_added_under_load_disturbs_nobody(
    launch: Launch, meet: Meet, postgres_url: str
) -> None:
    bot = await launch(
        arguments=("--workers", "2"), DATABASE_URL=postgres_url, **transport("webhook")
    )
    keeper = bot.process.pid
    before = children_of(keeper)
    people = [await meet(f"Nguyễn Văn {chr(65 + i)}n", f"+8491234{i:04d}") for i in range(12)]
    await asyncio.gather(*(one.register() for one in people))
    await asyncio.gather(*(one.open_paper() for one in people))

    async def play(person: Any) -> None:
        for place in range(1, 16):
            await person.insist(place, "ABCD"[place % 4])
        await person.sees("Câu dự đoán")
        await person.text("7")
        await person.tap("Nộp bài")
        await person.sees("ĐÃ NỘP BÀI")

    playing = [asyncio.create_task(play(one)) for one in people]
    await asyncio.gather(*(one.sees("Câu 4/15") for one in people))
    os.kill(before[-1], signal.SIGKILL)
    os.kill(keeper, signal.SIGTTIN)
    await asyncio.gather(*playing)
    await until(lambda: len(children_of(keeper)) == 3)
    process = bot.process
    await bot.stop()

    assert len(before) == 2
    assert before[-1] not in children_of(keeper)
    assert process.returncode == 0
    await check(postgres_url, len(people))


async def check(url: str, people: int) -> None:
    """Numbers without gaps, each answer once, everything submitted, nobody alive."""
    connection = await asyncpg.connect(url)
    try:
        numbers = await connection.fetch("SELECT number FROM participant ORDER BY 1")
        answers = await connection.fetch(
            "SELECT choice FROM transition WHERE act = 1 ORDER BY attempt, view"
        )
        ended = await connection.fetchval("SELECT count(*) FROM attempt WHERE ended_at > 0")
        left = await connection.fetchval("SELECT count(*) FROM process")
    finally:
        await connection.close()
    assert [row[0] for row in numbers] == list(range(1, people + 1))
    assert [row[0] for row in answers] == [place % 4 for place in range(1, 16)] * people
    assert ended == people
    # One was killed: its row is left, and forgotten after a day.
    assert left == 1


async def test_one_person_between_two_processes_of_two_ports(
    launch: Launch, meet: Meet, postgres_url: str, redis_url: str
) -> None:
    """Two machines on one database: whoever is asked knows where the person is."""
    shared = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    first = await launch(**shared, **transport("webhook"))
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer(1)
    # The second takes the webhook over, as a load balancer would.
    await launch(**shared, **transport("webhook"))

    for place in range(2, 10):
        await hoa.answer(place)
    await first.stop()
    for place in range(10, 16):
        await hoa.answer(place)

    assert "Câu dự đoán" in await hoa.sees("Câu dự đoán")


async def test_workers_say_what_they_need(config: Path) -> None:
    """Exit 2 and a line for each thing that is missing (DESIGN §7)."""
    import sys  # noqa: PLC0415

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "--config",
        str(config),
        "--workers",
        "2",
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()

    assert process.returncode == 2
    assert [line.partition(":")[0] for line in said.decode().splitlines()] == [
        "DATABASE_URL",
        "PUBLIC_URL",
    ]
