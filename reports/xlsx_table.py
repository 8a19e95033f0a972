"""A list as a sheet of a workbook, one row in memory at a time.

Texts are always written as texts (FAULTS T38). The total is of formulas that follow the filter,
with their values beside them for readers that do not calculate.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from reports.cells import cell_text, day_number, length_number, moment_number
from reports.tables import Cell, Kind, Page, R, Total
from reports.xlsx_looks import Looks
from scoring.instant import Instant

MOST_ROWS = 1_048_576 - 3
"""What a sheet holds beside its head and its total."""

_GAP_POINTS = 6
_WIDEST, _NARROWEST = 30, 7
_PADDING, _FILTER_BUTTON = 3, 3
_HEAD_LINES, _LINE_POINTS = 3, 16.5
_SHOWN = {Kind.MOMENT: 19, Kind.DAY: 10, Kind.LENGTH: 6, Kind.SHARE: 7}
"""Characters of what a number looks like."""

_VISIBLE = {Total.SUM: 109, Total.COUNT: 103}
"""What SUBTOTAL does, with rows that a filter hides left out."""


class SheetFullError(ValueError):
    """More rows than a sheet of Excel holds; `key` is the page's."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key}: more than {MOST_ROWS} rows")
        self.key = key


@dataclass(frozen=True, slots=True)
class SheetWords:
    heads: Sequence[str]
    total: str


@dataclass(slots=True)
class _Slot:
    """A column under way: how its cells look, how wide it must be, what it comes to."""

    kind: Kind
    look: Any
    total: Total | None
    width: int
    sum: int = 0

    def widen(self, characters: int) -> None:
        # Times New Roman is narrower than the type that widths are counted in.
        width = min(round(characters * 0.95) + _PADDING, _WIDEST)
        self.width = max(width, self.width)


class XlsxTable:
    """A list as a sheet; `words` are the columns' heads in order, and the total's."""

    def __init__(self, sheet: Any, page: Page[R], words: SheetWords, looks: Looks) -> None:
        self._sheet = sheet
        self._page = page
        self._looks = looks
        self._words = words
        self._slots = [
            _Slot(column.kind, looks[column.kind], column.total, _narrowest(head))
            for column, head in zip(page.columns, words.heads, strict=True)
        ]
        self.rows = 0
        self._write_heads()

    def add(self, cells: Sequence[Cell]) -> None:
        if self.rows == MOST_ROWS:
            raise SheetFullError(self._page.key)
        self.rows += 1
        for at, (cell, slot) in enumerate(zip(cells, self._slots, strict=True)):
            if cell is None:
                self._sheet.write_blank(self.rows, at, None, slot.look)
            elif isinstance(cell, str):
                self._write_text(at, cell, slot)
            else:
                self._write_number(at, cell, slot)

    def finish(self) -> None:
        """The total, below a gap so that a filter leaves it alone; widths; what stays in sight."""
        last = max(self.rows, 1)
        self._write_gap(last + 1)
        for at, slot in enumerate(self._slots):
            self._write_total(last + 2, at, slot)
            self._sheet.set_column(at, at, slot.width)
        self._sheet.autofilter(0, 0, last, len(self._slots) - 1)
        self._sheet.freeze_panes(1, self._page.frozen)
        self._sheet.repeat_rows(0)
        # A phone or a code may look like a number and is none.
        texts = [at for at, slot in enumerate(self._slots) if slot.kind is Kind.TEXT]
        areas = (f"{xl_col_to_name(at)}2:{xl_col_to_name(at)}{last + 1}" for at in texts)
        self._sheet.ignore_errors({"number_stored_as_text": " ".join(areas)})

    def area(self, key: str) -> str:
        """The column's cells as a formula names them, its sheet included."""
        at = self._page.place_of(key)
        name = self._sheet.get_name().replace("'", "''")
        return f"'{name}'!{self._cells(at)}"

    def total(self, key: str) -> int:
        return self._slots[self._page.place_of(key)].sum

    def _cells(self, at: int) -> str:
        column = xl_col_to_name(at)
        return f"${column}$2:${column}${max(self.rows, 1) + 1}"

    def _write_heads(self) -> None:
        heads = list(zip(self._words.heads, self._slots, strict=True))
        lines = max(_lines_of(head, slot.width) for head, slot in heads)
        self._sheet.set_row(0, lines * _LINE_POINTS + _GAP_POINTS)
        for at, (head, _) in enumerate(heads):
            self._sheet.write_string(0, at, cell_text(head), self._looks["head"])

    def _write_text(self, at: int, cell: str, slot: _Slot) -> None:
        text = cell_text(cell)
        slot.widen(len(text))
        if slot.total is Total.COUNT:
            slot.sum += 1
        self._sheet.write_string(self.rows, at, text, slot.look)

    def _write_number(self, at: int, cell: float, slot: _Slot) -> None:
        slot.widen(_SHOWN.get(slot.kind) or len(str(cell)))
        if slot.total is Total.COUNT:
            slot.sum += 1
        elif slot.total is Total.SUM:
            slot.sum += int(cell)
        self._sheet.write_number(self.rows, at, _number_of(slot.kind, cell), slot.look)

    def _write_gap(self, row: int) -> None:
        self._sheet.set_row(row, _GAP_POINTS)
        self._sheet.write_blank(row, 0, None, self._looks["text"])

    def _write_total(self, row: int, at: int, slot: _Slot) -> None:
        if slot.total is Total.LABEL:
            slot.widen(len(self._words.total) + 1)
            self._sheet.write_string(row, at, cell_text(self._words.total), self._looks["total"])
        elif slot.total is None:
            self._sheet.write_blank(row, at, None, self._looks["total"])
        else:
            formula = f"=SUBTOTAL({_VISIBLE[slot.total]},{self._cells(at)})"
            slot.widen(len(f"{slot.sum:,}"))
            self._sheet.write_formula(row, at, formula, self._looks["total_count"], slot.sum)


def _number_of(kind: Kind, cell: float) -> float:
    if kind is Kind.MOMENT:
        return moment_number(Instant(int(cell)))
    if kind is Kind.DAY:
        return day_number(int(cell))
    return length_number(int(cell)) if kind is Kind.LENGTH else cell


def _narrowest(head: str) -> int:
    """A head may break between words into a few lines, and has a button beside it."""
    longest = max((len(word) for word in head.split()), default=0)
    return max(_NARROWEST, longest + _FILTER_BUTTON, -(-len(head) // (_HEAD_LINES - 1)))


def _lines_of(head: str, width: int) -> int:
    """How many lines of that width the words take."""
    return len(textwrap.wrap(head, width - 2)) or 1
