"""What is written is read back equal, whatever the texts hold; and no cell runs as a formula."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.files import load_units
from bot.settings import read_config
from bot.units import reading, words
from bot.units.reading import read_units
from bot.units.writing import WRITERS, template_workbook, units_csv, units_toml, units_workbook
from handlers.unit_lists import bare
from handlers.units import Contact, Unit, Units
from question_bank.importers.child import read_tables_guarded
from question_bank.text import clean, fold, mark_run

ROOT = Path(__file__).parents[3]
BLOCKS = {"to-dan-pho": "Tổ dân phố", "co-quan": "Cơ quan, đơn vị", "x": "to-dan-pho"}
EVIL = Units(
    (
        Unit("-1", "co-quan", '=HYPERLINK("http://127.0.0.1:9/x")', "+84", ("@x", "-1"), 5, 3),
        Unit("B", "to-dan-pho", "Tổ dân phố 6", "Nhân Trạch", size=1_250, target=50),
        Unit("C", "x", "'=1+1", "<b>&", ('"a", b',), target=0, leaders=(
            Contact("Trần Văn Bình"),
            Contact("Lê Thị Mai", "+84912345678"),
        )),
        Unit("007", "to-dan-pho", "1,5", "50", target=7, leaders=(Contact("An", "+84912345679"),)),
    ),
    BLOCKS,
    "to-dan-pho",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reader in this process: a child a file would take minutes."""
    monkeypatch.setattr(reading, "read_table_bytes", read_tables_guarded)


def back(suffix: str, data: bytes, known: Units) -> Units | None:
    found = read_units(f"a{suffix}", data, known)
    assert found.problems == ()
    return found.units


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("with_leaders", [True, False])
def test_what_is_written_reads_back_equal(suffix: str, with_leaders: bool) -> None:
    data = WRITERS[suffix](EVIL, with_leaders=with_leaders)

    assert back(suffix, data, EVIL) == (EVIL if with_leaders else bare(EVIL))


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_shipped_list_goes_through_every_kind_unchanged(suffix: str) -> None:
    units = load_units(read_config(ROOT / "config.toml"))

    assert back(suffix, WRITERS[suffix](units, with_leaders=True), units) == units


@pytest.mark.parametrize("suffix", WRITERS)
def test_leaders_are_written_only_where_asked_for(suffix: str) -> None:
    data = WRITERS[suffix](EVIL, with_leaders=False)

    texts = data if suffix != ".xlsx" else str(cells_of(data)).encode()
    assert "Bình".encode() not in texts
    assert b"912345678" not in texts


TEXT = (
    st.text(st.characters(exclude_characters=";|\t", exclude_categories=("Cs",)), max_size=30)
    .map(clean)
    .filter(lambda text: mark_run(text) == 0)
)
NAME = TEXT.filter(lambda text: text and not fold(text).startswith("[vi du]"))
PHONES = st.sampled_from(["", "+84912345678", "+84987654321"])
ALIASES = st.lists(NAME, max_size=3).map(tuple)
LEADERS = st.lists(st.builds(Contact, NAME, PHONES), max_size=3).map(tuple)
NUMBER = st.integers(0, 1_000_000)
CODES = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)
ONE = st.builds(
    Unit,
    CODES,
    st.sampled_from(list(BLOCKS)),
    NAME,
    TEXT,
    ALIASES,
    NUMBER,
    NUMBER,
    LEADERS,
)


@st.composite
def lists(draw: st.DrawFn) -> Units:
    drawn = draw(
        st.lists(
            ONE, min_size=1, max_size=6, unique_by=(lambda one: one.code.casefold(), _identity)
        )
    )
    return Units(tuple(drawn), BLOCKS, "to-dan-pho")


def _identity(unit: Unit) -> tuple[str, str]:
    return fold(unit.name), fold(unit.place)


@pytest.mark.parametrize("suffix", WRITERS)
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(units=lists())
def test_t37_t38_any_list_reads_back_equal(suffix: str, units: Units) -> None:
    assert back(suffix, WRITERS[suffix](units, with_leaders=True), units) == units


def cells_of(data: bytes) -> list[tuple[str, object]]:
    """(type, value) of every cell that has one, by another program's reader."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (cell.data_type, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_t38_no_cell_of_a_workbook_is_a_formula() -> None:
    cells = cells_of(units_workbook(EVIL, with_leaders=True))

    assert {kind for kind, _ in cells} == {"s", "n"}
    assert ("s", '=HYPERLINK("http://127.0.0.1:9/x")') in cells
    assert ("s", "-; +84912345678") in cells


def test_t38_a_text_that_looks_like_markup_stays_a_text() -> None:
    """By another program's reader: raw, one breaks the workbook, another loses its tags."""
    units = Units(
        (Unit("A", "to-dan-pho", "<r><t>x</r>", "<r><t>Nhân</t></r>"),), BLOCKS, "co-quan"
    )

    data = units_workbook(units, with_leaders=True)

    texts = {str(value).removeprefix(" ") for _, value in cells_of(data)}
    assert texts >= {"<r><t>x</r>", "<r><t>Nhân</t></r>"}
    assert back(".xlsx", data, units) == units


def test_t38_no_cell_of_a_csv_file_begins_as_a_formula() -> None:
    data = units_csv(EVIL, with_leaders=True)

    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    begins = {cell[0] for row in rows for cell in row if cell}
    assert data.startswith(b"\xef\xbb\xbf")
    assert not begins & set("=+-@\t\r")
    assert rows[1][0] == "'-1"


def test_a_workbook_is_made_for_people() -> None:
    book = openpyxl.load_workbook(io.BytesIO(units_workbook(EVIL, with_leaders=False)))
    sheet = book[words.UNITS_SHEET]

    (rule,) = sheet.data_validations.dataValidation
    assert book.sheetnames == ["Đơn vị", "Hướng dẫn", "Nhóm"]
    assert [cell.value for cell in sheet[1]] == [
        "Mã", "Nhóm", "Tên", "Thôn hoặc tên cũ", "Tên gọi khác", "Quy mô", "Chỉ tiêu",
    ]  # fmt: skip
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G5"
    assert rule.formula1 == "'Nhóm'!$B$2:$B$4"
    assert sheet["F3"].value == 1_250


def test_the_template_is_a_list_without_units() -> None:
    found = read_units("a.xlsx", template_workbook(EVIL), EVIL)

    assert found.units is None
    assert found.problems == ("a.xlsx: danh sách đơn vị trống; cần ít nhất một đơn vị",)


def test_toml_of_an_export_says_what_it_is() -> None:
    text = units_toml(replace(EVIL, units=EVIL.units[1:2]), with_leaders=True).decode()

    assert text.startswith("# Danh sách đơn vị.")
    assert text.endswith(
        '[[unit]]\ncode = "B"\nblock = "to-dan-pho"\nname = "Tổ dân phố 6"\n'
        'place = "Nhân Trạch"\nsize = 1250\ntarget = 50\n'
    )
