"""Tables and lines at the end of a paper that say which letter answers which question.

Decides whether a table is one, and what it says; whose numbers they are, `docx_lines` knows.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from question_bank.importers.labels import answers_in
from question_bank.text import fold

_HEADERS = re.compile(
    r"(?:cau|cau hoi|cau so|so cau|stt|tt|dap an|da|d/a|dap an dung|key|phuong an dung)?[:.]?"
)
_NUMBER = re.compile(r"(?:cau\s*)?(\d{1,4})[.:)]?")
_LETTER = re.compile(r"\(?([a-z])[.)]?")


def answers_of(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Pairs of question and letter; empty when the table is no answer table."""
    cells = [[fold(cell) for cell in row] for row in rows]
    for read in (_in_cells, _row_under_row, _side_by_side):
        if found := read(cells):
            return found
    return []


def _in_cells(rows: list[list[str]]) -> list[tuple[int, str]]:
    """“1. B” in a cell."""
    found = []
    for cell in (cell for row in rows for cell in row if not _HEADERS.fullmatch(cell)):
        pairs = answers_in(cell)
        if not pairs:
            return []
        found += pairs
    return found


def _row_under_row(rows: list[list[str]]) -> list[tuple[int, str]]:
    """A row of numbers above a row of letters, as often as the table has room for."""
    filled = [row for row in rows if not all(map(_HEADERS.fullmatch, row))]
    if len(filled) < len(rows[:2]) or len(filled) % 2:
        return []
    found = []
    for above, below in list(pairwise(filled))[::2]:
        for one, two in zip(above, below, strict=False):
            if _HEADERS.fullmatch(one) and _HEADERS.fullmatch(two):
                continue
            number, letter = _NUMBER.fullmatch(one), _LETTER.fullmatch(two)
            if not number or not letter:
                return []
            found.append((int(number[1]), letter[1]))
    return found


def _side_by_side(rows: list[list[str]]) -> list[tuple[int, str]]:
    """Numbers with their letters in the next column, in one or more pairs of columns."""
    found = []
    for row in rows:
        if all(map(_HEADERS.fullmatch, row)):
            continue
        for one, two in zip(row[::2], row[1::2], strict=False):
            number, letter = _NUMBER.fullmatch(one), _LETTER.fullmatch(two)
            if number and letter:
                found.append((int(number[1]), letter[1]))
            elif one or two:
                return []
    return found
