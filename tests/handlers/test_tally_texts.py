"""What tallies say: to units, to the organisers within a caption, and over loudspeakers."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.daily_tallies import TallyKey
from handlers.tally_texts import (
    CAPTION,
    morning_text,
    page_text,
    skipped_text,
    spoken_text,
    unit_text,
    ward_text,
)
from handlers.units import Unit, Units
from scoring.daily_tallies import Tally, taken_at
from scoring.instant import DAY_MS, HOUR_MS, Instant
from scoring.rules import UnitRule
from scoring.tallies import Count

EVENING = Instant(1_765_371_600_000)  # 20:00 on 10/12/2025 in Hà Nội
MORNING = Instant(EVENING + 11 * HOUR_MS)
CLOSES = Instant(1_765_731_600_000)
SYLLABLES_A_MINUTE = 180
"""A calm voice on the radio."""


def lay(desk: Any, names: list[str], target: int = 50) -> None:
    units = tuple(
        Unit(f"U-{at:02}", "to-dan-pho", name, target=target) for at, name in enumerate(names)
    )
    desk.units = Units(units, {"to-dan-pho": "Tổ dân phố"}, "to-dan-pho")


def tally_of(desk: Any, at: Instant, *counts: tuple[Count, Count]) -> Tally:
    """Counts and growth of the units in order."""
    codes = [unit.code for unit in desk.units.units]
    units = tuple(UnitRule(one.code, one.block, one.size, one.target) for one in desk.units.units)
    now = {code: count for code, (count, _) in zip(codes, counts, strict=False)}
    before = {code: count - grown for code, (count, grown) in zip(codes, counts, strict=False)}
    return taken_at(at, CLOSES, units, (now, (Instant(at - DAY_MS), before)))


def line(tally: Tally, at: int = 0) -> Any:
    return tally.lines[at]


async def test_a_unit_that_has_its_target_is_told_so(desk: Any) -> None:
    lay(desk, ["Tổ 1", "Tổ 2"])
    tally = tally_of(desk, EVENING, (Count(1_260, 1_234, 1_500), Count(0, -1, 0)))

    assert unit_text(desk, tally, line(tally)) == (
        "<b>Tổ 1</b>\n"
        "Số liệu đến 20 giờ 00 phút ngày 10/12/2025\n\n"
        "Người đã tham gia: <b>1.234</b> (chỉ tiêu 50), trong một ngày -1\n"
        "Lượt thi hợp lệ: <b>1.500</b>\n"
        "Đã đăng ký: 1.260\n"
        "<b>Đơn vị đã đạt chỉ tiêu.</b>\n"
        "Đứng thứ 1 trong 2 đơn vị của nhóm “Tổ dân phố”."
    )


async def test_a_unit_alone_without_target_or_anybody(desk: Any) -> None:
    lay(desk, ["Tổ 1"], target=0)
    tally = tally_of(desk, EVENING)

    assert unit_text(desk, tally, line(tally)) == (
        "<b>Tổ 1</b>\n"
        "Số liệu đến 20 giờ 00 phút ngày 10/12/2025\n\n"
        "Người đã tham gia: <b>0</b>\n"
        "Lượt thi hợp lệ: <b>0</b>\n"
        "Đã đăng ký: 0"
    )


async def test_on_the_last_evening_no_pace_is_asked(desk: Any) -> None:
    lay(desk, ["Tổ 1"])
    tally = tally_of(desk, Instant(CLOSES - 4 * HOUR_MS))

    assert unit_text(desk, tally, line(tally)).endswith("Còn thiếu <b>50</b> người.")


async def test_the_ward_s_tally(desk: Any) -> None:
    lay(desk, ["Tổ 1", "Tổ 2", "Tổ 3"])
    tally = tally_of(
        desk,
        EVENING,
        (Count(60, 52, 70), Count(3, 2, 4)),
        (Count(20, 9, 9), Count(9, 9, 9)),
    )

    assert ward_text(desk, tally) == (
        "<b>Số liệu toàn phường</b>\n"
        "Đến 20 giờ 00 phút ngày 10/12/2025\n\n"
        "Người đã tham gia: <b>61</b>, trong một ngày +11\n"
        "Lượt thi hợp lệ: <b>79</b>, trong một ngày +13\n"
        "Đã đăng ký: 80\n"
        "Đạt chỉ tiêu: <b>1/3</b> đơn vị\n\n"
        "<b>Tăng nhiều nhất</b>\n"
        "Tổ 2: +9 (tổng 9)\n"
        "Tổ 1: +2 (tổng 52)\n\n"
        "<b>Chưa có người tham gia: 1 đơn vị</b>\n"
        "Tổ 3"
    )


@pytest.mark.parametrize("length", [6, 30, 60, 200])
async def test_sixty_units_fit_under_a_picture(desk: Any, length: int) -> None:
    lay(desk, [f"Tổ {at} & ".ljust(length, "n") for at in range(60)])
    counts = [(Count(9, 9, 9), Count(9, 9, 9))] * 10
    tally = tally_of(desk, EVENING, *counts)

    text = ward_text(desk, tally)

    assert len(text) <= CAPTION
    assert "Chưa có người tham gia: 50 đơn vị" in text


async def test_further_pictures_say_which_they_are(desk: Any) -> None:
    tally = tally_of(desk, EVENING)

    assert page_text(desk, tally, 2, 4) == (
        "Biểu đồ 2/4, số liệu đến 20 giờ 00 phút ngày 10/12/2025"
    )


async def test_what_is_read_aloud(desk: Any) -> None:
    lay(desk, ["Tổ dân phố 6 (Nhân Trạch)", "Tổ 12", "Tổ 3"])
    tally = tally_of(
        desk,
        MORNING,
        (Count(1_300, 1_205, 1_821), Count(40, 34, 40)),
        (Count(20, 9, 9), Count(9, 9, 9)),
        (Count(2, 1, 1), Count(1, 1, 1)),
    )

    assert spoken_text(desk, tally) == (
        "Kính thưa bà con.\n"
        "Sau đây là số liệu của Cuộc thi trực tuyến tìm hiểu, tuyên truyền cải cách hành chính, "
        "chuyển đổi số phường Phú Lương năm hai nghìn không trăm hai mươi lăm.\n"
        "Tính đến bảy giờ, ngày mười một tháng mười hai.\n"
        "Toàn phường có một nghìn hai trăm mười lăm người tham gia, với một nghìn tám trăm ba mươi "
        "mốt lượt thi.\n"
        "Trong một ngày qua, có thêm bốn mươi tư người.\n"
        "Có một đơn vị đã đạt chỉ tiêu.\n"
        "Đơn vị có thêm nhiều người nhất là Tổ dân phố sáu Nhân Trạch, Tổ mười hai và Tổ ba.\n"
        "Cuộc thi kéo dài đến hai mươi tư giờ, ngày mười bốn tháng mười hai.\n"
        "Kính mời bà con chưa dự thi tham gia.\n"
        "Xin cảm ơn bà con đã lắng nghe."
    )


async def test_what_is_read_aloud_after_the_end(desk: Any) -> None:
    lay(desk, ["Tổ 1"])
    tally = tally_of(desk, Instant(CLOSES + 7 * HOUR_MS), (Count(9, 2, 2), Count()))

    lines = spoken_text(desk, tally).split("\n")

    assert lines[2:] == [
        "Cuộc thi đã kết thúc vào hai mươi tư giờ, ngày mười bốn tháng mười hai.",
        "Toàn phường có hai người tham gia, với hai lượt thi.",
        "Ban Tổ chức trân trọng cảm ơn bà con đã tham gia.",
        "Xin cảm ơn bà con đã lắng nghe.",
    ]


async def test_nobody_yet_is_said_kindly(desk: Any) -> None:
    assert "Toàn phường chưa có người tham gia.\n" in spoken_text(desk, tally_of(desk, MORNING))


async def test_the_longest_digest_is_read_within_a_minute(desk: Any) -> None:
    names = ["Trường Trung học cơ sở Phú Lương A <số 15>", "Tổ dân phố 27 (thôn Nhân Trạch)"] * 2
    lay(desk, names)
    counts = [(Count(98_765, 87_654, 98_765), Count(9_876, 9_875, 9_874))] * 4

    text = spoken_text(desk, tally_of(desk, MORNING, *counts))

    assert len(text.split()) <= SYLLABLES_A_MINUTE
    assert not any(one.isdigit() or one in "<>()&-+/%:" for one in text)
    assert morning_text(desk, tally_of(desk, MORNING)).endswith("lắng nghe.")


async def test_many_that_were_left_out_are_told_shortly(desk: Any) -> None:
    keys = [TallyKey("tally", Instant(EVENING + at * DAY_MS)) for at in range(12)]

    text = skipped_text(desk, keys)

    assert text.count("Số liệu buổi tối") == 10
    assert text.endswith("Số liệu buổi tối, 20 giờ 00 phút ngày 21/12/2025\nvà 2 lần trước đó")


async def test_t37_a_unit_s_name_is_shown_as_it_is(desk: Any) -> None:
    lay(desk, ["<b>Tổ</b> & 1", "Tổ 2"])
    tally = tally_of(desk, EVENING, (Count(9, 9, 9), Count(9, 9, 9)))
    moved = replace(tally, lines=tally.lines[:1])

    assert "&lt;b&gt;Tổ&lt;/b&gt; &amp; 1: +9 (tổng 9)" in ward_text(desk, moved)
    assert unit_text(desk, tally, line(tally)).startswith("<b>&lt;b&gt;Tổ&lt;/b&gt; &amp; 1</b>\n")
