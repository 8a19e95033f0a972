"""The organisers' workbook as a file: its sheets, their names and paper. Home of xlsxwriter here.

What stands in a sheet is `reports.xlsx_table`'s and `reports.xlsx_summary`'s.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter

from handlers.catalogue import Catalogue
from reports.cells import cell_text
from reports.tables import Page, R
from reports.xlsx_looks import Looks, lay_out, looks_of
from reports.xlsx_table import SheetWords, XlsxTable
from scoring.instant import SECOND_MS, Instant

_ROWS = "rows"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_NAME_CHARS = 31


class XlsxBook:
    """A workbook under way, its first sheet kept for a summary; written when it is left in peace.

    Until then its rows lie beside it, in the clear: in a folder that only the owner reads.
    """

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names: set[str] = set()
        scratch = path.parent / _ROWS
        scratch.mkdir()
        self.book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(scratch),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.looks: Looks = looks_of(self.book)
        self.summary: Any = self._sheet("summary")
        self.sheets: dict[str, XlsxTable] = {}

    def open(self, page: Page[R]) -> XlsxTable:
        heads = [self._word(f"head_{column.key}") for column in page.columns]
        words = SheetWords(heads, self._word("total"))
        table = XlsxTable(self._sheet(page.key), page, words, self.looks)
        self.sheets[page.key] = table
        return table

    def lay_out(self, as_of: str, at: Instant) -> None:
        """Paper, titles and page numbers of every sheet; `as_of` says in words what `at` is."""
        for sheet in self.book.worksheets():
            lay_out(sheet, sheet.get_name().upper(), (as_of, self._word("page")))
        # Not the machine's date: the same figures make the same file.
        made_at = datetime.fromtimestamp(at // SECOND_MS, UTC)
        self.book.set_properties({"title": self._word("title"), "created": made_at})

    def _sheet(self, key: str) -> Any:
        name = _sheet_name(self._word(f"sheet_{key}"), self._names)
        self._names.add(name.casefold())
        return self.book.add_worksheet(name)

    def _word(self, entry: str) -> str:
        return self._catalogue.text(f"workbook.{entry}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.book.close()
            return
        for sheet in self.book.worksheets():
            # A workbook that is given up leaves the files of its rows open.
            sheet.row_data_fh.close()


def _sheet_name(words: str, taken: Iterable[str]) -> str:
    """A name that Excel takes: these words are an organiser's to edit."""
    plain = _NOT_IN_NAMES.sub(" ", cell_text(words)).strip(" '")[:_NAME_CHARS].strip() or "-"
    names = (plain, *(f"{plain[: _NAME_CHARS - 3]} {number}" for number in range(2, 9)))
    return next(name for name in names if name.casefold() not in taken)
