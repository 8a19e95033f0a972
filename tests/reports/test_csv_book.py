"""The lists as CSV, read back: whole, in Vietnamese, and nothing that a spreadsheet runs."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.listing import ListedPerson
from handlers.rendering import Rendering
from reports.cells import csv_text
from reports.workbook import Lists, Target, write_workbook
from tests.reports.crowd import OPENS, Crowd, scope_of, shipped_rendering, units_of

NAMES = ["luot-thi", "nguoi-du-thi", "theo-don-vi", "theo-ngay"]


@pytest.fixture(scope="session")
def rendering() -> Rendering:
    return shipped_rendering()


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(folder: Path, rendering: Rendering, crowd: Crowd, person: ListedPerson) -> None:
    lists = Lists([person], crowd.attempts())
    write_workbook(Target(folder / "a.xlsx", folder), rendering, scope_of(crowd), lists)


def test_every_list_is_a_file_that_begins_with_a_mark(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=10, is_closed=True)

    write_workbook(Target(tmp_path / "a.xlsx", tmp_path), rendering, scope_of(crowd), crowd.lists())

    files = sorted(tmp_path.glob("*.csv"))
    assert [path.stem for path in files] == NAMES
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in files)
    assert [len(rows_of(tmp_path, name)) for name in NAMES] == [
        len(list(crowd.attempts())),
        10,
        3,
        8,
    ]


def test_dates_and_lengths_are_texts_that_programs_read(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=1, is_closed=True)

    written(tmp_path, rendering, crowd, crowd.person(1))

    (person,), (attempt,) = rows_of(tmp_path, "nguoi-du-thi"), rows_of(tmp_path, "luot-thi")
    assert person["Đăng ký lúc"] == "2025-12-07 07:02:17"
    assert attempt["Thời gian làm bài (phút:giây)"] == "0:07:00"
    assert rows_of(tmp_path, "theo-ngay")[0]["Ngày"] == "2025-12-07"


def test_shares_are_to_a_tenth(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=1)
    people = [replace(crowd.person(1), number=at, first_at=OPENS) for at in range(1, 34)]
    lists = Lists(people, [])

    write_workbook(Target(tmp_path / "a.xlsx", tmp_path), rendering, scope_of(crowd), lists)

    row = next(
        one for one in rows_of(tmp_path, "theo-don-vi") if one["Mã đơn vị"] == people[0].unit
    )
    assert (row["Người tham gia"], row["Chỉ tiêu"], row["So với chỉ tiêu"]) == ("33", "50", "66.0%")


def test_results_have_no_column_while_the_contest_runs(tmp_path: Path, rendering: Rendering):
    crowd = Crowd(units_of(3), people=1)

    written(tmp_path, rendering, crowd, crowd.person(1))

    assert "Số câu đúng" not in rows_of(tmp_path, "luot-thi")[0]


@pytest.mark.parametrize(
    "typed", ["=HYPERLINK(1)", "+84912345678", "-1", "@x", "\tx", "\rx", "\n=1", " =1", "＝1"]
)
def test_t38_what_would_run_is_marked(tmp_path: Path, rendering: Rendering, typed: str):
    crowd = Crowd(units_of(3), people=1)
    person = replace(crowd.person(1), name=typed, guardian_phone=typed)

    written(tmp_path, rendering, crowd, person)

    (row,) = rows_of(tmp_path, "nguoi-du-thi")
    assert row["Họ và tên"] == row["Điện thoại người giám hộ"] == csv_text(typed)
    assert row["Họ và tên"].startswith("'")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters() | st.sampled_from('=+-@\t\r\n",;\ud800\x00'), max_size=20))
def test_t38_no_cell_begins_as_a_formula(tmp_path: Path, rendering: Rendering, typed: str):
    crowd = Crowd(units_of(3), people=1)
    texts = {"name": typed, "phone": typed, "audience": typed, "unit": typed, "channel": typed}

    written(tmp_path, rendering, crowd, replace(crowd.person(1), **texts))

    for name in NAMES:
        for row in rows_of(tmp_path, name):
            for cell in row.values():
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))
