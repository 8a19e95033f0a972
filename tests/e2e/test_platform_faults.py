"""T11-T13 with a real bot: the platform fails at every question of a paper, and nothing is lost."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

Launch = Callable[..., Any]
Meet = Callable[..., Any]
HTML = "<html><body>502 Bad Gateway</body></html>"
# One for each question: the screen after the answer meets it, before its effect or after.
FAULTS: list[dict[str, Any]] = [
    {"status": 502},
    {"status": 502, "apply": True},
    {"status": 500, "times": 3},
    {"drop": True},
    {"drop": True, "apply": True},
    {"cut": True},
    {"cut": True, "apply": True},
    {"body": HTML},
    {"body": HTML, "apply": True},
    {"status": 429, "retry_after": 1},
    {"status": 429, "retry_after": 0},
    {"status": 429},
    {"status": 400, "description": "Bad Request: message is not modified", "apply": True},
    {"status": 400, "description": "Bad Request: message to edit not found"},
]


async def test_t12_paper_survives_a_platform_that_fails_at_every_question(
    launch: Launch, meet: Meet, stand_in: Any, config: Path
) -> None:
    bot = await launch()
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    before = len(await hoa.messages())
    for place, fault in enumerate(FAULTS, start=1):
        await stand_in.post("/faults", {"method": "editMessageText", **fault})
        await hoa.answer(place)
    await hoa.answer(15)

    await hoa.text("120")
    await hoa.tap("Nộp bài")
    await hoa.sees("ĐÃ NỘP BÀI")
    await bot.stop()

    with sqlite3.connect(config.parent / "data" / "hoithi.sqlite") as database:
        (answers,) = database.execute("SELECT count(*) FROM transition WHERE act = 1").fetchone()
    database.close()
    shown = len(await hoa.messages())
    assert answers == 15
    # One anew for the message that was gone, one for the typed guess, one about the name.
    assert shown - before <= 3
    assert await stand_in.get("/faults") == []
