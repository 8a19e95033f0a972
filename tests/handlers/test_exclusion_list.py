"""T33 in chat: the list of who is never ranked, kept by organisers and secretaries."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.records import Role
from handlers.reply import Effect

Meet = Callable[..., Any]
Appoint = Callable[..., Any]


@pytest.fixture(params=[Role.ORGANISER, Role.SECRETARY])
async def keeper(request: pytest.FixtureRequest, meet: Meet, appoint: Appoint) -> Any:
    """Somebody who keeps the list."""
    resident = meet(id="2001", name="Phạm Văn Chính")
    await appoint(resident, request.param, phone="+84900000001")
    return resident


async def exclude(keeper: Any, phone: str = "0912 345 678") -> None:
    await keeper.command("loaitru")
    await keeper.tap("Thêm một số điện thoại")
    await keeper.text(phone)
    await keeper.text("Cán bộ in đề")


async def acts(store: Any) -> list[tuple[str, str]]:
    lines = [entry for _, entry in reversed(await store.audit.latest(50))]
    return [(entry.act, entry.why) for entry in lines if entry.act != "use"]


async def test_t33_who_is_on_the_list_is_told_kindly_and_may_practise(
    keeper: Any, meet: Meet, store: Any
) -> None:
    hoa = meet()
    await hoa.register("84912345678")

    await exclude(keeper)
    asked = keeper.screen.text
    await keeper.tap("Đúng, thêm vào danh sách")
    await hoa.command("thi")
    refused = hoa.screen
    await hoa.command("start")

    assert "Thêm số <b>0912 345 678</b>" in asked
    assert "khoản 2.2 của thể lệ" in refused.text
    assert [one.label for row in refused.buttons for one in row] == ["Luyện tập", "Màn hình chính"]
    assert "khoản 2.2 của thể lệ" in hoa.screen.text
    assert "Vào thi" not in hoa.labels
    assert await acts(store) == [("exclusion.add", "Cán bộ in đề")]


async def test_t33_list_shows_masked_numbers_and_why(keeper: Any, desk: Any) -> None:
    await exclude(keeper)
    await keeper.tap("Đúng, thêm vào danh sách")

    await keeper.tap("Xem danh sách")

    text = keeper.screen.text
    assert "2 số" in text
    assert "…678 – Cán bộ in đề" in text
    assert "0912" not in text
    role = desk.text("role.organiser"), desk.text("role.secretary")
    assert any(f"…001 – {one}" in text for one in role)


async def test_t33_entry_after_an_attempt_asks_for_a_decision_and_so_does_its_removal(
    keeper: Any, meet: Meet, store: Any
) -> None:
    hoa = meet()
    await hoa.register("84912345678")
    await hoa.open_paper()

    await exclude(keeper)
    await keeper.tap("Đúng, thêm vào danh sách")
    asked = keeper.screen.text
    await keeper.text("12/QĐ-UBND")
    await keeper.tap("Đúng, thêm vào danh sách")
    await keeper.command("loaitru")
    await keeper.tap("Bỏ khỏi danh sách: …678")
    await keeper.text("Ghi nhầm số")
    await keeper.tap("Đúng, bỏ khỏi danh sách")
    await keeper.text("13/QĐ-UBND")
    await keeper.tap("Đúng, bỏ khỏi danh sách")

    assert "Xin gõ số quyết định" in asked
    assert "Đã bỏ khỏi danh sách" in keeper.screen.text
    assert await acts(store) == [
        ("exclusion.add", "Cán bộ in đề"),
        ("void", "Cán bộ in đề"),
        ("exclusion.remove", "Ghi nhầm số"),
        ("restore", "Ghi nhầm số"),
    ]


async def test_t33_holder_of_a_role_is_not_taken_off(keeper: Any) -> None:
    await keeper.command("loaitru")
    await keeper.tap("Bỏ khỏi danh sách: …001")
    await keeper.text("Muốn dự thi")

    reply = await keeper.tap("Đúng, bỏ khỏi danh sách")

    assert reply.effect is Effect.REFUSED
    assert "đang giữ vai trò" in keeper.screen.text


async def test_wrong_phone_and_wrong_reason_are_asked_again(keeper: Any, store: Any) -> None:
    await keeper.command("loaitru")
    await keeper.tap("Thêm một số điện thoại")

    said = [
        (await keeper.text(one)).screens[0].text
        for one in ("12", "0912345678", "a", "0912345678 x")
    ]

    assert "Số này chưa đúng" in said[0]
    assert "Xin gõ lý do, ví dụ" in said[1]
    assert said[2] == said[3]
    assert "từ 5 đến 200 ký tự" in said[2]
    assert await acts(store) == []


async def test_entry_that_is_there_changes_nothing(keeper: Any, store: Any) -> None:
    for _ in range(2):
        await exclude(keeper)
        await keeper.tap("Đúng, thêm vào danh sách")

    assert "Không có gì thay đổi" in keeper.screen.text
    assert len(await acts(store)) == 1


async def test_way_back_leaves_the_dialogue(keeper: Any) -> None:
    await exclude(keeper)

    await keeper.tap("◀ Quay lại")
    reply = await keeper.text("Cán bộ in đề")

    assert "Xin chọn một nút" in reply.screens[0].text


async def test_long_list_has_pages_and_opens_at_its_end(keeper: Any) -> None:
    for number in range(8):
        await exclude(keeper, f"091234567{number}")
        await keeper.tap("Đúng, thêm vào danh sách")

    await keeper.command("loaitru")
    last = keeper.screen.text
    await keeper.tap("◀ Trang trước")

    assert "9 số, trang 2/2" in last
    assert "…677" in last
    assert "9 số, trang 1/2" in keeper.screen.text
