"""Results voided and restored in chat; once they are public, by two."""

from dataclasses import replace

import pytest

from bot.notices import message_screen
from handlers.desk import Desk
from handlers.records import Notice, OutboxMessage, Role
from handlers.reply import Effect
from scoring.contest import Decision, Ruling, Timeline
from scoring.instant import DAY_MS
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident

DOC = "12/QĐ-BTC"


async def play(hoa: Resident) -> None:
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("120")
    await hoa.tap("Nộp bài")


@pytest.fixture
async def hoa(meet: Meet) -> Resident:
    resident = meet(id="1500")
    await resident.register()
    return resident


@pytest.fixture
async def mai(hoa: Resident, meet: Meet, appoint: Appoint) -> Resident:
    await hoa.command("start")
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.SECRETARY)
    return resident


async def void(mai: Resident, *answers: str, door: str = "Hủy kết quả") -> None:
    await mai.command("timnguoi", "1")
    for answer in (door, *answers):
        if answer in mai.labels:
            await mai.tap(answer)
        else:
            await mai.text(answer)


async def acts(store: Store) -> list[tuple[str, str, str]]:
    lines = [entry for _, entry in await store.audit.latest(50)]
    return [(one.act, one.subject, one.why) for one in reversed(lines) if one.role != "cli"]


async def test_an_attempt_is_voided_after_a_second_press(
    hoa: Resident, mai: Resident, store: Store
):
    await play(hoa)

    await void(mai, "Lượt 1", "Sự cố khi làm bài", DOC)
    asked = mai.screen.text
    confirm = mai.button("Đúng, hủy kết quả")
    before = (await store.persons.file_of(1)).voids
    await mai.tap("Đúng, hủy kết quả")
    done = mai.screen.text
    again = await mai.press(confirm)
    await mai.command("timnguoi", "1")

    assert "Hủy lượt 1 của số báo danh 1" in asked
    assert "không chiếm suất" in asked
    assert f"Quyết định: {DOC}" in asked
    assert before == ()
    assert done == "Đã hủy."
    assert again.effect is Effect.STALE
    assert "Lượt 1 không được tính</b>: Sự cố khi làm bài, quyết định 12/QĐ-BTC" in mai.screen.text
    assert await acts(store) == [("void", "person:1", "Sự cố khi làm bài")]


async def test_the_person_sees_what_does_not_count_until_it_counts_again(
    hoa: Resident, mai: Resident
):
    await play(hoa)
    await hoa.command("ketqua")
    before = hoa.screen.text

    await void(mai, "Lượt 1", "Người khác thi hộ", DOC, "Đúng, hủy kết quả")
    await hoa.command("ketqua")
    one = hoa.screen.text
    await void(mai, "Mọi kết quả của người này", "Đăng ký trùng", "13/QĐ-BTC", "Đúng, hủy kết quả")
    back = ("Lượt 1", "khai đúng", "14/QĐ-BTC", "Đúng, khôi phục")
    await void(mai, *back, door="Khôi phục kết quả")
    await hoa.command("ketqua")
    everything = hoa.screen.text
    back = ("Mọi kết quả của người này", "khai đúng", "15/QĐ-BTC", "Đúng, khôi phục")
    await void(mai, *back, door="Khôi phục kết quả")
    await hoa.command("ketqua")

    said = "<b>Lượt này không được tính</b>, theo quyết định số"
    assert f"{said} {DOC}" in one
    assert f"{said} 13/QĐ-BTC" in everything
    assert "không được tính" not in before
    assert hoa.screen.text == before


async def test_after_an_incident_the_person_takes_part_anew(hoa: Resident, mai: Resident):
    await play(hoa)
    await hoa.command("thi")
    spent = hoa.screen.text

    await void(mai, "Lượt 1", "Sự cố khi làm bài", DOC, "Đúng, hủy kết quả")
    await hoa.command("thi")
    fresh = hoa.screen.text
    await hoa.tap("Bắt đầu làm bài")

    assert "Hôm nay đã thi đủ 1 lượt" in spent
    assert "2" in fresh
    assert "B" in hoa.labels


async def test_a_person_is_voided_for_a_reason_in_words_and_restored(
    hoa: Resident, mai: Resident, store: Store
):
    await play(hoa)
    await void(mai, "Mọi kết quả của người này", "Lý do khác", "khai sai năm sinh", DOC)
    asked = mai.screen.text
    await mai.tap("Đúng, hủy kết quả")

    await void(mai, "Mọi kết quả của người này", "khai đúng", "13/QĐ-BTC", door="Khôi phục kết quả")
    back = mai.screen.text
    await mai.tap("Đúng, khôi phục")

    assert "Hủy mọi kết quả của số báo danh 1" in asked
    assert "Lý do: khai sai năm sinh" in asked
    assert "Khôi phục mọi kết quả của số báo danh 1" in back
    assert (await store.persons.file_of(1)).voids == ()
    assert await acts(store) == [
        ("void", "person:1", "khai sai năm sinh"),
        ("restore", "person:1", "khai đúng"),
    ]


async def test_an_open_paper_is_not_offered_and_is_said_to_run(hoa: Resident, mai: Resident):
    await hoa.open_paper()

    await void(mai)

    assert mai.labels == ["Mọi kết quả của người này", "Màn hình chính"]
    assert "Lượt đang làm chưa hủy được" in mai.screen.text


async def test_what_is_void_is_not_offered_again(hoa: Resident, mai: Resident):
    await play(hoa)
    await void(mai, "Lượt 1", "Người khác thi hộ", DOC, "Đúng, hủy kết quả")

    await void(mai)

    assert mai.labels == ["Mọi kết quả của người này", "Màn hình chính"]


async def test_a_decisions_number_is_needed(mai: Resident):
    await void(mai, "Mọi kết quả của người này", "Đăng ký trùng", "quyết định miệng")

    assert "Xin gõ số của quyết định" in mai.screen.text


async def test_nothing_void_is_nothing_to_restore(mai: Resident):
    await mai.command("timnguoi", "restore 1")

    assert "không có kết quả nào bị hủy" in mai.screen.text


async def test_over_the_limits_it_is_not_restored(hoa: Resident, mai: Resident):
    await play(hoa)
    await void(mai, "Lượt 1", "Sự cố khi làm bài", DOC, "Đúng, hủy kết quả")
    await play(hoa)

    await void(mai, "Lượt 1", "không có sự cố", DOC, "Đúng, khôi phục", door="Khôi phục kết quả")

    assert "đã thi một lượt khác thay cho lượt này" in mai.screen.text


async def publish(desk: Desk, store: Store, clock: HandClock) -> None:
    """Provisional results, as every process knows within a second."""
    clock.wait(8 * DAY_MS)
    await store.decisions.record(Decision(Ruling.PROVISIONAL, clock.now()), "organiser", "x")
    decisions = await store.decisions.all()
    desk.contest = replace(
        desk.contest, timeline=Timeline(desk.contest.timeline.calendar, decisions)
    )
    clock.wait(6_000)


async def test_once_results_are_public_a_second_person_decides(
    hoa: Resident,
    mai: Resident,
    meet: Meet,
    appoint: Appoint,
    desk: Desk,
    store: Store,
    clock: HandClock,
):
    await play(hoa)
    await publish(desk, store, clock)
    tuan = meet(id="2002", name="Phạm Anh Tuấn")
    await appoint(tuan, Role.ORGANISER)

    await void(mai, "Lượt 1", "Người khác thi hộ", DOC)
    asked = mai.screen.text
    await mai.tap("Đúng, gửi đề nghị")
    proposed = mai.screen.text
    before = (await store.persons.file_of(1)).voids
    await tuan.command("duyet")
    await tuan.tap("Số 1: hủy, khôi phục kết quả")
    shown = tuan.screen.text
    await tuan.tap("Duyệt")
    await tuan.tap("Đúng, duyệt")

    assert "cần một người khác trong Ban Tổ chức duyệt" in asked
    assert "đề nghị số 1" in proposed
    assert before == ()
    assert "Hủy lượt 1 của số báo danh 1" in shown
    assert f"Quyết định: {DOC}" in shown
    assert [one.attempt for one in (await store.persons.file_of(1)).voids] == [1]


async def test_a_stale_process_voids_nothing_alone(mai: Resident, store: Store, clock: HandClock):
    """SQL knows of the results before this process does."""
    await store.decisions.record(Decision(Ruling.PROVISIONAL, clock.now()), "organiser", "x")

    await void(mai, "Mọi kết quả của người này", "Đăng ký trùng", DOC, "Đúng, hủy kết quả")

    assert "cần người thứ hai" in mai.screen.text
    assert (await store.persons.file_of(1)).voids == ()


@pytest.mark.parametrize(
    ("attempt", "why", "said", "unsaid"),
    [
        (1, "incident", "Lượt thi thứ 1 của số báo danh 7", "Kết quả của"),
        (1, "incident", "có thể thi lại bằng lệnh /thi", "x!"),
        (1, "proxy", "Lý do: Người khác thi hộ", "thi lại"),
        (0, "incident", "Kết quả của số báo danh 7 không được tính", "thi lại"),
    ],
)
async def test_the_person_is_told_politely_with_the_hotline(
    desk: Desk, attempt: int, why: str, said: str, unsaid: str
):
    arguments = {"person": 7, "attempt": attempt, "why": why, "doc": DOC}
    screen = await message_screen(
        desk, OutboxMessage(1, "tg", "1500", Notice("notice.voided", arguments), 1)
    )

    assert said in screen.text
    assert unsaid not in screen.text
    assert desk.text("contest.hotline") in screen.text
    labels = [one.label for row in screen.buttons for one in row]
    assert ("Vào thi" in labels) is (attempt > 0 and why == "incident")


async def test_a_restored_person_is_told(desk: Desk):
    arguments = {"person": 7, "attempt": 2, "why": "proxy", "doc": DOC}

    screen = await message_screen(
        desk, OutboxMessage(1, "tg", "1500", Notice("notice.restored", arguments), 1)
    )

    assert "Lượt thi thứ 2 của số báo danh 7 đã được khôi phục" in screen.text
