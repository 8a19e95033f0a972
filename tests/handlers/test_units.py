from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import load_units
from bot.settings import read_config
from handlers.units import Unit, Units

ROOT = Path(__file__).parents[2]
HOME, OFFICE = "to-dan-pho", "co-quan"
UNITS = Units(
    (
        Unit("TDP-17", HOME, "Tổ dân phố 17", "Nhân Trạch"),
        Unit("TDP-07", HOME, "Tổ dân phố 7", "Nhân Trạch", aliases=("xóm Đình",)),
        Unit("TDP-08", HOME, "Tổ dân phố 8", "Văn Nội"),
        Unit("TDP-70", HOME, "Tổ dân phố số 70 (mới)"),
        Unit("TH-1", OFFICE, "Trường Tiểu học Phú Lương 1", aliases=("TH Phú Lương A",)),
        Unit("CA", OFFICE, "Công an phường"),
    ),
    {HOME: "Tổ dân phố", OFFICE: "Cơ quan, đơn vị"},
    HOME,
)


def codes(units: tuple[Unit, ...]) -> list[str]:
    return [unit.code for unit in units]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("to 7", ["TDP-07"], id="7 and not 17 or 70"),
        pytest.param("tổ 7", ["TDP-07"], id="with diacritics"),
        pytest.param("TO 07", ["TDP-07"], id="with a zero before"),
        pytest.param("7", ["TDP-07"], id="only the number"),
        pytest.param("to 17", ["TDP-17"], id="17"),
        pytest.param("tổ dân phố 7, Nhân Trạch", ["TDP-07"], id="with a comma"),
        pytest.param("Tổ 7.", ["TDP-07"], id="with a full stop"),
        pytest.param("tổ 7 (Nhân Trạch)", ["TDP-07"], id="as it is shown"),
        pytest.param("to7", ["TDP-07"], id="number without a space"),
        pytest.param("tdp-07", ["TDP-07"], id="code"),
        pytest.param("tdp 7", ["TDP-07"], id="code as words"),
        pytest.param("nhan trach", ["TDP-17", "TDP-07"], id="village"),
        pytest.param("Nhân trạch 7", ["TDP-07"], id="village and number"),
        pytest.param("xom dinh", ["TDP-07"], id="alias"),
        pytest.param("phu luong a", ["TH-1"], id="alias in part"),
        pytest.param("truo", ["TH-1"], id="beginning of a word"),
        pytest.param("van", ["TDP-08"], id="whole word"),
        pytest.param("moi", ["TDP-70"], id="word in brackets"),
        pytest.param("cong an", ["CA"], id="an office"),
        pytest.param("to 9", [], id="no such number"),
        pytest.param("to xyz", [], id="one word missing"),
        pytest.param("", [], id="empty"),
        pytest.param(" ,.- ", [], id="signs only"),
        pytest.param("\u200b", [], id="nothing seen"),
    ],
)
def test_search_table(typed: str, found: list[str]):
    assert codes(UNITS.search(typed, 10)) == found


def test_search_whole_words_come_before_beginnings():
    units = Units(
        (
            Unit("1", HOME, "Phú Lương Thượng"),
            Unit("2", HOME, "Phú La"),
            Unit("3", HOME, "Phúc La"),
        ),
        {HOME: ""},
        HOME,
    )

    assert codes(units.search("phu l", 10)) == ["1", "2", "3"]
    assert codes(units.search("la phu", 10)) == ["2", "3"]


def test_search_equal_ones_keep_the_order_of_the_list():
    assert codes(UNITS.search("to dan pho", 10)) == ["TDP-17", "TDP-07", "TDP-08", "TDP-70"]


def test_search_stops_at_the_limit():
    assert codes(UNITS.search("to dan pho", 2)) == ["TDP-17", "TDP-07"]


@settings(deadline=None)
@given(st.text())
def test_t37_search_any_text_finds_units_or_none(typed: str):
    assert set(UNITS.search(typed, 10)) <= set(UNITS.units)


@pytest.mark.parametrize(
    ("code", "found"),
    [("TDP-07", "TDP-07"), ("tdp-07", "TDP-07"), ("TDP-7", None), ("", None), ("TDP-0", None)],
)
def test_find_by_code(code: str, found: str | None):
    unit = UNITS.find(code)

    assert (None if unit is None else unit.code) == found


def test_in_block_keeps_the_order_of_the_list():
    assert codes(UNITS.in_block(OFFICE)) == ["TH-1", "CA"]
    assert UNITS.in_block("khac") == ()


def test_is_residential_by_block():
    assert [UNITS.is_residential(unit) for unit in UNITS.units] == [True] * 4 + [False] * 2


def test_title_shows_the_place_where_there_is_one():
    titles = [unit.title for unit in UNITS.units[1:4:2]]

    assert titles == ["Tổ dân phố 7 (Nhân Trạch)", "Tổ dân phố số 70 (mới)"]


def test_shipped_units_are_each_found_by_their_title_and_code():
    units = load_units(read_config(ROOT / "config.toml"))

    lost = [
        unit.code
        for unit in units.units
        if unit not in units.search(unit.title, 10) or unit not in units.search(unit.code, 10)
    ]

    assert lost == []
