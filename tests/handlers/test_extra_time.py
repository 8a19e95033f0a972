"""More time for an open paper, in chat: shown, confirmed, at once in force, and told."""

import pytest

from bot.notices import message_screen
from handlers.desk import Desk
from handlers.records import Notice, OutboxMessage, Role
from handlers.reply import Effect
from scoring.instant import MINUTE_MS, Instant
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident

WHY = "mất điện ở tổ 6"


@pytest.fixture
async def hoa(meet: Meet) -> Resident:
    resident = meet(id="1500")
    await resident.register()
    await resident.open_paper()
    return resident


@pytest.fixture
async def mai(hoa: Resident, meet: Meet, appoint: Appoint) -> Resident:
    await hoa.command("thi")
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.SECRETARY)
    await resident.command("timnguoi", "1")
    await resident.tap("Cho thêm giờ")
    return resident


async def test_time_is_given_after_a_second_press(mai: Resident, store: Store):
    await mai.tap("10 phút")
    await mai.text(WHY)
    asked = mai.screen.text
    confirm = mai.button("Đúng, cho thêm giờ")
    await mai.tap("Đúng, cho thêm giờ")
    done = mai.screen.text
    again = await mai.press(confirm)
    (_, line), *_ = await store.audit.latest(1)

    assert "Giờ phải nộp: 09:15 → <b>09:25</b>" in asked
    assert done == "Đã cho thêm 10 phút. Giờ phải nộp mới: 09:25."
    assert again.effect is Effect.STALE
    assert (line.act, line.subject, line.why) == ("person.extra", "person:1", WHY)
    assert line.detail == {"attempt": 1, "minutes": 10}


async def test_the_new_limit_counts_at_once(hoa: Resident, mai: Resident, clock: HandClock):
    await mai.text("7")
    await mai.text(WHY)
    await mai.tap("Đúng, cho thêm giờ")
    clock.wait(20 * MINUTE_MS)

    reply = await hoa.tap("B")

    assert reply.effect is Effect.STEP
    assert "09:22" in hoa.screen.text


@pytest.mark.parametrize("typed", ["0", "61", "999", "-5", "năm phút", "5.5"])
async def test_minutes_are_from_one_to_sixty(mai: Resident, typed: str):
    await mai.text(typed)

    assert mai.screen.text == "Xin gõ số phút từ 1 đến 60."


async def test_an_ended_paper_gets_none_and_the_other_way_is_told(mai: Resident, clock: HandClock):
    clock.wait(16 * MINUTE_MS)

    await mai.text("10")
    await mai.text(WHY)

    assert "Bài đã kết thúc không mở lại được" in mai.screen.text


async def test_ended_between_the_presses_it_gets_none(
    mai: Resident, clock: HandClock, store: Store
):
    await mai.text("10")
    await mai.text(WHY)
    clock.wait(16 * MINUTE_MS)
    await mai.tap("Đúng, cho thêm giờ")

    assert "Bài đã kết thúc không mở lại được" in mai.screen.text
    assert (await store.persons.file_of(1)).attempts[0].extra_ms == 0


async def test_not_now_gives_nothing(mai: Resident, store: Store):
    await mai.text("10")
    await mai.text(WHY)
    await mai.tap("Không làm")

    assert (await store.persons.file_of(1)).attempts[0].extra_ms == 0


async def test_the_person_is_told_and_led_back(desk: Desk, clock: HandClock):
    due = Instant(clock.now() + 20 * MINUTE_MS)
    notice = Notice("notice.extra", {"person": 1, "due": due})

    screen = await message_screen(desk, OutboxMessage(1, "tg", "1500", notice, 1))
    clock.wait(21 * MINUTE_MS)
    late = await message_screen(desk, OutboxMessage(1, "tg", "1500", notice, 1))

    assert "xin nộp trước <b>09:20</b>" in screen.text
    assert screen.buttons[0][0].label == "Về bài thi đang làm"
    assert late is None
