"""A unit's group from end to end: linked, killed over, moved, muted, and left (FAULTS T15)."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert

from handlers.records import Role
from store.outbox import outbox_values
from store.sql import Database, connect
from store.tables import OUTBOX
from tests.e2e.rooms import TITLE, Room, address_of, give_role, link_group, rows, until

pytest.importorskip("rehearsal.groups", reason="the stand-in plays no groups yet")


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
    database = connect(sqlite_url)
    await give_role(database, leader, Role.LEADER, "TDP-06")
    room, username = await link_group(stand_in, leader)
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
