"""What is answered in a group, and what never is: links, figures, and nobody's data."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text as sql

from handlers.buttons import ButtonSigner, PlainButton
from handlers.group_links import read_code
from handlers.incoming import Attachment, GroupMoved, SharedContact, Tap, Text
from handlers.records import Role, Sender
from handlers.reply import NOTHING
from scoring.tallies import Count
from tests.handlers.grouping import (
    ADMIN,
    GONE,
    Group,
    HandCounts,
    brought,
    code_of,
    command_in,
    make,
    moved,
    receive,
    say_in,
)
from tests.leaders import dismiss

Meet = Callable[..., Any]
GROUP = Group()


async def rows(store: Any, asked: str) -> list[tuple[Any, ...]]:
    found = await store.database.read(lambda one: one.execute(sql(asked)).all())
    return [tuple(row) for row in found]


@pytest.fixture
async def leader(store: Any, meet: Meet) -> Any:
    """A leader of Tổ dân phố 6 who looks at his unit's groups."""
    lan = await make(store, meet(name="Trần Thị Lan"), Role.LEADER, "TDP-06")
    await lan.command("baocao")
    await lan.tap("Nhóm chat của đơn vị")
    return lan


async def link(store: Any, leader: Any, group: Group = GROUP) -> None:
    """The group is the leader's unit's."""
    await command_in(group, leader, "start", code_of(leader))
    await receive(store, leader)
    await leader.tap("Đúng")
    await brought(store, leader.desk, group.chat)


async def test_link_is_an_address_that_fits_the_platform(leader: Any, desk: Any):
    address = leader.button("Gắn nhóm chat của đơn vị").url

    found = re.fullmatch(r"https://t\.me/hoithi_bot\?startgroup=([A-Za-z0-9_-]{1,64})", address)
    assert found is not None
    assert read_code(desk, found[1]) == (1, "TDP-06")


async def test_group_is_linked_once_its_leader_says_so_in_private(
    leader: Any, store: Any, desk: Any
):
    said = await command_in(GROUP, leader, "start", code_of(leader))
    asked = await receive(store, leader)
    answered = await leader.tap("Đúng")
    welcome = await brought(store, desk, GROUP.chat)

    assert [screen.text for screen in said.screens] == [
        leader.desk.text("groups.ask_sent", unit="Tổ dân phố 6 (Nhân Trạch)")
    ]
    assert len(asked) == 1
    assert "gắn nhóm <b>Nhóm Tổ 6</b> với <b>Tổ dân phố 6 (Nhân Trạch)</b>" in asked[0]
    assert answered.screens[0].text.startswith("<b>Đã gắn</b> Nhóm Tổ 6 với Tổ dân phố 6")
    assert len(welcome) == 1
    assert "nơi này nhận số liệu của Tổ dân phố 6 (Nhân Trạch)" in welcome[0].text
    assert await rows(store, "SELECT chat, unit, state FROM unit_chat") == [
        ("-100", "TDP-06", "linked")
    ]


@pytest.mark.parametrize("who", ["member", "anonymous administrator"])
async def test_it_does_not_matter_who_brings_the_code(
    leader: Any, store: Any, meet: Meet, who: str
):
    stranger, is_anonymous = meet(name="Lê Văn Tám"), who != "member"

    await command_in(GROUP, stranger, "start", code_of(leader), is_anonymous=is_anonymous)
    asked = await receive(store, leader)

    assert len(asked) == 1
    accounts = await rows(store, "SELECT external_id, chat FROM account")
    assert accounts == [(leader.id, leader.id)]


async def test_code_forwarded_to_the_bot_in_private_is_an_ordinary_start(
    leader: Any, store: Any, meet: Meet
):
    nam = meet(name="Trần Văn Nam")

    await nam.command("start", code_of(leader))

    assert "Đăng ký dự thi" in nam.labels
    assert await rows(store, "SELECT state FROM unit_chat") == []
    assert await receive(store, leader) == []


async def test_leader_says_no(leader: Any, store: Any, desk: Any):
    await command_in(GROUP, leader, "start", code_of(leader))
    await receive(store, leader)

    answered = await leader.tap("Không phải")

    assert answered.screens[0].text.startswith("Đã ghi nhận: không gắn Nhóm Tổ 6")
    assert await rows(store, "SELECT state FROM unit_chat") == [("refused",)]
    assert await brought(store, desk, GROUP.chat) == []


async def test_old_question_is_answered_only_once(leader: Any, store: Any):
    await command_in(GROUP, leader, "start", code_of(leader))
    await receive(store, leader)
    yes, no = leader.button("Đúng"), leader.button("Không phải")
    await leader.say(Tap(no.data))

    late = await leader.say(Tap(yes.data))

    assert late.screens[0].text.startswith("Việc này đã xong từ trước")
    assert await rows(store, "SELECT state FROM unit_chat") == [("refused",)]


async def test_question_is_stale_when_the_bot_is_gone_before_it_is_read(leader: Any, store: Any):
    await command_in(GROUP, leader, "start", code_of(leader))
    await say_in(GROUP, leader, GONE)

    assert await receive(store, leader) == []


def forged(leader: Any) -> dict[str, str]:
    code = code_of(leader)
    desk = leader.desk
    other = ButtonSigner(bytes(32), b"another contest!")
    nobody = Sender("", "startgroup")
    return {
        "unknown": "TDP-06",
        "changed": code[:-1] + ("A" if code[-1] != "A" else "B"),
        "cut": code[:-1],
        "other contest": other.write(PlainButton("link", "1 TDP-06"), nobody),
        "person's button": leader.button("Màn hình chính").data,
        "no such unit": desk.contest.signer.write(PlainButton("link", "1 TDP-99"), nobody),
        "no unit": desk.contest.signer.write(PlainButton("link", "1"), nobody),
        "no account": desk.contest.signer.write(PlainButton("link", "x TDP-06"), nobody),
        "other deed": desk.contest.signer.write(PlainButton("drop", "1 TDP-06"), nobody),
        "65 signs": code.ljust(65, "A"),
    }


FORGED = (
    "unknown",
    "changed",
    "cut",
    "other contest",
    "person's button",
    "no such unit",
    "no unit",
    "no account",
    "other deed",
    "65 signs",
)


@pytest.mark.parametrize("name", FORGED)
async def test_t39_code_that_is_not_ours_links_nothing(leader: Any, store: Any, name: str):
    said = await command_in(GROUP, leader, "start", forged(leader)[name])

    assert "không dùng được nữa" in said.screens[0].text
    assert await rows(store, "SELECT state FROM unit_chat") == []
    assert await receive(store, leader) == []


async def test_t39_code_of_a_former_leader_links_nothing(leader: Any, store: Any):
    code = code_of(leader)
    await dismiss(store, 1, "TDP-06")

    said = await command_in(GROUP, leader, "start", code)

    assert "không dùng được nữa" in said.screens[0].text
    assert await rows(store, "SELECT state FROM unit_chat") == []


async def test_second_unit_is_linked_only_by_a_press_that_names_both(
    leader: Any, store: Any, meet: Meet
):
    await link(store, leader)
    other = await make(store, meet(name="Ngô Văn Ba"), Role.LEADER, "TDP-07")
    await other.command("baocao")
    await other.tap("Nhóm chat của đơn vị")
    await command_in(GROUP, other, "start", code_of(other))
    (asked,) = await receive(store, other)

    answered = await other.tap("Đúng, thay")

    assert "đang gắn với <b>Tổ dân phố 6 (Nhân Trạch)</b>" in asked
    assert answered.screens[0].text.startswith("<b>Đã gắn</b> Nhóm Tổ 6 với Tổ dân phố 7")
    assert await rows(store, "SELECT unit, state FROM unit_chat ORDER BY id") == [
        ("TDP-06", "unlinked"),
        ("TDP-07", "linked"),
    ]
    assert (await receive(store, leader))[0].startswith("Nhóm <b>Nhóm Tổ 6</b> không còn gắn với")


async def test_link_made_since_the_question_was_read_is_asked_for_again(
    leader: Any, store: Any, meet: Meet
):
    other = await make(store, meet(name="Ngô Văn Ba"), Role.LEADER, "TDP-07")
    await other.command("baocao")
    await other.tap("Nhóm chat của đơn vị")
    await command_in(GROUP, other, "start", code_of(other))
    await receive(store, other)
    await link(store, leader)

    asked_again = await other.tap("Đúng")
    await other.tap("Đúng, thay")

    assert "đang gắn với <b>Tổ dân phố 6 (Nhân Trạch)</b>" in asked_again.screens[0].text
    assert await rows(store, "SELECT unit, state FROM unit_chat ORDER BY id") == [
        ("TDP-07", "linked"),
        ("TDP-06", "unlinked"),
    ]


async def test_answers_stay_in_the_topic_that_was_spoken_in(leader: Any, store: Any, desk: Any):
    topic = replace(GROUP, kind="supergroup", thread=9)

    said = await command_in(topic, leader, "start", code_of(leader))
    await receive(store, leader)
    await leader.tap("Đúng")
    welcome = await brought(store, desk, topic.chat)
    report = await command_in(topic, leader, "baocao")

    threads = [screen.thread for screen in (*said.screens, *welcome, *report.screens)]
    assert threads == [9, 9, 9]


async def test_linked_group_reads_its_unit_s_figures_and_nobody_s_name(
    leader: Any, store: Any, desk: Any, meet: Meet, clock: Any
):
    desk.office.counts = HandCounts({clock.now(): {"TDP-06": Count(20, 12, 15)}})
    await link(store, leader)
    resident = meet(name="Phạm Thị Tư")

    said = await command_in(GROUP, resident, "baocao")

    (screen,) = said.screens
    assert "Đã tham gia: <b>12</b> người, <b>15</b> lượt thi" in screen.text
    assert screen.buttons == ()
    assert all(name not in screen.text for name in ("Trần Thị Lan", "Phạm Thị Tư"))


async def test_group_is_answered_once_a_minute(leader: Any, store: Any, desk: Any, clock: Any):
    desk.office.counts = HandCounts({clock.now(): {}})
    await link(store, leader)

    said = [await command_in(GROUP, leader, "baocao") for _ in range(3)]
    hints = [await command_in(GROUP, leader, name) for name in ("thi", "thi", "dangky")]
    flood = [await command_in(GROUP, leader, f"x{number}") for number in range(3)]
    other = await command_in(Group("-200"), leader, "baocao")

    replies = (*said, *hints, *flood, other)
    assert [len(reply.screens) for reply in replies] == [1, 0, 0, 1, 0, 1, 1, 0, 0, 1]


async def test_unknown_group_reads_how_it_is_linked(meet: Meet, desk: Any):
    said = await command_in(GROUP, meet(), "baocao", "TDP-06")

    assert [screen.text for screen in said.screens] == [
        desk.text("groups.no_unit", button="Nhóm chat của đơn vị")
    ]


async def test_argument_in_a_group_shows_no_other_unit(
    leader: Any, store: Any, desk: Any, clock: Any
):
    desk.office.counts = HandCounts({clock.now(): {}})
    await link(store, leader)

    said = await command_in(GROUP, leader, "baocao", "TDP-07")

    assert "Tổ dân phố 6" in said.screens[0].text
    assert "Tổ dân phố 7" not in said.screens[0].text


async def test_group_of_a_unit_that_is_no_more_reads_nobody_else_s_figures(
    leader: Any, store: Any, desk: Any, clock: Any
):
    desk.office.counts = HandCounts({clock.now(): {"TDP-07": Count(44, 43, 42)}})
    await link(store, leader)
    left = tuple(unit for unit in desk.units.units if unit.code != "TDP-06")
    desk.units = replace(desk.units, units=left)

    said = await command_in(GROUP, leader, "baocao")

    assert [screen.text for screen in said.screens] == [
        desk.text("leader.no_counts", unit="TDP-06")
    ]


async def test_ward_s_group_reads_the_ward_s_figures(store: Any, desk: Any, meet: Meet, clock: Any):
    organiser = await make(store, meet(), Role.ORGANISER)
    desk.office.counts = HandCounts(
        {clock.now(): {"TDP-06": Count(60, 55, 70), "TDP-07": Count(5, 2, 2)}}
    )
    await say_in(GROUP, organiser, ADMIN)
    await receive(store, organiser)
    await organiser.tap("Đúng")

    said = await command_in(GROUP, organiser, "baocao")

    units = len(desk.units.units)
    assert "<b>57</b> người, <b>72</b> lượt thi" in said.screens[0].text
    assert f"Đơn vị đã đạt chỉ tiêu: <b>1/{units}</b>" in said.screens[0].text
    assert f"Đơn vị chưa có ai tham gia: {units - 2}" in said.screens[0].text


async def test_organiser_s_channel_is_offered_by_making_the_bot_administrator(
    store: Any, desk: Any, meet: Meet
):
    channel = Group("-300", "channel", "Phường Phú Lương")
    organiser = await make(store, meet(), Role.ORGANISER)

    said = await say_in(channel, organiser, ADMIN)
    (asked,) = await receive(store, organiser)
    await organiser.tap("Đúng")
    welcome = await brought(store, desk, channel.chat)

    assert said == NOTHING
    assert "Dùng kênh này để đăng số liệu hằng ngày của cả phường?" in asked
    assert len(welcome) == 1
    assert await rows(store, "SELECT unit, kind, state FROM unit_chat") == [
        ("", "channel", "linked")
    ]


@pytest.mark.parametrize(
    "content",
    [Text("xin chào"), Text("A"), Attachment(), SharedContact("84912345678", is_own=True)],
    ids=["text", "letter", "sticker", "contact"],
)
async def test_ordinary_talk_is_never_answered(meet: Meet, store: Any, content: Any):
    said = await say_in(GROUP, meet(), content)

    assert said == NOTHING
    assert await rows(store, "SELECT id FROM account") == []


@pytest.mark.parametrize("name", ["dangky", "thi", "dulieu", "ketqua", "start", "huy", "xyz"])
async def test_command_in_the_wrong_chat_gets_one_polite_line(
    meet: Meet, store: Any, desk: Any, name: str
):
    said = await command_in(GROUP, meet(), name)

    assert [screen.text for screen in said.screens] == [desk.text("home.group")]
    assert await rows(store, "SELECT id FROM account") == []


async def test_button_in_a_group_does_nothing(leader: Any):
    said = await say_in(GROUP, leader, Tap(leader.button("Số liệu của đơn vị").data))

    assert said == NOTHING


async def test_group_that_put_the_bot_out_is_told_of_once(leader: Any, store: Any):
    await link(store, leader)

    for _ in range(2):
        assert await say_in(GROUP, leader, GONE) == NOTHING

    told = await receive(store, leader)
    assert len(told) == 1
    assert told[0].startswith("Bot không còn ở nhóm <b>Nhóm Tổ 6</b>")
    assert leader.labels == ["Nhóm chat của đơn vị", "Màn hình chính"]
    assert await rows(store, "SELECT state FROM unit_chat") == [("lost",)]


async def test_t15_service_message_moves_the_link(leader: Any, store: Any, desk: Any, clock: Any):
    desk.office.counts = HandCounts({clock.now(): {}})
    await link(store, leader)

    for _ in range(2):
        await say_in(GROUP, leader, GroupMoved("-1009"), is_anonymous=True)
    said = await command_in(moved(GROUP, "-1009"), leader, "baocao")

    assert await rows(store, "SELECT chat, kind, state FROM unit_chat") == [
        ("-1009", "supergroup", "linked")
    ]
    assert "Tổ dân phố 6" in said.screens[0].text


async def test_group_s_name_is_shown_as_it_is(leader: Any, store: Any):
    named = replace(GROUP, title="<b>Tổ</b> & \u202e6" + "x" * 200)

    await command_in(named, leader, "start", code_of(leader))
    (asked,) = await receive(store, leader)

    assert "&lt;b&gt;Tổ&lt;/b&gt; &amp; 6xxx" in asked
    assert "\u202e" not in asked
    assert "x" * 61 not in asked
