"""A leader's own side of his unit's groups: listed, ended by a second press, tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as sql

from handlers.incoming import GroupStatus, Tap
from handlers.records import Role
from tests.handlers.grouping import (
    GONE,
    Group,
    account_of,
    brought,
    code_of,
    command_in,
    make,
    receive,
    say_in,
)
from tests.leaders import dismiss

Meet = Callable[..., Any]
GROUP = Group()
MUTED = GroupStatus(is_member=True, can_send=False)


async def states(store: Any) -> list[tuple[str, str]]:
    asked = sql("SELECT unit, state FROM unit_chat ORDER BY id")
    found = await store.database.read(lambda one: one.execute(asked).all())
    return [tuple(row) for row in found]


@pytest.fixture
async def leader(store: Any, meet: Meet) -> Any:
    """A leader with one linked group, at the list of his groups."""
    lan = await make(store, meet(name="Trần Thị Lan"), Role.LEADER, "TDP-06")
    await lan.command("baocao")
    await lan.tap("Nhóm chat của đơn vị")
    await command_in(GROUP, lan, "start", code_of(lan))
    await receive(store, lan)
    await lan.tap("Đúng")
    await brought(store, lan.desk, GROUP.chat)
    await lan.tap("Nhóm chat của đơn vị")
    return lan


async def test_list_names_the_groups_and_what_may_be_done(leader: Any):
    assert "• Nhóm Tổ 6\n" in leader.screen.text
    assert leader.labels == [
        "Gắn nhóm chat của đơn vị",
        "Gỡ: Nhóm Tổ 6",
        "Số liệu của đơn vị",
        "Màn hình chính",
    ]


async def test_group_is_let_go_by_a_second_press(leader: Any, store: Any):
    await leader.tap("Gỡ: Nhóm Tổ 6")
    before = await states(store)

    answered = await leader.tap("Đúng, gỡ nhóm này")
    await leader.tap("Nhóm chat của đơn vị")

    assert before == [("TDP-06", "linked")]
    assert answered.screens[0].text.startswith("Đã gỡ nhóm Nhóm Tổ 6")
    assert await states(store) == [("TDP-06", "unlinked")]
    assert "Chưa gắn nhóm nào." in leader.screen.text


async def test_second_press_takes_effect_once(leader: Any, store: Any):
    await leader.tap("Gỡ: Nhóm Tổ 6")
    yes, no = leader.button("Đúng, gỡ nhóm này"), leader.button("Giữ lại")
    await leader.say(Tap(no.data))

    late = await leader.say(Tap(yes.data))

    assert late.toast == "Nút này đã cũ. Xin dùng các nút đang hiện."
    assert await states(store) == [("TDP-06", "linked")]


async def test_group_that_is_gone_meanwhile_cannot_be_let_go(leader: Any, store: Any):
    await leader.tap("Gỡ: Nhóm Tổ 6")
    await say_in(GROUP, leader, GroupStatus(is_member=False, can_send=False))

    answered = await leader.tap("Đúng, gỡ nhóm này")

    assert answered.screens[0].text.startswith("Việc này đã xong từ trước")
    assert await states(store) == [("TDP-06", "lost")]


async def test_words_instead_of_the_second_press_ask_again(leader: Any, store: Any):
    await leader.tap("Gỡ: Nhóm Tổ 6")

    await leader.text("thôi")
    await leader.tap("Giữ lại")

    assert leader.screen.text.startswith("Giữ nguyên: nhóm Nhóm Tổ 6")
    assert await states(store) == [("TDP-06", "linked")]


async def test_muted_group_is_shown_so_and_tried_again(leader: Any, store: Any, desk: Any):
    await say_in(GROUP, leader, MUTED)
    told = await receive(store, leader)
    await leader.tap("Nhóm chat của đơn vị")
    shown = leader.screen.text

    await leader.tap("Gửi thử: Nhóm Tổ 6")
    tried = await brought(store, desk, GROUP.chat)

    assert told[0].startswith("Bot chưa gửi được số liệu của Tổ dân phố 6 (Nhân Trạch)")
    assert "• Nhóm Tổ 6 (chưa cho bot gửi tin)" in shown
    assert [screen.text.partition(":")[0] for screen in tried] == ["Tin thử"]


async def test_word_that_a_group_is_muted_is_stale_when_it_is_not_any_more(leader: Any, store: Any):
    await say_in(GROUP, leader, MUTED)
    await say_in(GROUP, leader, GroupStatus(is_member=True))

    assert await receive(store, leader) == []


@pytest.mark.parametrize("status", [MUTED, GONE])
async def test_word_of_a_group_is_none_for_who_leads_the_unit_no_more(
    leader: Any, store: Any, status: GroupStatus
):
    await say_in(GROUP, leader, status)
    await dismiss(store, await account_of(store, leader), "TDP-06")

    assert await receive(store, leader) == []


async def test_organiser_lets_a_group_go_and_its_leader_hears_of_it(
    leader: Any, store: Any, meet: Meet
):
    organiser = await make(store, meet(name="Đỗ Văn Sáu"), Role.ORGANISER)
    await organiser.command("baocao", "TDP-06")
    await organiser.tap("Nhóm chat của đơn vị")
    labels = organiser.labels

    await organiser.tap("Gỡ: Nhóm Tổ 6")
    await organiser.tap("Đúng, gỡ nhóm này")

    assert labels == ["Gỡ: Nhóm Tổ 6", "Số liệu của đơn vị", "Màn hình chính"]
    assert (await receive(store, leader))[0].startswith("Nhóm <b>Nhóm Tổ 6</b> đã được gỡ")


async def test_leader_of_two_units_chooses_whose_groups(store: Any, meet: Meet):
    lan = await make(store, meet(), Role.LEADER, "TDP-06", "TDP-08")
    await lan.command("baocao")
    await lan.tap("Tổ dân phố 8 (Nhân Trạch)")

    await lan.tap("Nhóm chat của đơn vị")

    assert lan.screen.text.startswith("<b>Nhóm chat của Tổ dân phố 8 (Nhân Trạch)</b>")
