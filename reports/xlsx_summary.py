"""The first sheet of the workbook: what the figures are of, the totals, and what they mean.

Every figure is a formula over the other sheets, whatever filter stands there, so that a reader can
see where it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.rendering import Rendering
from reports.cells import cell_text
from reports.pages import Scope, share_of
from reports.sums import UnitFigures
from reports.tables import Kind
from reports.xlsx_book import XlsxBook
from scoring.tallies import Count

_WIDTHS = (34, 14, 14, 14, 16, 16, 18, 18)
_LAST = len(_WIDTHS) - 1
_LINE_POINTS = 17


@dataclass(frozen=True, slots=True)
class _Measure:
    """A total: its entries in the catalogue are `sum_…` and `means_…`."""

    key: str
    formula: str
    value: int


@dataclass(slots=True)
class Summary:
    """Writes the sheet from its top to its bottom; the other sheets are finished."""

    book: XlsxBook
    rendering: Rendering
    scope: Scope
    row: int = 0

    def write(self, units: Sequence[UnitFigures]) -> None:
        for at, width in enumerate(_WIDTHS):
            self._sheet.set_column(at, at, width)
        self._write_head()
        self._write_measures(units)
        self._write_blocks(units)
        self._write_notes()

    @property
    def _sheet(self) -> Any:
        return self.book.summary

    @property
    def _is_reached(self) -> str:
        word = cell_text(self._word("reached")).replace('"', '""')
        return f'{self.book.sheets["units"].area("reached")}="{word}"'

    def _write_head(self) -> None:
        shown, window = self.rendering, self.scope.window
        opens, closes = shown.border(window.opens), shown.border(window.closes)
        contest = shown.catalogue.text("contest.name")
        self._line(self._word("title"), "title", 24)
        self._line(contest, "text", _height_of(contest))
        self._line(self._word("as_of", at=shown.moment(self.scope.at)), "heading")
        self._line(self._word("window", opens=opens, closes=closes), "text")
        self.row += 1

    def _write_measures(self, units: Sequence[UnitFigures]) -> None:
        self._heads("head_measure", "head_value", "head_meaning")
        for measure in self._measures(units):
            meaning = self._word(f"means_{measure.key}", min_answers=self.scope.min_answers)
            self._sheet.set_row(self.row, _height_of(meaning, 2))
            label, looks = self._word(f"sum_{measure.key}"), self.book.looks
            self._sheet.write_string(self.row, 0, cell_text(label), looks["label"])
            self._sheet.write_formula(self.row, 1, measure.formula, looks["strong"], measure.value)
            self._merge(2, meaning, "label")
        self.row += 1

    def _measures(self, units: Sequence[UnitFigures]) -> tuple[_Measure, ...]:
        table, attempts = self.book.sheets["units"], self.book.sheets["attempts"]

        def summed(key: str) -> _Measure:
            return _Measure(key, f"=SUM({table.area(key)})", table.total(key))

        people = table.area("people")
        return (
            summed("registered"),
            summed("people"),
            summed("attempts"),
            _Measure("opened", f"=COUNT({attempts.area('attempt')})", attempts.rows),
            summed("target"),
            _Measure(
                "reached",
                _counted(self._is_reached),
                sum(one.line.is_reached for one in units),
            ),
            _Measure(
                "none_yet",
                _counted(f"({people}=0)*ISNUMBER({people})"),
                sum(one.line.count.people == 0 for one in units),
            ),
        )

    def _write_blocks(self, units: Sequence[UnitFigures]) -> None:
        self._line(self._word("by_block"), "heading", 22)
        self._heads(
            "head_block", "head_units", "head_target", "head_registered", "head_people",
            "head_attempts", "head_reached_units", "head_share",
        )  # fmt: skip
        first, titles = self.row, tuple(dict.fromkeys(one.block for one in units))
        for title in titles:
            self._write_block(title, [one for one in units if one.block == title])
        looks = self.book.looks
        self._sheet.write_string(self.row, 0, cell_text(self._word("total")), looks["total"])
        for at, value in enumerate(_figures_of(units), start=1):
            column = chr(ord("A") + at)
            area = f"{column}{first + 1}:{column}{self.row}"
            self._sheet.write_formula(self.row, at, f"=SUM({area})", looks["total_count"], value)
        self._write_share(units, "total_share")
        self.row += 2

    def _write_block(self, title: str, units: Sequence[UnitFigures]) -> None:
        table, looks = self.book.sheets["units"], self.book.looks
        is_here = f"({table.area('block')}=$A{self.row + 1})"
        formulas = (
            _counted(is_here),
            *(
                f"=SUMPRODUCT({is_here}*1,{table.area(key)})"
                for key in ("target", "registered", "people", "attempts")
            ),
            _counted(f"{is_here}*({self._is_reached})"),
        )
        self._sheet.write_string(self.row, 0, cell_text(title), looks["label"])
        for at, (formula, value) in enumerate(zip(formulas, _figures_of(units), strict=True), 1):
            self._sheet.write_formula(self.row, at, formula, looks[Kind.COUNT], value)
        self._write_share(units, Kind.SHARE)
        self.row += 1

    def _write_share(self, units: Sequence[UnitFigures], look: object) -> None:
        _, target, _, people, _, _ = _figures_of(units)
        row = self.row + 1
        value = share_of(people, target)
        self._sheet.write_formula(
            self.row,
            _LAST,
            f'=IF(C{row}=0,"",E{row}/C{row})',
            self.book.looks[look],
            "" if value is None else value,
        )

    def _write_notes(self) -> None:
        self._line(self._word("notes"), "heading", 22)
        results = "results_told" if self.scope.is_closed else "results_later"
        for entry in ("note_totals", "note_dates", results, "note_private"):
            note = self._word(entry)
            self._line(note, "text", _height_of(note))

    def _heads(self, *entries: str) -> None:
        """The last one reaches over the rest of the row."""
        *others, last = map(self._word, entries)
        for at, head in enumerate(others):
            self._sheet.write_string(self.row, at, cell_text(head), self.book.looks["head"])
        self._merge(len(others), last, "head")

    def _line(self, text: str, look: str, points: float = _LINE_POINTS) -> None:
        self._sheet.set_row(self.row, points)
        self._merge(0, text, look)

    def _merge(self, first: int, text: str, look: str) -> None:
        """The text over the rest of the row, and on to the next."""
        format_ = self.book.looks[look]
        if first < _LAST:
            self._sheet.merge_range(self.row, first, self.row, _LAST, "", format_)
        self._sheet.write_string(self.row, first, cell_text(text), format_)
        self.row += 1

    def _word(self, entry: str, **facts: object) -> str:
        return self.rendering.catalogue.text(f"workbook.{entry}", **facts)


def _height_of(text: str, first: int = 0) -> float:
    """The height of a text that reaches from the column `first` to the last."""
    return _LINE_POINTS * max(1, -(-len(text) // sum(_WIDTHS[first:])))


def _counted(condition: str) -> str:
    return f"=SUMPRODUCT(--({condition}))"


def _figures_of(units: Sequence[UnitFigures]) -> tuple[int, int, int, int, int, int]:
    """Units, target, registered, people, attempts, and units that reached it."""
    counts: list[Count] = [one.line.count for one in units]
    return (
        len(units),
        sum(one.line.target for one in units),
        sum(one.registered for one in counts),
        sum(one.people for one in counts),
        sum(one.attempts for one in counts),
        sum(one.line.is_reached for one in units),
    )
