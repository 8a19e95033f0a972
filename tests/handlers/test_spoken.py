"""Numbers, times and names in words, as they are read over loudspeakers."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import read_texts
from handlers.catalogue import Catalogue
from handlers.moments import read_moment
from handlers.rendering import Rendering, change_shown, number_shown
from handlers.spoken import Voice

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MESSAGES = Path(__file__).parents[2] / "handlers" / "messages"
VOICE = Voice(Rendering(Catalogue(read_texts(MESSAGES).tables), ZONE))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (1, "một"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (999, "chín trăm chín mươi chín"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_050, "một nghìn không trăm năm mươi"),
        (1_234, "một nghìn hai trăm ba mươi tư"),
        (12_000, "mười hai nghìn"),
        (2_025, "hai nghìn không trăm hai mươi lăm"),
        (1_000_000, "một triệu"),
        (1_000_021, "một triệu không trăm hai mươi mốt"),
        (3_050_100, "ba triệu không trăm năm mươi nghìn một trăm"),
        (1_000_000_000, "1.000.000.000"),
    ],
)
def test_numbers_are_read_as_people_read_them(number: int, said: str):
    assert VOICE.number(number) == said


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_two_numbers_never_sound_alike(one: int, other: int):
    assert (VOICE.number(one) == VOICE.number(other)) == (one == other)


@pytest.mark.parametrize(
    ("typed", "time", "date"),
    [
        ("07:00 10/12/2025", "bảy giờ", "ngày mùng mười tháng mười hai"),
        ("20:00 11/12/2025", "hai mươi giờ", "ngày mười một tháng mười hai"),
        ("24:00 14/12/2025", "hai mươi tư giờ", "ngày mười bốn tháng mười hai"),
        ("17:35 01/04/2026", "mười bảy giờ ba mươi lăm phút", "ngày mùng một tháng tư"),
    ],
)
def test_t22_times_and_dates(typed: str, time: str, date: str):
    at = read_moment(typed, ZONE)

    assert (VOICE.time(at), VOICE.date(at)) == (time, date)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tổ dân phố 6 (Nhân Trạch)", "Tổ dân phố sáu Nhân Trạch"),
        ("Trường THCS A/B – số 12", "Trường THCS A B số mười hai"),
        ("Tổ 007", "Tổ bảy"),
        ("<b>&", "b"),
    ],
)
def test_names_have_no_signs(name: str, said: str):
    assert VOICE.words(name) == said


def test_numbers_as_they_are_written():
    assert [number_shown(one) for one in (0, 999, 1_000, 1_234_567)] == [
        "0",
        "999",
        "1.000",
        "1.234.567",
    ]
    assert [change_shown(one) for one in (5, 0, -1_200)] == ["+5", "", "-1.200"]
