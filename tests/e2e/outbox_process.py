"""The outbox's sender in a process of its own, in a hurry, to be killed: paced 300 a second,
its lease three seconds long, a dead worker's rows free again after two. What is broadcast is
written to the outbox fifty accounts at a time."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

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
from scheduler import broadcasts as broadcasting
from scheduler.broadcasts import Announcer
from store import broadcasts
from store.outbox import LEASE, OutboxStore

broadcasts.SLICE = 50
broadcasting.MOST_SLICES = 1


async def send(config_path: str) -> None:
    config, environment = read_config(Path(config_path)), read_environment()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with open_house(config, environment, read_files(config, environment)) as house:
        client = TelegramClient(environment.telegram_token, environment.telegram_api)
        await client.open()
        pacing, timer = Pacing(Pace(a_second=300)), Timer()
        delivery = Delivery(client, house.papers, house.chats, limits_of(pacing, timer), timer)
        rows = OutboxStore(house.store.database, house.store.writer, claim_ms=2_000)
        lease = Lease(house.store.leases, LEASE, str(os.getpid()), length_ms=3_000)
        sender = OutboxSender(rows, delivery, house.desk, lease, pacing, timer)
        running = asyncio.create_task(sender.run())
        announcer = Announcer(house.desk, house.store.broadcasts)
        while not stopping.is_set():
            await announcer.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), 0.05)
        await sender.stop(10)
        await running
        await client.close()


def main() -> None:
    asyncio.run(send(sys.argv[1]))
