"""Data corrected on request in chat: checked, shown before and after, confirmed, on record."""

from typing import Any

import pytest

from handlers.records import Role, Sender
from handlers.reply import Effect
from scoring.instant import DAY_MS, Instant
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident

WHY = "viết sai so với căn cước"


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    hoa = meet(id="1500")
    await hoa.register()
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.SECRETARY)
    return resident


async def fix(mai: Resident, field: str, *answers: str) -> None:
    """Choose a field of number 1 and answer what is asked, by text or, where shown, by button."""
    await mai.command("timnguoi", "1")
    await mai.tap("Sửa thông tin")
    await mai.tap(field)
    for answer in answers:
        if answer in mai.labels:
            await mai.tap(answer)
        else:
            await mai.text(answer)


async def data_of(store: Store) -> Any:
    visitor = await store.people.visit(Sender("tg", "1500"), "1500", Instant(0))
    return visitor.participant.data


async def test_a_name_is_corrected_after_a_second_press(mai: Resident, store: Store):
    await fix(mai, "Họ tên", "Nguyễn Thị Hòa", WHY)
    asked = mai.screen
    confirm = mai.button("Đúng, sửa")
    before = await data_of(store)
    await mai.tap("Đúng, sửa")
    done = mai.screen.text
    again = await mai.press(confirm)

    assert "Họ tên: N. T. Hoa → <b>Nguyễn Thị Hòa</b>" in asked.text
    assert f"Lý do: {WHY}" in asked.text
    assert asked.is_protected is True
    assert before.name == "Nguyễn Thị Hoa"
    assert (await data_of(store)).name == "Nguyễn Thị Hòa"
    assert done == "Đã sửa. Số báo danh vẫn là 1."
    assert again.effect is Effect.STALE


async def test_the_trail_says_which_field_and_no_value(mai: Resident, store: Store):
    await fix(mai, "Số điện thoại", "0987 654 321", WHY, "Đúng, sửa")

    (_, line), *_ = await store.audit.latest(5)
    assert (line.act, line.subject, line.why) == ("person.correct", "person:1", WHY)
    assert line.detail == {"fields": ["phone"]}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("Họ tên", "Hoa", "Họ tên chỉ gồm chữ cái"),
        ("Năm sinh", "55", "Năm sinh phải là số có 4 chữ số"),
        ("Số điện thoại", "0912", "Số này chưa đúng"),
        ("Đơn vị", "không có đâu", "Chưa tìm thấy đơn vị nào"),
        ("Họ tên", "Nguyễn Thị Hoa", "Giá trị này đang được ghi rồi"),
    ],
)
async def test_a_value_is_checked_as_at_registration(
    mai: Resident, store: Store, field: str, typed: str, said: str
):
    before = await data_of(store)

    await fix(mai, field, typed)

    assert said in mai.screen.text
    assert await data_of(store) == before


async def test_a_child_needs_a_guardian(mai: Resident, store: Store):
    await fix(mai, "Năm sinh", "2012")
    asked = mai.screen.text
    await mai.text("0987654321")
    await mai.text(WHY)
    shown = mai.screen.text
    await mai.tap("Đúng, sửa")

    data = await data_of(store)
    assert "cha, mẹ hoặc người giám hộ" in asked
    assert "Năm sinh: 19** → <b>2012</b>" in shown
    assert "Người giám hộ: <b>0987 654 321</b>" in shown
    assert (data.born, data.guardian_phone) == (2012, "+84987654321")


async def test_a_unit_is_searched_and_chosen(mai: Resident, store: Store):
    await fix(mai, "Đơn vị", "to 7")
    await mai.tap(next(label for label in mai.labels if label.startswith("Tổ dân phố 7")))
    await mai.text(WHY)
    shown = mai.screen.text
    await mai.tap("Đúng, sửa")

    assert "Đơn vị: Tổ dân phố 6 (Nhân Trạch) → <b>Tổ dân phố 7" in shown
    assert "được tính cho đơn vị mới" in shown
    assert (await data_of(store)).unit == "TDP-07"


async def test_data_are_corrected_after_the_first_attempt_by_request(
    mai: Resident, meet: Meet, store: Store
):
    hoa = meet(id="1500")
    await hoa.open_paper()

    await fix(mai, "Năm sinh", "1956", WHY, "Đúng, sửa")

    assert (await data_of(store)).born == 1956


async def test_somebody_elses_identity_is_refused_with_words(mai: Resident, meet: Meet):
    nam = meet(id="1501", name="Trần Văn Nam")
    await nam.register()

    await fix(mai, "Họ tên", "Trần Văn Nam", WHY, "Đúng, sửa")

    assert "là của một số báo danh khác" in mai.screen.text


async def test_t38_of_two_corrections_of_one_field_the_second_is_told(
    mai: Resident, meet: Meet, appoint: Appoint, store: Store
):
    tuan = meet(id="2002", name="Phạm Anh Tuấn")
    await appoint(tuan, Role.ORGANISER)
    await fix(mai, "Họ tên", "Nguyễn Thị Hòa", WHY)
    await fix(tuan, "Họ tên", "Nguyễn Thị Họa", WHY, "Đúng, sửa")

    await mai.tap("Đúng, sửa")

    assert "vừa được người khác sửa" in mai.screen.text
    assert (await data_of(store)).name == "Nguyễn Thị Họa"


async def test_after_the_closing_no_unit_moves(mai: Resident, clock: HandClock):
    clock.wait(8 * DAY_MS)

    await fix(mai, "Đơn vị")

    assert "Sau khi cuộc thi đóng" in mai.screen.text


async def test_a_reason_is_needed_and_names_no_phone(mai: Resident):
    await fix(mai, "Năm sinh", "1956", "x")
    short = mai.screen.text
    await mai.text("theo số 0912345678")

    assert "Xin gõ lý do từ 5 đến 200 ký tự" in short
    assert mai.screen.text == short


async def test_not_now_changes_nothing(mai: Resident, store: Store):
    await fix(mai, "Năm sinh", "1956", WHY)
    await mai.tap("Không làm")

    assert (await data_of(store)).born == 1955
    assert "<b>Số báo danh 1</b>" in mai.screen.text
