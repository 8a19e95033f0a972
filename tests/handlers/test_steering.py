"""Organisers steer the contest: what will happen is shown, asked twice, and shared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from handlers.desk import Desk
from handlers.office import HEALTH_FACTS
from handlers.records import AuditEntry, Role
from handlers.reply import Effect
from scoring.contest import Phase, Ruling, Timeline
from scoring.instant import Instant
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.fixture
async def tuan(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2002", name="Phạm Anh Tuấn")
    await appoint(resident, Role.ORGANISER)
    return resident


async def take_decisions(desk: Desk, store: Store) -> None:
    """As every process does within a second."""
    timeline = Timeline(desk.contest.timeline.calendar, await store.decisions.all())
    desk.contest = replace(desk.contest, timeline=timeline)


async def test_the_menu_says_how_the_contest_stands(mai: Resident, meet: Meet):
    await meet().register()

    await mai.command("quanly")

    assert "Cuộc thi: <b>đang mở</b>" in mai.screen.text
    assert "Đã đăng ký: <b>1</b> người" in mai.screen.text
    assert mai.labels[:3] == ["⏸ Tạm dừng", "Gia hạn", "Đóng sớm"]


async def test_pausing_is_shown_with_whom_it_meets_and_asked_twice(
    mai: Resident, meet: Meet, desk: Desk, store: Store, clock: HandClock
):
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    await mai.command("tamdung", "mất điện toàn phường")
    shown = mai.screen.text
    before = await store.decisions.all()
    confirm = mai.button("Đúng, tạm dừng")
    await mai.tap("Đúng, tạm dừng")
    again = await mai.press(confirm)
    await take_decisions(desk, store)
    clock.wait(6_000)

    assert "Đang làm bài: <b>1</b> người" in shown
    assert "Lý do: mất điện toàn phường" in shown
    assert before == ()
    assert [one.ruling for one in await store.decisions.all()] == [Ruling.PAUSE]
    assert again.effect is Effect.STALE
    assert desk.contest.timeline.phase_at(clock.now()) is Phase.PAUSED


async def test_who_pauses_sees_it_at_once_and_may_go_on(mai: Resident, desk: Desk, store: Store):
    await mai.command("tamdung", "mất điện toàn phường")
    await mai.tap("Đúng, tạm dừng")
    await take_decisions(desk, store)

    await mai.command("quanly")
    menu, first = mai.screen.text, mai.labels[0]
    await mai.tap("▶ Cho tiếp tục")
    await mai.text("có điện rồi")
    await mai.tap("Đúng, cho tiếp tục")

    assert "Cuộc thi: <b>đang tạm dừng</b> (có hiệu lực trong vài giây)" in menu
    assert first == "▶ Cho tiếp tục"
    rulings = [one.ruling for one in await store.decisions.all()]
    assert rulings == [Ruling.PAUSE, Ruling.RESUME]


async def test_a_deed_is_left_where_its_reason_is_asked(mai: Resident, store: Store):
    await mai.command("dongsom")

    await mai.tap("Không làm")

    assert "Cuộc thi: <b>đang mở</b>" in mai.screen.text
    assert await store.decisions.all() == ()


async def test_a_reason_is_asked_where_none_was_typed(mai: Resident, store: Store):
    await mai.command("tamdung")
    await mai.text("x")
    asked = mai.screen.text
    await mai.text("mất điện")
    await mai.tap("Không làm")

    assert asked.startswith("<b>Tạm dừng cuộc thi</b>\n\nXin gõ lý do")
    assert await store.decisions.all() == ()


async def test_an_extension_waits_for_a_second_organiser(
    mai: Resident, tuan: Resident, store: Store
):
    await mai.command("giahan")
    await mai.text("hôm nào đó")
    invalid = mai.screen.text
    await mai.text("23:00 14/12/2025")
    early = mai.screen.text
    await mai.text("24:00 16/12/2025")
    await mai.text("mưa bão")
    await mai.tap("Đúng, gửi đề nghị")
    waiting = await store.decisions.all()
    await mai.command("duyet")
    await mai.tap("Số 1: gia hạn")
    own = list(mai.labels)

    await tuan.command("duyet")
    await tuan.tap("Số 1: gia hạn")
    await tuan.tap("Duyệt")
    await tuan.tap("Đúng, duyệt")

    assert "Chưa đọc được giờ này" in invalid
    assert "cần muộn hơn" in early
    assert waiting == ()
    assert own == ["Rút đề nghị", "Danh sách đề nghị", "Màn hình chính"]
    decision = (await store.decisions.all())[0]
    assert (decision.ruling, decision.until) == (Ruling.EXTEND, Instant(1_765_904_400_000))
    assert "đã duyệt, có hiệu lực" in tuan.screen.text


async def test_alone_one_is_told_that_nobody_can_be_the_second(mai: Resident):
    await mai.command("dongsom", "mưa bão")
    await mai.tap("Đúng, gửi đề nghị")

    assert "chưa có ai khác trong Ban Tổ chức" in mai.screen.text


async def test_what_does_not_fit_the_phase_is_refused_in_words(mai: Resident):
    await mai.command("tieptuc", "có điện lại")

    assert mai.screen.text == "Lệnh /tieptuc không làm được lúc này: cuộc thi đang mở."


@pytest.mark.parametrize("asked", ["?", "--help", "-h"])
async def test_every_command_explains_itself(mai: Resident, asked: str):
    await mai.command("giahan", asked)

    assert mai.screen.text.startswith("/giahan – ")


async def test_the_trail_tells_what_was_done_and_looks_on_demand(mai: Resident):
    await mai.command("quanly")
    await mai.command("tamdung", "mất điện toàn phường")
    await mai.tap("Đúng, tạm dừng")

    await mai.command("nhatky")
    short = mai.screen.text
    await mai.tap("Hiện cả lượt xem")

    assert "tạm dừng cuộc thi" in short
    assert "mất điện toàn phường" in short
    assert "xem, bấm" not in short
    assert "xem, bấm</b> · /quanly\nBan Tổ chức" in mai.screen.text


async def test_the_trail_says_in_words_who_did_what_to_whom(mai: Resident, desk: Desk):
    audit = desk.office.audit
    for act, subject, role in (
        ("role.approve", "invitation:1", "cli"),
        ("names.look", "unit:TDP-06", "leader"),
        ("group.lost", "ward", "bot"),
        ("person.unmask", "person:17", "none"),
    ):
        await audit.record(AuditEntry(Instant(0), None, role, act, subject))

    await mai.command("nhatky")

    lines = [block.partition("\n")[2] for block in mai.screen.text.split("\n\n")[1:5]]
    assert lines == [
        "<b>xem thông tin đầy đủ</b> · người dự thi số 17\nngười không giữ vai trò",
        "<b>bot không còn ở nhóm chat</b> · kênh của Ban Tổ chức\nbot tự làm",
        "<b>xem danh sách người đã thi</b> · Tổ dân phố 6 (Nhân Trạch)\nTổ trưởng",
        "<b>duyệt người nhận vai trò</b> · lời mời số 1\ndòng lệnh trên máy chủ",
    ]


async def test_a_technician_sees_health_and_nothing_of_people(meet: Meet, appoint: Appoint):
    nam = meet(id="2003", name="Vũ Nam")
    await appoint(nam, Role.TECHNICIAN)

    await nam.command("suckhoe")
    refused = [
        (await nam.command(name)).effect for name in ("quanly", "nhatky", "thongbao", "duyet")
    ]
    await nam.command("lenh")

    assert refused == [Effect.REFUSED] * 4
    assert "/suckhoe" in nam.screen.text
    assert "/tamdung" not in nam.screen.text


async def test_health_tells_whole_seconds_and_names_alarms(meet: Meet, appoint: Appoint, desk: Any):
    nam = meet(id="2003", name="Vũ Nam")
    await appoint(nam, Role.TECHNICIAN)
    known = dict.fromkeys(HEALTH_FACTS, 1)

    async def look() -> Mapping[str, object]:
        return known | {"alarms": "redis, clock", "tick_s": 2.4, "received_s": None}

    desk.office.health = look

    await nam.command("suckhoe")

    assert "Tin Telegram gần nhất: chưa có\n" in nam.screen.text
    assert "việc hẹn giờ: 2 giây trước" in nam.screen.text
    assert "Redis không trả lời; Đồng hồ của máy sai giờ" in nam.screen.text


async def test_a_pause_leads_back_to_the_menu(mai: Resident):
    await mai.command("tamdung", "Mất điện toàn phường")

    await mai.tap("Đúng, tạm dừng")

    assert mai.labels[0] == "Quản lý cuộc thi"
