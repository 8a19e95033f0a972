"""`/thongke` in words: every property, pages, and nothing of scores while the contest runs."""

import pytest

from handlers.records import Role
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
