"""The outbox's sender as the bot has it, with nothing but its pacing taken away.

A process of its own: fills whatever broadcast is under way and sends it until it is ended.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import uvloop

from bot.delivery import Delivery
from bot.environment import read_environment
from bot.house import open_house
from bot.lease import Lease
from bot.outbox import OutboxSender
from bot.pacing import Pace, Pacing, limits_of
from bot.platforms.telegram_client import TelegramClient
from bot.settings import read_config
from bot.start import read_files
from bot.timing import Timer
from scheduler.broadcasts import Announcer
from store.outbox import LEASE

UNPACED = Pace(a_second=20_000, chat_ms=0, a_minute=20_000)


async def main(config_path: str) -> None:
    config, environment = read_config(Path(config_path)), read_environment()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with open_house(config, environment, read_files(config, environment)) as house:
        client = TelegramClient(environment.telegram_token, environment.telegram_api)
        await client.open()
        pacing, timer = Pacing(UNPACED), Timer()
        delivery = Delivery(client, house.papers, house.chats, limits_of(pacing, timer), timer)
        lease = Lease(house.store.leases, LEASE, str(os.getpid()))
        sender = OutboxSender(house.store.outbox, delivery, house.desk, lease, pacing, timer)
        announcer = Announcer(house.desk, house.store.broadcasts)
        running = asyncio.create_task(sender.run())
        while not stopping.is_set():
            await announcer.tick()
            await asyncio.sleep(0.2)
        await sender.stop(10)
        await running
        await client.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
