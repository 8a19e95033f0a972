"""`/timnguoi`: who may, by what, masked; in full only on request and on record."""

import re

import pytest

from handlers.records import AuditEntry, Role
from handlers.reply import Effect
from store.house import Store
from tests.playing import Appoint, Meet, Resident

PHONE, NAME = "0912 345 678", "Nguyễn Thị Hoa"
SECRETS = (NAME, "912345678", PHONE, "1955")


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


async def trail(store: Store) -> list[AuditEntry]:
    return [entry for _, entry in await store.audit.latest(100, has_uses=True)]


@pytest.mark.parametrize("role", Role)
async def test_t41_organisers_and_secretaries_look_people_up_and_nobody_else(
    hoa: Resident, meet: Meet, appoint: Appoint, role: Role
):
    await hoa.command("start")
    staff = meet(id="2002", name="Phạm Anh Tuấn")
    await appoint(staff, role, "TDP-06" if role is Role.LEADER else "")

    reply = await staff.command("timnguoi", "1")

    may = role in {Role.ORGANISER, Role.SECRETARY}
    assert (reply.effect is Effect.REFUSED) != may
    assert ("N. T. Hoa" in reply.screens[0].text) == may


async def test_t41_a_resident_is_refused(hoa: Resident):
    assert (await hoa.command("timnguoi", "1")).effect is Effect.REFUSED


@pytest.mark.parametrize(
    "asked", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678", "nguyen thi hoa"]
)
async def test_people_are_found_by_any_usual_spelling(mai: Resident, asked: str):
    await mai.command("timnguoi")
    await mai.text(asked)
    found = mai.screen.text
    await mai.tap("Số 1: N. T. Hoa")

    assert "Tìm thấy 1 người" in found
    assert "Số <b>1</b>: N. T. Hoa, sinh 19**, ĐT ******678" in found
    assert "<b>Số báo danh 1</b>" in mai.screen.text


@pytest.mark.parametrize("asked", ["0912345679", "tran thi hoa"])
async def test_who_is_not_there_is_not_found(mai: Resident, asked: str):
    await mai.command("timnguoi", asked)

    assert "Không tìm thấy ai" in mai.screen.text


@pytest.mark.parametrize("asked", ["Hoa", "0912", "12345678901234567890", "<b>1</b>", "=1+1"])
async def test_what_cannot_be_read_is_explained(mai: Resident, asked: str):
    await mai.command("timnguoi")
    await mai.text(asked)

    assert "Chưa tìm được theo cách gõ này" in mai.screen.text


async def test_a_list_and_a_file_show_nobody_in_full(mai: Resident):
    await mai.command("timnguoi", "nguyen thi hoa")
    listed = mai.screen
    await mai.tap("Số 1: N. T. Hoa")

    for screen in (listed, mai.screen):
        shown = screen.text + " ".join(one.label for row in screen.buttons for one in row)
        assert [one for one in SECRETS if one in shown] == []


async def test_a_file_tells_what_staff_may_know(mai: Resident):
    await mai.command("timnguoi", "1")

    assert mai.screen.text == (
        "<b>Số báo danh 1</b>\n\n"
        "Họ tên: N. T. Hoa\nNăm sinh: 19**\nĐT: ******678 (đã xác minh)\n"
        "Đơn vị: Tổ dân phố 6 (Nhân Trạch)\nCách dự thi: Tự thi, qua Telegram\n"
        "Đăng ký lúc: 09:00:08 ngày 10/12/2025\n\nChưa thi lượt nào."
    )
    assert mai.labels == [
        "Hiện đầy đủ",
        "Sửa thông tin",
        "Hủy kết quả",
        "Tìm người khác",
        "Màn hình chính",
    ]


async def test_looking_in_full_is_protected_and_has_its_line(mai: Resident, store: Store):
    await mai.command("timnguoi", "1")
    await mai.tap("Hiện đầy đủ")

    line = (await trail(store))[0]
    assert all(one in mai.screen.text for one in (NAME, PHONE, "1955"))
    assert mai.screen.is_protected is True
    assert (line.act, line.subject, line.role) == ("person.unmask", "person:1", "secretary")


async def test_no_line_of_the_trail_names_anybody(mai: Resident, store: Store):
    await mai.command("timnguoi", "0912345678")
    await mai.command("timnguoi", "nguyen thi hoa")
    await mai.tap("Số 1: N. T. Hoa")
    await mai.tap("Hiện đầy đủ")

    lines = [f"{one.subject} {one.detail} {one.why}" for one in await trail(store)]
    assert [line for line in lines if re.search(r"Hoa|hoa\b|912|1955", line)] == []
    assert {"by": "name", "found": 1} in [dict(one.detail) for one in await trail(store)]


async def test_many_of_one_name_come_page_by_page(mai: Resident, meet: Meet):
    for number in range(9):
        await meet(id=f"3{number}").register(f"8498765432{number}")

    await mai.command("timnguoi", "nguyen thi hoa")
    first = list(mai.labels)
    await mai.tap("Trang sau ▶")
    second = list(mai.labels)
    await mai.tap("◀ Trang trước")

    assert first == [
        *(f"Số {number}: N. T. Hoa" for number in range(1, 9)),
        "Trang sau ▶",
        "Màn hình chính",
    ]
    assert second == ["Số 9: N. T. Hoa", "Số 10: N. T. Hoa", "◀ Trang trước", "Màn hình chính"]
    assert mai.labels == first


async def test_no_button_carries_what_was_looked_for(mai: Resident):
    await mai.command("timnguoi", "0912345678")

    assert [one.data for one in mai.shown if "912345678" in one.data] == []


async def test_of_who_was_erased_only_the_number_is_shown(hoa: Resident, mai: Resident):
    await hoa.command("dulieu")
    await hoa.tap("Rút khỏi cuộc thi, xóa thông tin")
    await hoa.tap("Đúng, rút và xóa")

    for asked in ("1", "full 1", "fix 1", "void 1", "restore 1"):
        await mai.command("timnguoi", asked)

        assert "Thông tin đã được xóa" in mai.screen.text
        assert mai.labels == ["Tìm người khác", "Màn hình chính"]


async def test_nobody_has_that_number(mai: Resident):
    await mai.command("timnguoi", "99")

    assert "Không có số báo danh 99" in mai.screen.text


async def test_the_menu_has_the_door(meet: Meet, appoint: Appoint):
    tuan = meet(id="2003", name="Phạm Anh Tuấn")
    await appoint(tuan, Role.ORGANISER)

    await tuan.command("quanly")
    await tuan.tap("Tìm người dự thi")

    assert "Xin gõ một trong ba thứ" in tuan.screen.text


async def test_nobody_reads_what_was_right_on_any_screen(hoa: Resident, mai: Resident):
    """DESIGN §4: fifteen right of fifteen, and not a sign of it."""
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("777")
    await hoa.tap("Nộp bài")
    mai_saw: list[str] = []
    for asked in ("1", "full 1", "void 1", "fix 1", "extra 1", "nguyen thi hoa"):
        await mai.command("timnguoi", asked)
        mai_saw += [screen.text for screen in mai.last.screens]
    await mai.command("timnguoi", "1")

    assert "Trả lời 15 câu" in mai.screen.text
    text = " ".join(mai_saw)
    assert re.findall(r"đúng <b>|\d+/\d+ câu|777|dự đoán:|điểm", text) == []
