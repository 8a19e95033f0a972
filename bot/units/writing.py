"""Lists of units as files for people: a workbook, csv or TOML, each read back equal.

Every text cell is a string, so that none runs as a formula (FAULTS T38). Leaders are written only
where asked for: their phones are personal data.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter

from bot.units import words
from bot.units.reading import QUOTE
from bot.units.settling import Blocks
from bot.units.table_units import DANGEROUS
from handlers.units import Unit, Units
from question_bank.importers.problems import GUIDE_SHEET
from question_bank.importers.toml_text import toml_string
from question_bank.importers.xlsx_text import plain_text

_WIDTHS = {
    words.CODE: 22, words.BLOCK: 20, words.NAME: 36, words.PLACE: 24, words.ALIASES: 30,
    words.SIZE: 10, words.TARGET: 10, words.LEADER: 28, words.PHONE: 22, words.REPLACES: 18,
    words.BLOCK_ID: 18, words.BLOCK_TITLE: 30,
}  # fmt: skip
_NUMBERS = frozenset({words.SIZE, words.TARGET})
_LEADING = frozenset({words.LEADER, words.PHONE})
_HEADINGS = tuple(one for one in _WIDTHS if one not in {words.BLOCK_ID, words.BLOCK_TITLE})
_FREE_ROWS = 300
_GUIDE_WIDTH = 110
_A4 = 9
Row = Mapping[str, str]


def units_toml(units: Units, *, with_leaders: bool) -> bytes:
    residential = toml_string(units.residential_block)
    lines = [f"{words.TOML_HEAD}residential_block = {residential}", "", "[blocks]"]
    lines += [f"{block} = {toml_string(title)}" for block, title in units.blocks.items()]
    for unit in units.units:
        lines += ["", "[[unit]]", *_toml_lines(unit, with_leaders=with_leaders)]
    return ("\n".join(lines) + "\n").encode()


def units_csv(units: Units, *, with_leaders: bool) -> bytes:
    """With a byte order mark, for Excel; a dangerous cell begins with an apostrophe."""
    names = _headings(with_leaders=with_leaders)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    for row in _rows(units):
        writer.writerow([_quoted(row[name]) for name in names])
    return text.getvalue().encode("utf-8-sig")


def units_workbook(units: Units, *, with_leaders: bool) -> bytes:
    return _workbook(units, _headings(with_leaders=with_leaders), list(_rows(units)))


def template_workbook(units: Units) -> bytes:
    """An empty list with the blocks of `units` to choose from, and an example that is skipped."""
    block = _block_word(units, units.residential_block)
    return _workbook(units, _HEADINGS, [{**words.EXAMPLE_ROW, words.BLOCK: block}])


def _toml_lines(unit: Unit, *, with_leaders: bool) -> Iterator[str]:
    for key in ("code", "block", "name", "place"):
        if text := getattr(unit, key):
            yield f"{key} = {toml_string(text)}"
    if unit.aliases:
        yield f"aliases = [{', '.join(map(toml_string, unit.aliases))}]"
    if unit.size:
        yield f"size = {unit.size}"
    yield f"target = {unit.target}"
    if with_leaders and unit.leaders:
        tables = (
            f"{{ name = {toml_string(one.name)}, phone = {toml_string(one.phone)} }}"
            for one in unit.leaders
        )
        yield f"leaders = [{', '.join(tables)}]"


def _headings(*, with_leaders: bool) -> tuple[str, ...]:
    names = (name for name in _HEADINGS if name != words.REPLACES)
    return tuple(name for name in names if with_leaders or name not in _LEADING)


def _rows(units: Units) -> Iterator[Row]:
    block_words = {block: _block_word(units, block) for block in units.blocks}
    for unit in units.units:
        yield {
            words.CODE: unit.code,
            words.BLOCK: block_words[unit.block],
            words.NAME: unit.name,
            words.PLACE: unit.place,
            words.ALIASES: "; ".join(unit.aliases),
            words.SIZE: str(unit.size) if unit.size else "",
            words.TARGET: str(unit.target),
            words.LEADER: "; ".join(one.name for one in unit.leaders),
            words.PHONE: _phones(unit),
        }


def _phones(unit: Unit) -> str:
    """In the leaders' order: a leader without a phone must come last, else keeps its place."""
    phones = [one.phone for one in unit.leaders]
    while phones and not phones[-1]:
        phones.pop()
    return "; ".join(phone or words.NO_PHONE for phone in phones)


def _block_word(units: Units, block: str) -> str:
    """The block's title, or its id where the title would name another block."""
    title = units.blocks[block]
    found = Blocks(units.blocks, units.residential_block).find(title)
    return title if found == block else block


def _quoted(text: str) -> str:
    return f"{QUOTE}{text}" if text[:1] in DANGEROUS else text


def _workbook(units: Units, names: Sequence[str], rows: Sequence[Row]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, {**options, "strings_to_numbers": False})
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
    looks = {
        "text": book.add_format({**font, "num_format": "@"}),
        "number": book.add_format({**font, "num_format": "#,##0"}),
        "head": book.add_format({**font, "bold": True, "bg_color": "#DDEBF7", "border": 1}),
    }
    sheet = book.add_worksheet(words.UNITS_SHEET)
    _fill(sheet, names, rows, looks)
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(names) - 1)
    source = f"='{words.BLOCKS_SHEET}'!$B$2:$B${len(units.blocks) + 1}"
    column = names.index(words.BLOCK)
    rule = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, column, last + _FREE_ROWS, column, rule)
    _add_guide(book, looks)
    titles = [
        {words.BLOCK_ID: block, words.BLOCK_TITLE: title} for block, title in units.blocks.items()
    ]
    blocks = book.add_worksheet(words.BLOCKS_SHEET)
    _fill(blocks, (words.BLOCK_ID, words.BLOCK_TITLE), titles, looks)
    book.close()
    return buffer.getvalue()


def _fill(sheet: Any, names: Sequence[str], rows: Sequence[Row], looks: Mapping[str, Any]) -> None:
    for column, name in enumerate(names):
        # Free rows are texts too: a phone typed there keeps its zero.
        look = looks["number" if name in _NUMBERS else "text"]
        sheet.set_column(column, column, _WIDTHS[name], look)
        sheet.write_string(0, column, name, looks["head"])
    sheet.freeze_panes(1, 0)
    # Printed: every column on the sheet's width, the header on each page.
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for at, row in enumerate(rows, 1):
        for column, name in enumerate(names):
            text = row.get(name, "")
            if text and name in _NUMBERS:
                sheet.write_number(at, column, int(text), looks["number"])
            elif text:
                sheet.write_string(at, column, plain_text(text), looks["text"])


def _add_guide(book: Any, looks: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    for row, line in enumerate(words.GUIDE):
        sheet.write_string(row, 0, line, looks["text" if row else "head"])


WRITERS: Mapping[str, Callable[..., bytes]] = {
    ".xlsx": units_workbook,
    ".csv": units_csv,
    ".toml": units_toml,
}
"""By suffix; each takes the list and `with_leaders`."""
