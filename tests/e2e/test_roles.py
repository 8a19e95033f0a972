"""Roles with real processes: the command line offers, waits and asks; the bot takes the claim."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from store.sql import connect
from store.tables import INVITATION

ROOT = Path(__file__).parents[2]
WAIT_S = 60.0
Launch = Callable[..., Any]
Meet = Callable[..., Any]

OF_ORGANISERS = (
    "quanly tamdung tieptuc mosom giahan dongsom duyet thongbao thongke thiho nhatky suckhoe"
    " moi loaitru timnguoi nganhang donvi baocao lenh vaitro"
)


@dataclass
class Offer:
    """A running `hoithi invite`."""

    process: asyncio.subprocess.Process
    said: str = ""

    async def until(self, pattern: str) -> str:
        """What the pattern's group caught, once it was said."""
        out = self.process.stdout
        assert out is not None
        async with asyncio.timeout(WAIT_S):
            while (found := re.search(pattern, self.said)) is None:
                chunk = await out.read(4096)
                assert chunk, f"ended before {pattern!r}: {self.said}"
                self.said += chunk.decode()
        return found[found.re.groups]

    async def answer(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def end(self) -> int:
        """The exit code; what is left to be said is read."""
        async with asyncio.timeout(WAIT_S):
            rest, _ = await self.process.communicate()
        self.said += rest.decode()
        return self.process.returncode or 0


Invite = Callable[..., Awaitable[Offer]]


@pytest.fixture
async def invite() -> AsyncIterator[Invite]:
    """Starts `hoithi invite` with a bot's settings: `await invite(bot, "organiser")`."""
    offers: list[Offer] = []

    async def begin(bot: Any, *arguments: str) -> Offer:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "invite",
            *arguments,
            "--config",
            str(bot.config),
            cwd=ROOT,
            env=os.environ | bot.environment | {"PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        offers.append(Offer(process))
        return offers[-1]

    yield begin
    for offer in offers:
        if offer.process.returncode is None:
            offer.process.kill()
            await offer.process.wait()


async def claim(person: Any, payload: str) -> None:
    await person.start(payload)
    await person.tap("Đồng ý")
    await person.sees("Bước 1/2")
    await person.contact()
    await person.tap(f"Dùng tên: {person.name}")
    await person.tap("Đúng, gửi cho người mời")
    await person.sees("Đang chờ người mời duyệt")


async def states(bot: Any) -> list[str]:
    database = connect(f"sqlite:///{bot.config.parent / 'data' / 'hoithi.sqlite'}")
    ordered = INVITATION.select().order_by(INVITATION.c.id)
    rows = await database.read(lambda one: one.execute(ordered).all())
    await database.close()
    return [row.state for row in rows]


async def commands(stand_in: Any, chat: int) -> list[str]:
    """The menu that was set last for a chat."""
    calls = await stand_in.get("/transcript?method=setMyCommands")
    own = [
        json.loads(call["params"]["commands"])
        for call in calls
        if json.loads(call["params"]["scope"]).get("chat_id") == chat
    ]
    return [one["command"] for one in own[-1]] if own else []


async def test_first_organiser_is_invited_seen_and_approved_and_invites_the_next(
    launch: Launch, meet: Meet, invite: Invite, stand_in: Any
) -> None:
    bot = await launch()
    chief = await meet("Phạm Văn Chính", "+84911111111")
    offer = await invite(bot, "organiser")
    payload = await offer.until(r"\?start=(\S+)")
    await claim(chief, payload)

    await offer.until(r"Số điện thoại: (0911 111 111 \(đã xác minh\))")
    assert "Họ và tên: Phạm Văn Chính" in offer.said
    await chief.text("/moi")
    await chief.sees("Việc này dành cho người được Ban Tổ chức phân công")
    await offer.answer("y")

    assert await offer.end() == 0
    assert "Đã duyệt: Ban Tổ chức." in offer.said
    await chief.sees("Lời mời đã được duyệt")
    judge = await meet("Lê Thị Bình", "+84922222222")
    await chief.text("/moi")
    await chief.tap("Ban Giám khảo")
    await chief.tap("Tạo lời mời")
    link = await chief.sees("?start=inv-")
    await claim(judge, re.search(r"\?start=(\S+)", link)[1])  # type: ignore[index]
    await chief.sees("Lê Thị Bình")
    await chief.tap("Duyệt")
    await chief.tap("Đúng người, duyệt")
    await judge.sees("vai trò Ban Giám khảo")

    async with asyncio.timeout(WAIT_S):
        while "vaitro" not in await commands(stand_in, judge.id):  # noqa: ASYNC110 (another process does it)
            await asyncio.sleep(0.1)
    of_chief, of_judge = await commands(stand_in, chief.id), await commands(stand_in, judge.id)
    at_start = of_chief.index("start")
    assert of_chief[:at_start] == OF_ORGANISERS.split()
    assert of_judge == ["nganhang", "lenh", "vaitro", *of_chief[at_start:]]
    assert await states(bot) == ["approved", "approved"]
    assert not any("Chính" in line or "911111111" in line for line in bot.log)


async def test_claim_outlives_a_killed_bot_and_a_no_is_a_no(
    launch: Launch, meet: Meet, invite: Invite
) -> None:
    bot = await launch()
    someone = await meet("Phạm Văn Chính", "+84911111111")
    offer = await invite(bot, "organiser", "--json")
    payload = json.loads(await offer.until(r"(\{.*\})\n"))["where"].partition("start=")[2]
    await claim(someone, payload)
    await bot.kill()
    await bot.start()

    claimed = json.loads(await offer.until(r'(\{"event":"claimed".*\})\n'))
    await offer.answer("n")

    assert claimed == {
        "event": "claimed",
        "name": "Phạm Văn Chính",
        "phone": "+84911111111",
        "is_phone_verified": True,
    }
    assert await offer.end() == 1
    await someone.sees("không được duyệt")
    assert await states(bot) == ["refused"]


@pytest.mark.parametrize("is_claimed", [False, True])
async def test_ctrl_c_withdraws_the_offer(
    launch: Launch, meet: Meet, invite: Invite, *, is_claimed: bool
) -> None:
    bot = await launch()
    someone = await meet("Phạm Văn Chính", "+84911111111")
    offer = await invite(bot, "organiser")
    payload = await offer.until(r"\?start=(\S+)")
    if is_claimed:
        await claim(someone, payload)
        await offer.until(r"(Đúng người này\?)")

    offer.process.send_signal(signal.SIGINT)

    assert await offer.end() == 1
    assert "Đã rút lời mời." in offer.said
    assert await states(bot) == ["withdrawn"]
    await someone.start(payload)
    await someone.sees("không còn hiệu lực")
