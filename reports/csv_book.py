"""Lists as CSV files, for other programs: UTF-8 with a mark, so that Excel reads Vietnamese.

Texts that a spreadsheet would run are marked (FAULTS T38). Dates are in ISO form.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from handlers.catalogue import Catalogue
from reports.cells import csv_text, day_text, length_text, moment_text
from reports.tables import Cell, Column, Kind, Page, R
from scoring.instant import Instant


class CsvBook:
    """A folder with a file for each list; closed when it is left."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._files: list[TextIO] = []

    def open(self, page: Page[R]) -> "CsvTable":
        path = self._folder / f"{page.name}.csv"
        file = path.open("w", encoding="utf-8-sig", newline="")
        self._files.append(file)
        heads = [self._catalogue.text(f"workbook.head_{column.key}") for column in page.columns]
        return CsvTable(file, page.columns, heads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close()


class CsvTable:
    def __init__(self, file: TextIO, columns: Sequence[Column[R]], heads: Sequence[str]) -> None:
        self._writer = csv.writer(file)
        self._kinds = [column.kind for column in columns]
        self._writer.writerow(map(csv_text, heads))

    def add(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow(map(_text_of, self._kinds, cells))

    def finish(self) -> None:
        """Totals are for people: there are none."""


def _text_of(kind: Kind, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return csv_text(cell)
    if kind is Kind.SHARE:
        return f"{cell:.1%}"
    whole = int(cell)
    if kind is Kind.MOMENT:
        return moment_text(Instant(whole))
    if kind is Kind.DAY:
        return day_text(whole)
    return length_text(whole) if kind is Kind.LENGTH else str(whole)
