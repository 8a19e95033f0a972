"""T07, T28 and T30 from end to end: the evening's tally comes once, whenever a bot was there."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from sqlalchemy import update

from handlers.records import Role
from store.sql import Database, connect
from store.tables import CLOCK_ANCHOR, LEASE
from tests.e2e.rooms import TITLE, Room, give_role, link_channel, link_group, rows, until

EVENING = "Số liệu đến 20 giờ 00 phút ngày 10/12/2025"
WARD = "Số liệu toàn phường"


def instant(typed: str) -> int:
    return int(datetime.fromisoformat(f"{typed}+07:00").timestamp() * 1_000)


@dataclass
class Ward:
    """A unit's group and the organisers' channel, both linked, and the bot that posts to them."""

    bot: Any
    group: Room
    channel: Room
    database: Database
    crash: Path

    async def turn_clock(self, typed: str) -> None:
        """Through the row that all processes read the contest's clock from."""
        moved = {"contest_ms": instant(typed), "machine_ms": time.time_ns() // 1_000_000}
        await self.database.write(lambda one: one.execute(update(CLOCK_ANCHOR).values(moved)))

    async def let_lapse(self) -> None:
        """As time does it: what a dead process held alone runs out."""
        await self.database.write(lambda one: one.execute(update(LEASE).values(until_ms=0)))

    async def is_posted(self) -> bool:
        """Whether each message of a tally has gone out."""
        states = await rows(
            self.database, "SELECT DISTINCT state FROM outbox WHERE batch = 'tally'"
        )
        return states == [("sent",)]


@pytest.fixture
async def ward(
    launch: Any, meet: Any, stand_in: Any, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Ward]:
    crash = tmp_path / "crash"
    bot = await launch(DATABASE_URL=sqlite_url, HOITHI_CRASH=str(crash))
    database = connect(sqlite_url)

    async def is_caught_up() -> bool:
        jobs = await rows(database, "SELECT job, planned_at FROM job_run")
        return ("tally_morning", instant("2025-12-10T07:00:00")) in jobs

    # At nine the evening before and this morning are due: nobody is linked yet.
    await until(is_caught_up, "the tallies of before")
    leader, organiser = await meet(name="Trần Thị Lan"), await meet(name="Lê Văn Nam")
    await give_role(database, leader, Role.LEADER, "TDP-06")
    group, _ = await link_group(stand_in, leader)
    await give_role(database, organiser, Role.ORGANISER)
    channel = await link_channel(stand_in, organiser)
    yield Ward(bot, group, channel, database, crash)
    await database.close()


@pytest.mark.parametrize("point", ["tally_posting", "tally_posted"])
async def test_t07_a_tally_comes_once_though_the_bot_is_killed_over_it(
    ward: Ward, point: str
) -> None:
    ward.crash.write_text(point, encoding="ascii")

    await ward.turn_clock("2025-12-10T20:00:30")
    code = await ward.bot.process.wait()
    await ward.let_lapse()
    await ward.bot.start()
    await until(ward.is_posted, "a tally that is sent")
    await ward.bot.stop()

    assert code == -SIGKILL
    await assert_told_once(ward)


async def test_t28_a_tally_comes_late_with_its_own_date_from_a_bot_that_was_down(
    ward: Ward,
) -> None:
    await ward.bot.kill()

    await ward.let_lapse()
    await ward.turn_clock("2025-12-11T07:30:00")
    await ward.bot.start()
    await until(ward.is_posted, "a tally that is sent")
    await ward.bot.stop()

    await assert_told_once(ward)
    assert sum("Bản tin để đọc" in one for one in await ward.channel.texts()) == 1


async def assert_told_once(ward: Ward) -> None:
    told = [one for one in await ward.group.texts() if "Số liệu đến" in one]
    assert [(TITLE in one, EVENING in one) for one in told] == [(True, True)]
    first, *others = [one for one in await ward.channel.texts() if "ngày 10/12/2025" in one]
    assert first.startswith(f"{WARD}\nĐến 20 giờ 00 phút ngày 10/12/2025")
    pages = [tuple(map(int, found)) for one in others for found in re.findall(r"(\d)/(\d),", one)]
    assert pages == [(page, len(others) + 1) for page in range(2, len(others) + 2)]
