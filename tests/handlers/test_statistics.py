"""`/thongke` in words and pictures: every property, and no scores while the contest runs."""

from collections.abc import Sequence
from typing import Any

import pytest

from handlers.desk import Desk
from handlers.office_statistics import Tallied
from handlers.records import Role
from handlers.reply import Attached, Place
from tests.playing import Appoint, Meet, Resident

NAMES = {
    "Theo đơn vị": "",
    "Theo nhóm đơn vị": "Tổ dân phố: <b>1</b> người, 1 lượt",
    "Theo ngày": "",
    "Theo giờ trong ngày": "",
    "Theo đối tượng": "Người dân (tổ dân phố): <b>1</b> người, 1 lượt",
    "Theo độ tuổi": "Từ 60 đến 74 tuổi: <b>1</b> người, 1 lượt",
    "Theo kênh": "Telegram: <b>1</b> người, 1 lượt",
    "Tự thi, thi giúp": "Tự thi: <b>1</b> người, 1 lượt",
}


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("120")
    await hoa.tap("Nộp bài")
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.mark.parametrize("label", NAMES)
async def test_each_property_is_told_in_lines(mai: Resident, label: str):
    await mai.command("thongke")

    await mai.tap(label)

    assert f"<b>{label}</b>" in mai.screen.text
    assert NAMES[label] in mai.screen.text


async def test_nobody_reads_scores_while_the_contest_runs(mai: Resident):
    await mai.command("thongke")

    await mai.tap("Theo số câu đúng")

    assert "không ai xem được điểm" in mai.screen.text


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.SECRETARY])
async def test_workbook_of_everybody_goes_by_a_link_that_says_it_is_private(
    meet: Meet, appoint: Appoint, desk: Desk, role: Role
):
    desk.office.public_url = "https://bot.example.vn"
    mai = meet(id="2001", name="Lê Thị Mai")
    await appoint(mai, role)
    await mai.command("thongke")

    await mai.tap("Tải bảng Excel toàn cuộc thi")

    assert "tài liệu kín" in mai.screen.text
    assert mai.last.screens[0].is_protected
    assert mai.last.screens[0].file is None


async def test_without_an_address_the_command_is_named(mai: Resident):
    await mai.command("thongke")

    await mai.tap("Tải bảng Excel toàn cuộc thi")

    assert "<code>hoithi results export --out so-lieu-cuoc-thi.xlsx</code>" in mai.screen.text


class Pictures:
    def __init__(self, picture: Attached | None) -> None:
        self.picture = picture
        self.asked: list[tuple[str, int, list[str]]] = []

    async def counts_picture(
        self, title: str, lines: Sequence[tuple[str, Tallied]]
    ) -> Attached | None:
        named = [name for name, one in lines if one.people]
        self.asked.append((title, len(lines), named))
        return self.picture


async def test_page_is_shown_in_a_picture_with_the_same_lines(mai: Resident, desk: Any):
    drawn = Attached("thong-ke.png", b"png")
    desk.office.pictures = Pictures(drawn)
    await mai.command("thongke")
    await mai.tap("Theo kênh")

    await mai.tap("Xem bằng biểu đồ")

    assert (mai.screen.file, mai.screen.place) == (drawn, Place.BELOW)
    assert desk.office.pictures.asked == [("Theo kênh", 1, ["Telegram"])]
    assert mai.labels == ["Thống kê khác"]


async def test_words_must_do_where_nothing_is_drawn(mai: Resident, desk: Any):
    desk.office.pictures = Pictures(None)
    await mai.command("thongke")
    await mai.tap("Theo kênh")

    await mai.tap("Xem bằng biểu đồ")

    assert mai.screen.text.startswith("Lúc này chưa vẽ được biểu đồ.")
