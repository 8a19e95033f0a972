"""Workbooks and csv files as Excel, LibreOffice and Google Sheets write them."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from question_bank.importers.draft import Draft
from question_bank.importers.reading import Reading

Read = Callable[..., Reading]
MakeXlsx = Callable[..., bytes]

DATA = Path(__file__).parents[2] / "data"
STEM = "Đề án 06 được phê duyệt ngày nào?"
TEXTS = ["Ngày 05/01", "Ngày 06/01", "Ngày 07/01", "Ngày 08/01"]
OPTIONS = tuple(zip("abcd", TEXTS, strict=True))
HEADER = ["STT", "Chủ đề", "Câu hỏi", "A", "B", "C", "D", "Đáp án"]
ROW = [1, "Đề án 06", STEM, *TEXTS, "B"]

Sheet = Sequence[Sequence[object]]


def workbook(*sheets: Sheet, extra: Callable[[Any, Any], None] | None = None) -> bytes:
    """As Excel would: numbers as numbers, dates as dates; `extra` may add to the first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(f"Trang {number + 1}")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, value, date)
                elif value is not None:
                    sheet.write(at, column, value)
    if extra:
        extra(book, book.worksheets()[0])
    book.close()
    return buffer.getvalue()


def drafts(reading: Reading) -> list[Draft]:
    assert [str(finding) for finding in reading.findings] == []
    return list(reading.drafts)


def headed(*names: str) -> Sheet:
    return [list(names), ROW[: len(names)]]


ONE_CELL = "\n".join(f"{letter.upper()}. {text}" for letter, text in OPTIONS)
BARE = ["Chu de", "Cau hoi", "Phuong an A", "Phuong an B", "Phuong an C", "Phuong an D", "Dap an"]

VARIANTS: dict[str, Sheet] = {
    "usual": [HEADER, ROW],
    "title and motto above": [["BỘ CÂU HỎI"], [], ["Năm 2025"], HEADER, ROW],
    "no diacritics": [BARE, ROW[1:]],
    "capitals and colons": [[f"{name.upper()}:" for name in HEADER], ROW],
    "numbers for letters": [
        ["TT", "Lĩnh vực", "Nội dung câu hỏi", *"1234", "Đáp án đúng"],
        [*ROW[:7], 2],
    ],
    "Đáp án 1 … 4 and Đáp án đúng": [
        ["STT", "Chủ đề", "Câu hỏi", *(f"Đáp án {at}" for at in range(1, 5)), "Đáp án đúng"],
        ROW,
    ],
    "key in full": [HEADER, [*ROW[:7], "Ngày 06/01"]],
    "key with its text": [HEADER, [*ROW[:7], "B. Ngày 06/01"]],
    "small key with a bracket": [HEADER, [*ROW[:7], "b)"]],
    "key in words": [HEADER, [*ROW[:7], "Phương án B"]],
    "starred, no key column": [HEADER[:7], [*ROW[:4], "*Ngày 06/01", *TEXTS[2:]]],
    "labels in the cells": [HEADER, [*ROW[:2], f"Câu 1: {STEM}", *ONE_CELL.split("\n"), "B"]],
    "choices in one cell": [
        ["Chủ đề", "Câu hỏi", "Phương án", "Đáp án"], [*ROW[1:3], ONE_CELL, "B"]
    ],
    "choices in one cell, star": [
        ["Chủ đề", "Câu hỏi", "Các phương án trả lời"],
        [*ROW[1:3], ONE_CELL.replace("B.", "*B.")],
    ],
    "empty fifth choice": [[*HEADER[:7], "E", "Đáp án"], [*ROW[:7], None, "B"]],
    "columns elsewhere": [
        ["Đáp án", None, "D", "C", "B", "A", "Câu hỏi", "Chủ đề", "Ghi chú"],
        ["B", None, *reversed(TEXTS), STEM, "Đề án 06", "xem lại"],
    ],
    "empty and dashed rows": [HEADER, [], ["---", "---"], ROW, [None, " "]],
    "lone numbers below": [HEADER, ROW, [2], [3]],
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_xlsx_variant_gives_the_question(read: Read, name: str):
    (draft,) = drafts(read("de.xlsx", workbook(VARIANTS[name])))

    assert (draft.stem, draft.options, draft.answer) == (STEM, OPTIONS, "b")
    assert draft.topic == "Đề án 06"


def test_xlsx_numbers_and_dates_are_what_is_seen(read: Read):
    day = dt.date
    rows = [
        HEADER,
        [1, "x", "Mấy nhóm?", 3, 5, 7, 9, "B"],
        [2, "x", "Ngày nào?", day(2022, 1, 6), day(2024, 8, 6), day(2021, 9, 6), "khác", "A"],
        [3, "x", "Đúng không?", True, False, "?", None, "A"],
    ]

    first, second, third = drafts(read("de.xlsx", workbook(rows)))

    assert [text for _, text in first.options] == ["3", "5", "7", "9"]
    assert second.options[0] == ("a", "06/01/2022")
    assert [text for _, text in third.options] == ["Đúng", "Sai", "?"]


def test_xlsx_key_that_is_a_number_and_a_place_is_unclear(read: Read):
    rows = [HEADER, [1, "x", "Mấy nhóm?", 3, 1, 2, 9, 2]]

    (finding,) = read("de.xlsx", workbook(rows)).findings

    assert finding.code == "key-unclear"


def test_xlsx_merged_cells(read: Read):
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 3, 0, 6, "Phương án")
        sheet.merge_range(0, 2, 1, 2, "Câu hỏi")
        sheet.merge_range(2, 1, 3, 1, "Đề án 06")
        sheet.merge_range(4, 0, 4, 7, "Chủ đề: Bộ máy")

    rows = [
        ["STT", "Chủ đề", None, None, None, None, None, "Đáp án"],
        [None, None, None, "A", "B", "C", "D", None],
        [1, None, "Một?", *TEXTS, "A"],
        [2, None, "Hai?", *TEXTS, "B"],
        [],
        [3, None, "Ba?", *TEXTS, "C"],
    ]

    found = drafts(read("de.xlsx", workbook(rows, extra=merge)))

    assert [(each.stem, each.topic, each.answer) for each in found] == [
        ("Một?", "Đề án 06", "a"),
        ("Hai?", "Đề án 06", "b"),
        ("Ba?", "Bộ máy", "c"),
    ]


def test_xlsx_several_sheets_name_their_places(read: Read):
    rows = [HEADER[2:], ROW[2:]]
    other = [HEADER, [1, "x", "Khác?", *TEXTS, "E"]]

    reading = read("de.xlsx", workbook(rows, other, [["ghi chú"]]))

    assert [(each.topic, each.at) for each in reading.drafts] == [
        ("Trang 1", "trang “Trang 1”, dòng 2")
    ]
    assert [(each.at, each.code, each.severity) for each in reading.findings] == [
        ("trang “Trang 2”, dòng 2", "key-unknown", "error"),
        ("trang “Trang 3”", "sheet-skipped", "warning"),
    ]


def test_xlsx_hidden_sheet_is_not_read_but_told(read: Read):
    def hide(book: Any, sheet: Any) -> None:
        # Excel hides no sheet that is active
        book.worksheets()[1].activate()
        sheet.hide()

    reading = read("de.xlsx", workbook([HEADER, ROW], [HEADER, ROW], extra=hide))

    assert [(each.at, each.code) for each in reading.findings] == [
        ("trang “Trang 1”", "hidden-sheet")
    ]
    assert len(reading.drafts) == 1


def test_xlsx_all_levels_and_sources(read: Read):
    header = [*HEADER, "Mức độ", "Căn cứ", "Giải thích"]
    levels = ["Dễ", "Thông hiểu", 3, "Vận dụng cao", None]
    rows = [[*ROW[:2], f"Câu gì {at}?", *ROW[3:], level, "Luật", "Vì"] for at, level in
            enumerate(levels)]  # fmt: skip

    found = drafts(read("de.xlsx", workbook([header, *rows])))

    assert [each.difficulty for each in found] == [1, 2, 3, 3, 1]
    assert {(each.source, each.explanation) for each in found} == {("Luật", "Vì")}


def cell(at: str, value: str, kind: str = "inlineStr", style: int = 0, formula: str = "") -> str:
    held = f"<is><t>{value}</t></is>" if kind == "inlineStr" else f"<v>{value}</v>"
    inner = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{at}" t="{kind}" s="{style}">{inner}{held}</c>'


def sheet_of(*rows: Sequence[str]) -> str:
    inner = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    return f"<sheetData>{inner}</sheetData>"


def line(number: int, *values: str) -> list[str]:
    return [cell(f"{'ABCDEFGH'[at]}{number}", value) for at, value in enumerate(values)]


NAMES = ("Chủ đề", "Câu hỏi", "A", "B", "C", "Đáp án")


def test_xlsx_of_google_shared_and_rich_strings(make_xlsx: MakeXlsx, read: Read):
    strings = [f"<t>{name}</t>" for name in NAMES]
    strings += [
        "<t>x</t>",
        (
            "<r><t xml:space='preserve'>Đề án </t></r><r><rPr><b/></rPr><t>06?</t></r>"
            "<rPh sb='0' eb='1'><t>no</t></rPh>"
        ),
        "<t>Một</t>", "<t>Hai</t>", '<t xml:space="preserve"> Ba </t>', "<t>C</t>",
    ]  # fmt: skip
    rows = [
        [cell(f"{'ABCDEF'[at]}{row + 1}", str(row * 6 + at), "s") for at in range(6)]
        for row in range(2)
    ]

    (draft,) = drafts(read("de.xlsx", make_xlsx({"Sheet1": sheet_of(*rows)}, strings=strings)))

    assert (draft.stem, draft.answer) == ("Đề án 06?", "c")
    assert draft.options == (("a", "Một"), ("b", "Hai"), ("c", "Ba"))


PERCENT = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs>'


@pytest.mark.parametrize(
    ("odd", "code", "said"),
    [
        (cell("B2", "5", "n", formula="2+3"), "formula", "ô B2 là công thức"),
        (cell("B2", "x", "str", formula="[1]Other!A1"), "formula", "ô B2 là công thức"),
        (cell("B2", "#N/A", "e"), "error-cell", "ô B2 báo lỗi #N/A"),
        (cell("B2", "0.5", "n", style=1), "fraction", "ô B2 là số lẻ hoặc phần trăm (0.5)"),
        (cell("B2", "1", "n", style=1), "fraction", "ô B2 là số lẻ hoặc phần trăm (1)"),
        (cell("B2", "0.25", "n"), "fraction", "ô B2 là số lẻ hoặc phần trăm (0,25)"),
        (cell("B2", "x" * 10_001), "long-cell", "ô B2 dài 10001 ký tự"),
    ],
)
def test_xlsx_cell_that_is_not_what_it_shows(
    make_xlsx: MakeXlsx, read: Read, odd: str, code: str, said: str
):
    second = line(2, "x", "?", "Một", "Hai", "Ba", "A")
    second[1] = odd
    data = make_xlsx({"S": sheet_of(line(1, *NAMES), second)}, styles=PERCENT)

    (finding,) = read("de.xlsx", data).findings

    assert (finding.at, finding.code) == ("dòng 2", code)
    assert finding.what.startswith(said)


def test_xlsx_formula_beside_the_questions_does_no_harm(make_xlsx: MakeXlsx, read: Read):
    names = ("STT", *NAMES[1:], "Ghi chú")
    second = line(2, "1", "Gì?", "Một", "Hai", "Ba", "A", "y")
    second[0] = cell("A2", "1", "n", formula="ROW()-1")
    second[6] = cell("G2", "3", "n", formula="1+2")

    (draft,) = drafts(read("de.xlsx", make_xlsx({"S": sheet_of(line(1, *names), second)})))

    assert draft.answer == "a"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["a", "b"], ["c", "d"]], [" no-header"]),
        ([HEADER], [" no-questions"]),
        ([HEADER, ["", "lạc lõng"]], ["dòng 2 lone-text"]),
        ([[*HEADER, "Nguồn", "Căn cứ"], [*ROW, "x", "y"]], ["dòng 1 column-twice"]),
        ([HEADER, [*ROW[:7], ""]], ["dòng 2 no-key"]),
        ([HEADER, [*ROW[:7], "A và C"]], ["dòng 2 several-keys"]),
        ([HEADER, [*ROW[:7], "x"]], ["dòng 2 key-unknown"]),
        ([HEADER, [1, "x", "", *TEXTS, "A"]], ["dòng 2 no-stem"]),
        ([HEADER, [1, "x", STEM, "Một", "", "Ba", "Bốn", "A"]], ["dòng 2 empty-option"]),
        ([HEADER, [1, "x", STEM, "Một", "Hai", None, None, "A"]], ["dòng 2 option-count"]),
        (
            [[*HEADER, "Mức độ", "Giữ chỗ phương án cuối"], [*ROW, "?", "?"]],
            ["dòng 2 difficulty-word", "dòng 2 pin-word"],
        ),
        ([HEADER, [1, "x", "C¶i c¸ch hµnh chÝnh", *TEXTS, "A"]], ["dòng 2 old-tcvn3"]),
        ([HEADER, [1, "x", "Caûi caùch haønh chính", *TEXTS, "A"]], ["dòng 2 old-vni"]),
        ([HEADER, [1, "x", "Cáº£i cÃ¡ch hÃ nh chÃ­nh", *TEXTS, "A"]], ["dòng 2 old-broken"]),
    ],
)
def test_xlsx_fault_is_named_with_its_row(read: Read, rows: Sheet, said: list[str]):
    reading = read("de.xlsx", workbook(rows))

    assert [f"{each.at} {each.code}" for each in reading.findings] == said


def test_xlsx_too_wide_or_too_long(read: Read):
    wide = read("de.xlsx", workbook([HEADER, [None] * 250 + ["x"]]))
    long = read("de.xlsx", workbook([HEADER, *([ROW] * 5_001)]))

    assert [each.code for each in (*wide.findings, *long.findings)] == [
        "too-many-columns",
        "too-many-rows",
    ]


def test_xlsx_stray_cell_far_below_does_no_harm(read: Read):
    def stray(book: Any, sheet: Any) -> None:
        sheet.write_blank(90_000, 3, None, book.add_format({"bold": True}))

    (draft,) = drafts(read("de.xlsx", workbook([HEADER, ROW], extra=stray)))

    assert draft.answer == "b"


def test_xls_of_old_excel(read: Read):
    first, second = drafts(read("cau-hoi.xls", (DATA / "cau-hoi.xls").read_bytes()))

    assert (first.stem, first.answer, first.at) == (
        "Đề án 06 hướng tới mấy nhóm tiện ích?", "b", "dòng 4",
    )  # fmt: skip
    assert [text for _, text in first.options] == ["3", "5", "7", "9"]
    assert second.options[0] == ("a", "06/01/2022")
    assert (first.topic, second.topic) == ("Đề án 06", "Đề án 06")
    assert second.source == "Quyết định số 06/QĐ-TTg"


def csv_text(delimiter: str, *, quoted: str = '"') -> str:
    rows = [HEADER[1:], [str(value) for value in ROW[1:]], ["x", "Hỏi\nhai dòng?", *TEXTS, "C"]]
    cells = [[f"{quoted}{cell}{quoted}" for cell in row] for row in rows]
    return "\r\n".join(delimiter.join(row) for row in cells) + "\r\n"


@pytest.mark.parametrize(
    "data",
    [
        csv_text(",").encode(),
        csv_text(";").encode("utf-8-sig"),
        csv_text("\t").encode("utf-16"),
        ("sep=;\r\n" + csv_text(";")).encode(),
        csv_text("|").encode(),
    ],
    ids=["comma", "semicolon and mark", "tabs in UTF-16", "sep line", "bars"],
)
def test_csv_variant_gives_the_questions(read: Read, data: bytes):
    first, second = drafts(read("de.csv", data))

    assert (first.stem, first.options, first.answer) == (STEM, OPTIONS, "b")
    assert (second.stem, second.answer) == ("Hỏi hai dòng?", "c")
    assert int(second.at.removeprefix("dòng ")) == 3 + data.startswith(b"sep")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'"a";"b\n', "csv-broken"),
        ("Câu hỏi,A,B,C\n".encode("cp1258", "replace"), "csv-encoding"),
        ("C©u hái vÒ c¶i c¸ch hµnh chÝnh".encode("cp1252"), "old-tcvn3"),
        ("Caâu hoûi veà caûi caùch haønh chính".encode("cp1252"), "old-vni"),
        (b"\x00\x01\x02", "not-what-it-says"),
        (b"  \r\n", "empty-file"),
        (b"", "empty-file"),
        (b"a,b\n1,2\n", "no-header"),
    ],
)
def test_csv_that_cannot_be_read_is_named(read: Read, data: bytes, code: str):
    reading = read("de.csv", data)

    assert [each.code for each in reading.findings] == [code]
