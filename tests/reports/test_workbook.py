"""The organisers' workbook, read back by two readers that are not the writer's."""

import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from handlers.listing import ListedAttempt, ListedPerson
from handlers.rendering import Rendering
from handlers.units import Unit, Units
from reports.cells import cell_text
from reports.pages import Scope
from reports.workbook import Lists, Target, write_workbook
from reports.xlsx_table import SheetFullError
from scoring.contest import Calendar
from scoring.instant import DAY_MS, Instant, day_of
from scoring.tallies import Count
from tests.reports.crowd import (
    BLOCKS,
    CLOSES,
    OPENS,
    Crowd,
    rendering_of,
    scope_of,
    shipped_rendering,
    shipped_tables,
    units_of,
)

SHEETS = ["Tổng hợp", "Theo đơn vị", "Theo ngày", "Người dự thi", "Lượt thi"]
ZONE_MS = 7 * 3_600_000


@pytest.fixture(scope="session")
def rendering() -> Rendering:
    return shipped_rendering()


def written(
    path: Path, rendering: Rendering, crowd: Crowd, scope: Scope | None = None
) -> tuple[Any, Any]:
    """The workbook as its formulas, and as the values beside them."""
    write_workbook(Target(path), rendering, scope or scope_of(crowd), crowd.lists())
    return load_workbook(path), load_workbook(path, data_only=True)


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The cells' values by their heads, without gap and total."""
    heads = [cell.value for cell in sheet[1]]
    rows = sheet.iter_rows(min_row=2, max_row=sheet.max_row - 2, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def local(at: Instant) -> datetime:
    """The clock on a wall in Hà Nội, to the second."""
    return datetime(1970, 1, 1) + timedelta(seconds=(at + ZONE_MS) // 1_000)  # noqa: DTZ001


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def participations(crowd: Crowd) -> list[ListedAttempt]:
    ended = [one for one in crowd.attempts() if one.ended_at is not None]
    return [one for one in ended if one.is_participation]


@pytest.fixture(scope="module", params=[3, 12, 60])
def crowd(request: pytest.FixtureRequest) -> Crowd:
    return Crowd(units_of(request.param), people=20 * request.param, is_closed=True)


@pytest.fixture(scope="module")
def books(
    crowd: Crowd, rendering: Rendering, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, Any, Path]:
    path = tmp_path_factory.mktemp("books") / "a.xlsx"
    return *written(path, rendering, crowd), path


def test_sheets_have_vietnamese_names_in_order(books: Any):
    formulas, _, path = books

    assert formulas.sheetnames == SHEETS
    assert CalamineWorkbook.from_path(str(path)).sheet_names == SHEETS


def test_heads_stay_in_sight_and_filters_cover_the_rows(books: Any, crowd: Crowd):
    formulas, _, _ = books
    attempts = len(list(crowd.attempts()))

    frozen = {sheet.title: sheet.freeze_panes for sheet in formulas.worksheets}
    filters = {sheet.title: sheet.auto_filter.ref for sheet in formulas.worksheets}

    assert frozen == {
        "Tổng hợp": None,
        "Theo đơn vị": "E2",
        "Theo ngày": "B2",
        "Người dự thi": "C2",
        "Lượt thi": "C2",
    }
    assert filters == {
        "Tổng hợp": None,
        "Theo đơn vị": f"A1:L{len(crowd.units.units) + 1}",
        "Theo ngày": "A1:G9",
        "Người dự thi": f"A1:P{crowd.people + 1}",
        "Lượt thi": f"A1:L{attempts + 1}",
    }


def test_every_sheet_is_printed_across_on_a4_with_heads_and_page_numbers(books: Any):
    formulas, _, _ = books

    for sheet in formulas.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, setup.fitToHeight) == (True, 0)
        assert sheet.oddFooter.right.text.endswith("Trang &P/&N")
        assert sheet.oddFooter.left.text.endswith("Số liệu tính đến 07:00:00 ngày 14/12/2025")
    assert [sheet.print_title_rows for sheet in formulas.worksheets] == [None, *["$1:$1"] * 4]


def test_people_are_listed_with_real_dates_and_numbers(books: Any, crowd: Crowd):
    _, values, _ = books

    rows = rows_of(values["Người dự thi"])

    assert len(rows) == crowd.people
    for row, person in zip(rows, crowd.listed(), strict=True):
        assert row["Số báo danh"] == person.number
        assert (row["Họ và tên"], row["Năm sinh"]) == (person.name, person.born)
        assert row["Điện thoại"] == person.phone
        assert row["Đăng ký lúc"] == local(person.registered_at)
        first = None if person.first_at is None else local(person.first_at)
        assert row["Tham gia từ lúc"] == first
        assert (row["Số lượt đã mở"], row["Số lượt tham gia"]) == (
            person.opened,
            person.participations,
        )
        unit = crowd.units.find(person.unit)
        assert row["Đơn vị"] == unit.title
        assert row["Cần xem lại"] == ("Có" if person.is_flagged else None)


def test_attempts_are_listed_with_results_once_the_contest_is_closed(books: Any, crowd: Crowd):
    _, values, _ = books

    rows = rows_of(values["Lượt thi"])

    for row, attempt in zip(rows, crowd.attempts(), strict=True):
        counted = "Có" if attempt.is_participation else "Không"
        assert list(row.values())[:2] == [attempt.person, attempt.number]
        assert row["Bắt đầu lúc"] == local(attempt.opened_at)
        assert row["Kết thúc lúc"] == local(attempt.ended_at)
        assert row["Lượt tham gia hợp lệ"] == counted
        assert (row["Số câu đúng"], row["Số dự đoán"]) == (attempt.correct, attempt.guess)
        length = row["Thời gian làm bài (phút:giây)"]
        assert length == timedelta(seconds=attempt.duration_ms // 1_000)


def test_numbers_look_as_people_write_them(books: Any):
    formulas, _, _ = books
    sheet = formulas["Người dự thi"]

    looks = {head.value: cell.number_format for head, cell in zip(sheet[1], sheet[2], strict=True)}

    assert looks["Đăng ký lúc"] == looks["Tham gia từ lúc"] == "dd/mm/yyyy hh:mm:ss"
    assert looks["Năm sinh"] == looks["Số báo danh"] == "0"
    assert looks["Điện thoại"] == looks["Họ và tên"] == "@"
    assert looks["Số lượt đã mở"] == "#,##0"
    assert formulas["Theo ngày"]["A2"].number_format == "dd/mm/yyyy"
    assert formulas["Lượt thi"]["J2"].number_format == "[mm]:ss"


def test_totals_are_formulas_that_follow_the_filter(books: Any, crowd: Crowd):
    formulas, values, _ = books
    attempts, last = len(list(crowd.attempts())), len(crowd.units.units) + 1

    def totals(book: Any, sheet: str) -> list[Any]:
        return [cell.value for cell in book[sheet][book[sheet].max_row]]

    counted = len(participations(crowd))
    people = len({one.person for one in participations(crowd)})
    assert totals(formulas, "Theo đơn vị")[4:9] == [
        f"=SUBTOTAL(109,${column}$2:${column}${last})" for column in "EFGHI"
    ]
    assert totals(values, "Theo đơn vị")[5:8] == [crowd.people, people, counted]
    assert totals(values, "Theo ngày")[1:4] == [crowd.people, people, counted]
    assert totals(formulas, "Người dự thi")[1] == f"=SUBTOTAL(103,$B$2:$B${crowd.people + 1})"
    assert totals(values, "Người dự thi")[1] == crowd.people
    assert totals(values, "Người dự thi")[9:11] == [attempts, counted]
    assert totals(formulas, "Lượt thi")[1] == f"=SUBTOTAL(103,$B$2:$B${attempts + 1})"
    assert totals(values, "Lượt thi")[1] == attempts


def test_values_beside_formulas_are_there_for_readers_that_do_not_calculate(books: Any):
    formulas, values, path = books
    book = CalamineWorkbook.from_path(str(path))

    for sheet in formulas.worksheets:
        plain = book.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = values[sheet.title][cell.coordinate].value
                    assert value is not None
                    assert plain[cell.row - 1][cell.column - 1] == value


def test_units_are_counted_from_the_lists_themselves(books: Any, crowd: Crowd):
    _, values, _ = books
    registered = Counter(one.unit for one in crowd.listed())
    counted = Counter(one.unit for one in participations(crowd))
    people = Counter(unit for unit, _ in {(one.unit, one.person) for one in participations(crowd)})

    rows = rows_of(values["Theo đơn vị"])

    for row, unit in zip(rows, crowd.units.units, strict=True):
        code, there = unit.code, people[unit.code]
        assert (row["Mã đơn vị"], row["Nhóm"]) == (code, BLOCKS[unit.block])
        assert row["Người đăng ký"] == registered[code]
        assert (row["Người tham gia"], row["Lượt tham gia"]) == (there, counted[code])
        assert row["Chỉ tiêu"] == (unit.target or None)
        if unit.target:
            assert row["Còn thiếu (người)"] == max(0, unit.target - there)
            assert row["Kết quả"] == ("Đạt" if there >= unit.target else "Chưa đạt")
            assert row["So với chỉ tiêu"] == pytest.approx(there / unit.target)
        else:
            assert row["Còn thiếu (người)"] is row["Kết quả"] is row["So với chỉ tiêu"] is None
        peers = [people[one.code] for one in crowd.units.in_block(unit.block)]
        assert row["Xếp thứ trong nhóm"] == 1 + sum(one > there for one in peers)


def test_days_are_counted_from_the_lists_themselves(books: Any, crowd: Crowd):
    _, values, _ = books
    registered = Counter(day_of(one.registered_at) for one in crowd.listed())
    attempts = Counter(day_of(one.ended_at) for one in participations(crowd))
    first: dict[int, int] = {}
    for one in participations(crowd):
        first[one.person] = min(first.get(one.person, CLOSES), one.ended_at)
    people = Counter(day_of(Instant(at)) for at in first.values())
    days = range(day_of(OPENS) - 1, day_of(CLOSES))

    rows = rows_of(values["Theo ngày"])

    dates = [local(Instant(day * DAY_MS - ZONE_MS)) for day in days]
    assert [row["Ngày"] for row in rows] == dates
    assert [row["Người đăng ký mới"] for row in rows] == [registered[day] for day in days]
    assert [row["Người tham gia mới"] for row in rows] == [people[day] for day in days]
    assert [row["Lượt tham gia trong ngày"] for row in rows] == [attempts[day] for day in days]
    assert rows[-1]["Cộng dồn người tham gia"] == len(first)
    assert rows[-1]["Cộng dồn lượt tham gia"] == len(participations(crowd))


def test_the_summary_says_what_the_figures_are(books: Any, crowd: Crowd):
    formulas, values, _ = books
    sheet = values["Tổng hợp"]
    counted = participations(crowd)
    people = Counter(unit for unit, _ in {(one.unit, one.person) for one in counted})
    aimed = [unit for unit in crowd.units.units if unit.target]

    told = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[1] is not None}

    assert sheet["A3"].value == "Số liệu tính đến 07:00:00 ngày 14/12/2025"
    assert told["Người đăng ký"] == crowd.people
    assert told["Người tham gia"] == sum(people.values())
    assert told["Lượt tham gia"] == len(counted)
    assert told["Lượt thi đã mở"] == len(list(crowd.attempts()))
    assert told["Chỉ tiêu"] == sum(unit.target for unit in crowd.units.units)
    assert told["Đơn vị đạt chỉ tiêu"] == sum(people[one.code] >= one.target for one in aimed)
    nobody = [one for one in crowd.units.units if not people[one.code]]
    assert told["Đơn vị chưa có người tham gia"] == len(nobody)
    assert told["Tổng cộng"] == len(crowd.units.units)
    figures = [cell for row in formulas["Tổng hợp"].iter_rows(min_row=7) for cell in row[1:]]
    numbers = [cell for cell in figures if isinstance(cell.value, int | float)]
    assert numbers == []


def test_results_have_no_place_while_the_contest_runs(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=30)

    formulas, values = written(tmp_path / "a.xlsx", rendering, crowd)

    heads = [cell.value for cell in formulas["Lượt thi"][1]]
    assert heads[-1] == "Thời gian làm bài (phút:giây)"
    notes = [cell.value for cell in values["Tổng hợp"]["A"] if cell.value]
    told = "Khi cuộc thi đang diễn ra, không ai được xem số câu đúng và số dự đoán"
    assert any(note.startswith(told) for note in notes)


def test_an_open_attempt_is_listed_as_under_way(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=8)

    _, values = written(tmp_path / "a.xlsx", rendering, crowd)

    (row,) = [row for row in rows_of(values["Lượt thi"]) if row["Số báo danh"] == 7]
    assert row["Kết thúc do"] == "Đang làm"
    for head in ("Kết thúc lúc", "Số câu đã trả lời", "Lượt tham gia hợp lệ"):
        assert row[head] is None


def test_what_is_void_is_listed_and_counts_nowhere(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=3)
    people = [replace(crowd.person(1), is_void=True, participations=0, first_at=None)]
    people += [crowd.person(number) for number in (2, 3)]
    attempts = [replace(one, is_participation=True) for one in crowd.attempts()]
    listed = [
        replace(one, is_void=True, is_participation=False) if one.person == 1 else one
        for one in attempts
    ]

    target = Target(tmp_path / "a.xlsx")
    total = write_workbook(target, rendering, scope_of(crowd), Lists(people, listed))

    values = load_workbook(target.workbook, data_only=True)
    assert [row["Đã hủy"] for row in rows_of(values["Người dự thi"])] == ["Có", None, None]
    rows = rows_of(values["Lượt thi"])
    assert [row["Đã hủy"] for row in rows] == ["Có" if one.is_void else None for one in listed]
    assert {row["Lượt tham gia hợp lệ"] for row in rows if row["Đã hủy"]} == {"Không"}
    assert total.registered == 2
    assert total.attempts == sum(not one.is_void for one in listed)


def test_an_empty_contest_is_a_workbook_too(tmp_path: Path, rendering: Rendering):
    formulas, values = written(tmp_path / "a.xlsx", rendering, Crowd(units_of(3), people=0))

    assert [sheet.auto_filter.ref for sheet in formulas.worksheets[3:]] == ["A1:P2", "A1:J2"]
    assert values["Người dự thi"]["B4"].value == 0
    assert [row["Người tham gia"] for row in rows_of(values["Theo đơn vị"])] == [0, 0, 0]


def test_people_of_a_unit_that_is_gone_are_counted(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=30)
    less = Units(crowd.units.units[1:], BLOCKS, "to-dan-pho")

    _, values = written(tmp_path / "a.xlsx", rendering, crowd, scope_of(crowd, units=less))

    rows = rows_of(values["Theo đơn vị"])
    gone = rows[-1]
    assert (gone["Mã đơn vị"], gone["Đơn vị"], gone["Nhóm"]) == (
        "TDP-01",
        "TDP-01",
        "(không còn trong danh sách)",
    )
    assert gone["Người đăng ký"] == sum(one.unit == "TDP-01" for one in crowd.listed())
    assert gone["Xếp thứ trong nhóm"] is None
    assert sum(row["Người đăng ký"] for row in rows) == 30


def test_an_erased_person_keeps_the_row(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=1)
    erased = replace(crowd.person(1), name=None, born=None, phone=None)
    path = tmp_path / "a.xlsx"

    write_workbook(Target(path), rendering, scope_of(crowd), Lists([erased], []))

    (row,) = rows_of(load_workbook(path)["Người dự thi"])
    assert row["Họ và tên"] == "(đã xóa theo yêu cầu)"
    assert [row[head] for head in ("Năm sinh", "Điện thoại", "Xác minh điện thoại")] == [None] * 3


def test_an_attempt_ended_by_closing_belongs_to_the_last_day(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=1, is_closed=True)
    (attempt,) = crowd.attempts_of(1)
    last = replace(attempt, ended_at=CLOSES, is_participation=True)
    person = replace(crowd.person(1), first_at=CLOSES, participations=1)
    path, scope = tmp_path / "a.xlsx", scope_of(crowd, at=Instant(CLOSES + DAY_MS))

    write_workbook(Target(path), rendering, scope, Lists([person], [last]))

    rows = rows_of(load_workbook(path)["Theo ngày"])
    assert rows[-1]["Ngày"] == datetime(2025, 12, 14)  # noqa: DTZ001
    assert rows[-1]["Lượt tham gia trong ngày"] == rows[-1]["Người tham gia mới"] == 1


SNARES = st.sampled_from(
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "=HYPERLINK(",
        "{=1}",
        "<r>",
        "</r>",
        "&",
        "_x0041_",
        "'",
    ]
)
TEXTS = st.lists(
    SNARES | st.text(st.characters() | st.sampled_from("\ud800\ufffe\x00\x0b")), max_size=4
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS.map("".join), min_size=6, max_size=6))
def test_t38_no_text_runs_or_breaks_the_file(
    texts: list[str], tmp_path: Path, rendering: Rendering
):
    name, phone, unit, audience, guardian, channel = texts
    crowd = Crowd(units_of(1), people=1)
    person = replace(
        crowd.person(1),
        name=name,
        phone=phone,
        unit=unit,
        audience="any",
        guardian_phone=guardian,
        channel=channel,
    )
    there = Unit(unit, "to-dan-pho", name, phone, target=1)
    units = Units((there,), {"to-dan-pho": audience}, "to-dan-pho")
    scope = scope_of(crowd, units=units, audiences={"any": audience})
    path = tmp_path / "a.xlsx"

    write_workbook(Target(path), rendering, scope, Lists([person], crowd.attempts()))

    book = load_workbook(path)
    row = rows_of(book["Người dự thi"])[0]
    heads = ("Họ và tên", "Điện thoại", "Đơn vị", "Đối tượng", "Điện thoại người giám hộ", "Kênh")
    wanted = [name, phone, there.title, audience, guardian, channel]
    assert [unescape(row[head] or "") for head in heads] == list(map(cell_text, wanted))
    for sheet in book.worksheets[1:]:
        cells = [cell for one in sheet.iter_rows(max_row=sheet.max_row - 2) for cell in one]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert CalamineWorkbook.from_path(str(path)).sheet_names == SHEETS


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1,2)", "+84912345678", "-1", "@x", "\t=1", "\r=1", "<r>=1</r>", "0912"]
)
def test_t38_a_name_is_a_string_whatever_it_looks_like(
    tmp_path: Path, rendering: Rendering, name: str
):
    crowd = Crowd(units_of(1), people=1)
    person = replace(crowd.person(1), name=name, phone=name)
    path = tmp_path / "a.xlsx"

    write_workbook(Target(path), rendering, scope_of(crowd), Lists([person], []))

    sheet = load_workbook(path)["Người dự thi"]
    cells = [sheet["B2"], sheet["D2"]]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", cell_text(name))] * 2
    row = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Người dự thi").to_python()[1]
    assert row[1] == row[3] == cell_text(name)


def test_t38_words_of_the_catalogue_may_be_anything(tmp_path: Path, crowd: Crowd):
    tables = shipped_tables()
    words = tables["workbook"]
    words |= {"sheet_units": "[a]: 'b' " + "x" * 40, "sheet_days": "[a] b", "reached": 'Đạt "x"'}
    words |= {"sheet_people": "a b", "total": "=1", "head_name": "=2", "sheet_summary": "''"}
    rendering = rendering_of(tables)

    formulas, values = written(tmp_path / "a.xlsx", rendering, crowd)

    names = formulas.sheetnames
    assert names[0] == "-"
    assert len({name.casefold() for name in names}) == 5
    assert formulas[names[3]]["B1"].data_type == "s"
    last = formulas[names[3]].max_row
    assert formulas[names[3]].cell(last, 1).data_type == "s"
    told = {row[0]: row[1] for row in values[names[0]].iter_rows(values_only=True) if row[0]}
    assert told["Người đăng ký"] == crowd.people


class WatchedPerson(ListedPerson):
    __slots__ = ("__weakref__",)


class WatchedAttempt(ListedAttempt):
    __slots__ = ("__weakref__",)


class Watch:
    """Lets rows go by and counts how many are alive at a time."""

    def __init__(self) -> None:
        self.alive: weakref.WeakSet[Any] = weakref.WeakSet()
        self.most = self.seen = 0

    def rows(self, kind: type, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            values = {one.name: getattr(row, one.name) for one in fields(row)}
            yield self._kept(kind(**values))

    def _kept(self, row: Any) -> Any:
        self.alive.add(row)
        self.seen += 1
        self.most = max(self.most, len(self.alive))
        return row


def test_rows_are_let_go_at_once(tmp_path: Path, rendering: Rendering):
    crowd, watch = Crowd(units_of(3), people=2_000), Watch()
    lists = Lists(
        watch.rows(WatchedPerson, crowd.listed()), watch.rows(WatchedAttempt, crowd.attempts())
    )
    target = Target(tmp_path / "a.xlsx", tmp_path / "csv")

    write_workbook(target, rendering, scope_of(crowd), lists)

    assert watch.seen > 3_000
    assert watch.most <= 2
    with ZipFile(tmp_path / "a.xlsx") as archive:
        # Texts stand in the rows: none is collected for a table of its own.
        assert "xl/sharedStrings.xml" not in archive.namelist()


def test_the_same_figures_make_the_same_bytes(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=30, is_closed=True)

    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, rendering, crowd)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_is_written_adds_up(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(12), people=100)
    counted = participations(crowd)

    total = write_workbook(Target(tmp_path / "a.xlsx"), rendering, scope_of(crowd), crowd.lists())

    assert total == Count(100, len({one.person for one in counted}), len(counted))


def test_only_the_owner_reads_the_files_and_nothing_else_is_left(
    tmp_path: Path, rendering: Rendering
):
    crowd, folder = Crowd(units_of(3), people=3), tmp_path / "new"
    target = Target(folder / "a.xlsx", folder / "csv")

    write_workbook(target, rendering, scope_of(crowd), crowd.lists())

    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {"a.xlsx", "luot-thi.csv", "nguoi-du-thi.csv", "theo-don-vi.csv", "theo-ngay.csv"}
    assert {path.name for path in files} == names
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert names_in(folder) == ["a.xlsx", "csv"]


def test_a_list_that_breaks_off_leaves_the_file_of_before(tmp_path: Path, rendering: Rendering):
    crowd, path = Crowd(units_of(3), people=30), tmp_path / "a.xlsx"
    path.write_bytes(b"before")

    def breaking() -> Iterator[ListedPerson]:
        yield from crowd.listed()
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        write_workbook(
            Target(path, tmp_path / "csv"), rendering, scope_of(crowd), Lists(breaking(), [])
        )

    assert path.read_bytes() == b"before"
    assert names_in(tmp_path) == ["a.xlsx", "csv"]
    assert names_in(tmp_path / "csv") == []


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, rendering: Rendering, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("reports.xlsx_table.MOST_ROWS", 10)
    crowd = Crowd(units_of(3), people=11)

    with pytest.raises(SheetFullError) as refused:
        written(tmp_path / "a.xlsx", rendering, crowd)

    assert refused.value.key == "people"
    assert names_in(tmp_path) == []


def test_figures_before_the_opening_have_a_day(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=0)
    at = Instant(OPENS - DAY_MS)
    scope = scope_of(crowd, at=at, window=Calendar(OPENS, CLOSES))

    _, values = written(tmp_path / "a.xlsx", rendering, crowd, scope)

    assert [row["Ngày"] for row in rows_of(values["Theo ngày"])] == [datetime(2025, 12, 7)]  # noqa: DTZ001
