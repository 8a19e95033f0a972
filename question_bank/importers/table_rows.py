"""A table of questions into drafts: a sheet, a csv file or a table in Word.

Decides which rows are questions, headings of topics or neither; the columns are `columns`'.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from question_bank.importers import problems
from question_bank.importers.columns import Columns, find_columns
from question_bank.importers.draft import Draft, RawQuestion, Report, settle, shown
from question_bank.importers.labels import (
    DASHES,
    NAMED_QUESTION,
    bare,
    note_in,
    option_label,
    option_starts,
    section_title,
    without_star,
)
from question_bank.text import clean, fold

MAX_COLUMNS = 200
MAX_ROWS = 5_000
MAX_CELL = 10_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """`at` is how findings name the row; a merged cell's text stands in all its cells."""

    at: str
    cells: tuple[str, ...]
    broken: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Column to a finding's template and the cell's name or value."""
    marks: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Column to how all of its text looks, where the file says so."""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[TableRow, ...]
    topic: str = ""
    """Taken for questions that name none, when the bank knows it."""


def columns_of(table: Table) -> Columns | None:
    width = max((len(row.cells) for row in table.rows), default=0)
    padded = [row.cells + ("",) * (width - len(row.cells)) for row in table.rows]
    return find_columns(padded)


def read_table(table: Table, columns: Columns, report: Report) -> list[Draft]:
    """Drafts of the rows below the header; what is wrong is reported with its row."""
    header = table.rows[columns.last].at
    if columns.twice:
        name, first, second = columns.twice
        facts = {"name": clean(name), "first": letters_of(first), "second": letters_of(second)}
        report.error(header, problems.COLUMN_TWICE, **facts)
        return []
    topic = table.topic
    drafts: list[Draft] = []
    number = 0
    for row in table.rows[columns.last + 1 :]:
        said = {fold(cell) for cell in row.cells if clean(cell)}
        if (not said and not row.broken) or all(DASHES.fullmatch(one) for one in said):
            continue
        if len(said) == 1 and not row.broken and not _is_question_row(row, columns):
            topic = _heading(row, columns, report) or topic
            continue
        number += 1
        raw = _raw(row, columns, number)
        raw.notes["topic"] = clean(raw.notes.get("topic", "")) or topic
        _report_broken(row, columns, raw, report)
        draft = settle(raw, report)
        if draft is not None:
            drafts.append(draft)
    return drafts


def letters_of(column: int) -> str:
    """A column's name in spreadsheets, from 0."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _is_question_row(row: TableRow, columns: Columns) -> bool:
    """One text in a row may still be a question's: all choices in its own cell."""
    stem = _cell(row, columns.named["stem"])
    return "options" not in columns.named and len(option_starts(stem)) > 1


def _heading(row: TableRow, columns: Columns, report: Report) -> str:
    """The topic that a row of one text names; a lone ordinal is a row left empty."""
    text = next(clean(cell) for cell in row.cells if clean(cell))
    if (note := note_in(text)) and note[0] == "topic":
        return note[1]
    ordinal = columns.named.get("ordinal")
    if ordinal is not None and clean(_cell(row, ordinal)) and text.isdecimal():
        return ""
    title = section_title(text)
    if title:
        return title
    is_shout = text.upper() == text and len(text) > len("a b c")
    # a merged text is a heading; one in a single cell is a question that lacks all else
    if is_shout or sum(bool(clean(cell)) for cell in row.cells) > 1:
        return text
    report.error(row.at, problems.LONE_TEXT, found=shown(text))
    return ""


def _raw(row: TableRow, columns: Columns, number: int) -> RawQuestion:
    names = columns.named
    # our own export: what stands in a cell is the text, signs and all
    is_exact = "topic_code" in names
    ordinal = clean(_cell(row, names["ordinal"])) if "ordinal" in names else ""
    label = ordinal if ordinal.isdecimal() else str(number)
    raw = RawQuestion(row.at, problems.QUESTION_LABEL.format(number=label))
    raw.is_exact = is_exact
    stem = _cell(row, names["stem"])
    raw.stem = stem if is_exact else _without_label(stem)
    for text in _choice_texts(row, columns):
        _add_choice(raw, text, is_exact=is_exact)
    _add_marks(raw, row, columns)
    if "key" in names and clean(_cell(row, names["key"])):
        raw.keys.append(("column", _cell(row, names["key"])))
    notes = names.keys() - {"ordinal", "stem", "options", "key", "title"}
    raw.notes = {name: _cell(row, names[name]) for name in notes}
    return raw


def _choice_texts(row: TableRow, columns: Columns) -> list[str]:
    if not columns.choices:
        return choices_in(_cell(row, columns.named["options"]))
    texts = [_cell(row, column) for column in columns.choices]
    # choices that a question does not use are empty at the end
    while texts and not clean(texts[-1]):
        texts.pop()
    return texts


def _add_choice(raw: RawQuestion, text: str, *, is_exact: bool) -> None:
    place, text = len(raw.options), text.strip()
    label = None if is_exact else option_label(text)
    has_star = False
    if label and label[2].lower() == chr(ord("a") + place) and clean(text[label.end() :]):
        text, has_star = text[label.end() :], bool(label[1])
    if not is_exact:
        text, is_starred = without_star(text)
        has_star = has_star or is_starred
    if has_star:
        raw.marked.append(("star", place))
    raw.options.append(text)


def _add_marks(raw: RawQuestion, row: TableRow, columns: Columns) -> None:
    """The one choice whose whole cell looks different."""
    for kind in ("bold", "underline", "colour", "highlight"):
        looks = (row.marks.get(column, frozenset()) for column in columns.choices)
        marked = [place for place, marks in enumerate(looks) if kind in marks]
        if len(marked) == 1 and marked[0] < len(raw.options):
            raw.marked.append((kind, marked[0]))


def choices_in(text: str) -> list[str]:
    """Choices of one cell: a line each, or all behind their letters on one line."""
    lines = [line for line in re.split(r"[\n\r\v]+", text) if clean(line)]
    found: list[str] = []
    for line in lines:
        starts = option_starts(line)
        cuts = [*starts, len(line)] if starts else [0, len(line)]
        found += [line[one:two].strip() for one, two in pairwise(cuts)]
    return found


def _without_label(stem: str) -> str:
    found = NAMED_QUESTION.match(bare(stem.strip()))
    # “Câu 5 năm trước …” is no label: a label ends in a sign
    if found and re.search(r"[.:)/\]–—-]\s*$", found[0]) and clean(stem.strip()[found.end() :]):
        return stem.strip()[found.end() :]
    return stem


def _report_broken(row: TableRow, columns: Columns, raw: RawQuestion, report: Report) -> None:
    """Of the columns read only: a running number by formula does no harm."""
    used = {*columns.choices, *columns.named.values()} - {columns.named.get("ordinal")}
    for column, (template, found) in sorted(row.broken.items()):
        if column in used:
            cell = f"{letters_of(column)}{row.at.rpartition(' ')[2]}"
            report.error(row.at, template, raw.label, cell=cell, found=found, most=MAX_CELL)
            raw.is_broken = True


def _cell(row: TableRow, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""
