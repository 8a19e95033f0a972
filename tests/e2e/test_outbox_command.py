"""`hoithi outbox` beside a running bot: a dead letter is seen, sent again, and arrives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from store.outbox import outbox_values
from store.sql import connect
from store.tables import OUTBOX

ROOT = Path(__file__).parents[2]
Launch = Callable[..., Any]
Meet = Callable[..., Any]


async def hoithi(bot: Any, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a command with the bot's own settings."""
    log = bot.config.with_name(f"hoithi-{'-'.join(arguments)}.log")
    argv = [*arguments, "--config", str(bot.config)]
    process = await bot.nursery.bear(bot.environment, argv, log)
    return await process.wait(), log.read_text(encoding="utf-8")


async def test_dead_letter_is_sent_again_beside_a_running_bot(launch: Launch, meet: Meet) -> None:
    bot = await launch()
    hoa = await meet()
    await hoa.start()
    await hoa.sees("Xin chào")
    database = connect(f"sqlite:///{bot.config.parent / 'data' / 'hoithi.sqlite'}")
    dead = outbox_values(("tg", str(hoa.id)), "notice.opened", '{"closes": 0}', 0)  # type: ignore[arg-type]
    row = dead | {"state": "dead", "error": "too_long"}
    await database.write(lambda one: one.execute(insert(OUTBOX), [row]))
    await database.close()

    listed = await hoithi(bot, "outbox", "list", "--state", "dead")
    resent = await hoithi(bot, "outbox", "resend", "--all-dead")
    await hoa.sees("Cuộc thi đã mở")
    nothing = await hoithi(bot, "outbox", "list", "--state", "dead", "--json")

    assert (listed[0], "tin quá dài" in listed[1]) == (0, True)
    assert resent == (0, "Đã đưa lại vào hàng chờ 1 tin.\n")
    assert nothing == (0, "[]\n")
