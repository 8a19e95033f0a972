"""python-telegram-bot sending to many as its manual has it: one message after the other."""

import asyncio
import os

from telegram import Bot
from telegram.constants import ParseMode


async def main() -> None:
    first, count = int(os.environ["BENCH_FIRST"]), int(os.environ["BENCH_COUNT"])
    api = os.environ["BENCH_API_URL"]
    async with Bot(os.environ["BENCH_TOKEN"], base_url=f"{api}/bot") as bot:
        for chat in range(first, first + count):
            await bot.send_message(chat, "Xin mời bà con dự thi", parse_mode=ParseMode.HTML)
        # Whoever measures ends this process; by itself it would take its CPU figures along.
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main())
