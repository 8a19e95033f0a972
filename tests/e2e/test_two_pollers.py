"""T16 with real processes: a second bot is started by mistake, and the contest goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

Launch = Callable[..., Any]
Meet = Callable[..., Any]
WAIT_S = 60.0


async def said(bot: Any, words: str) -> None:
    """Wait until the bot's log says so."""
    async with asyncio.timeout(WAIT_S):
        while not any(words in line for line in bot.log):  # noqa: ASYNC110 (another process writes it)
            await asyncio.sleep(0.05)


async def test_t16_second_bot_with_the_token_stands_back_and_the_first_goes_on(
    launch: Launch, meet: Meet, redis_url: str
) -> None:
    first = await launch(REDIS_URL=redis_url)
    await said(first, '"event":"polling"')
    hoa = await meet()
    await hoa.register()

    second = await launch(REDIS_URL=redis_url)
    await said(second, "another_bot_polls_with_this_token")
    await hoa.open_paper()
    for place in range(1, 16):
        await hoa.answer(place)
    await hoa.text("120")
    await hoa.tap("Nộp bài")
    await hoa.sees("ĐÃ NỘP BÀI")

    told = [[line for line in bot.log if "another_bot_polls" in line] for bot in (first, second)]
    assert all('"does":"goes_on"' in line for line in told[0])
    assert all('"does":"stands_back"' in line for line in told[1])
    assert len(told[0]) <= len(told[1]) + 1
    assert not any('"event":"polling"' in line for line in second.log)
