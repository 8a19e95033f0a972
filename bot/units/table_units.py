"""Rows of a table, a workbook's or a csv file's, as units: below their header, block by block."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.units import problems
from bot.units.columns import Columns, find_columns, is_header
from bot.units.drafts import MAX_NUMBER, UnitDraft, codes_in, leaders_of, number_in, several
from bot.units.settling import Blocks
from question_bank.importers.problems import EXAMPLE
from question_bank.importers.reading import Row
from question_bank.text import clean, fold

_EXAMPLE = fold(EXAMPLE)
_SHOWN = 60


@dataclass(slots=True)
class TableReader:
    """Reads the tables of one file; `quote` is what its writer puts before a dangerous cell."""

    file: str
    blocks: Blocks
    quote: str = ""
    drafts: list[UnitDraft] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    _columns: Columns = field(default_factory=lambda: Columns({}, 0))
    _block: str = ""

    def read(self, tables: Sequence[Sequence[Row]]) -> None:
        is_table = [self._read_table(rows) for rows in tables]
        if not any(is_table):
            self.found.append(problems.at(self.file, problems.NO_HEADER))

    def _read_table(self, rows: Sequence[Row]) -> bool:
        width = max((len(row.cells) for row in rows), default=0)
        cells = [row.cells + ("",) * (width - len(row.cells)) for row in rows]
        columns = find_columns(cells)
        if columns is None:
            return False
        self._columns, self._block = columns, ""
        self.others += [name for name in columns.others if name not in self.others]
        place = f"{self.file}:{rows[columns.last].at}"
        if columns.twice:
            self.found.append(problems.at(place, problems.COLUMN_TWICE, name=columns.twice))
            return True
        below = list(zip(rows, cells, strict=True))[columns.last + 1 :]
        has_sections = any(self._section(one) is not None for _, one in below)
        if "block" not in columns.named and not has_sections:
            allowed = self.blocks.allowed
            self.found.append(problems.at(place, problems.NO_BLOCK_COLUMN, allowed=allowed))
            return True
        for row, texts in below:
            self._read_row(f"{self.file}:{row.at}", texts)
        return True

    def _read_row(self, place: str, cells: Sequence[str]) -> None:
        said = {fold(cell) for cell in cells if clean(cell)}
        is_example = fold(self._cell(cells, "name")).startswith(_EXAMPLE)
        if not said or is_header(cells) or is_example or self._is_only(cells, "ordinal"):
            return
        section = self._section(cells)
        if section is not None:
            self._block = section
        elif len(said) == 1 and not self._is_lone_unit(cells) and not self._is_only(cells, "block"):
            text = next(clean(cell) for cell in cells if clean(cell))[:_SHOWN]
            facts = {"found": text, "allowed": self.blocks.allowed}
            self.found.append(problems.at(place, problems.LONE_TEXT, **facts))
        else:
            self.drafts.append(self._draft(place, cells))

    def _section(self, cells: Sequence[str]) -> str | None:
        """The block whose heading this row is: its name and nothing else, or an ordinal."""
        ordinal = self._columns.named.get("ordinal")
        texts = {fold(cell) for at, cell in enumerate(cells) if clean(cell) and at != ordinal}
        if len(texts) != 1 or self._is_only(cells, "block"):
            return None
        text = texts.pop()
        heading = text.partition(". ")[2] or text
        return self.blocks.find(text) or self.blocks.find(heading)

    def _is_only(self, cells: Sequence[str], kind: str) -> bool:
        filled = [at for at, cell in enumerate(cells) if clean(cell)]
        return filled == [self._columns.named.get(kind)]

    def _is_lone_unit(self, cells: Sequence[str]) -> bool:
        """A name alone is a unit below its block's heading; merged over the row it is a text."""
        return bool(self._block) and self._is_only(cells, "name")

    def _draft(self, place: str, cells: Sequence[str]) -> UnitDraft:
        names, phones = several(self._cell(cells, "leader")), several(self._cell(cells, "phone"))
        return UnitDraft(
            at=place,
            code=clean(self._cell(cells, "code")),
            block=clean(self._cell(cells, "block")) or self._block,
            name=clean(self._cell(cells, "name")),
            place=clean(self._cell(cells, "place")),
            aliases=several(self._cell(cells, "aliases")),
            size=self._number(place, cells, "size") or 0,
            target=self._number(place, cells, "target"),
            leaders=leaders_of(names, phones, place, self.found),
            replaces=codes_in(self._cell(cells, "replaces")),
        )

    def _number(self, place: str, cells: Sequence[str], kind: str) -> int | None:
        text = clean(self._cell(cells, kind))
        number = number_in(text) if text else None
        if text and number is None:
            key = problems.NUMBER_KEYS[kind]
            facts = {"key": key, "found": text[:_SHOWN], "most": MAX_NUMBER}
            self.found.append(problems.at(place, problems.NUMBER, **facts))
        return number

    def _cell(self, cells: Sequence[str], kind: str) -> str:
        column = self._columns.named.get(kind)
        text = cells[column] if column is not None and column < len(cells) else ""
        return text.removeprefix(self.quote) if self.quote and text[1:2] in DANGEROUS else text


DANGEROUS = frozenset("=+-@\t\r'")
"""What a spreadsheet program may run as a formula when a csv cell begins with it (T38)."""
