"""Workbooks (xlsx, xls) and csv files into tables: the only home of calamine.

Decides how a cell becomes text and which cells cannot; what the rows mean is `table_rows`'.
"""

import csv
import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from question_bank.importers import problems
from question_bank.importers.draft import Report
from question_bank.importers.refusal import RefusedError
from question_bank.importers.table_rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Table, TableRow
from question_bank.importers.xlsx_cells import odd_cells
from question_bank.old_encodings import old_encoding
from question_bank.text import clean

Value = str | int | float | bool | dt.date | dt.time | dt.timedelta
_WORDS = {True: "Đúng", False: "Sai"}
_DELIMITERS = ",;\t|"


@dataclass(slots=True)
class _Grid:
    """Texts of a sheet, and the cells that have none that can be trusted."""

    rows: list[list[str]]
    broken: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


def sheets_of(data: bytes, archive: zipfile.ZipFile | None, report: Report) -> list[Table]:
    """A table a sheet; rows are numbered as the program shows them.

    Raises:
        RefusedError: the workbook cannot be read, or is too large.
    """
    odd = odd_cells(archive) if archive is not None else {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [sheet.name for sheet in book.sheets_metadata if _is_visible(sheet.visible)]
        grids = [
            (name, _grid_of(book.get_sheet_by_name(name), odd.get(name, {}))) for name in visible
        ]
    except CalamineError as error:
        is_locked = "assword" in f"{type(error).__name__} {error}"
        raise RefusedError(problems.LOCKED if is_locked else problems.FILE_BROKEN) from error
    hidden = [sheet.name for sheet in book.sheets_metadata if not _is_visible(sheet.visible)]
    for name in hidden:
        report.warn(problems.SHEET.format(sheet=name), problems.HIDDEN_SHEET)
    filled = [(name, grid) for name, grid in grids if any(map(any, grid.rows))]
    return [_table(grid, name, is_alone=len(filled) == 1) for name, grid in filled]


def csv_table(data: bytes) -> Table:
    """The table of a csv file, by the delimiter that makes most columns.

    Raises:
        RefusedError: neither UTF-8 nor UTF-16, or quotes that do not close.
    """
    text = _csv_text(data)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        text, delimiter, skipped = rest, first.strip()[-1], 1
    else:
        delimiter, skipped = _delimiter_of(text), 0
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        before = 0
        for cells in reader:
            at = problems.ROW.format(row=before + 1 + skipped)
            before = reader.line_num
            _check_width(len(cells))
            rows.append(TableRow(at, tuple(cells), _long_cells(cells)))
    except csv.Error as error:
        raise RefusedError(problems.CSV_BROKEN) from error
    _check_height(len(rows))
    return Table(tuple(rows))


def _is_visible(visible: SheetVisibleEnum) -> bool:
    return visible == SheetVisibleEnum.Visible


def _grid_of(sheet: CalamineSheet, odd: dict[tuple[int, int], tuple[str, str]]) -> _Grid:
    _check_width(sheet.total_width)
    if sheet.total_height > MAX_ROWS * 20:
        _check_height(sheet.total_height)
    values = sheet.to_python(skip_empty_area=False)
    _check_height(sum(1 for row in values if any(value != "" for value in row)))
    grid = _Grid([[_text(value) for value in row] for row in values], dict(odd))
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            fault = _fault_of(value)
            if fault is not None:
                grid.broken.setdefault((row, column), fault)
    _spread_merged(grid, sheet.merged_cell_ranges or [])
    return grid


def _spread_merged(grid: _Grid, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    height = len(grid.rows)
    width = max(map(len, grid.rows), default=0)
    for (top, left), (bottom, right) in ranges:
        if top >= height or left >= width:
            continue
        text = grid.rows[top][left]
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, min(right + 1, width)):
                grid.rows[row][column] = text


def _table(grid: _Grid, name: str, *, is_alone: bool) -> Table:
    rows = []
    for index, cells in enumerate(grid.rows):
        template = problems.ROW if is_alone else problems.ROW_OF_SHEET
        broken = {column: what for (row, column), what in grid.broken.items() if row == index}
        at = template.format(row=index + 1, sheet=name)
        rows.append(TableRow(at, tuple(cells), _long_cells(cells) | broken))
    return Table(tuple(rows), name)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        moment = f"{value:%d/%m/%Y}"
        return moment if value.time() == dt.time() else f"{moment} {value:%H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _fault_of(value: Value) -> tuple[str, str] | None:
    if isinstance(value, float) and not value.is_integer():
        return problems.FRACTION, f"{value:g}".replace(".", ",")
    if isinstance(value, dt.time | dt.timedelta):
        return problems.TIME_CELL, str(value)
    return None


def _long_cells(cells: list[str]) -> dict[int, tuple[str, str]]:
    return {
        column: (problems.LONG_CELL, str(len(cell)))
        for column, cell in enumerate(cells)
        if len(cell) > MAX_CELL
    }


def _check_width(width: int) -> None:
    if width > MAX_COLUMNS:
        raise RefusedError(problems.TOO_MANY_COLUMNS, found=width, most=MAX_COLUMNS)


def _check_height(height: int) -> None:
    if height > MAX_ROWS:
        raise RefusedError(problems.TOO_MANY_ROWS, found=height, most=MAX_ROWS)


def _csv_text(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # the bytes of old fonts, as a program of their time would show them
        found = old_encoding(data.decode("cp1252", "replace"))
        if found in {"TCVN3", "VNI"}:
            sample = clean(data.decode("cp1252", "replace"))[:60]
            raise RefusedError(problems.OLD_ENCODINGS[found], found=sample) from error
        raise RefusedError(problems.CSV_ENCODING) from error


def _delimiter_of(text: str) -> str:
    """The sign whose count is most often the same over the first lines, commas first."""
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        rows = _some_rows(text, delimiter)
        widths = Counter(width for width in rows if width > 1)
        score = max((width * count for width, count in widths.items()), default=0)
        if score > most:
            best, most = delimiter, score
    return best


def _some_rows(text: str, delimiter: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for _, row in zip(range(30), reader, strict=False):
            yield len(row)
    except csv.Error:
        return
