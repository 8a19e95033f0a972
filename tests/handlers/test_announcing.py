"""An organiser writes to many: sees it first, is asked twice, and steers what goes out."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.broadcasts import BroadcastState
from handlers.records import Role
from handlers.reply import Effect
from store.house import Store
from tests.playing import Appoint, Meet, Resident


@pytest.fixture
async def organiser(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


async def compose(organiser: Resident, words: str) -> None:
    await organiser.command("thongbao")
    await organiser.tap("Soạn thông báo mới")
    await organiser.tap("Người đã đăng ký")
    await organiser.tap("Tất cả đơn vị")
    await organiser.text(words)


async def test_it_is_seen_before_it_is_sent(organiser: Resident, meet: Meet):
    await meet().register()

    await compose(organiser, "Chiều nay <b>Tổ 6</b> có bàn hướng dẫn\ntại nhà văn hóa.")

    shown, asked = organiser.last.screens
    assert "Chiều nay &lt;b&gt;Tổ 6&lt;/b&gt; có bàn hướng dẫn\ntại nhà văn hóa." in shown.text
    assert "Sẽ gửi: <b>1</b> tin" in asked.text


async def test_block_without_units_is_nobody_and_never_everybody(
    organiser: Resident, meet: Meet, desk: Any, store: Store
):
    await meet().register()
    await organiser.command("thongbao")
    await organiser.tap("Soạn thông báo mới")
    await organiser.tap("Người đã đăng ký")
    offered = organiser.labels
    school = next(one for one in organiser.shown if one.label == "Trường học")
    units = desk.units
    desk.units = replace(units, units=units.in_block("to-dan-pho"))

    await organiser.tap("Trường học")
    asked_again = organiser.labels
    await organiser.tap("Tất cả đơn vị")

    assert school.label in offered
    assert "Trường học" not in asked_again
    assert "Tất cả đơn vị" in asked_again
    assert await store.broadcasts.latest(1) == ()


async def test_words_to_all_units_are_words_though_they_name_one(organiser: Resident, meet: Meet):
    await meet().register()

    await compose(organiser, "Tổ dân phố 6")

    shown, asked = organiser.last.screens
    assert "Tổ dân phố 6" in shown.text
    assert "Sẽ gửi: <b>1</b> tin" in asked.text


async def test_sent_after_the_second_press_and_only_once(
    organiser: Resident, meet: Meet, store: Store
):
    await meet().register()
    await compose(organiser, "Xin mời bà con")
    await organiser.tap("Gửi đi")
    before = (await store.broadcasts.latest(1))[0].state
    confirm = organiser.button("Đúng, gửi đi")

    await organiser.tap("Đúng, gửi đi")
    again = await organiser.press(confirm)

    assert before is BroadcastState.DRAFT
    assert (await store.broadcasts.latest(1))[0].state is BroadcastState.FILLING
    assert "đã có người làm" in again.toast


async def test_two_organisers_press_the_opposite(organiser: Resident, meet: Meet, store: Store):
    await meet().register()
    await compose(organiser, "Xin mời bà con")
    await organiser.tap("Gửi đi")
    await organiser.tap("Đúng, gửi đi")
    pause = organiser.button("Tạm dừng")
    await organiser.tap("Dừng hẳn")

    await organiser.tap("Đúng, dừng hẳn")
    late = await organiser.press(pause)

    assert (await store.broadcasts.latest(1))[0].state is BroadcastState.STOPPED
    assert "đã có người làm" in late.toast


async def test_stopping_for_good_is_asked_twice(organiser: Resident, meet: Meet, store: Store):
    await meet().register()
    await compose(organiser, "Xin mời bà con")
    await organiser.tap("Gửi đi")
    await organiser.tap("Đúng, gửi đi")
    sending = organiser.screen.text

    await organiser.tap("Dừng hẳn")
    asked = organiser.screen.text
    await organiser.tap("Không dừng")

    assert sending.endswith("Đã gửi: <b>0</b> trên <b>0</b> tin (đang lập danh sách người nhận)")
    assert "không gửi tiếp được nữa" in asked
    assert (await store.broadcasts.latest(1))[0].state is BroadcastState.FILLING


async def test_a_step_back_asks_whom_it_is_for_again(organiser: Resident):
    await organiser.command("thongbao")
    await organiser.tap("Soạn thông báo mới")
    await organiser.tap("Người đã đăng ký")
    await organiser.tap("Tất cả đơn vị")

    await organiser.tap("◀ Quay lại")

    assert "Gửi cho ai?" in organiser.screen.text
    assert "Người chưa thi lần nào" in organiser.labels


async def test_one_unit_is_named_by_typing(organiser: Resident, meet: Meet):
    await meet().register()
    await organiser.command("thongbao")
    await organiser.tap("Soạn thông báo mới")
    await organiser.tap("Người chưa thi lần nào")

    await organiser.text("to 7")
    await organiser.tap("Tổ dân phố 7 (Nhân Trạch)")
    await organiser.text("Xin mời bà con")

    assert "thuộc Tổ dân phố 7 (Nhân Trạch)" in organiser.screen.text
    assert "Sẽ gửi: <b>0</b> tin" in organiser.screen.text


async def test_too_long_a_message_is_asked_again(organiser: Resident):
    await compose(organiser, "x" * 1_001)

    assert "từ 1 đến 1000 ký tự" in organiser.screen.text


async def test_a_resident_writes_to_nobody(meet: Meet):
    reply = await meet().command("thongbao")

    assert reply.effect is Effect.REFUSED
