"""Lists as organisers make them: any order of columns, titles above, merged cells, mistakes."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter

from bot.units import reading
from bot.units.reading import UnitsReading, read_units
from handlers.units import Contact, Unit, Units
from question_bank.importers.child import read_tables_guarded

HOME, OFFICE, SCHOOL = "to-dan-pho", "co-quan", "truong-hoc"
BLOCKS = {HOME: "Tổ dân phố", OFFICE: "Cơ quan, đơn vị", SCHOOL: "Trường học"}
KNOWN = Units(
    (
        Unit("TDP-06", HOME, "Tổ dân phố 6", "Nhân Trạch", target=50),
        Unit("TDP-07", HOME, "Tổ dân phố 7", "Nhân Trạch", target=50),
        Unit("X-1", OFFICE, "Phòng Văn hóa - Xã hội"),
    ),
    BLOCKS,
    HOME,
)
ALLOWED = "to-dan-pho, Tổ dân phố, co-quan, Cơ quan, đơn vị, truong-hoc, Trường học"


@pytest.fixture
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_table_bytes", read_tables_guarded)


pytestmark = pytest.mark.usefixtures("_no_child")


def read(text: str, known: Units | None = KNOWN, name: str = "a.csv") -> UnitsReading:
    return read_units(name, text.encode(), known)


def units_of(found: UnitsReading) -> tuple[Unit, ...]:
    assert found.problems == ()
    assert found.units is not None
    return found.units.units


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[Any, ...]] = ()) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Danh sách")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    for first_row, first, last_row, last, text in merged:
        sheet.merge_range(first_row, first, last_row, last, text)
    book.close()
    return buffer.getvalue()


def test_columns_stand_in_any_order_under_any_of_their_names():
    text = (
        "SĐT tổ trưởng,Chỉ tiêu,Tên đơn vị,Loại,Mã đơn vị,Tổ trưởng,Nhân khẩu,Địa bàn,Tên khác\n"
        "0912 345 678,60,Tổ dân phố 6,Tổ dân phố,TDP-06,Trần Văn Bình,1.250,Nhân Trạch,Xóm Đình; Tổ 6 cũ\n"  # noqa: E501
    )

    assert units_of(read(text)) == (
        Unit(
            "TDP-06",
            HOME,
            "Tổ dân phố 6",
            "Nhân Trạch",
            ("Xóm Đình", "Tổ 6 cũ"),
            1_250,
            60,
            (Contact("Trần Văn Bình", "+84912345678"),),
        ),
    )


def test_a_byte_order_mark_semicolons_and_rows_above_the_header_do_no_harm():
    text = (
        "\ufeffỦY BAN NHÂN DÂN PHƯỜNG;;\nDANH SÁCH ĐƠN VỊ;;\n;;\n"
        "STT;Tên;Nhóm;Ghi chú\n1;Tổ dân phố 6;to-dan-pho;mới\n2;;;\n;;;\n"
        "3;Trường THCS Phú Lương;Trường học;\n"
    )

    found = read(text)

    assert [one.name for one in units_of(found)] == ["Tổ dân phố 6", "Trường THCS Phú Lương"]
    assert found.others == ("Ghi chú",)


def test_merged_cells_headings_and_a_header_of_two_rows():
    rows = [
        ["DANH SÁCH"],
        ["Mã", "Tên", "Nhóm", "", ""],
        ["", "", "", "Họ tên", "Điện thoại"],
        ["A", "Tổ 1", "", "Trần Văn Bình", 912345678.0],
        ["B", "Tổ 2"],
        ["C", "Trường mầm non", "Trường học"],
    ]
    merged = [
        (1, 0, 2, 0, "Mã"), (1, 1, 2, 1, "Tên"), (1, 2, 2, 2, "Nhóm"),
        (1, 3, 1, 4, "Tổ trưởng"), (3, 2, 4, 2, "Tổ dân phố"),
    ]  # fmt: skip

    found = read_units("a.xlsx", workbook(rows, merged), KNOWN)

    assert [(one.code, one.block) for one in units_of(found)] == [
        ("A", HOME), ("B", HOME), ("C", SCHOOL),
    ]  # fmt: skip
    assert units_of(found)[0].leaders == (Contact("Trần Văn Bình", "+84912345678"),)


def test_a_heading_of_a_block_stands_for_the_column():
    text = (
        "STT,Tên,Thôn\nI,Tổ dân phố,\n1,Tổ dân phố 6,Nhân Trạch\n2,Tổ dân phố 9,\n"
        "II,Trường học,\n1,Trường mầm non,\n"
    )

    assert [(one.name, one.block) for one in units_of(read(text))] == [
        ("Tổ dân phố 6", HOME), ("Tổ dân phố 9", HOME), ("Trường mầm non", SCHOOL),
    ]  # fmt: skip


def test_an_empty_target_is_fifty_for_residents_and_the_size_for_others():
    text = (
        "Tên,Nhóm,Quy mô,Chỉ tiêu\nTổ 1,Tổ dân phố,900,\nTổ 2,Tổ dân phố,900,0\n"
        "Phòng A,Cơ quan,12,\nPhòng B,co-quan,,\n"
    )
    known = replace(KNOWN, blocks={**BLOCKS, OFFICE: "Cơ quan"})

    assert [one.target for one in units_of(read(text, known))] == [50, 0, 12, 0]


@pytest.mark.parametrize("is_turned", [False, True])
def test_codes_are_made_of_names_and_places_whatever_the_order(is_turned: bool):
    names = [
        ("Tổ dân phố 4", "Nhân Trạch", "TDP-04-NT"),
        ("Tổ dân phố 4", "Văn Nội", "TDP-04-VN"),
        ("Tổ dân phố số 10", "", "TDP-10"),
        ("Tổ dân phố Bắc Lãm", "", "TDP-BAC-LAM"),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", "", "P-KTHTDT"),
        ("Trường THCS Phú Lương", "", "THCS-PHU-LUONG"),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", "", "DTNCSHCM"),
        ("中央", "", "DV"),
    ]
    rows = [f"{name},{place},Tổ dân phố" for name, place, _ in names]

    lines = list(reversed(rows)) if is_turned else rows
    found = units_of(read("Tên;Thôn;Nhóm\n".replace(";", ",") + "\n".join(map(quoted, lines))))

    assert {(one.name, one.place): one.code for one in found} == {
        (name, place): code for name, place, code in names
    }


def quoted(line: str) -> str:
    name, place, block = line.rsplit(",", 2)
    return f'"{name}",{place},{block}'


def test_a_unit_of_the_list_in_force_keeps_its_code():
    text = (
        "Tên,Thôn,Nhóm\nTỔ DÂN PHỐ 6,Nhân Trạch,Tổ dân phố\nTổ dân phố 7,Thôn khác,Tổ dân phố\n"
        "Phòng văn hoá - xã hội,,co-quan\n"
    )

    assert [one.code for one in units_of(read(text))] == ["TDP-06", "TDP-07", "X-1"]


def test_a_made_code_is_never_that_of_another_unit():
    known = Units((Unit("TDP-06", HOME, "Khu tập thể"),), BLOCKS, HOME)
    text = "Mã,Tên,Thôn,Nhóm\n,Tổ dân phố 6,,Tổ dân phố\ntdp-06-2,Khác,,Tổ dân phố\n"

    assert [one.code for one in units_of(read(text, known))] == ["TDP-06-3", "tdp-06-2"]


def test_old_codes_that_units_stand_for_are_moves():
    text = 'Mã,Tên,Nhóm,Thay cho\nN-1,Tổ mới,Tổ dân phố,"tdp-06, TDP-07"\n'

    found = read(text)

    assert found.moves == {"TDP-06": "N-1", "TDP-07": "N-1"}
    assert found.problems == ()


def test_toml_may_say_leaders_and_old_codes():
    text = (
        'residential_block = "a"\n[blocks]\na = "Tổ"\n[[unit]]\ncode = "N"\nblock = "a"\n'
        'name = "Tổ mới"\nreplaces = ["TDP-06"]\n'
        'leaders = [{ name = "Trần Văn Bình", phone = "0912.345.678" }, { name = "Lê Mai" }]\n'
    )

    found = read(text, name="a.toml")

    (unit,) = units_of(found)
    assert unit.leaders == (Contact("Trần Văn Bình", "+84912345678"), Contact("Lê Mai"))
    assert (unit.target, found.moves) == (50, {"TDP-06": "N"})


def test_without_a_list_in_force_the_usual_blocks_are_taken():
    found = read("Tên,Nhóm\nTổ dân phố 1,Tổ dân phố\n", None)

    assert found.units is not None
    assert found.units.blocks == BLOCKS
    assert units_of(found)[0].code == "TDP-01"


HEAD = "Mã,Nhóm,Tên,Thôn,Tên khác,Quy mô,Chỉ tiêu,Tổ trưởng,SĐT,Thay cho\n"
GOOD = "A,Tổ dân phố,Tổ 1,,,,,,,\n"
FAULTS = [
    ("B,x,Tổ 2,,,,,,,", f"không có nhóm “x”; cần một trong: {ALLOWED}"),
    ("B,,Tổ 2,Thôn,,,,,,", f"chưa ghi nhóm; cần một trong: {ALLOWED}"),
    ("B,co-quan,,Thôn,,,,,,", "thiếu tên đơn vị; cần có tên"),
    ("B C,co-quan,Tổ 2,,,,,,,",
     "mã “B C” không hợp lệ; cần 1-20 ký tự A-Z a-z 0-9 - _, không dấu"),
    ("a,co-quan,Tổ 2,,,,,,,",
     "mã đơn vị “a” đã dùng ở a.csv:dòng 2; cần mỗi đơn vị một mã"),
    ("B,co-quan,tổ 1,,,,,,,",
     "đơn vị “tổ 1” trùng tên với a.csv:dòng 2; cần ghi thôn hoặc tên cũ khác nhau để phân biệt"),
    ("B,co-quan,Tổ 2,,,50.5,,,,", "Quy mô là “50.5”; cần số nguyên từ 0 đến 1000000"),
    ("B,co-quan,Tổ 2,,,,-1,,,", "Chỉ tiêu là “-1”; cần số nguyên từ 0 đến 1000000"),
    ("B,co-quan,Tổ 2,,,,2000000,,,", "Chỉ tiêu là “2000000”; cần số nguyên từ 0 đến 1000000"),
    ("B,co-quan,Tổ 2,,,,,Lê Mai,12345,",
     "số điện thoại “••345” không đọc được; cần số di động Việt Nam, 10 chữ số"),
    ("B,co-quan,Tổ 2,,,,,,0912345678,",
     "có số điện thoại mà không có tên tổ trưởng; cần ghi tên"),
    ("B,co-quan,Tổ 2,,,,,Lê Mai,0912345678; 0912345679,",
     "có 2 số điện thoại mà 1 tên tổ trưởng; cần cùng thứ tự, không nhiều hơn"),
    ("B,co-quan,Tổ 2,,,,,,,ZZ",
     "mã cũ “ZZ” không có trong danh sách đang dùng; cần mã đang dùng, hoặc bỏ ô này"),
    ("X-1,co-quan,Tổ 2,,,,,,,X-1",
     "mã cũ “X-1” vẫn có trong danh sách mới; cần bỏ ô này, hoặc bỏ đơn vị đó"),
    (f"B,co-quan,{'x' * 81},,,,,,,", "Tên dài 81 ký tự; cần không quá 80"),
    ("B,co-quan,x\u0301\u0301\u0301\u0301,,,,,,,",
     "Tên “x\u0301\u0301\u0301\u0301” có ký tự ẩn, khoảng trắng thừa hoặc dấu chồng; cần gõ lại"),
    (",,Người lập biểu,,,,,,,",
     (f"dòng này chỉ có “Người lập biểu”; cần đủ các cột, hoặc tên một nhóm: {ALLOWED}, "
     "hoặc xóa dòng")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), FAULTS, ids=[said[:30] for _, said in FAULTS])
def test_t46_each_mistake_is_named_with_its_row(row: str, said: str):
    found = read(f"{HEAD}{GOOD}{row}\n")

    assert found.units is None
    assert found.problems == (f"a.csv:dòng 3: {said}",)


def test_every_mistake_is_told_at_once():
    rows = [row for row, _ in FAULTS if row[0] == "B"]

    found = read(f"{HEAD}{GOOD}" + "\n".join(rows) + "\n")

    assert len(found.problems) >= len(rows)
    assert {one.split(":")[1] for one in found.problems} == {
        f"dòng {at}" for at in range(3, len(rows) + 3)
    }


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"x,y\n1,2\n", "a.csv: không thấy dòng tiêu đề"),
        ("a.csv", "Tên,Thôn\nA,B\n".encode(), "a.csv:dòng 1: thiếu cột Nhóm"),
        ("a.csv", "Tên,Nhóm,Tên\nA,B,C\n".encode(), "a.csv:dòng 1: cột “Tên” có hai lần"),
        ("a.csv", "Tên,Nhóm\n".encode(), "a.csv: danh sách đơn vị trống"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx: tệp bị hỏng"),
        ("a.xlsx", b"", "a.xlsx: tệp rỗng"),
        ("a.pdf", b"%PDF", "a.pdf: tệp này là PDF"),
        ("a.exe", b"MZ", "a.exe: không biết loại tệp này"),
        ("a.toml", b"\xff", "a.toml:1: tệp không phải UTF-8"),
        ("a.toml", b"???", "a.toml:1: sai cú pháp TOML"),
        ("a.toml", b"x = 1", "a.toml:1: không có khóa “x”"),
        ("a.toml", b"#" * 1_100_000, "a.toml: tệp .toml nặng quá 1024 KB"),
    ],
)
def test_t46_a_file_that_is_no_list_is_refused_in_words(name: str, data: bytes, said: str):
    found = read_units(name, data, KNOWN)

    assert found.units is None
    assert found.problems[0].startswith(said)


def test_two_units_for_one_old_code_are_refused():
    text = "Mã,Tên,Nhóm,Thay cho\nM,Tổ 1,co-quan,TDP-06\nN,Tổ 2,co-quan,TDP-06\n"

    assert read(text).problems == (
        "a.csv:dòng 3: mã cũ “TDP-06” đã có M thay; cần một đơn vị thay",
    )


def test_too_many_units_are_refused():
    rows = "\n".join(f"T{at},Tổ {at},co-quan" for at in range(2_001))

    assert read(f"Mã,Tên,Nhóm\n{rows}\n").problems == ("a.csv: có 2001 đơn vị; cần không quá 2000",)


def test_toml_rows_that_are_wrong_are_named_with_their_line():
    text = (
        'residential_block = "a"\n[blocks]\na = "Tổ"\n[[unit]]\ncode = 5\nblock = "a"\n'
        'name = " x"\nsize = -1\naliases = "y"\nleaders = ["z"]\nwho = 1\n'
    )

    found = read(text, name="a.toml")

    assert [one.split(": ")[0] for one in found.problems] == [
        "a.toml:11", "a.toml:5", "a.toml:9", "a.toml:8", "a.toml:10", "a.toml:5",
    ]  # fmt: skip


def test_t46_a_workbook_is_read_in_the_child(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    data = workbook([["Tên", "Nhóm"], ["Tổ 1", "Tổ dân phố"]])

    assert [one.name for one in units_of(read_units("a.xlsx", data, KNOWN))] == ["Tổ 1"]
