"""Groups and channels at the stand-in, and how a leader or an organiser links one to his unit."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from handlers.records import Role
from store.sql import Database
from tests.leaders import appoint

WAIT_S = 60.0
TITLE = "Tổ dân phố 6 (Nhân Trạch)"


@dataclass
class Room:
    """A group at the stand-in, as one of its administrators sees it."""

    stand_in: Any
    id: int
    by: int

    async def do(self, deed: str, **asked: Any) -> Any:
        return await self.stand_in.post(f"/groups/{self.id}/{deed}", {"by": self.by, **asked})

    async def texts(self) -> list[str]:
        shown = await self.stand_in.get(f"/groups/{self.id}/chat")
        return [str(one.get("text", "")) for one in shown["messages"]]

    async def sees(self, words: str) -> str:
        """The newest message with the words, once it is there."""

        async def look() -> str | None:
            return next((one for one in reversed(await self.texts()) if words in one), None)

        return str(await until(look, repr(words)))


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    try:
        async with asyncio.timeout(WAIT_S):
            while not (found := await look()):  # noqa: ASYNC110 (another process shows it)
                await asyncio.sleep(0.05)
            return found
    except TimeoutError:
        raise AssertionError(f"never came: {what}") from None


async def address_of(person: Any, label: str) -> str:
    """The address behind the newest button of that label."""

    async def look() -> str | None:
        for message in reversed(await person.messages()):
            for row in (message.get("markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return str(button["url"])
        return None

    return str(await until(look, f"button {label!r}"))


async def rows(database: Database, asked: str) -> list[tuple[Any, ...]]:
    found = await database.read(lambda one: one.execute(text(asked)).all())
    return [tuple(row) for row in found]


async def give_role(database: Database, person: Any, role: Role, unit: str = "") -> None:
    """A role for somebody who has just said hello."""
    await person.start()
    await person.sees("Xin chào")
    asked = f"SELECT id FROM account WHERE chat = '{person.id}'"  # noqa: S608 (a number)
    ((account,),) = await rows(database, asked)
    await appoint(SimpleNamespace(database=database), account, role, unit)


async def link_group(stand_in: Any, leader: Any) -> tuple[Room, str]:
    """The leader's group, linked to his unit; and the bot's name."""
    await leader.text("/baocao")
    await leader.tap("Nhóm chat của đơn vị")
    address = await address_of(leader, "Gắn nhóm chat của đơn vị")
    username, _, code = address.removeprefix("https://t.me/").partition("?startgroup=")
    made = await stand_in.post("/groups", {"title": "Nhóm Tổ 6", "by": leader.id})
    room = Room(stand_in, made["id"], leader.id)
    await room.do("bot/add", code=code)
    await room.sees("Đã hỏi người phụ trách")
    await leader.tap("Đúng")
    await leader.sees("Đã gắn")
    await room.sees(f"nhận số liệu của {TITLE}")
    return room, username


async def link_channel(stand_in: Any, organiser: Any) -> Room:
    """The organisers' channel, in which the ward's figures are posted."""
    asked = {"title": "Ban Tổ chức", "by": organiser.id, "kind": "channel", "bot": True}
    made = await stand_in.post("/groups", asked)
    room = Room(stand_in, made["id"], organiser.id)
    await organiser.tap("Đúng")
    await organiser.sees("Đã gắn")
    await room.sees("nơi này nhận số liệu của")
    return room
