"""A unit's group from end to end: linked, killed over, moved, muted, and left (FAULTS T15)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, text

from handlers.records import Role
from store.outbox import outbox_values
from store.sql import Database, connect
from store.tables import OUTBOX
from tests.leaders import appoint

pytest.importorskip("rehearsal.groups", reason="the stand-in plays no groups yet")

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


@dataclass
class Led:
    """A leader whose unit's group is linked, with what runs beside him."""

    bot: Any
    leader: Any
    room: Room
    database: Database
    username: str


@pytest.fixture
async def led(launch: Any, meet: Any, stand_in: Any, sqlite_url: str) -> Any:
    bot = await launch(DATABASE_URL=sqlite_url)
    leader = await meet(name="Trần Thị Lan")
    await leader.start()
    await leader.sees("Xin chào")
    database = connect(sqlite_url)
    ((account,),) = await rows(database, "SELECT id FROM account")
    await appoint(SimpleNamespace(database=database), account, Role.LEADER, "TDP-06")
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
    yield Led(bot, leader, room, database, username)
    await database.close()


async def test_group_is_welcomed_once_and_answers_whoever_asks_across_a_kill(
    led: Led, meet: Any
) -> None:
    nam = await meet(name="Trần Văn Nam")
    await led.room.do("add", person=nam.id)
    await led.bot.kill()
    await led.bot.start()

    await led.room.stand_in.post(
        f"/groups/{led.room.id}/text", {"by": nam.id, "text": f"/baocao@{led.username}"}
    )
    await led.room.sees(TITLE)
    await led.room.do("text", text="xin chào cả nhà")
    await led.room.do("text", text=f"/thi@{led.username}")
    await led.room.sees("xin nhắn riêng cho bot để đăng ký")

    texts = await led.room.texts()
    assert sum("Từ hôm nay, nơi này nhận số liệu" in one for one in texts) == 1
    assert all("Trần" not in one for one in texts)
    assert await rows(led.database, "SELECT chat FROM account") == [(str(led.leader.id),)]


async def test_t15_migrated_group_keeps_its_link_by_service_line_and_by_refusal(led: Led) -> None:
    new = Room(led.room.stand_in, (await led.room.do("migrate"))["id"], led.room.by)

    async def is_moved() -> bool:
        found = await rows(led.database, "SELECT chat, kind, state FROM unit_chat")
        return found == [(str(new.id), "supergroup", "linked")]

    await until(is_moved, "the link under the new id")
    # What was on its way to the old id meanwhile meets the platform's own word for it.
    late = outbox_values(("tg", str(led.room.id)), "groups.trial", '{"unit":"TDP-06"}', 0)
    await led.database.write(lambda one: one.execute(insert(OUTBOX), [late]))
    await new.sees("Tin thử")

    await new.do("anonymous")
    await new.do("text", text=f"/baocao@{led.username}")
    await new.sees(TITLE)
    assert await rows(led.database, "SELECT chat, state FROM outbox WHERE chat LIKE '-%'") == [
        (str(led.room.id), "sent"),
        (str(new.id), "sent"),
    ]


async def test_leader_hears_that_the_group_is_muted_and_that_the_bot_is_gone(led: Led) -> None:
    new = Room(led.room.stand_in, (await led.room.do("migrate"))["id"], led.room.by)

    await new.do("bot/mute")
    await led.leader.sees("không cho bot gửi tin")
    await new.do("bot/unmute")
    await led.leader.tap("Nhóm chat của đơn vị")
    await new.do("bot/remove")
    await led.leader.sees("Bot không còn ở nhóm")

    assert await rows(led.database, "SELECT state FROM unit_chat") == [("lost",)]


async def test_topic_that_is_deleted_sends_its_messages_to_the_whole_group(
    led: Led, stand_in: Any
) -> None:
    made = await stand_in.post(
        "/groups", {"title": "Nhóm chia chủ đề", "by": led.leader.id, "forum": True, "bot": True}
    )
    forum = Room(stand_in, made["id"], led.leader.id)
    topic = (await forum.do("topics", name="Cuộc thi"))["topics"][-1]["id"]
    await led.leader.text("/baocao")
    await led.leader.tap("Nhóm chat của đơn vị")
    address = await address_of(led.leader, "Gắn nhóm chat của đơn vị")
    code = address.partition("startgroup=")[2]
    await forum.do("text", text=f"/start@{led.username} {code}", topic=topic)
    await forum.sees("Đã hỏi người phụ trách")
    await led.leader.sees("Nhóm chia chủ đề")
    await led.leader.tap("Đúng")
    await forum.sees("nhận số liệu của")
    before = await rows(led.database, "SELECT thread FROM unit_chat WHERE id = 2")

    await forum.do("topics/delete", topic=topic)
    late = outbox_values(("tg", str(forum.id), topic), "groups.trial", '{"unit":"TDP-06"}', 0)  # type: ignore[arg-type]
    await led.database.write(lambda one: one.execute(insert(OUTBOX), [late]))
    await forum.sees("Tin thử")

    assert before == [(topic,)]
    assert await rows(led.database, "SELECT thread, state FROM unit_chat WHERE id = 2") == [
        (0, "linked")
    ]
